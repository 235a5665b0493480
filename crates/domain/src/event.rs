//! The catalogue: every kind of event, its stable name and its schema version.
//!
//! The name and version are stored with each event and never change meaning: a changed body gets
//! the next version and an upcaster in [`crate::event::upcast`].

#[cfg(test)]
mod tests;
pub mod upcast;

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::broadcast::{
    AnswersRecorded, AudienceFrozen, BroadcastCancelled, BroadcastCompleted, BroadcastDrafted,
    BroadcastLaunched, BroadcastPlanned, BroadcastRevised, ChunkClaimed, ReceiptsRecorded,
    RecipientsSettled, SendsExpired, SendsInDoubt, SendsRecorded, SendsStarted, SendsWithheld,
    UnknownsRequeued,
};
use crate::contact::{
    ConsentGiven, ConsentWithdrawn, ContactChanged, ContactErased, ContactMerged,
    ContactRegistered, MessageReceived,
};
use crate::incident::{
    IncidentClosed, IncidentDeescalated, IncidentEscalated, IncidentOpened, IncidentReopened,
    IncidentResolved, PromiseBroken, PromiseKept, PromiseMade, RoleAssigned, RoleRelieved,
    SituationUpdated,
};
use crate::segment::{SegmentDefined, SegmentRedefined, SegmentRetired};
use crate::sender::{NoticeKept, SenderFactsLearned};
use crate::template::{
    TemplateCategoryChanged, TemplateRegistered, TemplateRetired, TranslationAdded,
    TranslationStatusChanged,
};

/// A stored event could not be read.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// This build knows no such kind: the log was written by a newer one.
    #[error("event kind `{kind}` version {version} is not known to this build")]
    UnknownKind {
        /// The stored kind.
        kind: String,
        /// The stored schema version.
        version: u16,
    },
    /// The bytes are not what the kind says.
    #[error("event of kind `{kind}` version {version} does not have the shape of its kind")]
    Malformed {
        /// The stored kind.
        kind: String,
        /// The stored schema version.
        version: u16,
        /// What was wrong.
        #[source]
        source: serde_json::Error,
    },
}

macro_rules! catalogue {
    ($($kind:literal $version:literal $body:ident),+ $(,)?) => {
        /// Anything that can have happened.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant is documented at its body")]
        pub enum Event {
            $($body($body),)+
        }

        impl Event {
            /// Every kind with its current schema version.
            pub const KINDS: &[(&str, u16)] = &[$(($kind, $version)),+];

            /// The stable name of this kind.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$body(_) => $kind,)+
                }
            }

            /// The schema version this build writes.
            pub fn schema_version(&self) -> u16 {
                match self {
                    $(Self::$body(_) => $version,)+
                }
            }

            /// The body's canonical bytes: JSON, fields in declared order, no spaces.
            pub fn encode(&self) -> Vec<u8> {
                match self {
                    $(Self::$body(body) => canonical(body),)+
                }
            }

            /// Reads stored bytes of the newest schema version.
            fn decode_current(kind: &str, version: u16, bytes: &[u8]) -> Result<Self, DecodeError> {
                match (kind, version) {
                    $(($kind, $version) => parse::<$body>(kind, version, bytes).map(Self::$body),)+
                    _ => Err(DecodeError::UnknownKind { kind: kind.to_owned(), version }),
                }
            }
        }

        $(impl From<$body> for Event {
            fn from(body: $body) -> Self {
                Self::$body(body)
            }
        })+
    };
}

catalogue! {
    "incident_opened" 1 IncidentOpened,
    "incident_escalated" 1 IncidentEscalated,
    "incident_deescalated" 1 IncidentDeescalated,
    "role_assigned" 1 RoleAssigned,
    "role_relieved" 1 RoleRelieved,
    "situation_updated" 1 SituationUpdated,
    "promise_made" 1 PromiseMade,
    "promise_kept" 1 PromiseKept,
    "promise_broken" 1 PromiseBroken,
    "incident_resolved" 1 IncidentResolved,
    "incident_reopened" 1 IncidentReopened,
    "incident_closed" 1 IncidentClosed,
    "contact_registered" 1 ContactRegistered,
    "contact_changed" 1 ContactChanged,
    "contact_merged" 1 ContactMerged,
    "contact_erased" 1 ContactErased,
    "consent_given" 1 ConsentGiven,
    "consent_withdrawn" 1 ConsentWithdrawn,
    "message_received" 1 MessageReceived,
    "segment_defined" 1 SegmentDefined,
    "segment_redefined" 1 SegmentRedefined,
    "segment_retired" 1 SegmentRetired,
    "template_registered" 1 TemplateRegistered,
    "translation_added" 1 TranslationAdded,
    "translation_status_changed" 1 TranslationStatusChanged,
    "template_category_changed" 1 TemplateCategoryChanged,
    "template_retired" 1 TemplateRetired,
    "sender_facts_learned" 1 SenderFactsLearned,
    "notice_kept" 1 NoticeKept,
    "broadcast_drafted" 1 BroadcastDrafted,
    "broadcast_revised" 1 BroadcastRevised,
    "broadcast_planned" 1 BroadcastPlanned,
    "broadcast_launched" 1 BroadcastLaunched,
    "broadcast_completed" 1 BroadcastCompleted,
    "broadcast_cancelled" 1 BroadcastCancelled,
    "audience_frozen" 1 AudienceFrozen,
    "chunk_claimed" 1 ChunkClaimed,
    "sends_started" 1 SendsStarted,
    "sends_recorded" 1 SendsRecorded,
    "sends_withheld" 1 SendsWithheld,
    "sends_in_doubt" 1 SendsInDoubt,
    "sends_expired" 1 SendsExpired,
    "unknowns_requeued" 1 UnknownsRequeued,
    "receipts_recorded" 1 ReceiptsRecorded,
    "answers_recorded" 1 AnswersRecorded,
    "recipients_settled" 1 RecipientsSettled,
}

impl Event {
    /// Reads stored bytes of any schema version ever written.
    ///
    /// # Errors
    /// [`DecodeError`] if the kind is unknown to this build or the bytes do not have its shape.
    pub fn decode(kind: &str, version: u16, bytes: &[u8]) -> Result<Self, DecodeError> {
        match upcast::to_current(kind, version, bytes)? {
            Some((version, bytes)) => Self::decode_current(kind, version, &bytes),
            None => Self::decode_current(kind, version, bytes),
        }
    }
}

fn canonical<T: Serialize>(body: &T) -> Vec<u8> {
    serde_json::to_vec(body).expect("event bodies have string keys and no fallible serialisers")
}

fn parse<T: DeserializeOwned>(kind: &str, version: u16, bytes: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(bytes).map_err(|source| DecodeError::Malformed {
        kind: kind.to_owned(),
        version,
        source,
    })
}
