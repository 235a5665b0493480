//! A broadcast: one message to one audience in one incident.

#[cfg(test)]
pub(crate) mod arbitrary;
mod brief;
pub mod chunk;
mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use brief::*;
use chrono::{DateTime, Utc};
pub use command::*;
pub use event::*;
use serde::{Deserialize, Serialize};
pub use state::*;

use crate::consent::Purpose;
use crate::id::{SegmentId, TemplateId};
use crate::language::Language;

/// Most recipients in one chunk of a frozen audience.
pub const CHUNK_RECIPIENTS_MAX: u32 = 1_000;

/// What is to be said, to whom, and by which rules. Fixed once planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// What operators call it.
    pub title: String,
    /// The text.
    pub template_id: TemplateId,
    /// For people whose own language has no approved translation.
    pub fallback_language: Language,
    /// Which consent it rests on.
    pub purpose: Purpose,
    /// Who is meant: the union of these segments; never empty.
    pub segments: Vec<SegmentId>,
    /// What to put into each variable of the template.
    pub variables: BTreeMap<String, Value>,
    /// Where the header's picture, document or pin comes from, if the template has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub header: Option<HeaderValue>,
    /// How it behaves when things take long or remain unclear.
    pub rules: Rules,
}

/// What to put into a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// The same words for everyone.
    Text(String),
    /// The same instant for everyone, written as each language writes it.
    Time(DateTime<Utc>),
    /// An attribute of the person (`name` is one), or these words if the person has none.
    Attribute {
        /// Which attribute.
        name: String,
        /// The words for people without it.
        otherwise: String,
    },
}

/// What to put into a header that is not text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderValue {
    /// The provider's id of an uploaded file.
    Media(String),
    /// An `https` address the provider fetches.
    Link(String),
    /// A pin on the map.
    Location {
        /// Degrees north, as decimal text so that it is stored exactly.
        latitude: String,
        /// Degrees east, as decimal text.
        longitude: String,
        /// The place's name.
        name: String,
        /// Its address.
        address: String,
    },
}

/// How a broadcast behaves when things take long or remain unclear. All times in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// What has not been started this long after launch expires and is never sent late.
    pub expires_after_s: u32,
    /// Whoever shows no evidence of delivery this long after launch counts as failed,
    /// until such evidence comes. Not before `expires_after_s`' end of sending.
    pub settles_after_s: u32,
    /// What becomes of sends of which we do not know whether the provider took them.
    pub unknown: UnknownRule,
    /// An answer later than this after launch is late.
    pub answer_within_s: u32,
}

/// What becomes of sends of which we do not know whether the provider took them,
/// when no receipt has cleared them up by the time the broadcast settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRule {
    /// Leave them, listed by name: nobody gets two messages.
    Leave,
    /// Send again: somebody may get two messages, nobody none.
    Resend,
}
