//! What callers say about broadcasts, and the brief in both directions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fanal_domain::broadcast as domain;
use fanal_domain::id::{SegmentId, TemplateId};
use fanal_domain::language::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::words::{Purpose, UnknownRule};

/// Drafts a broadcast in an incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "incident_id": "01936d8e-0000-7000-8000-000000000001",
    "brief": {
        "title": "Do not drink the water",
        "template_id": "01936d8e-0000-7000-8000-000000000003",
        "fallback_language": "fr",
        "purpose": "alerts",
        "segments": ["01936d8e-0000-7000-8000-000000000004"],
        "variables": {"next_update": {"time": "2026-12-01T18:30:00Z"}},
        "rules": {
            "expires_after_s": 3600,
            "settles_after_s": 86400,
            "unknown": "leave",
            "answer_within_s": 1800,
        },
    },
}))]
pub(super) struct DraftBroadcast {
    /// The incident it belongs to.
    pub(super) incident_id: Uuid,
    /// What is to be said, to whom.
    pub(super) brief: Brief,
}

/// Changes a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "brief": {
        "title": "Do not drink the water",
        "template_id": "01936d8e-0000-7000-8000-000000000003",
        "fallback_language": "fr",
        "purpose": "alerts",
        "segments": ["01936d8e-0000-7000-8000-000000000004"],
        "variables": {"next_update": {"time": "2026-12-01T18:30:00Z"}},
        "rules": {
            "expires_after_s": 3600,
            "settles_after_s": 86400,
            "unknown": "leave",
            "answer_within_s": 1800,
        },
    },
}))]
pub(super) struct ReviseBroadcast {
    /// What is to be said, to whom; the whole.
    pub(super) brief: Brief,
}

/// What is to be said, to whom, and by which rules; the whole, also when it is revised.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Do not drink the water",
    "template_id": "01936d8e-0000-7000-8000-000000000003",
    "fallback_language": "fr",
    "purpose": "alerts",
    "segments": ["01936d8e-0000-7000-8000-000000000004"],
    "variables": {
        "district": {"attribute": {"name": "district", "otherwise": "your district"}},
        "next_update": {"time": "2026-12-01T18:30:00Z"},
    },
    "rules": {
        "expires_after_s": 3600,
        "settles_after_s": 86400,
        "unknown": "leave",
        "answer_within_s": 1800,
    },
}))]
pub(super) struct Brief {
    /// What operators call it.
    #[schema(min_length = 1, max_length = 120)]
    title: String,
    /// The text.
    template_id: Uuid,
    /// For people whose own language has no approved translation.
    #[schema(value_type = String)]
    fallback_language: Language,
    /// Which consent it rests on.
    purpose: Purpose,
    /// Who is meant: the union of these segments. Never empty.
    #[schema(min_items = 1)]
    segments: Vec<Uuid>,
    /// What to put into each variable of the template.
    #[serde(default)]
    variables: BTreeMap<String, Value>,
    /// Where the header's picture, document or pin comes from, if the template has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    header: Option<HeaderValue>,
    /// How it behaves when things take long or remain unclear.
    rules: Rules,
}

/// What to put into a variable.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Value {
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
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum HeaderValue {
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

/// How a broadcast behaves when things take long or remain unclear.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rules {
    /// What has not been started this many seconds after launch is never sent late.
    expires_after_s: u32,
    /// Whoever shows no evidence of delivery this many seconds after launch counts as failed,
    /// until such evidence comes.
    settles_after_s: u32,
    /// What becomes of sends of which nobody knows whether the provider took them.
    unknown: UnknownRule,
    /// An answer later than this many seconds after launch is late.
    answer_within_s: u32,
}

impl From<Brief> for domain::Brief {
    fn from(brief: Brief) -> Self {
        Self {
            title: brief.title,
            template_id: TemplateId(brief.template_id),
            fallback_language: brief.fallback_language,
            purpose: brief.purpose.into(),
            segments: brief.segments.into_iter().map(SegmentId).collect(),
            variables: brief
                .variables
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            header: brief.header.map(Into::into),
            rules: brief.rules.into(),
        }
    }
}

impl From<domain::Brief> for Brief {
    fn from(brief: domain::Brief) -> Self {
        Self {
            title: brief.title,
            template_id: brief.template_id.0,
            fallback_language: brief.fallback_language,
            purpose: brief.purpose.into(),
            segments: brief.segments.into_iter().map(|id| id.0).collect(),
            variables: brief
                .variables
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            header: brief.header.map(Into::into),
            rules: brief.rules.into(),
        }
    }
}

impl From<Value> for domain::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Time(time) => Self::Time(time),
            Value::Attribute { name, otherwise } => Self::Attribute { name, otherwise },
        }
    }
}

impl From<domain::Value> for Value {
    fn from(value: domain::Value) -> Self {
        match value {
            domain::Value::Text(text) => Self::Text(text),
            domain::Value::Time(time) => Self::Time(time),
            domain::Value::Attribute { name, otherwise } => Self::Attribute { name, otherwise },
        }
    }
}

impl From<HeaderValue> for domain::HeaderValue {
    fn from(value: HeaderValue) -> Self {
        match value {
            HeaderValue::Media(id) => Self::Media(id),
            HeaderValue::Link(address) => Self::Link(address),
            HeaderValue::Location { latitude, longitude, name, address } => {
                Self::Location { latitude, longitude, name, address }
            }
        }
    }
}

impl From<domain::HeaderValue> for HeaderValue {
    fn from(value: domain::HeaderValue) -> Self {
        match value {
            domain::HeaderValue::Media(id) => Self::Media(id),
            domain::HeaderValue::Link(address) => Self::Link(address),
            domain::HeaderValue::Location { latitude, longitude, name, address } => {
                Self::Location { latitude, longitude, name, address }
            }
        }
    }
}

impl From<Rules> for domain::Rules {
    fn from(Rules { expires_after_s, settles_after_s, unknown, answer_within_s }: Rules) -> Self {
        Self { expires_after_s, settles_after_s, unknown: unknown.into(), answer_within_s }
    }
}

impl From<domain::Rules> for Rules {
    fn from(rules: domain::Rules) -> Self {
        let domain::Rules { expires_after_s, settles_after_s, unknown, answer_within_s } = rules;
        Self { expires_after_s, settles_after_s, unknown: unknown.into(), answer_within_s }
    }
}
