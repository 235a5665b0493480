//! What somebody can want of a segment, and why they may not have it.

use thiserror::Error;

use super::{CONTACTS_MAX, Rule};
use crate::decider::Rejection;
use crate::id::{ContactId, SegmentId};
use crate::text::InvalidText;

/// What somebody wants of a segment. Whoever asks has had the expression's syntax checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentCommand {
    /// Define it.
    Define {
        /// Its new id.
        segment_id: SegmentId,
        /// Its name.
        name: String,
        /// Who belongs.
        rule: Rule,
    },
    /// Give it another name or rule.
    Redefine {
        /// Its name.
        name: String,
        /// Who belongs.
        rule: Rule,
    },
    /// Use it no more.
    Retire,
}

/// Why a segment does not do what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SegmentRejection {
    /// There is no such segment.
    #[error("the segment was never defined: define it first")]
    NotDefined,
    /// There is one already.
    #[error("the segment is defined already: redefine it, or use another id")]
    AlreadyDefined,
    /// It is not to be used any more.
    #[error("the segment is retired: define a new one")]
    Retired,
    /// An empty list selects nobody, and never everyone.
    #[error("`contacts` is empty and would select nobody: list at least one contact")]
    NoContacts,
    /// A list has a bound.
    #[error("`contacts` lists {count} people: list at most {CONTACTS_MAX}, or use an expression")]
    TooManyContacts {
        /// How many.
        count: usize,
    },
    /// A list names each contact once.
    #[error("`contacts` lists {contact_id} twice: list each contact once")]
    ContactTwice {
        /// Who.
        contact_id: ContactId,
    },
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl Rejection for SegmentRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotDefined => "segment_not_defined",
            Self::AlreadyDefined => "segment_already_defined",
            Self::Retired => "segment_retired",
            Self::NoContacts => "contacts_empty",
            Self::TooManyContacts { .. } => "contacts_too_many",
            Self::ContactTwice { .. } => "contact_twice",
            Self::Text(invalid) => invalid.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotDefined | Self::AlreadyDefined | Self::Retired => None,
            Self::NoContacts | Self::TooManyContacts { .. } | Self::ContactTwice { .. } => {
                Some("contacts")
            }
            Self::Text(invalid) => Some(invalid.field),
        }
    }
}
