//! One entry of a timeline: what happened, as data that any language can put into words.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::id::{BroadcastId, ContactId, PromiseId};
use fanal_domain::incident::{Mode, Role, Severity};
use fanal_domain::template::AnswerKind;
use serde::Serialize;

/// Something of note, and when and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Where in the log it became known. Several entries may rest on one event.
    pub position: u64,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Who did it; for progress, who told us.
    pub actor: Arc<str>,
    /// What happened.
    pub fact: Fact,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Fact {
    IncidentOpened { title: String, incident_kind: String, severity: Severity, mode: Mode },
    IncidentEscalated { from: Severity, to: Severity, reason: String },
    IncidentDeescalated { from: Severity, to: Severity, reason: String },
    RoleAssigned { role: Role, holder: String },
    RoleRelieved { role: Role, holder: String },
    SituationUpdated { text: String },
    PromiseMade { promise_id: PromiseId, text: String, deadline: DateTime<Utc> },
    PromiseKept { promise_id: PromiseId, text: String, note: String },
    PromiseBroken { promise_id: PromiseId, text: String, reason: String },
    IncidentResolved { summary: String },
    IncidentReopened { reason: String },
    IncidentClosed { reason: Option<String> },
    Broadcast(BroadcastFact),
}

/// What happened to a broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BroadcastFact {
    /// Which one.
    pub broadcast_id: BroadcastId,
    /// What operators call it, at that time.
    pub title: Arc<str>,
    /// What happened to it.
    #[serde(flatten)]
    pub step: Step,
}

/// What happened to a broadcast. Numbers are totals at that moment, never increments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    BroadcastDrafted,
    BroadcastRevised,
    BroadcastPlanned {
        recipients: u32,
        suppressed: u32,
    },
    BroadcastLaunched {
        recipients: u32,
        expires_at: DateTime<Utc>,
    },
    /// The first message is on its way.
    SendingBegan {
        sender: String,
    },
    /// People who were frozen and are not told after all.
    SendsWithheld {
        total: u32,
    },
    /// Sends of which a crash left no outcome.
    SendsInDoubt {
        total: u32,
    },
    /// Sends in doubt that go out again, by rule.
    UnknownsRequeued {
        total: u32,
    },
    /// A quarter, a half, three quarters, all have evidence of delivery.
    DeliveryProgressed {
        percent: u8,
        delivered: u32,
        recipients: u32,
    },
    /// The failures have passed a share that somebody should look at.
    FailuresPassed {
        percent: u8,
        failed: u32,
        recipients: u32,
    },
    FirstAnswer {
        contact_id: ContactId,
        answer: AnswerKind,
    },
    /// One person asks for help.
    HelpNeeded {
        contact_id: ContactId,
        total: u32,
    },
    /// So many ask for help that they are no longer listed one by one.
    HelpMounting {
        total: u32,
    },
    SendsExpired {
        total: u32,
    },
    /// Unclear outcomes were settled by rule.
    RecipientsSettled {
        undelivered: u32,
        left_unknown: u32,
    },
    BroadcastCompleted {
        recipients: u32,
        delivered: u32,
        failed: u32,
        unknown: u32,
    },
    BroadcastCancelled {
        reason: String,
    },
}

impl Fact {
    /// The stable word for this sort of entry.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::IncidentOpened { .. } => "incident_opened",
            Self::IncidentEscalated { .. } => "incident_escalated",
            Self::IncidentDeescalated { .. } => "incident_deescalated",
            Self::RoleAssigned { .. } => "role_assigned",
            Self::RoleRelieved { .. } => "role_relieved",
            Self::SituationUpdated { .. } => "situation_updated",
            Self::PromiseMade { .. } => "promise_made",
            Self::PromiseKept { .. } => "promise_kept",
            Self::PromiseBroken { .. } => "promise_broken",
            Self::IncidentResolved { .. } => "incident_resolved",
            Self::IncidentReopened { .. } => "incident_reopened",
            Self::IncidentClosed { .. } => "incident_closed",
            Self::Broadcast(fact) => fact.step.kind(),
        }
    }
}

impl Step {
    fn kind(&self) -> &'static str {
        match self {
            Self::BroadcastDrafted => "broadcast_drafted",
            Self::BroadcastRevised => "broadcast_revised",
            Self::BroadcastPlanned { .. } => "broadcast_planned",
            Self::BroadcastLaunched { .. } => "broadcast_launched",
            Self::SendingBegan { .. } => "sending_began",
            Self::SendsWithheld { .. } => "sends_withheld",
            Self::SendsInDoubt { .. } => "sends_in_doubt",
            Self::UnknownsRequeued { .. } => "unknowns_requeued",
            Self::DeliveryProgressed { .. } => "delivery_progressed",
            Self::FailuresPassed { .. } => "failures_passed",
            Self::FirstAnswer { .. } => "first_answer",
            Self::HelpNeeded { .. } => "help_needed",
            Self::HelpMounting { .. } => "help_mounting",
            Self::SendsExpired { .. } => "sends_expired",
            Self::RecipientsSettled { .. } => "recipients_settled",
            Self::BroadcastCompleted { .. } => "broadcast_completed",
            Self::BroadcastCancelled { .. } => "broadcast_cancelled",
        }
    }
}
