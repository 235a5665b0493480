//! What can have happened to a contact.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Relation;
use crate::consent::{Basis, Method, Purpose};
use crate::id::{ConsentId, ContactId};
use crate::language::Language;
use crate::sealed::Sealed;

/// A person became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRegistered {
    /// The person.
    pub contact_id: ContactId,
    /// Name, numbers and attributes, sealed with the person's key.
    pub profile: Sealed,
    /// The language to write in.
    pub language: Language,
    /// What the person is to us.
    pub relation: Relation,
}

/// What is known about a person changed; the whole new state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChanged {
    /// Name, numbers and attributes, sealed with the person's key.
    pub profile: Sealed,
    /// The language to write in.
    pub language: Language,
    /// What the person is to us.
    pub relation: Relation,
}

/// This contact was the same person as another, which lives on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactMerged {
    /// The contact that lives on.
    pub into: ContactId,
}

/// The person's key was destroyed: nothing sealed for them can be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactErased {
    /// Why: the person's request, or a retention rule.
    pub reason: String,
}

/// A person may be told things of one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// This fact.
    pub consent_id: ConsentId,
    /// For what.
    pub purpose: Purpose,
    /// On which legal ground.
    pub basis: Basis,
    /// How it was given.
    pub method: Method,
    /// When it was given.
    pub given_at: DateTime<Utc>,
    /// What proves it: a form number, the words written; sealed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<Sealed>,
}

/// A person may no longer be told things of these purposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWithdrawn {
    /// For what; never empty.
    pub purposes: Vec<Purpose>,
    /// How it was withdrawn.
    pub method: Method,
    /// When it was withdrawn.
    pub withdrawn_at: DateTime<Utc>,
    /// What proves it; sealed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<Sealed>,
}

/// A person wrote to us, outside any broadcast we could tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageReceived {
    /// The provider's id of the message; sealed, since it contains the number.
    pub message: Sealed,
    /// The provider's word for what it is: `text`, `image`, `location`, …
    pub form: String,
    /// The content as the provider gave it, sealed.
    pub content: Sealed,
}
