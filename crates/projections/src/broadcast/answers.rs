//! Every answer of every recipient, in the order of the log.

use fanal_domain::ladder::SinceLaunch;
use fanal_domain::template::AnswerKind;

/// Marks the end of a person's chain of answers.
pub(super) const NONE: u32 = u32::MAX;

/// All answers to one broadcast; each recipient's form a chain from the newest to the oldest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct AnswerBook {
    notes: Vec<Note>,
}

/// One answer. Its words stay sealed in the log; `position` and `item` say where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) position: u64,
    pub(super) item: u32,
    pub(super) at: SinceLaunch,
    pub(super) kind: AnswerKind,
    pub(super) late: bool,
    pub(super) previous: u32,
}

impl AnswerBook {
    /// Adds an answer and gives its number, the head of the person's chain from now on.
    pub(super) fn add(&mut self, note: Note) -> u32 {
        let number = u32::try_from(self.notes.len()).unwrap_or(NONE);
        if number == NONE {
            return note.previous;
        }
        self.notes.push(note);
        number
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.notes.len()
    }

    /// A person's answers, the earliest first.
    pub(super) fn of(&self, newest: u32) -> Vec<Note> {
        let numbered = |number: u32| self.notes.get(number as usize).copied();
        let chain = std::iter::successors(numbered(newest), |note| numbered(note.previous));
        let mut notes: Vec<_> = chain.collect();
        notes.sort_by_key(|note| (note.at, note.position, note.item));
        notes
    }
}
