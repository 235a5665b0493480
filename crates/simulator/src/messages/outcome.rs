//! What becomes of a message: refused, held, failed later, or living through its script.

use super::charge::Charge;
use super::content::Kind;
use super::draft::Draft;
use crate::clock::Millis;
use crate::graph::GraphError;
use crate::limits::Rate;
use crate::people::{Opening, Script, Step};
use crate::templates::{Category, Quality};
use crate::webhooks::Notice;
use crate::world::{State, dropped};

/// What will happen to the message, or the error if it is refused at once.
pub(super) fn script(
    state: &mut State,
    now: Millis,
    draft: &Draft,
    charge: Charge,
) -> Result<Script, GraphError> {
    let pair = (draft.sender, draft.person);
    let in_window = state.pairs.is_open(pair, now, state.config.limits.window_ms);
    let free_form = draft.template.is_none();
    let unpaid = !state.config.billing.payment_method && charge == Charge::Regular;
    let mut failure = match () {
        () if draft.flaw.is_some() => draft.flaw,
        () if free_form && !in_window => Some(131_047),
        () if unpaid => Some(131_042),
        () => None,
    };
    if failure.is_none()
        && !in_window
        && let Some(limit) = state.config.limits.unique_users_per_day
        && !state.reach.admit(draft.person, now, limit)
    {
        failure = Some(state.config.limits.unique_users_code);
    }
    let ordinal = state.crowd.get(draft.person).map_or(0, |person| person.accepted);
    let subject = state
        .subject(draft.person, ordinal, draft.category)
        .ok_or_else(|| GraphError::of(131_000))?;
    let people = &state.config.people;
    let script = match failure {
        Some(code) => Script::failed(people, subject, code),
        None => Script::write(people, subject),
    };
    if let Opening::Refused(code) = script.opening {
        return Err(GraphError::of(code));
    }
    if let Some((_, Step::Failed(code))) = script.steps.first()
        && state.config.limits.synchronous_codes.contains(code)
    {
        return Err(GraphError::of(*code));
    }
    Ok(script)
}

pub(super) fn take_tokens(state: &mut State, now: Millis, draft: &Draft) -> Result<(), GraphError> {
    let limits = &state.config.limits;
    let pair_rate = Rate {
        capacity: limits.pair_capacity,
        refill_us: limits.pair_refill_ms.saturating_mul(1_000),
    };
    let pair = (draft.sender, draft.person);
    if !state.pairs.has_room(pair, now, pair_rate) {
        return Err(GraphError::of(131_056));
    }
    let sender = state.sender_mut(draft.sender).ok_or_else(|| GraphError::of(33))?;
    let rate = sender.rate();
    if !sender.pace.has_room(now, rate) {
        return Err(GraphError::of(130_429).subcode(2_494_055));
    }
    sender.pace.take(now, rate);
    state.pairs.take(pair, now, pair_rate);
    Ok(())
}

/// Whether the message waits for a verdict on its template.
pub(super) fn is_held(state: &mut State, draft: &Draft, opening: &Opening) -> bool {
    let paced_after = state.config.review.paced_after;
    let template = draft.template.and_then(|template| state.templates.get_mut(template));
    let Some(template) = template else { return false };
    template.sends += 1;
    let paced = paced_after.is_some_and(|free| template.sends > free);
    matches!(opening, Opening::Held(_)) || (paced && template.quality != Quality::Green)
}

pub(super) fn charge(state: &mut State, now: Millis, draft: &Draft) -> Charge {
    if draft.kind == Kind::Reaction {
        return Charge::None;
    }
    let in_window =
        state.pairs.is_open((draft.sender, draft.person), now, state.config.limits.window_ms);
    let allowance = state.config.billing.service_free_per_month;
    let free_left = draft.category == Category::Service
        && state
            .sender_mut(draft.sender)
            .is_some_and(|sender| sender.use_free_service(now, allowance));
    Charge::of(&state.config.billing, now, draft.category, in_window, free_left)
}

/// Plans what happens to the message. A first status asked for at once is handed back.
pub(super) fn schedule(
    state: &mut State,
    now: Millis,
    number: u32,
    mut script: Script,
    held: bool,
    first_at_once: bool,
) -> Option<Notice> {
    if held {
        state.stats.held += 1;
        match script.opening {
            Opening::Held(good) => {
                let verdict_at = now.saturating_add(state.config.review.verdict_after_ms);
                let script = if good { script } else { dropped() };
                state.plan(number, &script, verdict_at);
            }
            _ => state.hold(number, now),
        }
        return None;
    }
    let first = if first_at_once && !script.steps.is_empty() {
        let (_, step) = script.steps.remove(0);
        state.tell(number, step, now)
    } else {
        None
    };
    state.plan(number, &script, now);
    first
}
