//! Remembering an accepted message, and counting what came twice.

use super::charge::Charge;
use super::draft::Draft;
use super::record::{Outgoing, Shown};
use crate::clock::Millis;
use crate::world::State;

/// Messages of one person looked through for a reference that came before.
const LOOK_BACK: usize = 256;

/// Remembers an accepted message and counts it.
pub(super) fn keep(
    state: &mut State,
    now: Millis,
    draft: Draft,
    charge: Charge,
    reference: Option<&str>,
) -> u32 {
    let same =
        |earlier: &Outgoing| reference.is_some_and(|r| earlier.reference.as_deref() == Some(r));
    let mut earlier = state.messages_to(draft.person).take(LOOK_BACK).map(|(_, message)| message);
    let (mut repeats_reference, mut repeats_template) = (false, false);
    for message in &mut earlier {
        repeats_reference |= same(message);
        repeats_template |= draft.template.is_some() && message.template == draft.template;
    }
    drop(earlier);
    let number = state.outgoing.next_number();
    let (mut ordinal, mut previous) = (0, None);
    if let Some(person) = state.crowd.get_mut(draft.person) {
        ordinal = person.accepted;
        previous = person.latest.replace(number);
        person.accepted += 1;
        person.repeated_references += u32::from(repeats_reference);
        person.repeated_templates += u32::from(repeats_template);
        person.without_reference += u32::from(reference.is_none());
    }
    state.stats.accepted += 1;
    state.stats.accepted_templates += u64::from(draft.template.is_some());
    state.stats.repeated_references += u64::from(repeats_reference);
    state.stats.repeated_templates += u64::from(repeats_template);
    state.stats.without_reference += u64::from(reference.is_none());
    let message = Outgoing {
        accepted_at: now,
        person: draft.person,
        previous,
        ordinal,
        template: draft.template,
        sender: draft.sender,
        kind: draft.kind,
        category: draft.category,
        charge,
        shown: Shown::default(),
        reference: reference.map(Box::from),
        content: draft.content,
    };
    state.outgoing.push(message, state.config.memory.messages_max)
}
