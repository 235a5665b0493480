//! The messaging limit: unique users of the whole portfolio in a sliding 24 hours.

use std::collections::{HashMap, VecDeque};

use crate::clock::Millis;
use crate::people::PersonId;

const DAY: Millis = 86_400_000;

/// Who was reached outside a customer service window during the last day.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    last: HashMap<PersonId, Millis>,
    order: VecDeque<(Millis, PersonId)>,
}

impl Reach {
    /// Whether one more message to `person` stays within `limit`; counts it if so.
    pub(crate) fn admit(&mut self, person: PersonId, now: Millis, limit: u32) -> bool {
        self.forget_before(now.saturating_sub(DAY));
        let full = self.last.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        if full && !self.last.contains_key(&person) {
            return false;
        }
        self.last.insert(person, now);
        self.order.push_back((now, person));
        true
    }

    fn forget_before(&mut self, start: Millis) {
        while let Some(&(at, person)) = self.order.front()
            && at <= start
        {
            self.order.pop_front();
            if self.last.get(&person) == Some(&at) {
                self.last.remove(&person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_people_not_messages_and_slides() {
        let mut reach = Reach::default();
        let mut admit = |person, now| reach.admit(PersonId(person), now, 2);
        assert!(admit(1, 0) && admit(1, 10) && admit(2, 20));
        assert!(!admit(3, 30));
        assert!(!admit(3, DAY + 9), "person 1 wrote again at 10");
        assert!(admit(3, DAY + 10));
    }
}
