//! The recipients of one broadcast: dense rows by index, and a way to find a person in them.

use fanal_domain::broadcast::{FrozenRecipient, SuppressedPerson};
use fanal_domain::id::ContactId;
use fanal_domain::ladder::{Recipient, Status};

use super::answers::{self, AnswerBook, Note};
use super::audience::People;
use super::counters::{Counters, Standing};
use super::dictionary::Dictionary;

/// One recipient: 72 bytes, and 4 more in the order by person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) contact_id: ContactId,
    pub(super) consent: u64,
    pub(super) facts: Recipient,
    pub(super) newest_answer: u32,
    pub(super) language: u16,
    pub(super) market: u16,
}

const _: () = assert!(size_of::<Row>() == 72, "millions of rows are kept in memory");

/// Everybody a broadcast is for, and everybody it was meant for and is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Ladder {
    pub(super) rows: Vec<Row>,
    /// Indices of `rows` in the order of their contact ids.
    by_contact: Vec<u32>,
    /// In the order of their contact ids.
    pub(super) suppressed: Vec<SuppressedPerson>,
    pub(super) languages: Dictionary,
    pub(super) markets: Dictionary,
    pub(super) answers: AnswerBook,
    pub(super) counters: Counters,
}

impl Ladder {
    /// The row of a person who will be told, as long as nothing has happened.
    pub(super) fn row(&mut self, frozen: &FrozenRecipient) -> Row {
        Row {
            contact_id: frozen.contact_id,
            consent: frozen.consent,
            facts: Recipient::default(),
            newest_answer: answers::NONE,
            language: self.languages.code(frozen.language.as_str()),
            market: self.markets.code(&frozen.market),
        }
    }

    /// Begins anew with these people, and puts them in an order in which they can be found.
    pub(super) fn fill(&mut self, people: People) {
        let People { mut rows, mut suppressed } = people;
        rows.shrink_to_fit();
        suppressed.shrink_to_fit();
        suppressed.sort_by_key(|person| (person.contact_id, person.reason));
        let mut by_contact: Vec<u32> = (0..).take(rows.len()).collect();
        by_contact.sort_unstable_by_key(|&index| (rows[index as usize].contact_id, index));
        *self = Self { rows, by_contact, suppressed, ..std::mem::take(self) };
        self.counters = self.count();
    }

    /// The index of a person among the recipients.
    pub(super) fn index_of(&self, contact_id: ContactId) -> Option<u32> {
        let contact = |&index: &u32| self.rows[index as usize].contact_id;
        let place = self.by_contact.partition_point(|index| contact(index) < contact_id);
        self.by_contact.get(place).copied().filter(|index| contact(index) == contact_id)
    }

    /// The person's place among those who were suppressed at planning.
    pub(super) fn suppressed_place(&self, contact_id: ContactId) -> Option<usize> {
        let place = self.suppressed.partition_point(|person| person.contact_id < contact_id);
        self.suppressed.get(place).filter(|person| person.contact_id == contact_id)?;
        Some(place)
    }

    /// Notes facts about a recipient and keeps the counters in step; an index that is nobody's
    /// changes nothing.
    pub(super) fn change(&mut self, index: u32, note: impl FnOnce(&mut Recipient)) {
        let Some(row) = self.rows.get_mut(index as usize) else { return };
        let before = Standing::of(&row.facts);
        note(&mut row.facts);
        let after = Standing::of(&row.facts);
        if before != after {
            let (language, market) = (row.language, row.market);
            self.counters.remove(&before, language, market);
            self.counters.add(&after, language, market);
        }
    }

    /// Notes the same facts about every recipient.
    pub(super) fn change_all(&mut self, note: impl Fn(&mut Recipient)) {
        for index in 0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX) {
            self.change(index, &note);
        }
    }

    /// Keeps an answer's place in the log.
    pub(super) fn keep_answer(&mut self, index: u32, note: Note) {
        if let Some(row) = self.rows.get_mut(index as usize) {
            let note = Note { previous: row.newest_answer, ..note };
            row.newest_answer = self.answers.add(note);
        }
    }

    /// Recipients whose outcome is unknown, by index.
    pub(super) fn unknowns(&self) -> impl Iterator<Item = u32> {
        let none = self.counters.count(Status::Unknown) == 0;
        let rows = if none { &[][..] } else { &self.rows[..] };
        (0..).zip(rows).filter(|(_, row)| row.facts.status() == Status::Unknown).map(|(i, _)| i)
    }

    /// Counts everybody afresh.
    pub(super) fn count(&self) -> Counters {
        let mut counters = Counters::default();
        for row in &self.rows {
            counters.add(&Standing::of(&row.facts), row.language, row.market);
        }
        for person in &self.suppressed {
            counters.add_suppressed(person.reason);
        }
        counters
    }
}
