//! Collects the frozen parts of an audience until the plan is made that they belong to.

use std::collections::BTreeMap;

use fanal_domain::broadcast::{AudienceFrozen, SuppressedPerson};

use super::ladder::{Ladder, Row};
use crate::place::Part;

/// Parts of the audience that no plan has taken up yet, by the number of the plan.
///
/// A planner that dies leaves parts behind; the next attempt has a number of its own, and only
/// the plan that is committed says which parts count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Audience {
    plans: BTreeMap<u32, Collected>,
}

/// The parts of one attempt at planning, in the form the ladder keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Collected {
    people: People,
    /// How many parts, in order, `people` are.
    parts: u32,
    /// Parts that came before their turn.
    ahead: BTreeMap<u32, People>,
}

/// Those who will be told, in the order of the audience, and those who will not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct People {
    pub(super) rows: Vec<Row>,
    pub(super) suppressed: Vec<SuppressedPerson>,
}

impl Audience {
    /// A part was frozen.
    pub(super) fn frozen(&mut self, part: Part, event: &AudienceFrozen, ladder: &mut Ladder) {
        let rows = event.recipients.iter().map(|frozen| ladder.row(frozen)).collect();
        let people = People { rows, suppressed: event.suppressed.clone() };
        self.plans.entry(part.plan).or_default().collect(part.chunk, people);
    }

    /// The plan was made: everybody of it, and nobody of other attempts.
    pub(super) fn planned(&mut self, plan: u32) -> People {
        let collected = self.plans.remove(&plan).unwrap_or_default();
        self.plans.clear();
        collected.people
    }
}

impl Collected {
    fn collect(&mut self, chunk: u32, people: People) {
        self.ahead.insert(chunk, people);
        while let Some(mut next) = self.ahead.remove(&self.parts) {
            self.people.rows.append(&mut next.rows);
            self.people.suppressed.append(&mut next.suppressed);
            self.parts += 1;
        }
    }
}
