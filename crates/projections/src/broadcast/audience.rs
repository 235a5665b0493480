//! Collects the frozen parts of an audience until the plan is made that they belong to.

use std::collections::BTreeMap;

use fanal_domain::broadcast::{AudienceFrozen, BroadcastPlanned, SuppressedPerson};

use super::ladder::{Ladder, Row};
use crate::place::Part;

/// Parts of the audience that no plan has taken up yet.
///
/// A planner that dies leaves parts behind; the next attempt has a higher plan number, and only
/// the plan that is committed says which parts count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Audience {
    waiting: BTreeMap<Part, Frozen>,
    plan: Option<u32>,
    chunks_taken: u32,
}

/// One part, in the form the ladder keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Frozen {
    rows: Vec<Row>,
    suppressed: Vec<SuppressedPerson>,
}

impl Audience {
    /// A part was frozen.
    pub(super) fn frozen(&mut self, part: Part, event: &AudienceFrozen, ladder: &mut Ladder) {
        if self.plan.is_some_and(|plan| part.plan < plan) {
            return;
        }
        let rows = event.recipients.iter().map(|frozen| ladder.row(frozen)).collect();
        self.waiting.insert(part, Frozen { rows, suppressed: event.suppressed.clone() });
        self.take_up(ladder);
    }

    /// The plan was made; it replaces any earlier one.
    pub(super) fn planned(&mut self, event: &BroadcastPlanned, ladder: &mut Ladder) {
        self.waiting.retain(|part, _| part.plan >= event.plan);
        self.plan = Some(event.plan);
        self.chunks_taken = 0;
        ladder.vacate();
        let planned = self.waiting.range(..=Part { plan: event.plan, chunk: u32::MAX });
        ladder.reserve(planned.map(|(_, part)| part.rows.len()).sum());
        self.take_up(ladder);
    }

    /// The brief changed: the plan no longer holds.
    pub(super) fn revised(&mut self, ladder: &mut Ladder) {
        *self = Self::default();
        ladder.vacate();
    }

    /// Nothing can change any more.
    pub(super) fn launched(&mut self) {
        self.waiting = BTreeMap::new();
    }

    /// Moves the parts that come next, in order, onto the ladder.
    fn take_up(&mut self, ladder: &mut Ladder) {
        let Some(plan) = self.plan else { return };
        let before = self.chunks_taken;
        while let Some(part) = self.waiting.remove(&Part { plan, chunk: self.chunks_taken }) {
            ladder.extend(part.rows, part.suppressed);
            self.chunks_taken += 1;
        }
        if self.chunks_taken > before {
            ladder.sort();
        }
    }
}
