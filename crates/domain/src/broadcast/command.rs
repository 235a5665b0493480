//! What somebody can want of a broadcast, and why they may not have it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{Brief, BriefProblem, BroadcastPhase, BroadcastPlanned};
use crate::decider::Rejection;
use crate::id::{BroadcastId, IncidentId};
use crate::ladder::Status;
use crate::text::InvalidText;

/// What somebody wants of a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BroadcastCommand {
    /// Draft it.
    Draft {
        /// Its new id.
        broadcast_id: BroadcastId,
        /// The incident it belongs to.
        incident_id: IncidentId,
        /// What is to be said, to whom.
        brief: Brief,
    },
    /// Change the draft, or take a plan back to a draft.
    Revise {
        /// What is to be said, to whom.
        brief: Brief,
    },
    /// Fix it: the audience has been frozen.
    Plan {
        /// What was frozen.
        plan: BroadcastPlanned,
    },
    /// Begin sending.
    Launch {
        /// The time at which this is asked.
        now: DateTime<Utc>,
    },
    /// Note that everybody has a terminal or delivered-side state.
    Complete {
        /// How many recipients have none, by the projection.
        open: u32,
        /// How many stand where.
        tally: BTreeMap<Status, u32>,
    },
    /// Let nothing more leave.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// Why a broadcast does not do what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BroadcastRejection {
    /// There is no such broadcast.
    #[error("the broadcast was never drafted: draft it first")]
    NotDrafted,
    /// There is one already.
    #[error("the broadcast is drafted already: revise it, or use another id")]
    AlreadyDrafted,
    /// It does not do this from where it stands.
    #[error("the broadcast is {phase}: it can be {wanted} only while {allowed}")]
    WrongPhase {
        /// Where it stands.
        phase: BroadcastPhase,
        /// What was asked.
        wanted: &'static str,
        /// Where it would have to stand.
        allowed: &'static str,
    },
    /// An audience of nobody is refused.
    #[error("the audience has no recipients: widen the segments, or see who is suppressed and why")]
    NoRecipients,
    /// Each attempt at planning has its own number, since it names the chunks' streams.
    #[error("`plan` {given} was used before: plan with a number above {last}")]
    PlanReused {
        /// The number given.
        given: u32,
        /// The last number used.
        last: u32,
    },
    /// The frozen audience contradicts itself.
    #[error("the frozen audience contradicts itself, {rule}: freeze it again")]
    PlanMalformed {
        /// Which rule it breaks.
        rule: &'static str,
    },
    /// Somebody has neither a terminal nor a delivered-side state.
    #[error("{open} recipients have neither a terminal nor a delivered-side state: wait for them")]
    RecipientsOpen {
        /// How many.
        open: u32,
    },
    /// The tally does not add up to the audience.
    #[error("`tally` counts {counted} of {recipients} recipients: count everybody once")]
    TallyIncomplete {
        /// How many are counted.
        counted: u64,
        /// How many there are.
        recipients: u32,
    },
    /// The brief breaks a rule.
    #[error(transparent)]
    Brief(#[from] BriefProblem),
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl Rejection for BroadcastRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotDrafted => "broadcast_not_drafted",
            Self::AlreadyDrafted => "broadcast_already_drafted",
            Self::WrongPhase { .. } => "broadcast_wrong_phase",
            Self::NoRecipients => "audience_empty",
            Self::PlanReused { .. } => "plan_reused",
            Self::PlanMalformed { .. } => "plan_malformed",
            Self::RecipientsOpen { .. } => "recipients_open",
            Self::TallyIncomplete { .. } => "tally_incomplete",
            Self::Brief(problem) => problem.code(),
            Self::Text(invalid) => invalid.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotDrafted
            | Self::AlreadyDrafted
            | Self::WrongPhase { .. }
            | Self::NoRecipients
            | Self::PlanMalformed { .. }
            | Self::RecipientsOpen { .. } => None,
            Self::PlanReused { .. } => Some("plan"),
            Self::TallyIncomplete { .. } => Some("tally"),
            Self::Brief(problem) => Some(problem.field()),
            Self::Text(invalid) => Some(invalid.field),
        }
    }
}
