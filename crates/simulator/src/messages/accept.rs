//! From a well-formed send to an accepted message, or to the error that says why not.

use super::answer::answer;
use super::draft::Draft;
use super::keep::keep;
use super::outcome::{charge, is_held, schedule, script, take_tokens};
use super::request::{Recipient, Send};
use crate::clock::Millis;
use crate::dice::Dice;
use crate::graph::GraphError;
use crate::limits::SenderIndex;
use crate::people::{Opening, PersonId, PhoneNumber, number_of_user};
use crate::webhooks::Notice;
use crate::world::{Fault, State};

/// An accepted message, or a connection broken before anything was.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) body: String,
    pub(crate) manner: Manner,
}

/// How the answer gets to the client, if it does.
#[derive(Debug)]
pub(crate) enum Manner {
    AtOnce,
    /// The connection breaks.
    Cut,
    After(Millis),
    /// Once this status was answered by the callback.
    AfterWebhook(Option<Notice>),
}

/// Takes one send.
pub(crate) fn send(
    state: &mut State,
    now: Millis,
    sender: SenderIndex,
    send: &Send<'_>,
) -> Result<Sent, GraphError> {
    check_sender(state, now, sender)?;
    let person = resolve(state, sender, send.to)?;
    let fault = draw_fault(state, person);
    match fault {
        Some(Fault::ServerError) => return Err(GraphError::of(131_000)),
        Some(Fault::Refused(code)) => return Err(GraphError::of(code)),
        Some(Fault::CutBefore) => {
            state.stats.cut_before_acceptance += 1;
            return Ok(Sent { body: String::new(), manner: Manner::Cut });
        }
        _ => {}
    }
    let mut draft = Draft::of(state, sender, person, &send.content)?;
    if send.identity.is_some() {
        // Nobody's key is known here, so no hash can be the right one.
        draft.flaw = Some(137_000);
    }
    take_tokens(state, now, &draft)?;
    let charge = charge(state, now, &draft);
    let script = script(state, now, &draft, charge)?;
    let held = is_held(state, &draft, &script.opening);
    let number = keep(state, now, draft, charge, send.reference);
    let webhook_first =
        fault == Some(Fault::WebhookFirst) || script.opening == Opening::WebhookFirst;
    let first = schedule(state, now, number, script.clone(), held, webhook_first);
    let body = answer(state, send.to, number, held);
    let manner = match (fault, &script.opening) {
        (Some(Fault::Cut), _) | (None, Opening::Cut) => {
            state.stats.cut_after_acceptance += 1;
            Manner::Cut
        }
        (Some(Fault::Slow(ms)), _) | (None, &Opening::Slow(ms)) => Manner::After(ms),
        _ if webhook_first => Manner::AfterWebhook(first),
        _ => Manner::AtOnce,
    };
    Ok(Sent { body, manner })
}

fn check_sender(state: &State, now: Millis, sender: SenderIndex) -> Result<(), GraphError> {
    let sender = state.sender(sender).ok_or_else(|| GraphError::of(33))?;
    if !sender.config.registered {
        return Err(GraphError::of(133_010));
    }
    if now < sender.maintenance_until {
        return Err(GraphError::of(131_057));
    }
    Ok(())
}

fn resolve(
    state: &mut State,
    sender: SenderIndex,
    to: Recipient<'_>,
) -> Result<PersonId, GraphError> {
    let own = state.sender(sender).ok_or_else(|| GraphError::of(33))?;
    let number = match to {
        Recipient::Phone(to) => {
            PhoneNumber::dialled(to, own.country, state.config.people.bare_numbers)
        }
        Recipient::User(user) => number_of_user(user, state.config.seed),
    };
    let number = number.ok_or_else(|| {
        GraphError::of(131_009).details("The recipient is not a valid phone number or user id.")
    })?;
    if number.canonical() == own.number.canonical() {
        return Err(GraphError::of(131_021));
    }
    Ok(state.crowd.meet(number))
}

/// A planned fault, or one by chance.
fn draw_fault(state: &mut State, id: PersonId) -> Option<Fault> {
    let person = state.crowd.get_mut(id)?;
    person.tries += 1;
    // The try takes part, so that a repeated send may fare better.
    let key = [state.config.seed, person.number.value(), person.tries.into(), 0x0066_6c74];
    if let Some(planned) = state.faults.draw() {
        return Some(planned);
    }
    let mut dice = Dice::of(&key);
    let faults = &state.config.faults;
    let fails = dice.share(faults.share_server_error);
    let cut = dice.share(faults.share_cut);
    let slow = dice.share(faults.share_slow);
    match () {
        () if fails => Some(Fault::ServerError),
        () if cut => Some(Fault::Cut),
        () if slow => Some(Fault::Slow(faults.slow_ms)),
        () => None,
    }
}
