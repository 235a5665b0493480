//! What the past of an incident amounts to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{IncidentOpened, Mode, Role, Severity};
use crate::event::Event;
use crate::id::{IncidentId, PromiseId};

/// An incident as it stands. One that was never opened is no incident: `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub incident_id: IncidentId,
    /// One line that names it.
    pub title: String,
    /// What sort of crisis.
    pub kind: String,
    /// How bad it is now.
    pub severity: Severity,
    /// Live or exercise, for good.
    pub mode: Mode,
    /// What was last said about it.
    pub situation: String,
    /// Where it stands between open and closed.
    pub phase: IncidentPhase,
    /// Who has which role, by handle.
    pub roles: BTreeSet<(Role, String)>,
    /// What was promised.
    pub promises: BTreeMap<PromiseId, Promise>,
}

/// Where an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IncidentPhase {
    /// Being worked on.
    Open,
    /// The cause is dealt with.
    Resolved,
    /// The record is complete.
    Closed,
}

/// A promise as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// By when.
    pub deadline: DateTime<Utc>,
    /// Whether it was kept.
    pub state: PromiseState,
}

/// Whether a promise was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PromiseState {
    /// Not yet known.
    Open,
    /// It was.
    Kept,
    /// It was not.
    Broken,
}

impl Incident {
    /// How many promises are neither kept nor broken.
    pub fn open_promises(&self) -> usize {
        self.promises.values().filter(|promise| promise.state == PromiseState::Open).count()
    }

    fn opened(event: &IncidentOpened) -> Self {
        Self {
            incident_id: event.incident_id,
            title: event.title.clone(),
            kind: event.kind.clone(),
            severity: event.severity,
            mode: event.mode,
            situation: event.summary.clone(),
            phase: IncidentPhase::Open,
            roles: BTreeSet::new(),
            promises: BTreeMap::new(),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::IncidentEscalated(event) => self.severity = event.to,
            Event::IncidentDeescalated(event) => self.severity = event.to,
            Event::RoleAssigned(event) => {
                self.roles.insert((event.role, event.holder.clone()));
            }
            Event::RoleRelieved(event) => {
                self.roles.remove(&(event.role, event.holder.clone()));
            }
            Event::SituationUpdated(event) => self.situation.clone_from(&event.text),
            Event::PromiseMade(event) => {
                let promise = Promise { deadline: event.deadline, state: PromiseState::Open };
                self.promises.insert(event.promise_id, promise);
            }
            Event::PromiseKept(event) => self.settle(event.promise_id, PromiseState::Kept),
            Event::PromiseBroken(event) => self.settle(event.promise_id, PromiseState::Broken),
            Event::IncidentResolved(_) => self.phase = IncidentPhase::Resolved,
            Event::IncidentReopened(_) => self.phase = IncidentPhase::Open,
            Event::IncidentClosed(_) => self.phase = IncidentPhase::Closed,
            _ => {}
        }
    }

    fn settle(&mut self, promise_id: PromiseId, state: PromiseState) {
        if let Some(promise) = self.promises.get_mut(&promise_id) {
            promise.state = state;
        }
    }
}

/// The state after an event.
pub(super) fn evolve(state: Option<Incident>, event: &Event) -> Option<Incident> {
    match (state, event) {
        (None, Event::IncidentOpened(event)) => Some(Incident::opened(event)),
        (None, _) => None,
        (Some(mut incident), event) => {
            incident.apply(event);
            Some(incident)
        }
    }
}
