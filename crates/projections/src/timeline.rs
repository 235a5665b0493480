//! The timeline of an incident: what a person would want to read, in the order it became known.

mod entry;
mod progress;
pub mod text;

use chrono::{DateTime, Utc};
pub use entry::{BroadcastFact, Entry, Fact, Step};
pub(crate) use progress::{Progress, Snapshot};
pub use text::{Locale, line};

use crate::seen::Seen;

/// Everything of note in one incident; entries are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    entries: Vec<Entry>,
}

impl Timeline {
    /// All entries, in the order of the log.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// At most `limit` entries from the one with this ordinal on (the first has 0).
    pub fn page(&self, from: usize, limit: usize) -> &[Entry] {
        let from = from.min(self.entries.len());
        let to = from.saturating_add(limit).min(self.entries.len());
        &self.entries[from..to]
    }

    /// The entries that stand after a position of the log: what a live reader has not seen yet.
    pub fn after(&self, position: u64) -> &[Entry] {
        let from = self.entries.partition_point(|entry| entry.position <= position);
        &self.entries[from..]
    }

    pub(crate) fn add(&mut self, seen: &Seen<'_>, occurred_at: DateTime<Utc>, fact: Fact) {
        self.entries.push(Entry {
            position: seen.position,
            recorded_at: seen.recorded_at,
            occurred_at,
            actor: seen.actor.into(),
            fact,
        });
    }
}

#[cfg(test)]
mod tests;
