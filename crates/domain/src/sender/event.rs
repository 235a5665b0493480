//! What can have happened to a sender, and what the provider said that we did not understand.

use serde::{Deserialize, Serialize};

use super::{Quality, SenderId};
use crate::sealed::Sealed;

/// The provider told us what a sender may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderFactsLearned {
    /// The sender.
    pub sender: SenderId,
    /// Messages per second, in and out together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rate_per_s: Option<u32>,
    /// How people receive what we send.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quality: Option<Quality>,
    /// Unique people outside a conversation per moving 24 hours; absent means not told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub daily_people_max: Option<u32>,
    /// The provider's word for what happened.
    pub notice: String,
}

/// The provider said something we keep but do not act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeKept {
    /// The provider's name for the sort of notice.
    pub field: String,
    /// The notice as it came, sealed with the installation's key since it may name people.
    pub raw: Sealed,
}
