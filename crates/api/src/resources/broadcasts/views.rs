//! How broadcasts are shown.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fanal_domain::broadcast::{BroadcastPhase, BroadcastPlanned};
use fanal_projections::broadcast as theirs;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::requests::Brief;
use crate::answer::Receipt;
use crate::words::{Status, SuppressionReason};

/// A broadcast as it stood at a position of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Broadcast {
    /// Its id.
    broadcast_id: Uuid,
    /// The incident it belongs to.
    incident_id: Uuid,
    /// Its version, for `If-Match`; the `ETag` header carries it too.
    version: u64,
    /// Where it stands between draft and completion.
    state: State,
    /// What is to be said, to whom.
    brief: Brief,
    /// When it was drafted.
    drafted_at: DateTime<Utc>,
    /// Who drafted it.
    drafted_by: String,
    /// The frozen audience, once there is one.
    plan: Option<Plan>,
    /// When sending began, and until when things may take.
    launch: Option<Launch>,
    /// When it was completed.
    completed_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    cancelled_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    cancelled_because: Option<String>,
    /// How many are to be told.
    recipients: u32,
    /// How many of them have neither a terminal nor a delivered-side state.
    open: u32,
    /// How many answers there are.
    answers: usize,
    /// How many stand where; only what is not zero.
    statuses: BTreeMap<Status, u32>,
    /// How many are not told, by reason.
    suppressed: BTreeMap<SuppressionReason, u32>,
}

/// Where a broadcast stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BroadcastState)]
enum State {
    /// The brief may still change.
    Draft,
    /// The audience is frozen.
    Planned,
    /// Messages leave.
    Running,
    /// Every recipient has a terminal or delivered-side state.
    Completed,
    /// Nothing more will leave.
    Cancelled,
}

/// A frozen audience.
#[derive(Debug, Serialize, ToSchema)]
struct Plan {
    /// When it was frozen.
    planned_at: DateTime<Utc>,
    /// SHA-256 over the whole audience, in lower-case hex.
    audience_hash: String,
    /// How many will be told.
    recipients: u32,
    /// How many will not, by reason.
    suppressed: BTreeMap<SuppressionReason, u32>,
}

/// What came of planning: who will be told, and how many not and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01936d8e-0000-7000-8000-000000000005", "version": 2, "position": 1310,
    "recipients": 9210, "suppressed": {"no_consent": 480, "duplicate": 30},
    "audience_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}))]
pub(super) struct PlanReceipt {
    /// What came of the write.
    #[serde(flatten)]
    receipt: Receipt,
    /// How many will be told.
    recipients: u32,
    /// How many will not, by reason.
    suppressed: BTreeMap<SuppressionReason, u32>,
    /// SHA-256 over the whole audience, in lower-case hex.
    audience_hash: String,
}

impl PlanReceipt {
    /// The receipt of a plan.
    pub(super) fn of(receipt: Receipt, plan: BroadcastPlanned) -> Self {
        let suppressed = plan.suppressed.into_iter();
        Self {
            receipt,
            recipients: plan.recipients,
            suppressed: suppressed.map(|(reason, count)| (reason.into(), count)).collect(),
            audience_hash: plan.audience_hash,
        }
    }
}

/// When sending began, and until when things may take.
#[derive(Debug, Serialize, ToSchema)]
struct Launch {
    /// When sending began.
    launched_at: DateTime<Utc>,
    /// What has not been started by then is never sent.
    expires_at: DateTime<Utc>,
    /// When unclear outcomes are settled by rule.
    settles_at: DateTime<Utc>,
}

impl Broadcast {
    /// The broadcast as it stands.
    pub(super) fn of(view: &theirs::BroadcastView) -> Self {
        let theirs::Course { state, version, drafted, drafted_by, .. } = view.course().clone();
        let tally = view.tally();
        let statuses = tally.statuses.into_iter();
        let suppressed = tally.suppressed.into_iter();
        let (cancelled, cancelled_because) = view.course().cancelled.clone().unzip();
        Self {
            broadcast_id: state.broadcast_id.0,
            incident_id: state.incident_id.0,
            version,
            state: state.phase.into(),
            launch: Launch::of(view.course()),
            brief: state.brief.into(),
            drafted_at: drafted.at,
            drafted_by: drafted_by.to_string(),
            plan: view.course().plan.clone().map(Into::into),
            completed_at: view.course().completed.map(|moment| moment.at),
            cancelled_at: cancelled.map(|moment| moment.at),
            cancelled_because,
            recipients: tally.recipients,
            open: tally.open,
            answers: tally.answers,
            statuses: statuses.map(|(status, count)| (status.into(), count)).collect(),
            suppressed: suppressed.map(|(reason, count)| (reason.into(), count)).collect(),
        }
    }

    /// Its version.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Its place in a list.
    pub(super) fn place(&self) -> u128 {
        self.broadcast_id.as_u128()
    }
}

impl Launch {
    fn of(course: &theirs::Course) -> Option<Self> {
        Some(Self {
            launched_at: course.launched?.at,
            expires_at: course.state.expires_at?,
            settles_at: course.state.settles_at?,
        })
    }
}

impl From<(theirs::Moment, BroadcastPlanned)> for Plan {
    fn from((moment, plan): (theirs::Moment, BroadcastPlanned)) -> Self {
        let suppressed = plan.suppressed.into_iter();
        Self {
            planned_at: moment.at,
            audience_hash: plan.audience_hash,
            recipients: plan.recipients,
            suppressed: suppressed.map(|(reason, count)| (reason.into(), count)).collect(),
        }
    }
}

impl From<BroadcastPhase> for State {
    fn from(phase: BroadcastPhase) -> Self {
        match phase {
            BroadcastPhase::Draft => Self::Draft,
            BroadcastPhase::Planned => Self::Planned,
            BroadcastPhase::Running => Self::Running,
            BroadcastPhase::Completed => Self::Completed,
            BroadcastPhase::Cancelled => Self::Cancelled,
        }
    }
}
