//! What there is to send and where it stands: a pure fold of the log, kept in memory.

mod owed;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::Event;
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::incident::{Mode, Severity};
use fanal_projections::{Branch, Part, Place, Seen};

use self::owed::{Course, Owed};
pub(crate) use self::owed::{Launch, Running};
use crate::envelope::StreamId;

/// Names one chunk of one broadcast's frozen audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ChunkId {
    pub(crate) incident_id: IncidentId,
    pub(crate) broadcast_id: BroadcastId,
    pub(crate) part: Part,
}

impl ChunkId {
    pub(crate) fn stream(&self) -> StreamId {
        StreamId::chunk(self.incident_id, self.broadcast_id, self.part.plan, self.part.chunk)
    }
}

/// What there is to send and where it stands.
#[derive(Debug, Default)]
pub(crate) struct Board {
    incidents: HashMap<IncidentId, (Severity, Mode)>,
    broadcasts: BTreeMap<BroadcastId, Owed>,
}

/// How urgent a broadcast is: the incident's severity first, then who was launched first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Urgency(Severity, Reverse<DateTime<Utc>>);

/// Who asks for work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker<'a> {
    /// The node's name for this run of it.
    pub(crate) node: &'a str,
    /// How long another node may be silent before its chunks are taken over.
    pub(crate) lease: TimeDelta,
    /// Whether exercises may be sent: only where nobody real is reached.
    pub(crate) reaches_nobody: bool,
    /// When it asks.
    pub(crate) now: DateTime<Utc>,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// This chunk, before all others.
    Chunk(ChunkId, Urgency),
    /// Nothing before the log moves, or before this time if there is one.
    Nothing(Option<DateTime<Utc>>),
}

/// Whether a chunk may be taken, as far as its own node knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    /// It may.
    Free,
    /// Another lane of this node has it, or the board does not show yet what it did.
    Taken,
    /// Not before this time.
    NotBefore(DateTime<Utc>),
}

impl Board {
    /// What to do first.
    pub(crate) fn find(
        &self,
        asker: &Asker<'_>,
        availability: impl Fn(&ChunkId) -> Availability,
    ) -> Finding {
        let mut running: Vec<_> = self
            .broadcasts
            .iter()
            .filter_map(|(id, owed)| Some((self.urgency(owed, asker)?, id, owed)))
            .collect();
        running.sort_unstable_by_key(|(urgency, id, _)| Reverse((*urgency, Reverse(*id))));
        let mut soonest: Option<DateTime<Utc>> = None;
        for (urgency, broadcast_id, owed) in running {
            for (part, work) in &owed.unfinished {
                let (incident_id, broadcast_id) = (owed.incident_id, *broadcast_id);
                let chunk = ChunkId { incident_id, broadcast_id, part: *part };
                let until = match (work.leased_until(asker), availability(&chunk)) {
                    (_, Availability::Taken) => continue,
                    (None, Availability::Free) => return Finding::Chunk(chunk, urgency),
                    (Some(until), Availability::Free) => until,
                    (leased_until, Availability::NotBefore(until)) => {
                        leased_until.map_or(until, |leased_until| leased_until.max(until))
                    }
                };
                soonest = Some(soonest.map_or(until, |soonest| soonest.min(until)));
            }
        }
        Finding::Nothing(soonest)
    }

    /// How urgent a broadcast is; `None` if nothing of it may leave.
    fn urgency(&self, owed: &Owed, asker: &Asker<'_>) -> Option<Urgency> {
        let launch = match owed.course {
            Course::Ahead => return None,
            Course::Running(launch) => launch,
            // Only to list what is in doubt: after everything else.
            Course::Cancelled => {
                return Some(Urgency(Severity::Low, Reverse(DateTime::<Utc>::MAX_UTC)));
            }
        };
        let (severity, mode) = *self.incidents.get(&owed.incident_id)?;
        let may_leave = mode == Mode::Live || asker.reaches_nobody;
        may_leave.then_some(Urgency(severity, Reverse(launch.began)))
    }

    /// When a running broadcast began and ends; `None` if it is not running: nothing may leave.
    pub(crate) fn launch(&self, id: BroadcastId) -> Option<Launch> {
        match self.broadcasts.get(&id)?.course {
            Course::Running(launch) => Some(launch),
            Course::Ahead | Course::Cancelled => None,
        }
    }

    /// Every running broadcast.
    pub(crate) fn running(&self) -> impl Iterator<Item = Running<'_>> {
        self.broadcasts.iter().filter_map(|(id, owed)| match owed.course {
            Course::Running(launch) => {
                let incident_id = owed.incident_id;
                Some(Running { incident_id, broadcast_id: *id, launch, owed })
            }
            Course::Ahead | Course::Cancelled => None,
        })
    }

    /// Takes in the next event of the log.
    pub(crate) fn apply(&mut self, seen: &Seen<'_>) {
        match (Place::of(seen.stream), seen.event) {
            (Place::Incident(id), event) => self.apply_to_incident(id, event),
            (Place::Broadcast(incident_id, id, Branch::Trunk), event) => {
                self.apply_to_broadcast(incident_id, id, seen, event);
            }
            (Place::Broadcast(_, id, Branch::Chunk(part)), _) => {
                if let Some(owed) = self.broadcasts.get_mut(&id) {
                    owed.apply(part, seen);
                    if owed.is_over() {
                        self.broadcasts.remove(&id);
                    }
                }
            }
            _ => {}
        }
    }

    fn apply_to_incident(&mut self, id: IncidentId, event: &Event) {
        let severity = match event {
            Event::IncidentOpened(body) => {
                self.incidents.insert(id, (body.severity, body.mode));
                return;
            }
            Event::IncidentEscalated(body) => body.to,
            Event::IncidentDeescalated(body) => body.to,
            _ => return,
        };
        if let Some(incident) = self.incidents.get_mut(&id) {
            incident.0 = severity;
        }
    }

    fn apply_to_broadcast(
        &mut self,
        incident_id: IncidentId,
        id: BroadcastId,
        seen: &Seen<'_>,
        event: &Event,
    ) {
        match event {
            Event::BroadcastDrafted(_) => {
                self.broadcasts.insert(id, Owed::new(incident_id));
            }
            Event::BroadcastPlanned(body) => {
                if let Some(owed) = self.broadcasts.get_mut(&id) {
                    owed.plan = body.plan;
                }
            }
            Event::BroadcastLaunched(body) => {
                if let Some(owed) = self.broadcasts.get_mut(&id) {
                    owed.launch(Launch {
                        began: seen.recorded_at,
                        expires: body.expires_at,
                        settles: body.settles_at,
                    });
                }
            }
            Event::BroadcastCompleted(_) => {
                self.broadcasts.remove(&id);
            }
            Event::BroadcastCancelled(_) => {
                if let Some(owed) = self.broadcasts.get_mut(&id) {
                    owed.cancel();
                    if owed.is_over() {
                        self.broadcasts.remove(&id);
                    }
                }
            }
            _ => {}
        }
    }
}

impl Asker<'_> {
    /// Until when to wait for a chunk's owner, who last wrote at `active_at`; `None` if the asker
    /// may have it.
    pub(crate) fn waits_for(&self, owner: &str, active_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = active_at + self.lease;
        (machine_of(owner) != machine_of(self.node) && self.now < until).then_some(until)
    }
}

/// A node is named `<machine>/<run>`: another run of the same machine is over once this one runs.
fn machine_of(node: &str) -> &str {
    node.rsplit_once('/').map_or(node, |(machine, _)| machine)
}

#[cfg(test)]
mod tests;
