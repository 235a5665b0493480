//! What the past of a contact amounts to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{ContactRegistered, Relation};
use crate::consent::{Basis, Method, Purpose};
use crate::event::Event;
use crate::id::{ConsentId, ContactId};
use crate::language::Language;
use crate::sealed::Sealed;

/// A contact as it stands. One that was never registered is no contact: `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The person.
    pub contact_id: ContactId,
    /// Name, numbers and attributes, sealed.
    pub profile: Sealed,
    /// The language to write in.
    pub language: Language,
    /// What the person is to us.
    pub relation: Relation,
    /// Whether the person can still be told anything.
    pub standing: ContactStanding,
    /// Where each purpose stands; absent means never given and never objected to.
    pub consents: BTreeMap<Purpose, Consent>,
}

/// Whether a person can still be told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactStanding {
    /// Yes.
    Active,
    /// Lives on as another contact.
    Merged(ContactId),
    /// Was forgotten.
    Erased,
}

/// Where consent to one purpose stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// The person may be told.
    Given {
        /// The fact it rests on.
        consent_id: ConsentId,
        /// On which legal ground.
        basis: Basis,
        /// How it was given.
        method: Method,
        /// When it was given.
        given_at: DateTime<Utc>,
    },
    /// The person opted out, or objected before ever being asked.
    Withdrawn {
        /// When.
        withdrawn_at: DateTime<Utc>,
    },
}

impl Contact {
    /// The consent that allows this purpose now, if one does.
    pub fn allows(&self, purpose: Purpose) -> Option<ConsentId> {
        match (self.standing, self.consents.get(&purpose)) {
            (ContactStanding::Active, Some(Consent::Given { consent_id, .. })) => Some(*consent_id),
            _ => None,
        }
    }

    fn registered(event: &ContactRegistered) -> Self {
        Self {
            contact_id: event.contact_id,
            profile: event.profile.clone(),
            language: event.language.clone(),
            relation: event.relation,
            standing: ContactStanding::Active,
            consents: BTreeMap::new(),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::ContactChanged(event) => {
                self.profile.clone_from(&event.profile);
                self.language.clone_from(&event.language);
                self.relation = event.relation;
            }
            Event::ContactMerged(event) => self.standing = ContactStanding::Merged(event.into),
            Event::ContactErased(_) => self.standing = ContactStanding::Erased,
            Event::ConsentGiven(event) => {
                let given = Consent::Given {
                    consent_id: event.consent_id,
                    basis: event.basis,
                    method: event.method,
                    given_at: event.given_at,
                };
                self.consents.insert(event.purpose, given);
            }
            Event::ConsentWithdrawn(event) => {
                let withdrawn = Consent::Withdrawn { withdrawn_at: event.withdrawn_at };
                self.consents.extend(event.purposes.iter().map(|purpose| (*purpose, withdrawn)));
            }
            _ => {}
        }
    }
}

/// The state after an event.
pub(super) fn evolve(state: Option<Contact>, event: &Event) -> Option<Contact> {
    match (state, event) {
        (None, Event::ContactRegistered(event)) => Some(Contact::registered(event)),
        (None, _) => None,
        (Some(mut contact), event) => {
            contact.apply(event);
            Some(contact)
        }
    }
}
