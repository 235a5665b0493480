//! Everybody who was ever written to or wrote, with the counts that must never be wrong.

use std::collections::HashMap;

use super::number::PhoneNumber;
use crate::config::Fate;

/// A person, by order of first appearance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PersonId(pub(crate) u32);

/// One phone and what it received.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The canonical number, the same however it was dialled.
    pub(crate) number: PhoneNumber,
    /// The number as it was first dialled.
    pub(crate) dialled: PhoneNumber,
    /// Send calls for this phone, accepted or not.
    pub(crate) tries: u32,
    /// Messages accepted for this phone, ever.
    pub(crate) accepted: u32,
    /// Of these, how many carried a reference that an earlier one had carried.
    pub(crate) repeated_references: u32,
    /// Of these, how many carried no reference.
    pub(crate) without_reference: u32,
    /// Of these, how many used a template that an earlier one had used.
    pub(crate) repeated_templates: u32,
    /// Messages this person wrote.
    pub(crate) answers: u32,
    /// The latest message to this person; each message names the one before.
    pub(crate) latest: Option<u32>,
    /// A fate set by hand.
    pub(crate) fate: Option<Box<Fate>>,
}

/// Index of people by canonical number.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    people: Vec<Person>,
    by_number: HashMap<PhoneNumber, PersonId>,
}

impl Crowd {
    /// The person behind a number, met for the first time if need be.
    pub(crate) fn meet(&mut self, dialled: PhoneNumber) -> PersonId {
        let number = dialled.canonical();
        let next = PersonId(u32::try_from(self.people.len()).unwrap_or(u32::MAX));
        let id = *self.by_number.entry(number).or_insert(next);
        if id == next {
            self.people.push(Person {
                number,
                dialled,
                tries: 0,
                accepted: 0,
                repeated_references: 0,
                without_reference: 0,
                repeated_templates: 0,
                answers: 0,
                latest: None,
                fate: None,
            });
        }
        id
    }

    pub(crate) fn find(&self, dialled: PhoneNumber) -> Option<PersonId> {
        self.by_number.get(&dialled.canonical()).copied()
    }

    pub(crate) fn get(&self, id: PersonId) -> Option<&Person> {
        self.people.get(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn get_mut(&mut self, id: PersonId) -> Option<&mut Person> {
        self.people.get_mut(usize::try_from(id.0).ok()?)
    }

    /// People in order of first appearance, from the given one on.
    pub(crate) fn from(&self, first: usize) -> impl Iterator<Item = (usize, &Person)> {
        self.people.iter().enumerate().skip(first)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.people.iter()
    }
}
