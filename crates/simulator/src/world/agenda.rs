//! What is still to happen, in buckets of ten milliseconds.

use std::collections::BTreeMap;

use super::lifecycle::Turn;
use crate::clock::Millis;
use crate::people::Step;
use crate::templates::TemplateIndex;
use crate::webhooks::Delivery;

const TICK: Millis = 10;

/// Something that happens at its time.
#[derive(Debug)]
pub(crate) enum Due {
    /// A step of the script of this message.
    Step(u32, Step),
    /// A webhook that was not taken is posted again.
    Again(Box<Delivery>),
    Template(TemplateIndex, Turn),
}

/// One list per tick instead of one timer per message.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    ticks: BTreeMap<u64, Vec<Due>>,
    entries: usize,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: Millis, due: Due) {
        self.ticks.entry(at / TICK).or_default().push(due);
        self.entries += 1;
    }

    /// Start of the earliest tick that holds something.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.ticks.first_key_value().map(|(tick, _)| tick * TICK)
    }

    /// Takes the earliest tick if it has begun, and the time by which all in it is due.
    pub(crate) fn take_due(&mut self, now: Millis) -> Option<(Millis, Vec<Due>)> {
        let entry = self.ticks.first_entry().filter(|entry| entry.key() * TICK <= now)?;
        let (tick, due) = entry.remove_entry();
        self.entries -= due.len();
        Some((((tick + 1) * TICK).min(now), due))
    }

    /// Puts back what was taken and not performed.
    pub(crate) fn put_back(&mut self, at: Millis, rest: Vec<Due>) {
        self.entries += rest.len();
        let tick = self.ticks.entry(at.saturating_sub(1) / TICK).or_default();
        let newer = std::mem::replace(tick, rest);
        tick.extend(newer);
    }

    pub(crate) fn len(&self) -> usize {
        self.entries
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(due: &[Due]) -> Vec<u32> {
        due.iter()
            .filter_map(|due| if let Due::Step(message, _) = due { Some(*message) } else { None })
            .collect()
    }

    #[test]
    fn gives_back_in_order_of_time_then_of_arrival() {
        let mut agenda = Agenda::default();
        for (message, at) in [(1, 25), (2, 11), (3, 12), (4, 500)] {
            agenda.add(at, Due::Step(message, Step::Sent));
        }
        assert_eq!(agenda.next_due(), Some(10));
        let (_, due) = agenda.take_due(30).unwrap();
        assert_eq!(messages(&due), [2, 3]);
        let (at, due) = agenda.take_due(30).unwrap();
        assert_eq!((at, messages(&due)), (30, vec![1]));
        assert!(agenda.take_due(30).is_none());
        assert_eq!(agenda.len(), 1);
    }
}
