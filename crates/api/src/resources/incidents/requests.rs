//! What callers say about incidents.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::words::{Mode, Role, Severity};

/// Opens an incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Drinking water unsafe in Lyon 3e",
    "kind": "water",
    "severity": "high",
    "mode": "live",
    "summary": "Coliform bacteria found at the Part-Dieu reservoir at 14:05.",
}))]
pub(crate) struct OpenIncident {
    /// One line that names it.
    #[schema(min_length = 1, max_length = 120)]
    pub(crate) title: String,
    /// What sort of crisis, in the team's own words.
    #[schema(min_length = 1, max_length = 64)]
    pub(crate) kind: String,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// Live or exercise, for good.
    pub(crate) mode: Mode,
    /// What is known so far.
    #[schema(min_length = 1, max_length = 4000)]
    pub(crate) summary: String,
}

/// Raises or lowers the severity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "critical", "reason": "Two hospitals are on the same network."}))]
pub(crate) struct ChangeSeverity {
    /// To what.
    pub(crate) to: Severity,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub(crate) reason: String,
}

/// Gives or takes a role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "commander", "holder": "anna.b"}))]
pub(crate) struct ChangeRole {
    /// The role.
    pub(crate) role: Role,
    /// The operator's handle, not a name.
    #[schema(pattern = "^[a-z0-9._-]{1,64}$")]
    pub(crate) holder: String,
}

/// Describes the situation anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "The reservoir is isolated; bottled water at 14 schools."}))]
pub(crate) struct UpdateSituation {
    /// What is known now.
    #[schema(min_length = 1, max_length = 4000)]
    pub(crate) text: String,
}

/// Promises something by a deadline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "text": "Next laboratory result", "deadline": "2026-12-01T18:30:00Z"
}))]
pub(crate) struct MakePromise {
    /// What is promised.
    #[schema(min_length = 1, max_length = 1000)]
    pub(crate) text: String,
    /// By when; at most a year ahead.
    pub(crate) deadline: DateTime<Utc>,
}

/// Says how a promise was kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Result published at 18:10."}))]
pub(crate) struct KeepPromise {
    /// How.
    #[schema(min_length = 1, max_length = 1000)]
    pub(crate) note: String,
}

/// Says why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The laboratory is still closed."}))]
pub(crate) struct Because {
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub(crate) reason: String,
}

/// Says how it ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"summary": "Three clean samples in a row."}))]
pub(crate) struct ResolveIncident {
    /// How it ended.
    #[schema(min_length = 1, max_length = 4000)]
    pub(crate) summary: String,
}

/// Completes the record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct CloseIncident {
    /// Why it is closed although a broadcast runs or a promise is open.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, nullable = false)]
    pub(crate) reason: Option<String>,
}
