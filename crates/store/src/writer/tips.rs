//! A bounded memory of where streams end, so that most appends need no query.

use std::collections::HashMap;

use fanal_engine::envelope::StreamId;

use super::journal::Tip;

/// Streams remembered in each of two generations.
const GENERATION_MAX: usize = 65_536;

/// Forgets the streams that were not used while twice [`GENERATION_MAX`] others were.
#[derive(Debug, Default)]
pub(crate) struct Tips {
    young: HashMap<StreamId, Tip>,
    old: HashMap<StreamId, Tip>,
}

impl Tips {
    pub(crate) fn get(&self, stream: &StreamId) -> Option<Tip> {
        self.young.get(stream).or_else(|| self.old.get(stream)).copied()
    }

    pub(crate) fn put(&mut self, stream: StreamId, tip: Tip) {
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(stream, tip);
    }

    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(number: usize) -> StreamId {
        StreamId::named(&format!("stream/{number}"))
    }

    #[test]
    fn remembers_the_latest_tip_of_a_stream() {
        let mut tips = Tips::default();
        for version in 1..=3 {
            tips.put(stream(1), Tip { version, ..Tip::NONE });
        }
        assert_eq!(tips.get(&stream(1)).unwrap().version, 3);
        assert_eq!(tips.get(&stream(2)), None);
    }

    #[test]
    fn never_holds_more_than_two_generations_nor_an_outdated_tip() {
        let mut tips = Tips::default();
        tips.put(stream(0), Tip { version: 1, ..Tip::NONE });
        for number in 1..GENERATION_MAX {
            tips.put(stream(number), Tip::NONE);
        }
        tips.put(stream(0), Tip { version: 2, ..Tip::NONE });
        for number in GENERATION_MAX..2 * GENERATION_MAX {
            tips.put(stream(number), Tip::NONE);
        }

        assert!(tips.young.len() + tips.old.len() <= 2 * GENERATION_MAX);
        assert_ne!(tips.get(&stream(0)), Some(Tip { version: 1, ..Tip::NONE }));
    }
}
