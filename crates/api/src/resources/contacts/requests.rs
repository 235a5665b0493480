//! What callers say about people.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fanal_domain::language::Language;
use fanal_domain::phone::PhoneNumber;
use fanal_engine::contacts::{ContactDraft, NewConsent};
use fanal_engine::person::AttributeValue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::words::{Basis, Method, Purpose, Relation};

/// What is known of a person, and when registering: what they agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Léa Martin",
    "whatsapp": "+33612345678",
    "language": "fr",
    "relation": "resident",
    "attributes": {"district": "Lyon 3e", "household": 4, "wheelchair": false},
    "consents": [{
        "purpose": "alerts",
        "basis": "consent",
        "method": "form",
        "given_at": "2026-02-11T09:12:00Z",
        "evidence": "Registration form 4471",
    }],
}))]
pub(super) struct ContactProfile {
    /// What to call them.
    #[serde(default)]
    #[schema(max_length = 200, nullable = false)]
    name: Option<String>,
    /// Their number on WhatsApp, in E.164 form.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^\+[1-9][0-9]{7,14}$", nullable = false)]
    whatsapp: Option<PhoneNumber>,
    /// Their number for text messages, in E.164 form.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^\+[1-9][0-9]{7,14}$", nullable = false)]
    sms: Option<PhoneNumber>,
    /// What another system calls them.
    #[serde(default)]
    #[schema(max_length = 200, nullable = false)]
    external_id: Option<String>,
    /// The language to write in, such as `fr` or `pt_BR`.
    #[schema(value_type = String)]
    language: Language,
    /// What the person is to us.
    relation: Relation,
    /// Anything else that rules and messages may use, by lower snake case names.
    #[serde(default)]
    attributes: BTreeMap<String, Attribute>,
    /// What they agreed to; only when registering.
    #[serde(default)]
    pub(super) consents: Vec<GiveConsent>,
}

/// The value of an attribute.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(untagged, expecting = "an attribute is a text, a number, true or false")]
pub(super) enum Attribute {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Words.
    Text(String),
}

impl From<ContactProfile> for ContactDraft {
    fn from(profile: ContactProfile) -> Self {
        let number = |number: PhoneNumber| number.as_e164().to_owned();
        let attributes = profile.attributes.into_iter();
        Self {
            name: profile.name,
            whatsapp: profile.whatsapp.map(number),
            sms: profile.sms.map(number),
            external_id: profile.external_id,
            attributes: attributes.map(|(name, value)| (name, value.into())).collect(),
            language: profile.language,
            relation: profile.relation.into(),
        }
    }
}

impl From<Attribute> for AttributeValue {
    fn from(value: Attribute) -> Self {
        match value {
            Attribute::Bool(value) => Self::Bool(value),
            Attribute::Number(value) => Self::Number(value),
            Attribute::Text(value) => Self::Text(value),
        }
    }
}

impl From<AttributeValue> for Attribute {
    fn from(value: AttributeValue) -> Self {
        match value {
            AttributeValue::Bool(value) => Self::Bool(value),
            AttributeValue::Number(value) => Self::Number(value),
            AttributeValue::Text(value) => Self::Text(value),
        }
    }
}

/// Says that this contact is the same person as another, which lives on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"into": "01936d8e-0000-7000-8000-000000000002"}))]
pub(super) struct MergeContact {
    /// The contact that lives on.
    pub(super) into: Uuid,
}

/// Records a consent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "purpose": "alerts",
    "basis": "consent",
    "method": "form",
    "given_at": "2026-02-11T09:12:00Z",
    "evidence": "Registration form 4471",
}))]
pub(super) struct GiveConsent {
    /// For what.
    purpose: Purpose,
    /// On which legal ground.
    basis: Basis,
    /// How it was given.
    method: Method,
    /// When it was given; not in the future.
    given_at: DateTime<Utc>,
    /// What proves it; kept sealed.
    #[serde(default)]
    #[schema(max_length = 2000, nullable = false)]
    evidence: Option<String>,
}

impl From<GiveConsent> for NewConsent {
    fn from(consent: GiveConsent) -> Self {
        Self {
            purpose: consent.purpose.into(),
            basis: consent.basis.into(),
            method: consent.method.into(),
            given_at: consent.given_at,
            evidence: consent.evidence,
        }
    }
}

/// Records that consent was withdrawn, now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purposes": ["marketing"], "method": "verbal"}))]
pub(super) struct WithdrawConsent {
    /// For what; not empty.
    #[schema(min_items = 1)]
    pub(super) purposes: Vec<Purpose>,
    /// How it was withdrawn.
    pub(super) method: Method,
    /// What proves it; kept sealed.
    #[serde(default)]
    #[schema(max_length = 2000, nullable = false)]
    pub(super) evidence: Option<String>,
}

/// Asks who has a number. A number belongs into a body: addresses end up in access logs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "+33612345678"}))]
pub(crate) struct FindByNumber {
    /// The number, in E.164 form.
    #[schema(value_type = String, pattern = r"^\+[1-9][0-9]{7,14}$")]
    pub(crate) number: PhoneNumber,
}
