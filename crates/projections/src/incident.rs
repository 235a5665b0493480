//! One incident with its broadcasts and its timeline: the unit that can be folded by itself,
//! so that it can be shown as of any position from its own events alone.

mod chronicle;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::id::{BroadcastId, IncidentId, PromiseId};
use fanal_domain::incident::{Incident, Mode, PromiseMade};
use fanal_domain::{Decider, Event};

use crate::broadcast::{BroadcastView, Noted};
use crate::metrics::{AsOf, Sample};
use crate::place::{Branch, Place};
use crate::seen::Seen;
use crate::timeline::{BroadcastFact, Fact, Timeline};

/// One incident as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentView {
    incident_id: IncidentId,
    as_of: AsOf,
    version: u64,
    incident: Option<Incident>,
    opened_at: Option<DateTime<Utc>>,
    opened_by: Option<Arc<str>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    promises: BTreeMap<PromiseId, PromiseMade>,
    broadcasts: BTreeMap<BroadcastId, BroadcastView>,
    timeline: Timeline,
}

impl IncidentView {
    /// An incident of which nothing has been seen yet.
    pub fn new(incident_id: IncidentId) -> Self {
        Self {
            incident_id,
            as_of: AsOf::default(),
            version: 0,
            incident: None,
            opened_at: None,
            opened_by: None,
            resolved_at: None,
            closed_at: None,
            promises: BTreeMap::new(),
            broadcasts: BTreeMap::new(),
            timeline: Timeline::default(),
        }
    }

    /// Takes in the next event. One that was seen before, or that belongs elsewhere, changes
    /// nothing.
    pub fn apply(&mut self, seen: &Seen<'_>) {
        self.apply_at(seen, Place::of(seen.stream));
    }

    pub(crate) fn apply_at(&mut self, seen: &Seen<'_>, place: Place) {
        if seen.position <= self.as_of.position {
            return;
        }
        match place {
            Place::Incident(id) if id == self.incident_id => self.apply_own(seen),
            Place::Broadcast(id, broadcast, branch) if id == self.incident_id => {
                self.apply_broadcast(seen, broadcast, branch);
            }
            _ => return,
        }
        self.as_of = AsOf { position: seen.position, at: Some(seen.recorded_at) };
    }

    /// The incident.
    pub fn id(&self) -> IncidentId {
        self.incident_id
    }

    /// The last of its events that was seen.
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// How many events its own stream has.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The incident as it stands; `None` if it was never opened.
    pub fn incident(&self) -> Option<&Incident> {
        self.incident.as_ref()
    }

    /// When it was opened.
    pub fn opened_at(&self) -> Option<DateTime<Utc>> {
        self.opened_at
    }

    /// Who opened it.
    pub fn opened_by(&self) -> Option<&str> {
        self.opened_by.as_deref()
    }

    /// When it was resolved; `None` if it was not, or was reopened.
    pub fn resolved_at(&self) -> Option<DateTime<Utc>> {
        self.resolved_at
    }

    /// When it was closed.
    pub fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.closed_at
    }

    /// Live or exercise; `None` if it was never opened.
    pub fn mode(&self) -> Option<Mode> {
        self.incident.as_ref().map(|incident| incident.mode)
    }

    /// What was promised, in words; the state of each stands in [`IncidentView::incident`].
    pub fn promises(&self) -> impl Iterator<Item = &PromiseMade> {
        self.promises.values()
    }

    /// Its broadcasts, the oldest first.
    pub fn broadcasts(&self) -> impl DoubleEndedIterator<Item = &BroadcastView> {
        self.broadcasts.values()
    }

    /// One of its broadcasts.
    pub fn broadcast(&self, broadcast_id: BroadcastId) -> Option<&BroadcastView> {
        self.broadcasts.get(&broadcast_id)
    }

    /// What happened, in order.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The samples of all its broadcasts together.
    pub fn sample(&self, sample_of: impl Fn(&BroadcastView) -> Sample) -> Sample {
        let mut sum = Sample::default();
        self.broadcasts.values().for_each(|broadcast| sum.add(sample_of(broadcast)));
        sum
    }

    fn apply_own(&mut self, seen: &Seen<'_>) {
        self.version += 1;
        self.incident = Incident::evolve(self.incident.take(), seen.event);
        match seen.event {
            Event::IncidentOpened(_) => {
                self.opened_at = Some(seen.occurred_at);
                self.opened_by = Some(seen.actor.into());
            }
            Event::PromiseMade(promise) => {
                self.promises.insert(promise.promise_id, promise.clone());
            }
            Event::IncidentResolved(_) => self.resolved_at = Some(seen.occurred_at),
            Event::IncidentReopened(_) => self.resolved_at = None,
            Event::IncidentClosed(_) => self.closed_at = Some(seen.occurred_at),
            _ => {}
        }
        if let Some(fact) = self.fact(seen.event) {
            self.timeline.add(seen, seen.occurred_at, fact);
        }
    }

    fn apply_broadcast(&mut self, seen: &Seen<'_>, id: BroadcastId, branch: Branch) {
        let told = match self.broadcasts.entry(id) {
            Entry::Occupied(view) => view.into_mut().apply(seen, branch),
            Entry::Vacant(place) => {
                let Some(view) = BroadcastView::begin(seen) else { return };
                vec![place.insert(view).drafted_note()]
            }
        };
        let Some(view) = self.broadcasts.get(&id) else { return };
        for Noted { at, step } in told {
            let fact = BroadcastFact { broadcast_id: id, title: view.title(), step };
            self.timeline.add(seen, at, Fact::Broadcast(fact));
        }
    }
}
