//! A numbered list that forgets its oldest entries beyond a bound.

use std::collections::VecDeque;

/// Entries numbered in order of arrival.
#[derive(Debug)]
pub(crate) struct Ledger<T> {
    entries: VecDeque<T>,
    first: u32,
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self { entries: VecDeque::new(), first: 0 }
    }
}

impl<T> Ledger<T> {
    /// Appends, forgetting the oldest entry if more than `max` would be kept.
    pub(crate) fn push(&mut self, entry: T, max: usize) -> u32 {
        let number = self.next_number();
        self.entries.push_back(entry);
        while self.entries.len() > max.max(1) {
            self.entries.pop_front();
            self.first += 1;
        }
        number
    }

    pub(crate) fn next_number(&self) -> u32 {
        self.first.saturating_add(u32::try_from(self.entries.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.entries.get(self.place(number)?)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let place = self.place(number)?;
        self.entries.get_mut(place)
    }

    /// Forgets everything but keeps counting, so that no number ever comes twice.
    pub(crate) fn clear(&mut self) {
        self.first = self.next_number();
        self.entries.clear();
    }

    fn place(&self, number: u32) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_oldest_and_never_reuses_a_number() {
        let mut ledger = Ledger::default();
        for expected in 0..5 {
            assert_eq!(ledger.push(expected * 10, 3), expected);
        }
        assert_eq!((ledger.get(1), ledger.get(2), ledger.get(5)), (None, Some(&20), None));
        ledger.clear();
        assert_eq!(ledger.push(50, 3), 5);
        assert_eq!((ledger.get(4), ledger.get(5)), (None, Some(&50)));
    }
}
