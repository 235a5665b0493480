//! What the lanes of one node share: who has which chunk, how fast to send, and what is halted.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use fanal_domain::id::BroadcastId;
use fanal_domain::ladder::{Failure, FailureClass};
use fanal_domain::sender::SenderId;

use super::board::{Availability, ChunkId};
use super::brake::{Brake, Halt, Way};
use crate::envelope::Position;
use crate::pacing::{Bucket, Grant};
use crate::ports::Outcome;

/// What the lanes of one node share. Forgotten at the end of a run: the log has all that matters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk(Arc<Mutex<Papers>>);

/// What lies on the desk.
#[derive(Debug, Default)]
struct Papers {
    /// Chunks in a lane's hands.
    held: HashSet<ChunkId>,
    /// Chunks that were put back.
    put_back: HashMap<ChunkId, PutBack>,
    brakes: BTreeMap<BroadcastId, Brake>,
    buckets: HashMap<SenderId, Bucket>,
}

/// What is known of a chunk that was put back.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PutBack {
    /// There is nothing to do on it before.
    pub(crate) until: Option<DateTime<Utc>>,
    /// The board shows what was done on it from this position on.
    pub(crate) shown_at: Position,
}

impl Desk {
    /// A lane asks for a chunk: `find` says which, given which are available.
    pub(crate) fn take<Found>(
        &self,
        applied: Position,
        now: DateTime<Utc>,
        find: impl FnOnce(&dyn Fn(&ChunkId) -> Availability) -> (Option<ChunkId>, Found),
    ) -> (Option<Held>, Found) {
        let mut papers = self.papers();
        let (chunk, found) = find(&|chunk| papers.availability(chunk, applied, now));
        let held = chunk.map(|chunk| {
            papers.put_back.remove(&chunk);
            papers.held.insert(chunk);
            Held { desk: self.clone(), chunk, put_back: PutBack::default() }
        });
        (held, found)
    }

    /// Shows `read` which chunks are available.
    pub(crate) fn look<Read>(
        &self,
        applied: Position,
        now: DateTime<Utc>,
        read: impl FnOnce(&dyn Fn(&ChunkId) -> Availability) -> Read,
    ) -> Read {
        let papers = self.papers();
        read(&|chunk| papers.availability(chunk, applied, now))
    }

    /// Takes permits to send from a sender that may pass `limit_per_s` messages per second.
    pub(crate) fn permits(
        &self,
        sender: &SenderId,
        limit_per_s: u32,
        wanted: u32,
        now: DateTime<Utc>,
    ) -> Result<Permits, DateTime<Utc>> {
        let mut papers = self.papers();
        let bucket = papers.bucket(sender, limit_per_s, now);
        match bucket.take(wanted, now) {
            Grant::Permits(count) => {
                Ok(Permits { desk: self.clone(), sender: sender.clone(), count })
            }
            Grant::Wait(until) => Err(until),
        }
    }

    /// People wrote to a sender: that counts against its rate.
    pub(crate) fn count_inbound(
        &self,
        sender: &SenderId,
        limit_per_s: u32,
        messages: u32,
        now: DateTime<Utc>,
    ) {
        self.papers().bucket(sender, limit_per_s, now).count(messages, now);
    }

    /// Learns from an outcome how fast to go on, and whether at all.
    pub(crate) fn learn(
        &self,
        broadcast_id: BroadcastId,
        sender: &SenderId,
        outcome: &Outcome,
        now: DateTime<Utc>,
    ) {
        let mut papers = self.papers();
        let (class, code) = match outcome {
            Outcome::Accepted { .. } => return papers.brake(broadcast_id).release(),
            Outcome::Throttled { only_this_person: true, .. } => return,
            Outcome::Throttled { retry_after, .. } => {
                if let Some(bucket) = papers.buckets.get_mut(sender) {
                    bucket.throttle(*retry_after, now);
                }
                return;
            }
            Outcome::Retry { code, .. } => (FailureClass::Retry, *code),
            Outcome::Refused { code } => (FailureClass::Refused, *code),
            Outcome::Reconfigure { code } => (FailureClass::Reconfigure, *code),
            Outcome::Unknown => (FailureClass::Unknown, 0),
        };
        papers.brake(broadcast_id).strain(&Failure { class, code }, now);
    }

