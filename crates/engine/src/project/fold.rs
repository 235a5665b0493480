//! What each event makes of a person's row: a pure fold.

use std::collections::BTreeMap;

use fanal_domain::Event;
use fanal_domain::id::ContactId;

use crate::envelope::RecordedEvent;
use crate::ports::{ConsentState, ContactRow, ContactState};

/// What an event did to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    /// Whose row.
    pub(super) contact_id: ContactId,
    /// Whether the person's numbers may have changed.
    pub(super) moves_addresses: bool,
}

/// Whom an event is about, read from its stream: `contact/<id>`.
pub(super) fn contact_of(recorded: &RecordedEvent) -> Option<ContactId> {
    recorded.stream.as_str().strip_prefix("contact/")?.parse().ok()
}

/// Applies an event; `None` if the row has it already or there is no such person.
pub(super) fn fold(
    rows: &mut BTreeMap<ContactId, ContactRow>,
    recorded: &RecordedEvent,
    event: Event,
) -> Option<Change> {
    let contact_id = contact_of(recorded)?;
    if let Event::ContactRegistered(body) = event {
        let is_new = !rows.contains_key(&contact_id);
        rows.entry(contact_id).or_insert_with(|| ContactRow {
            contact_id,
            profile: body.profile,
            language: body.language,
            relation: body.relation,
            state: ContactState::Active,
            consents: BTreeMap::new(),
            version: recorded.version,
            addresses: Vec::new(),
        });
        return is_new.then_some(Change { contact_id, moves_addresses: true });
    }
    let row = rows.get_mut(&contact_id).filter(|row| row.version < recorded.version)?;
    row.version = recorded.version;
    let moves_addresses = apply(row, recorded, event);
    Some(Change { contact_id, moves_addresses })
}

/// Whether the person's numbers may have changed by it.
fn apply(row: &mut ContactRow, recorded: &RecordedEvent, event: Event) -> bool {
    match event {
        Event::ContactChanged(body) => {
            row.profile = body.profile;
            row.language = body.language;
            row.relation = body.relation;
            true
        }
        Event::ContactMerged(body) => {
            row.state = ContactState::Merged(body.into);
            true
        }
        Event::ContactErased(_) => {
            row.state = ContactState::Erased;
            true
        }
        Event::ConsentGiven(body) => {
            row.consents.insert(body.purpose, ConsentState::Given(recorded.position));
            false
        }
        Event::ConsentWithdrawn(body) => {
            for purpose in body.purposes {
                row.consents.insert(purpose, ConsentState::Withdrawn(recorded.position));
            }
            false
        }
        _ => false,
    }
}
