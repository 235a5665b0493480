//! One chunk of a frozen audience and the work on it, as its own stream tells.
//!
//! Every event costs time in proportion to the recipients it names, however large the chunk.

mod decide;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

pub use decide::*;

use super::{AudienceFrozen, SendsRecorded};
use crate::event::Event;

/// A chunk as it stands. One that was never frozen is no chunk: `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    first: u32,
    slots: Vec<Slot>,
    queue: VecDeque<Turn>,
    counts: [u32; Stage::ALL.len()],
    claimed_by: Option<String>,
}

/// Where one recipient of a chunk stands in our own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Waiting to be started.
    Queued,
    /// The intent to send is committed, the outcome is not.
    Started,
    /// The outcome is not known.
    Unknown,
    /// Nothing more to do for us.
    Done,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Queued, Self::Started, Self::Unknown, Self::Done];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    stage: Stage,
    attempts: u16,
    /// Which entry in the queue is the valid one; the others are leftovers.
    turn: u16,
}

/// A place in the queue. It is a leftover, skipped when met, unless the slot still waits for it:
/// so taking somebody out of the middle of the queue costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    slot: u32,
    turn: u16,
}

impl Chunk {
    /// Who waits, in order, at most `limit`; deferred ones stand behind those never tried.
    pub fn next(&self, limit: usize) -> Vec<u32> {
        self.waiting().take(limit).collect()
    }

    /// Everybody who waits, in order.
    pub fn waiting(&self) -> impl Iterator<Item = u32> {
        self.queue.iter().filter(|turn| self.is_valid(**turn)).map(|turn| self.first + turn.slot)
    }

    /// Everybody who stands so, in index order. Looks at the whole chunk.
    pub fn standing(&self, stage: Stage) -> impl Iterator<Item = u32> {
        let slots = self.slots.iter().zip(self.first..);
        slots.filter(move |(slot, _)| slot.stage == stage).map(|(_, recipient)| recipient)
    }

    /// How many stand so.
    pub fn count(&self, stage: Stage) -> u32 {
        self.counts[stage as usize]
    }

    /// Whether nobody waits and nothing is started without an outcome. Unknown outcomes may be
    /// left; the broadcast's rule decides what becomes of them.
    pub fn is_worked_off(&self) -> bool {
        self.count(Stage::Queued) == 0 && self.count(Stage::Started) == 0
    }

    /// Where a recipient stands; `None` if it is not of this chunk.
    pub fn stage(&self, recipient: u32) -> Option<Stage> {
        self.slot(recipient).map(|slot| slot.stage)
    }

    /// How often a send to a recipient was started.
    pub fn attempts(&self, recipient: u32) -> u16 {
        self.slot(recipient).map_or(0, |slot| slot.attempts)
    }

    /// The node that claimed it last.
    pub fn claimed_by(&self) -> Option<&str> {
        self.claimed_by.as_deref()
    }

    fn frozen(event: &AudienceFrozen) -> Self {
        let slot = Slot { stage: Stage::Queued, attempts: 0, turn: 0 };
        let indices_left = u32::MAX - event.first;
        let slots = vec![slot; event.recipients.len().min(indices_left as usize)];
        let queue = (0..).zip(&slots).map(|(slot, _)| Turn { slot, turn: 0 }).collect();
        let mut counts = [0; Stage::ALL.len()];
        counts[Stage::Queued as usize] = u32::try_from(slots.len()).unwrap_or(u32::MAX);
        Self { first: event.first, slots, queue, counts, claimed_by: None }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::ChunkClaimed(event) => self.claimed_by = Some(event.node.clone()),
            Event::SendsStarted(event) => self.start(&event.recipients),
            Event::SendsRecorded(event) => self.record(event),
            Event::SendsWithheld(event) => {
                event.withheld.iter().for_each(|one| self.move_to(one.recipient, Stage::Done));
            }
            Event::SendsInDoubt(event) => self.move_all(&event.recipients, Stage::Unknown),
            Event::SendsExpired(event) => self.move_all(&event.recipients, Stage::Done),
            Event::UnknownsRequeued(event) => {
                event.recipients.iter().for_each(|one| self.enqueue(*one));
            }
            _ => {}
        }
        self.drop_leftovers();
    }

    fn start(&mut self, recipients: &[u32]) {
        for &recipient in recipients {
            self.move_to(recipient, Stage::Started);
            if let Some(slot) = self.slot_mut(recipient) {
                slot.attempts = slot.attempts.saturating_add(1);
            }
        }
    }

    fn record(&mut self, event: &SendsRecorded) {
        for one in &event.accepted {
            self.move_to(one.recipient, Stage::Done);
        }
        for one in &event.refused {
            self.move_to(one.recipient, Stage::Done);
        }
        for one in &event.deferred {
            self.enqueue(one.recipient);
        }
        self.move_all(&event.unknown, Stage::Unknown);
    }

    fn move_all(&mut self, recipients: &[u32], stage: Stage) {
        for &recipient in recipients {
            self.move_to(recipient, stage);
        }
    }

    fn move_to(&mut self, recipient: u32, stage: Stage) {
        let Some(slot) = self.slot_mut(recipient) else { return };
        let before = std::mem::replace(&mut slot.stage, stage);
        self.counts[before as usize] -= 1;
        self.counts[stage as usize] += 1;
    }

    fn enqueue(&mut self, recipient: u32) {
        self.move_to(recipient, Stage::Queued);
        let Some(slot) = self.slot_mut(recipient) else { return };
        slot.turn = slot.turn.wrapping_add(1);
        let turn = slot.turn;
        self.queue.push_back(Turn { slot: recipient - self.first, turn });
    }

    fn drop_leftovers(&mut self) {
        while self.queue.front().is_some_and(|turn| !self.is_valid(*turn)) {
            self.queue.pop_front();
        }
    }

    fn is_valid(&self, turn: Turn) -> bool {
        self.slots
            .get(turn.slot as usize)
            .is_some_and(|slot| slot.stage == Stage::Queued && slot.turn == turn.turn)
    }

    fn slot(&self, recipient: u32) -> Option<&Slot> {
        self.slots.get(recipient.checked_sub(self.first)? as usize)
    }

    fn slot_mut(&mut self, recipient: u32) -> Option<&mut Slot> {
        self.slots.get_mut(recipient.checked_sub(self.first)? as usize)
    }
}

/// The state after an event.
fn evolve(state: Option<Chunk>, event: &Event) -> Option<Chunk> {
    match (state, event) {
        (None, Event::AudienceFrozen(event)) => Some(Chunk::frozen(event)),
        (None, _) => None,
        (Some(mut chunk), event) => {
            chunk.apply(event);
            Some(chunk)
        }
    }
}
