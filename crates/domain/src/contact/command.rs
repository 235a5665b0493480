//! What somebody can want of a contact, and why they may not have it.

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{ConsentGiven, ConsentWithdrawn, Relation};
use crate::decider::Rejection;
use crate::id::ContactId;
use crate::language::Language;
use crate::sealed::Sealed;
use crate::text::InvalidText;

/// What somebody wants of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactCommand {
    /// Make the person known.
    Register {
        /// The person's new id.
        contact_id: ContactId,
        /// Name, numbers and attributes, sealed.
        profile: Sealed,
        /// The language to write in.
        language: Language,
        /// What the person is to us.
        relation: Relation,
    },
    /// Bring what is known up to date; the whole new state.
    Change {
        /// Name, numbers and attributes, sealed anew; `None` if they are what they were.
        /// Only who can read both can tell, since sealing the same twice gives other bytes.
        profile: Option<Sealed>,
        /// The language to write in.
        language: Language,
        /// What the person is to us.
        relation: Relation,
    },
    /// Note that the person is also another contact, which lives on.
    MergeInto {
        /// The contact that lives on.
        into: ContactId,
    },
    /// Forget the person.
    Erase {
        /// Why.
        reason: String,
    },
    /// Note that the person may be told things of one purpose.
    GiveConsent {
        /// The fact to note.
        consent: ConsentGiven,
        /// The time at which this is asked.
        now: DateTime<Utc>,
    },
    /// Note that the person may no longer be told things of some purposes.
    WithdrawConsent {
        /// The fact to note.
        withdrawal: ConsentWithdrawn,
        /// The time at which this is asked.
        now: DateTime<Utc>,
    },
}

/// Why a contact does not do what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ContactRejection {
    /// There is no such contact.
    #[error("the contact is not known: register it first")]
    NotRegistered,
    /// There is one already.
    #[error("the contact is registered already: change it, or use another id")]
    AlreadyRegistered,
    /// It lives on as another.
    #[error("the contact was merged: use {into} instead")]
    Merged {
        /// The contact that lives on.
        into: ContactId,
    },
    /// It was forgotten.
    #[error("the contact was erased for good: register the person anew if they agree")]
    Erased,
    /// A contact cannot be merged into itself.
    #[error("`into` is the contact itself: name another")]
    MergedIntoItself,
    /// Consent cannot come from the future.
    #[error("`given_at` lies in the future: give the time when consent was given")]
    GivenInFuture,
    /// What was agreed to before an opt-out does not undo the opt-out.
    #[error(
        "`given_at` is older than the opt-out of {withdrawn_at}: \
         only a consent given after it counts"
    )]
    OlderThanOptOut {
        /// When the person opted out.
        withdrawn_at: DateTime<Utc>,
    },
    /// A withdrawal names what it withdraws.
    #[error("`purposes` is empty: name at least one purpose")]
    NoPurposes,
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl Rejection for ContactRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotRegistered => "contact_not_registered",
            Self::AlreadyRegistered => "contact_already_registered",
            Self::Merged { .. } => "contact_merged",
            Self::Erased => "contact_erased",
            Self::MergedIntoItself => "merged_into_itself",
            Self::GivenInFuture => "given_in_future",
            Self::OlderThanOptOut { .. } => "older_than_opt_out",
            Self::NoPurposes => "purposes_empty",
            Self::Text(invalid) => invalid.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotRegistered | Self::AlreadyRegistered | Self::Merged { .. } | Self::Erased => {
                None
            }
            Self::MergedIntoItself => Some("into"),
            Self::GivenInFuture | Self::OlderThanOptOut { .. } => Some("given_at"),
            Self::NoPurposes => Some("purposes"),
            Self::Text(invalid) => Some(invalid.field),
        }
    }
}
