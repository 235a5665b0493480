//! What one broadcast still owes, chunk by chunk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::Event;
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_projections::{Part, Seen};

use super::{Asker, ChunkId};

/// A broadcast and what it still owes.
#[derive(Debug)]
pub(super) struct Owed {
    pub(super) incident_id: IncidentId,
    pub(super) course: Course,
    /// The plan that holds; chunks of any other are never sent.
    pub(super) plan: u32,
    pub(super) unfinished: BTreeMap<Part, ChunkWork>,
    /// Each chunk by its plan and the index of its first recipient.
    firsts: BTreeMap<(u32, u32), Part>,
    /// Chunks whose unknown sends were taken up again.
    resent: BTreeSet<Part>,
}

/// Whether anything of a broadcast may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Not yet.
    Ahead,
    /// Yes.
    Running(Launch),
    /// Not any more; but what was started when it was cancelled still wants an outcome.
    Cancelled,
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

/// The work on one chunk.
#[derive(Debug)]
pub(super) struct ChunkWork {
    /// Recipients whose send has not come to an outcome.
    left: usize,
    /// Those of them whose send was started.
    in_flight: usize,
    /// Whose it is.
    node: Option<Arc<str>>,
    /// When somebody last wrote about it.
    active_at: DateTime<Utc>,
}

impl Owed {
    pub(super) fn new(incident_id: IncidentId) -> Self {
        Self {
            incident_id,
            course: Course::Ahead,
            plan: 0,
            unfinished: BTreeMap::new(),
            firsts: BTreeMap::new(),
            resent: BTreeSet::new(),
        }
    }

    /// Sending began.
    pub(super) fn launch(&mut self, launch: Launch) {
        self.course = Course::Running(launch);
        self.unfinished.retain(|part, _| part.plan == self.plan);
        self.firsts.retain(|_, part| part.plan == self.plan);
    }

    /// Nothing more leaves.
    pub(super) fn cancel(&mut self) {
        self.course = Course::Cancelled;
        self.unfinished.retain(|_, work| work.in_flight > 0);
    }

    /// Whether there will never be anything to do on it again.
    pub(super) fn is_over(&self) -> bool {
        self.course == Course::Cancelled && self.unfinished.is_empty()
    }

    /// Takes in an event of one of its chunks.
    pub(super) fn apply(&mut self, part: Part, seen: &Seen<'_>) {
        if self.course != Course::Ahead && part.plan != self.plan {
            return;
        }
        match seen.event {
            Event::AudienceFrozen(body) => {
                self.firsts.insert((part.plan, body.first), part);
            }
            Event::UnknownsRequeued(_) => {
                self.resent.insert(part);
            }
            _ => {}
        }
        let at = seen.recorded_at;
        let work = self.unfinished.entry(part).or_insert_with(|| ChunkWork::nothing(at));
        work.apply(seen);
        let is_done = match self.course {
            Course::Cancelled => work.in_flight == 0,
            Course::Ahead | Course::Running(_) => work.left == 0,
        };
        if is_done {
            self.unfinished.remove(&part);
        }
    }
}

impl ChunkWork {
    fn nothing(at: DateTime<Utc>) -> Self {
        Self { left: 0, in_flight: 0, node: None, active_at: at }
    }

    fn apply(&mut self, seen: &Seen<'_>) {
        self.active_at = seen.recorded_at;
        match seen.event {
            Event::AudienceFrozen(body) => self.left += body.recipients.len(),
            Event::UnknownsRequeued(body) => self.left += body.recipients.len(),
            Event::ChunkClaimed(body) => self.node = Some(Arc::from(body.node.as_str())),
            Event::SendsStarted(body) => self.in_flight += body.recipients.len(),
            Event::SendsRecorded(body) => {
                self.land(body.recipients().count());
                self.close(body.accepted.len() + body.refused.len() + body.unknown.len());
            }
            Event::SendsInDoubt(body) => {
                self.land(body.recipients.len());
                self.close(body.recipients.len());
            }
            Event::SendsWithheld(body) => self.close(body.withheld.len()),
            Event::SendsExpired(body) => self.close(body.recipients.len()),
            _ => {}
        }
    }

    fn land(&mut self, sends: usize) {
        self.in_flight = self.in_flight.saturating_sub(sends);
    }

    fn close(&mut self, sends: usize) {
        self.left = self.left.saturating_sub(sends);
    }

    /// Until when it is another node's, if it is.
    pub(super) fn leased_until(&self, asker: &Asker<'_>) -> Option<DateTime<Utc>> {
        asker.waits_for(self.node.as_deref()?, self.active_at)
    }
}

/// A running broadcast on the board.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Running<'a> {
    pub(crate) incident_id: IncidentId,
    pub(crate) broadcast_id: BroadcastId,
    pub(crate) launch: Launch,
    pub(super) owed: &'a Owed,
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
