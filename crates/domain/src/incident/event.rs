//! What can have happened to an incident.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Mode, Role, Severity};
use crate::id::{BroadcastId, IncidentId, PromiseId};

/// An incident was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentOpened {
    /// The incident.
    pub incident_id: IncidentId,
    /// One line that names it.
    pub title: String,
    /// What sort of crisis: `flood`, `outage`, `recall`, … in the team's own words.
    pub kind: String,
    /// Severity at opening.
    pub severity: Severity,
    /// Live or exercise, for good.
    pub mode: Mode,
    /// What is known so far.
    pub summary: String,
}

/// The severity was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentEscalated {
    /// Before.
    pub from: Severity,
    /// After; higher.
    pub to: Severity,
    /// Why.
    pub reason: String,
}

/// The severity was lowered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentDeescalated {
    /// Before.
    pub from: Severity,
    /// After; lower.
    pub to: Severity,
    /// Why.
    pub reason: String,
}

/// Somebody took a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAssigned {
    /// The role.
    pub role: Role,
    /// The operator's handle, not a person's name.
    pub holder: String,
}

/// Somebody left a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRelieved {
    /// The role.
    pub role: Role,
    /// The operator's handle.
    pub holder: String,
}

/// The situation was described anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SituationUpdated {
    /// What is known now.
    pub text: String,
}

/// "We will update you by 18:30."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseMade {
    /// The promise.
    pub promise_id: PromiseId,
    /// What was promised.
    pub text: String,
    /// By when.
    pub deadline: DateTime<Utc>,
    /// The broadcast that told people so, if one did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub broadcast_id: Option<BroadcastId>,
}

/// A promise was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseKept {
    /// The promise.
    pub promise_id: PromiseId,
    /// How.
    pub note: String,
}

/// A promise was broken: its deadline passed, or somebody said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseBroken {
    /// The promise.
    pub promise_id: PromiseId,
    /// Why.
    pub reason: String,
}

/// The cause is dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentResolved {
    /// How it ended.
    pub summary: String,
}

/// It was not over after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentReopened {
    /// Why.
    pub reason: String,
}

/// The record is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentClosed {
    /// Why it was closed although a promise was open or a broadcast ran, if so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}
