//! Everything the log says, as it stands: incidents with their broadcasts, and the catalogue.

mod catalogue;
mod openings;
mod reports;

use std::collections::{BTreeMap, HashMap};

use fanal_domain::Event;
use fanal_domain::id::{BroadcastId, IncidentId};

pub use self::catalogue::{Catalogue, Kept, SenderView};
use self::openings::Openings;
pub use self::openings::Reach;
use crate::broadcast::BroadcastView;
use crate::incident::IncidentView;
use crate::metrics::AsOf;
use crate::place::Place;
use crate::seen::Seen;

/// The live view of the whole log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct World {
    as_of: AsOf,
    incidents: BTreeMap<IncidentId, IncidentView>,
    incident_of: HashMap<BroadcastId, IncidentId>,
    openings: Openings,
    catalogue: Catalogue,
}

impl World {
    /// Takes in the next event of the log. One that was seen before changes nothing.
    pub fn apply(&mut self, seen: &Seen<'_>) {
        if seen.position <= self.as_of.position {
            return;
        }
        let place = Place::of(seen.stream);
        match place {
            Place::Incident(id) => self.incident_mut(id).apply_at(seen, place),
            Place::Broadcast(id, broadcast, _) => {
                self.incident_mut(id).apply_at(seen, place);
                self.index(seen, id, broadcast);
            }
            Place::Segment(_) | Place::Template(_) | Place::Elsewhere => {
                self.catalogue.apply(seen, place);
            }
        }
        self.as_of = AsOf { position: seen.position, at: Some(seen.recorded_at) };
    }

    /// Says that the log has been read so far, though nothing these views show came with it.
    pub fn pass(&mut self, as_of: AsOf) {
        if as_of.position > self.as_of.position {
            self.as_of = as_of;
        }
    }

    /// The last event that was seen.
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// Every incident, the oldest first.
    pub fn incidents(&self) -> impl DoubleEndedIterator<Item = &IncidentView> {
        self.incidents.values()
    }

    /// One incident.
    pub fn incident(&self, incident_id: IncidentId) -> Option<&IncidentView> {
        self.incidents.get(&incident_id)
    }

    /// One broadcast, whatever incident it belongs to.
    pub fn broadcast(&self, broadcast_id: BroadcastId) -> Option<&BroadcastView> {
        self.incident(self.incident_of(broadcast_id)?)?.broadcast(broadcast_id)
    }

    /// The incident a broadcast belongs to.
    pub fn incident_of(&self, broadcast_id: BroadcastId) -> Option<IncidentId> {
        self.incident_of.get(&broadcast_id).copied()
    }

    /// Segments, templates and senders.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    fn incident_mut(&mut self, id: IncidentId) -> &mut IncidentView {
        self.incidents.entry(id).or_insert_with(|| IncidentView::new(id))
    }

    fn index(&mut self, seen: &Seen<'_>, incident: IncidentId, broadcast: BroadcastId) {
        match seen.event {
            Event::BroadcastDrafted(_) => {
                self.incident_of.insert(broadcast, incident);
            }
            Event::BroadcastLaunched(_) => self.openings.launched(broadcast),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
