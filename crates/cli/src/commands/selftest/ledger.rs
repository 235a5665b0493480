//! What the reader has seen, held against what it should have seen.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use fanal_engine::envelope::{Hash, NO_PREDECESSOR, RecordedEvent, StreamId};
use uuid::Uuid;

/// An append that the log has acknowledged: events that must be there, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Acknowledgement {
    /// The position of the first event.
    pub(super) first: u64,
    /// How many events.
    pub(super) count: u64,
    /// The process and the writer in it.
    pub(super) writer: u64,
    /// Which of the writer's appends.
    pub(super) sequence: u64,
}

impl Acknowledgement {
    /// The ids of its events, in order.
    pub(super) fn event_ids(&self) -> impl Iterator<Item = Uuid> {
        let (writer, sequence) = (self.writer, self.sequence);
        (0..self.count).map(move |number| event_id(writer, sequence, number))
    }
}

/// The id of an event, so that both sides know it.
pub(super) fn event_id(writer: u64, sequence: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(writer, (sequence << 8) | number)
}

impl fmt::Display for Acknowledgement {
    /// Ends with a point: a line that was cut off by a killing has none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {} .", self.first, self.count, self.writer, self.sequence)
    }
}

impl FromStr for Acknowledgement {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let mut words = line.split(' ');
        let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or(());
        let (first, count, writer, sequence) = (number()?, number()?, number()?, number()?);
        match (words.next(), words.next()) {
            (Some("."), None) => Ok(Self { first, count, writer, sequence }),
            _ => Err(()),
        }
    }
}

/// What the reader has seen.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// The id at each position, from 1.
    ids: Vec<Uuid>,
    known: HashSet<Uuid>,
    /// Where each stream ends.
    tips: HashMap<StreamId, (u64, Hash)>,
    missed: u64,
    duplicated: u64,
    out_of_order: u64,
}

impl Ledger {
    pub(super) fn events(&self) -> usize {
        self.known.len()
    }

    /// Takes the next event the reader was given.
    pub(super) fn see(&mut self, event: &RecordedEvent) {
        let next = self.ids.len() as u64 + 1;
        let position = event.position.0;
        if !self.known.insert(event.event_id) {
            self.duplicated += 1;
            return;
        }
        if position < next {
            self.out_of_order += 1;
            return;
        }
        self.missed += position - next;
        // What was passed over leaves a gap, in which nothing acknowledged will be found.
        self.ids.extend((next..position).map(|_| Uuid::nil()));
        self.ids.push(event.event_id);
        let tip = self.tips.entry(event.stream.clone()).or_insert((0, NO_PREDECESSOR));
        let follows = event.version == tip.0 + 1 && event.predecessor == tip.1;
        if !follows || event.hash != event.compute_hash() {
            self.out_of_order += 1;
        }
        *tip = (event.version, event.hash);
    }

    /// Looks for what was acknowledged, where it was said to be.
    pub(super) fn expect(&mut self, acknowledgement: &Acknowledgement) {
        for (position, id) in (acknowledgement.first..).zip(acknowledgement.event_ids()) {
            let index = usize::try_from(position - 1).ok();
            if index.and_then(|index| self.ids.get(index)) != Some(&id) {
                self.missed += 1;
            }
        }
    }

    /// Holds it against a second reading from the beginning: what only that one found was missed.
    pub(super) fn compare(&mut self, second: &Self) {
        self.missed += second.known.difference(&self.known).count() as u64;
        self.out_of_order += u64::from(!second.is_whole());
    }

    pub(super) fn is_whole(&self) -> bool {
        (self.missed, self.duplicated, self.out_of_order) == (0, 0, 0)
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { missed, duplicated, out_of_order, .. } = self;
        write!(f, "missed={missed} duplicated={duplicated} out_of_order={out_of_order}")
    }
}

#[cfg(test)]
mod tests;
