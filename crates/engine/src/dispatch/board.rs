//! What there is to send and where it stands: a pure fold of the log, kept in memory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::Event;
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::incident::{Mode, Severity};
use fanal_projections::{Branch, Part, Place, Seen};

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

/// A broadcast that is planned or running, and what it still owes.
#[derive(Debug)]
struct Owed {
    incident_id: IncidentId,
    /// The plan that holds; chunks of any other are never sent.
    plan: u32,
    launch: Option<Launch>,
    unfinished: BTreeMap<Part, ChunkWork>,
    /// Each chunk by its plan and the index of its first recipient.
    firsts: BTreeMap<(u32, u32), Part>,
    /// Chunks whose unknown sends were taken up again.
    resent: BTreeSet<Part>,
}

/// When a running broadcast began and when what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Launch {
    pub(crate) began: DateTime<Utc>,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) settles: DateTime<Utc>,
}

impl Launch {
    /// Until when those may be told again whose first send remained unknown: they get as long as
    /// the first round had.
    pub(crate) fn resends_until(&self) -> DateTime<Utc> {
        self.settles + (self.expires - self.began)
    }
}

/// A running broadcast on the board.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Running<'a> {
    pub(crate) incident_id: IncidentId,
    pub(crate) broadcast_id: BroadcastId,
    pub(crate) launch: Launch,
    owed: &'a Owed,
}

impl Running<'_> {
    /// Whether every send has come to an outcome.
    pub(crate) fn all_left(&self) -> bool {
        self.owed.unfinished.is_empty()
    }

    /// The chunk of a recipient.
    pub(crate) fn part_of(&self, recipient: u32) -> Option<Part> {
        let plan = self.owed.plan;
        let chunks = self.owed.firsts.range((plan, 0)..=(plan, recipient));
        chunks.map(|(_, part)| *part).next_back()
    }

    /// Whether any unknown sends were taken up again.
    pub(crate) fn was_resent(&self) -> bool {
        !self.owed.resent.is_empty()
    }

    /// Whether the unknown sends of a chunk were taken up again.
    pub(crate) fn is_resent(&self, part: Part) -> bool {
        self.owed.resent.contains(&part)
    }

    /// One of its chunks.
    pub(crate) fn chunk(&self, part: Part) -> ChunkId {
        ChunkId { incident_id: self.incident_id, broadcast_id: self.broadcast_id, part }
    }
}

/// The work on one chunk.
#[derive(Debug)]
struct ChunkWork {
    /// Recipients whose send has not come to an outcome.
    left: usize,
    /// Whose it is.
    node: Option<Arc<str>>,
    /// When its owner last wrote.
    active_at: DateTime<Utc>,
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
        let launch = owed.launch?;
        let (severity, mode) = *self.incidents.get(&owed.incident_id)?;
        let may_leave = mode == Mode::Live || asker.reaches_nobody;
        may_leave.then_some(Urgency(severity, Reverse(launch.began)))
    }

    /// When a running broadcast began and ends; `None` if it is not running: nothing may leave.
    pub(crate) fn launch(&self, id: BroadcastId) -> Option<Launch> {
        self.broadcasts.get(&id)?.launch
    }

    /// Every running broadcast.
    pub(crate) fn running(&self) -> impl Iterator<Item = Running<'_>> {
        self.broadcasts.iter().filter_map(|(id, owed)| {
            let (incident_id, launch) = (owed.incident_id, owed.launch?);
            Some(Running { incident_id, broadcast_id: *id, launch, owed })
        })
    }

    /// Takes in the next event of the log.
    pub(crate) fn apply(&mut self, seen: &Seen<'_>) {
        match (Place::of(seen.stream), seen.event) {
            (Place::Incident(id), event) => self.apply_to_incident(id, event),
            (Place::Broadcast(incident_id, id, Branch::Trunk), event) => {
                self.apply_to_broadcast(incident_id, id, seen, event);
            }
            (Place::Broadcast(_, id, Branch::Chunk(part)), event) => {
                if let Some(owed) = self.broadcasts.get_mut(&id) {
                    owed.apply_to_chunk(part, seen, event);
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
                    owed.keep_only_its_plan();
                    owed.launch = Some(Launch {
                        began: seen.recorded_at,
                        expires: body.expires_at,
                        settles: body.settles_at,
                    });
                }
            }
            Event::BroadcastCompleted(_) | Event::BroadcastCancelled(_) => {
                self.broadcasts.remove(&id);
            }
            _ => {}
        }
    }
}

impl Owed {
    fn new(incident_id: IncidentId) -> Self {
        Self {
            incident_id,
            plan: 0,
            launch: None,
            unfinished: BTreeMap::new(),
            firsts: BTreeMap::new(),
            resent: BTreeSet::new(),
        }
    }

    fn keep_only_its_plan(&mut self) {
        self.unfinished.retain(|part, _| part.plan == self.plan);
        self.firsts.retain(|_, part| part.plan == self.plan);
    }

    fn apply_to_chunk(&mut self, part: Part, seen: &Seen<'_>, event: &Event) {
        if self.launch.is_some() && part.plan != self.plan {
            return;
        }
        let (opened, closed) = match event {
            Event::AudienceFrozen(body) => {
                self.firsts.insert((part.plan, body.first), part);
                (body.recipients.len(), 0)
            }
            Event::UnknownsRequeued(body) => {
                self.resent.insert(part);
                (body.recipients.len(), 0)
            }
            Event::SendsRecorded(body) => {
                (0, body.accepted.len() + body.refused.len() + body.unknown.len())
            }
            Event::SendsWithheld(body) => (0, body.withheld.len()),
            Event::SendsInDoubt(body) => (0, body.recipients.len()),
            Event::SendsExpired(body) => (0, body.recipients.len()),
            Event::ChunkClaimed(_) | Event::SendsStarted(_) => (0, 0),
            _ => return,
        };
        let work = self.unfinished.entry(part).or_insert_with(|| ChunkWork {
            left: 0,
            node: None,
            active_at: seen.recorded_at,
        });
        work.active_at = seen.recorded_at;
        if let Event::ChunkClaimed(claim) = event {
            work.node = Some(Arc::from(claim.node.as_str()));
        }
        work.left = (work.left + opened).saturating_sub(closed);
        if work.left == 0 {
            self.unfinished.remove(&part);
        }
    }
}

impl ChunkWork {
    /// Until when it is another node's, if it is.
    fn leased_until(&self, asker: &Asker<'_>) -> Option<DateTime<Utc>> {
        asker.waits_for(self.node.as_deref()?, self.active_at)
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
