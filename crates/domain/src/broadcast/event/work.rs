//! What can have happened to one chunk of a frozen audience.

use serde::{Deserialize, Serialize};

use crate::id::ContactId;
use crate::ladder::{Failure, SuppressionReason};
use crate::language::Language;
use crate::sealed::Sealed;
use crate::sender::SenderId;

/// A part of the audience was frozen. Opens the chunk's own stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceFrozen {
    /// The chunk's number, from 0.
    pub chunk: u32,
    /// The index of its first recipient.
    pub first: u32,
    /// Those who will be told, in index order; at most 1,000.
    pub recipients: Vec<FrozenRecipient>,
    /// Those who were meant and will not be told, and why.
    pub suppressed: Vec<SuppressedPerson>,
}

/// One person who will be told. Stored as an array, since there are millions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(ContactId, u64, Language, String)", into = "(ContactId, u64, Language, String)")]
pub struct FrozenRecipient {
    /// The person.
    pub contact_id: ContactId,
    /// The log position of the consent this rests on.
    pub consent: u64,
    /// The language of the translation to send.
    pub language: Language,
    /// The provider's market for the number, by calling code: decides the price.
    pub market: String,
}

impl From<(ContactId, u64, Language, String)> for FrozenRecipient {
    fn from((contact_id, consent, language, market): (ContactId, u64, Language, String)) -> Self {
        Self { contact_id, consent, language, market }
    }
}

impl From<FrozenRecipient> for (ContactId, u64, Language, String) {
    fn from(one: FrozenRecipient) -> Self {
        (one.contact_id, one.consent, one.language, one.market)
    }
}

/// One person who was meant and will not be told. Stored as an array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(ContactId, SuppressionReason)", into = "(ContactId, SuppressionReason)")]
pub struct SuppressedPerson {
    /// The person.
    pub contact_id: ContactId,
    /// Why not.
    pub reason: SuppressionReason,
}

impl From<(ContactId, SuppressionReason)> for SuppressedPerson {
    fn from((contact_id, reason): (ContactId, SuppressionReason)) -> Self {
        Self { contact_id, reason }
    }
}

impl From<SuppressedPerson> for (ContactId, SuppressionReason) {
    fn from(one: SuppressedPerson) -> Self {
        (one.contact_id, one.reason)
    }
}

/// A node took a chunk to work on; the stream's version makes sure that it is only one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkClaimed {
    /// The node's name for this run of it.
    pub node: String,
}

/// The intent: these people are about to be told. Committed before the first call goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendsStarted {
    /// From which number.
    pub sender: SenderId,
    /// To whom; at most 100.
    pub recipients: Vec<u32>,
}

/// What came of started sends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SendsRecorded {
    /// The provider took these.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub accepted: Vec<AcceptedSend>,
    /// The provider refused these for good.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub refused: Vec<RefusedSend>,
    /// The provider did not take these now; they go back into the queue.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub deferred: Vec<RefusedSend>,
    /// We do not know whether the provider took these.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub unknown: Vec<u32>,
}

/// The provider took a send. Stored as an array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, Sealed)", into = "(u32, Sealed)")]
pub struct AcceptedSend {
    /// To whom.
    pub recipient: u32,
    /// The provider's message id; sealed, since it contains the number.
    pub message: Sealed,
}

impl From<(u32, Sealed)> for AcceptedSend {
    fn from((recipient, message): (u32, Sealed)) -> Self {
        Self { recipient, message }
    }
}

impl From<AcceptedSend> for (u32, Sealed) {
    fn from(one: AcceptedSend) -> Self {
        (one.recipient, one.message)
    }
}

/// The provider did not take a send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedSend {
    /// To whom.
    pub recipient: u32,
    /// Why.
    pub failure: Failure,
}

/// Frozen recipients who are not to be told any more, found before their send was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendsWithheld {
    /// Who, and why.
    pub withheld: Vec<WithheldSend>,
}

/// One recipient who is not to be told any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithheldSend {
    /// Who.
    pub recipient: u32,
    /// Why: an opt-out or an erasure that came meanwhile.
    pub reason: SuppressionReason,
}

/// A node found sends that another run had started and not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendsInDoubt {
    /// Whose outcome is unknown.
    pub recipients: Vec<u32>,
}

/// What had not been started when the broadcast expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendsExpired {
    /// Who was not told.
    pub recipients: Vec<u32>,
}

/// Unknown sends go back into the queue, by the broadcast's rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownsRequeued {
    /// Who may be told twice.
    pub recipients: Vec<u32>,
}
