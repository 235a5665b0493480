//! How people are shown: to those who may see them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fanal_domain::consent as domain;
use fanal_domain::contact::{Consent as Known, ContactStanding};
use fanal_domain::phone::PhoneNumber;
use fanal_engine::contacts::{ContactEntry, ContactView};
use fanal_engine::person::Profile as Opened;
use fanal_engine::ports::{ConsentState, ContactState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::requests::Attribute;
use crate::words::{Basis, Method, Purpose, Relation};

/// A person.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "contact_id": "01936d8e-0000-7000-8000-000000000002",
    "version": 2,
    "standing": "active",
    "merged_into": null,
    "language": "fr",
    "relation": "resident",
    "profile": {
        "name": "Léa Martin",
        "whatsapp": "+33612345678",
        "sms": null,
        "external_id": null,
        "attributes": {"district": "Lyon 3e"},
    },
    "consents": [{"purpose": "alerts", "state": "given", "basis": "consent", "method": "form",
        "at": "2026-02-11T09:12:00Z"}],
}))]
pub(super) struct Contact {
    /// The person.
    contact_id: Uuid,
    /// The version, for `If-Match`.
    version: u64,
    /// Whether the person can still be told anything.
    standing: Standing,
    /// The contact that lives on, if it was merged.
    merged_into: Option<Uuid>,
    /// The language to write in.
    #[schema(value_type = String)]
    language: String,
    /// What the person is to us.
    relation: Relation,
    /// Name, numbers and attributes; null if the person was erased.
    profile: Option<Profile>,
    /// Where each purpose stands; a purpose that is not listed was never asked for.
    consents: Vec<Consent>,
}

/// Whether a person can still be told anything.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// Yes.
    Active,
    /// Lives on as another contact.
    Merged,
    /// Was forgotten.
    Erased,
}

/// Name, numbers and attributes.
#[derive(Serialize, ToSchema)]
struct Profile {
    /// What to call them.
    name: Option<String>,
    /// Their number on WhatsApp.
    whatsapp: Option<String>,
    /// Their number for text messages.
    sms: Option<String>,
    /// What another system calls them.
    external_id: Option<String>,
    /// Anything else.
    attributes: BTreeMap<String, Attribute>,
}

/// Where consent to one purpose stands.
#[derive(Debug, Serialize, ToSchema)]
struct Consent {
    /// For what.
    purpose: Purpose,
    /// Where it stands.
    state: ConsentWord,
    /// On which legal ground it was given; in lists it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    basis: Option<Basis>,
    /// How it was given; in lists it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    method: Option<Method>,
    /// When it was given or withdrawn; in lists it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    at: Option<DateTime<Utc>>,
}

/// Where a consent stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ConsentWord {
    /// The person may be told.
    Given,
    /// The person may not be told.
    Withdrawn,
}

impl Contact {
    /// The person's version.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// The person's place in a list.
    pub(super) fn place(&self) -> u128 {
        self.contact_id.as_u128()
    }
}

impl From<ContactView> for Contact {
    fn from(view: ContactView) -> Self {
        let (standing, merged_into) = match view.standing {
            ContactStanding::Active => (Standing::Active, None),
            ContactStanding::Merged(into) => (Standing::Merged, Some(into.0)),
            ContactStanding::Erased => (Standing::Erased, None),
        };
        Self {
            contact_id: view.contact_id.0,
            version: view.version,
            standing,
            merged_into,
            language: view.language.to_string(),
            relation: view.relation.into(),
            profile: view.profile.map(Into::into),
            consents: view.consents.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ContactEntry> for Contact {
    fn from(entry: ContactEntry) -> Self {
        let (standing, merged_into) = match entry.state {
            ContactState::Active => (Standing::Active, None),
            ContactState::Merged(into) => (Standing::Merged, Some(into.0)),
            ContactState::Erased => (Standing::Erased, None),
        };
        Self {
            contact_id: entry.contact_id.0,
            version: entry.version,
            standing,
            merged_into,
            language: entry.language.to_string(),
            relation: entry.relation.into(),
            profile: entry.profile.map(Into::into),
            consents: entry.consents.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Opened> for Profile {
    fn from(profile: Opened) -> Self {
        let number = |number: PhoneNumber| number.as_e164().to_owned();
        let attributes = profile.attributes.into_iter();
        Self {
            name: profile.name,
            whatsapp: profile.whatsapp.map(number),
            sms: profile.sms.map(number),
            external_id: profile.external_id,
            attributes: attributes.map(|(name, value)| (name, value.into())).collect(),
        }
    }
}

impl From<(domain::Purpose, Known)> for Consent {
    fn from((purpose, known): (domain::Purpose, Known)) -> Self {
        let purpose = purpose.into();
        match known {
            Known::Given { basis, method, given_at, .. } => Self {
                purpose,
                state: ConsentWord::Given,
                basis: Some(basis.into()),
                method: Some(method.into()),
                at: Some(given_at),
            },
            Known::Withdrawn { withdrawn_at } => Self {
                purpose,
                state: ConsentWord::Withdrawn,
                basis: None,
                method: None,
                at: Some(withdrawn_at),
            },
        }
    }
}

impl From<(domain::Purpose, ConsentState)> for Consent {
    fn from((purpose, state): (domain::Purpose, ConsentState)) -> Self {
        let state = match state {
            ConsentState::Given(_) => ConsentWord::Given,
            ConsentState::Withdrawn(_) => ConsentWord::Withdrawn,
        };
        Self { purpose: purpose.into(), state, basis: None, method: None, at: None }
    }
}
