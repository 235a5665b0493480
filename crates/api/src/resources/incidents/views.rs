//! How incidents and their timelines are shown.

use chrono::{DateTime, Utc};
use fanal_domain::incident::{IncidentPhase, PromiseState};
use fanal_projections::incident::IncidentView;
use fanal_projections::timeline::Entry;
use fanal_projections::timeline::text::{Locale, line};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::words::{Mode, Role, Severity};

/// An incident as it stood at a position of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Incident {
    /// Its id.
    incident_id: Uuid,
    /// Its version, for `If-Match`; the `ETag` header carries it too.
    version: u64,
    /// One line that names it.
    title: String,
    /// What sort of crisis.
    kind: String,
    /// How bad it is.
    severity: Severity,
    /// Live or exercise.
    mode: Mode,
    /// Where it stands between open and closed.
    state: State,
    /// What was last said about it.
    situation: String,
    /// Who has which role.
    roles: Vec<RoleHolder>,
    /// What was promised.
    promises: Vec<Promise>,
    /// Its broadcasts, the oldest first.
    broadcasts: Vec<Uuid>,
    /// When it was opened.
    opened_at: Option<DateTime<Utc>>,
    /// Who opened it.
    opened_by: Option<String>,
    /// When it was resolved; null if it is not, or was reopened.
    resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    closed_at: Option<DateTime<Utc>>,
    /// The last of its events that is shown.
    as_of: AsOf,
}

/// How far the log had been read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AsOf {
    /// The position of the last event that counts; 0 before everything.
    pub(crate) position: u64,
    /// When that event was recorded.
    pub(crate) at: Option<DateTime<Utc>>,
}

/// Where an incident stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncidentState)]
pub(crate) enum State {
    /// Being worked on.
    Open,
    /// The cause is dealt with.
    Resolved,
    /// The record is complete.
    Closed,
}

/// Somebody with a role.
#[derive(Debug, Serialize, ToSchema)]
struct RoleHolder {
    /// The role.
    role: Role,
    /// The operator's handle.
    holder: String,
}

/// A promise as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct Promise {
    /// The promise.
    promise_id: Uuid,
    /// What was promised.
    text: String,
    /// By when.
    deadline: DateTime<Utc>,
    /// Whether it was kept.
    state: PromiseKept,
    /// The broadcast that told people so, if one did.
    broadcast_id: Option<Uuid>,
}

/// Whether a promise was kept.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PromiseKept {
    /// Not yet known.
    Open,
    /// It was.
    Kept,
    /// It was not.
    Broken,
}

impl Incident {
    /// The incident; `None` if it was not open yet.
    pub(crate) fn of(view: &IncidentView) -> Option<Self> {
        let incident = view.incident()?;
        let roles = incident.roles.iter();
        Some(Self {
            incident_id: view.id().0,
            version: view.version(),
            title: incident.title.clone(),
            kind: incident.kind.clone(),
            severity: incident.severity.into(),
            mode: incident.mode.into(),
            state: incident.phase.into(),
            situation: incident.situation.clone(),
            roles: roles
                .map(|(role, holder)| RoleHolder { role: (*role).into(), holder: holder.clone() })
                .collect(),
            promises: promises(view),
            broadcasts: view.broadcasts().map(|one| one.course().state.broadcast_id.0).collect(),
            opened_at: view.opened_at(),
            opened_by: view.opened_by().map(Into::into),
            resolved_at: view.resolved_at(),
            closed_at: view.closed_at(),
            as_of: view.as_of().into(),
        })
    }
}

impl Incident {
    /// Its version.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Its place in a list.
    pub(super) fn place(&self) -> u128 {
        self.incident_id.as_u128()
    }
}

fn promises(view: &IncidentView) -> Vec<Promise> {
    let state = |id| view.incident().and_then(|incident| incident.promises.get(&id));
    view.promises()
        .map(|made| Promise {
            promise_id: made.promise_id.0,
            text: made.text.clone(),
            deadline: made.deadline,
            state: match state(made.promise_id).map(|promise| promise.state) {
                Some(PromiseState::Kept) => PromiseKept::Kept,
                Some(PromiseState::Broken) => PromiseKept::Broken,
                Some(PromiseState::Open) | None => PromiseKept::Open,
            },
            broadcast_id: made.broadcast_id.map(|id| id.0),
        })
        .collect()
}

impl From<IncidentPhase> for State {
    fn from(phase: IncidentPhase) -> Self {
        match phase {
            IncidentPhase::Open => Self::Open,
            IncidentPhase::Resolved => Self::Resolved,
            IncidentPhase::Closed => Self::Closed,
        }
    }
}

impl From<fanal_projections::metrics::AsOf> for AsOf {
    fn from(as_of: fanal_projections::metrics::AsOf) -> Self {
        Self { position: as_of.position, at: as_of.at }
    }
}

/// Something of note in an incident.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "position": 1207,
    "occurred_at": "2026-03-01T14:12:07Z",
    "recorded_at": "2026-03-01T14:12:07.004Z",
    "actor": "token:anna.b",
    "kind": "incident_escalated",
    "text": "Severity raised from high to critical: two hospitals are on the same network",
    "details": {"from": "high", "to": "critical", "reason": "two hospitals …"},
}))]
pub(crate) struct TimelineEntry {
    /// Where in the log it became known. Several entries may rest on one event.
    pub(crate) position: u64,
    /// When it happened.
    occurred_at: DateTime<Utc>,
    /// When it was written down.
    recorded_at: DateTime<Utc>,
    /// Who did it.
    actor: String,
    /// A stable word for what happened.
    kind: String,
    /// What happened, in the language that was asked for.
    text: String,
    /// What happened, as data; its fields depend on the kind.
    #[schema(value_type = Object)]
    details: Value,
}

impl TimelineEntry {
    /// The entry in a language.
    pub(crate) fn of(entry: &Entry, locale: Locale) -> Self {
        let mut details = serde_json::to_value(&entry.fact).unwrap_or_default();
        if let Some(fields) = details.as_object_mut() {
            fields.remove("kind");
            fields.remove("step");
        }
        Self {
            position: entry.position,
            occurred_at: entry.occurred_at,
            recorded_at: entry.recorded_at,
            actor: entry.actor.to_string(),
            kind: entry.fact.kind().to_owned(),
            text: line(&entry.fact, locale),
            details,
        }
    }

    /// The entry as one line, with its line break.
    pub(super) fn to_line(&self) -> String {
        let Self { position, occurred_at, actor, text, .. } = self;
        let time = occurred_at.format("%Y-%m-%dT%H:%M:%SZ");
        format!("{position:>8}  {time}  {actor}  {text}\n")
    }
}
