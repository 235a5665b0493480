//! What callers say about segments.

use fanal_domain::id::ContactId;
use fanal_domain::segment as domain;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Names a rule that selects people; the whole, also when it is redefined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Residents of Lyon 3e",
    "rule": {"expression": "contact.relation == \"resident\" && contact.district == \"Lyon 3e\""},
}))]
pub(super) struct DefineSegment {
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub(super) name: String,
    /// Who belongs.
    pub(super) rule: Rule,
}

/// Tries a rule without keeping it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rule": {"expression": "contact.wheelchair == true"}}))]
pub(super) struct PreviewSegment {
    /// Who would belong.
    pub(super) rule: Rule,
}

/// Who belongs. An empty rule is refused; it never means everyone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Rule {
    /// Exactly these people.
    Contacts(Vec<Uuid>),
    /// Those for whom an expression over attributes is true.
    Expression(String),
}

impl From<Rule> for domain::Rule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Contacts(ids) => Self::Contacts(ids.into_iter().map(ContactId).collect()),
            Rule::Expression(text) => Self::Expression(text),
        }
    }
}

impl From<domain::Rule> for Rule {
    fn from(rule: domain::Rule) -> Self {
        match rule {
            domain::Rule::Contacts(ids) => Self::Contacts(ids.into_iter().map(|id| id.0).collect()),
            domain::Rule::Expression(text) => Self::Expression(text),
        }
    }
}
