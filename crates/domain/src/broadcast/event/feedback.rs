//! What can have come back from a broadcast: receipts, answers, and silence.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ladder::Failure;
use crate::sealed::Sealed;
use crate::template::{AnswerKind, Category};

/// What the provider said later. Grouped, since many receipts share status and second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsRecorded {
    /// The receipts.
    pub receipts: Vec<ReceiptGroup>,
}

/// Receipts of the same content for several recipients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptGroup {
    /// What happened.
    pub status: ReceiptStatus,
    /// When, as the provider says; whole seconds.
    pub at: DateTime<Utc>,
    /// To whose message.
    pub recipients: Vec<u32>,
    /// Why it failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<Failure>,
    /// What it costs, if told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pricing: Option<Pricing>,
}

/// What the provider says later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptStatus {
    /// It left the provider.
    Sent,
    /// It reached the phone.
    Delivered,
    /// It was opened.
    Read,
    /// A voice message was played.
    Played,
    /// It could not be delivered.
    Failed,
}

/// What a message costs, as a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pricing {
    /// Whether it is charged.
    pub billable: bool,
    /// The class it is charged in.
    pub category: Category,
}

/// People answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswersRecorded {
    /// The answers.
    pub answers: Vec<Answer>,
}

/// One answer to one broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who.
    pub recipient: u32,
    /// When, as the provider says.
    pub at: DateTime<Utc>,
    /// What it means.
    pub kind: AnswerKind,
    /// Whether it came later than the broadcast's rule asks.
    #[serde(default)]
    pub late: bool,
    /// The words or the button's label, sealed.
    pub content: Sealed,
    /// The provider's id of the answer, sealed.
    pub message: Sealed,
}

/// Unclear outcomes were settled by rule when the broadcast's time was up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientsSettled {
    /// Accepted or sent, without evidence of delivery: failed until it comes.
    pub undelivered: Vec<u32>,
    /// Unknown for good: listed, never sent again by us.
    pub left_unknown: Vec<u32>,
}