    /// What may leave of a broadcast now.
    pub(crate) fn way(&self, id: BroadcastId, now: DateTime<Utc>) -> Way {
        self.papers().way(id, now)
    }

    /// Every broadcast that is halted, and why.
    pub(crate) fn halts(&self) -> Vec<(BroadcastId, Halt)> {
        let papers = self.papers();
        let halts = papers.brakes.iter().filter_map(|(id, brake)| Some((*id, brake.halt()?)));
        halts.map(|(id, halt)| (id, halt.clone())).collect()
    }

    /// Forgets what is over.
    pub(crate) fn keep_only(&self, is_running: impl Fn(BroadcastId) -> bool) {
        let mut papers = self.papers();
        papers.put_back.retain(|chunk, _| is_running(chunk.broadcast_id));
        papers.brakes.retain(|id, _| is_running(*id));
    }

    fn papers(&self) -> MutexGuard<'_, Papers> {
        // Nothing panics between two changes that belong together.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Papers {
    /// Whether a lane may take a chunk, given what the board shows.
    fn availability(&self, chunk: &ChunkId, applied: Position, now: DateTime<Utc>) -> Availability {
        let put_back = self.put_back.get(chunk).copied().unwrap_or_default();
        if self.held.contains(chunk) || applied < put_back.shown_at {
            return Availability::Taken;
        }
        let mut not_before = put_back.until;
        if let Way::Closed(halt) = self.way(chunk.broadcast_id, now) {
            not_before = not_before.max(Some(halt.until));
        }
        match not_before {
            Some(until) if now < until => Availability::NotBefore(until),
            _ => Availability::Free,
        }
    }

    fn way(&self, id: BroadcastId, now: DateTime<Utc>) -> Way {
        self.brakes.get(&id).map_or(Way::Free, |brake| brake.way(now))
    }

    fn brake(&mut self, id: BroadcastId) -> &mut Brake {
        self.brakes.entry(id).or_default()
    }

    fn bucket(&mut self, sender: &SenderId, limit_per_s: u32, now: DateTime<Utc>) -> &mut Bucket {
        let bucket =
            self.buckets.entry(sender.clone()).or_insert_with(|| Bucket::new(limit_per_s, now));
        bucket.set_limit(limit_per_s, now);
        bucket
    }
}

/// A chunk in a lane's hands; goes back to the desk when dropped, whatever happened.
#[derive(Debug)]
pub(crate) struct Held {
    desk: Desk,
    chunk: ChunkId,
    put_back: PutBack,
}

impl Held {
    pub(crate) fn chunk(&self) -> ChunkId {
        self.chunk
    }

    /// Puts it back, knowing when to look at it again.
    pub(crate) fn put_back(mut self, put_back: PutBack) {
        self.put_back = put_back;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut papers = self.desk.papers();
        papers.held.remove(&self.chunk);
        papers.put_back.insert(self.chunk, self.put_back);
    }
}

/// Permits to send; those that are not used go back into the bucket.
#[derive(Debug)]
pub(crate) struct Permits {
    desk: Desk,
    sender: SenderId,
    count: u32,
}

impl Permits {
    /// How many are left.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// Uses some, and gives the rest back.
    pub(crate) fn use_up(mut self, used: usize) {
        self.count = self.count.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
    }
}

impl Drop for Permits {
    fn drop(&mut self) {
        if let Some(bucket) = self.desk.papers().buckets.get_mut(&self.sender) {
            bucket.give_back(self.count);
        }
    }
}
