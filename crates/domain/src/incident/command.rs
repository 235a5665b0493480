//! What somebody can want of an incident, and why they may not have it.

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{Mode, Role, Severity};
use crate::decider::Rejection;
use crate::id::{BroadcastId, IncidentId, PromiseId};
use crate::text::InvalidText;

/// What somebody wants of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncidentCommand {
    /// Open it.
    Open {
        /// Its new id.
        incident_id: IncidentId,
        /// One line that names it.
        title: String,
        /// What sort of crisis, in the team's own words.
        kind: String,
        /// Severity at opening.
        severity: Severity,
        /// Live or exercise, for good.
        mode: Mode,
        /// What is known so far.
        summary: String,
    },
    /// Raise the severity.
    Escalate {
        /// To what.
        to: Severity,
        /// Why.
        reason: String,
    },
    /// Lower the severity.
    Deescalate {
        /// To what.
        to: Severity,
        /// Why.
        reason: String,
    },
    /// Give somebody a role.
    AssignRole {
        /// The role.
        role: Role,
        /// The operator's handle.
        holder: String,
    },
    /// Take a role from somebody.
    RelieveRole {
        /// The role.
        role: Role,
        /// The operator's handle.
        holder: String,
    },
    /// Describe the situation anew.
    UpdateSituation {
        /// What is known now.
        text: String,
    },
    /// Promise something by a deadline.
    MakePromise {
        /// Its new id.
        promise_id: PromiseId,
        /// What is promised.
        text: String,
        /// By when.
        deadline: DateTime<Utc>,
        /// The broadcast that tells people so, if one does.
        broadcast_id: Option<BroadcastId>,
        /// The time at which this is asked.
        now: DateTime<Utc>,
    },
    /// Note that a promise was kept.
    KeepPromise {
        /// The promise.
        promise_id: PromiseId,
        /// How.
        note: String,
    },
    /// Note that a promise was broken.
    BreakPromise {
        /// The promise.
        promise_id: PromiseId,
        /// Why.
        reason: String,
    },
    /// Note that the cause is dealt with.
    Resolve {
        /// How it ended.
        summary: String,
    },
    /// Take it up again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Complete the record.
    Close {
        /// Why, if a broadcast still runs or a promise is open.
        reason: Option<String>,
        /// How many of its broadcasts run at this moment.
        running_broadcasts: u32,
    },
}

/// Why an incident does not do what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IncidentRejection {
    /// There is no such incident.
    #[error("the incident was never opened: open it first")]
    NotOpened,
    /// There is one already.
    #[error("the incident is open already: use another id")]
    AlreadyOpened,
    /// Its record is complete.
    #[error("the incident is closed and its record complete: open a new one")]
    Closed,
    /// It is resolved, and this needs an open one.
    #[error("the incident is resolved: reopen it first")]
    Resolved,
    /// It is not resolved, and this needs a resolved one.
    #[error("the incident is not resolved: only a resolved one can be reopened")]
    NotResolved,
    /// An escalation must raise the severity.
    #[error("`to` does not raise the severity: choose one above `{current}`")]
    NotHigher {
        /// Where it stands.
        current: Severity,
    },
    /// A de-escalation must lower the severity.
    #[error("`to` does not lower the severity: choose one below `{current}`")]
    NotLower {
        /// Where it stands.
        current: Severity,
    },
    /// The role is theirs already.
    #[error("`holder` has this role already: nothing to assign")]
    RoleHeld,
    /// The role is not theirs.
    #[error("`holder` does not have this role: see who has it")]
    RoleNotHeld,
    /// A promise's deadline must lie ahead.
    #[error("`deadline` has passed already: name a later time")]
    DeadlinePassed,
    /// A promise's deadline must not lie years ahead.
    #[error("`deadline` is more than a year ahead: name an earlier time")]
    DeadlineTooFar,
    /// The id was used before.
    #[error("`promise_id` was used before: use a new one")]
    PromiseExists,
    /// There is no such promise.
    #[error("`promise_id` names no promise of this incident: see its promises")]
    PromiseUnknown,
    /// The promise is kept or broken already.
    #[error("`promise_id` names a promise that is settled already: it cannot change any more")]
    PromiseSettled,
    /// A broadcast runs.
    #[error("{running} broadcasts still run: wait, cancel them, or give a `reason`")]
    BroadcastRunning {
        /// How many.
        running: u32,
    },
    /// A promise is open.
    #[error("{open} promises are open: keep or break them, or give a `reason`")]
    PromiseOpen {
        /// How many.
        open: usize,
    },
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl Rejection for IncidentRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotOpened => "incident_not_opened",
            Self::AlreadyOpened => "incident_already_opened",
            Self::Closed => "incident_closed",
            Self::Resolved => "incident_resolved",
            Self::NotResolved => "incident_not_resolved",
            Self::NotHigher { .. } => "severity_not_higher",
            Self::NotLower { .. } => "severity_not_lower",
            Self::RoleHeld => "role_held",
            Self::RoleNotHeld => "role_not_held",
            Self::DeadlinePassed => "deadline_passed",
            Self::DeadlineTooFar => "deadline_too_far",
            Self::PromiseExists => "promise_exists",
            Self::PromiseUnknown => "promise_unknown",
            Self::PromiseSettled => "promise_settled",
            Self::BroadcastRunning { .. } => "broadcast_running",
            Self::PromiseOpen { .. } => "promise_open",
            Self::Text(invalid) => invalid.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotHigher { .. } | Self::NotLower { .. } => Some("to"),
            Self::RoleHeld | Self::RoleNotHeld => Some("holder"),
            Self::DeadlinePassed | Self::DeadlineTooFar => Some("deadline"),
            Self::PromiseExists | Self::PromiseUnknown | Self::PromiseSettled => Some("promise_id"),
            Self::BroadcastRunning { .. } | Self::PromiseOpen { .. } => Some("reason"),
            Self::Text(invalid) => Some(invalid.field),
            Self::NotOpened
            | Self::AlreadyOpened
            | Self::Closed
            | Self::Resolved
            | Self::NotResolved => None,
        }
    }
}
