//! What is due, as the live view tells: pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fanal_domain::broadcast::{RecipientsSettled, UnknownRule};
use fanal_domain::id::{BroadcastId, IncidentId, PromiseId};
use fanal_domain::incident::{IncidentPhase, PromiseState};
use fanal_domain::ladder::Status;
use fanal_projections::World;
use fanal_projections::broadcast::BroadcastView;

use crate::dispatch::board::{Board, ChunkId, Running};

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Due {
    /// A promise's time has passed.
    Broken { incident_id: IncidentId, promise_id: PromiseId },
    /// Sends whose outcome remained unknown are to be taken up again.
    Requeue { chunk: ChunkId, recipients: Vec<u32> },
    /// What is still unclear is settled by rule.
    Settle { incident_id: IncidentId, broadcast_id: BroadcastId, settled: RecipientsSettled },
    /// Nobody is open.
    Complete { incident_id: IncidentId, broadcast_id: BroadcastId, tally: BTreeMap<Status, u32> },
}

/// The first thing that is due, or when to look again if only time has to pass.
pub(super) fn first(
    world: &World,
    board: &Board,
    now: DateTime<Utc>,
) -> Result<Due, Option<DateTime<Utc>>> {
    let mut until: Option<DateTime<Utc>> = None;
    let promises = open_promises(world).map(|(due, deadline)| at(due, deadline, now));
    let broadcasts = board.running().filter_map(|running| {
        let view = world.broadcast(running.broadcast_id)?;
        Some(of_broadcast(&running, view, now))
    });
    for answer in promises.chain(broadcasts) {
        match answer {
            Ok(due) => return Ok(due),
            Err(later) => until = [until, later].into_iter().flatten().min(),
        }
    }
    Err(until)
}

fn open_promises(world: &World) -> impl Iterator<Item = (Due, DateTime<Utc>)> {
    world
        .incidents()
        .filter_map(|view| view.incident())
        .filter(|incident| incident.phase != IncidentPhase::Closed)
        .flat_map(|incident| {
            let open = incident.promises.iter();
            open.filter(|(_, promise)| promise.state == PromiseState::Open).map(|(id, promise)| {
                let (incident_id, promise_id) = (incident.incident_id, *id);
                (Due::Broken { incident_id, promise_id }, promise.deadline)
            })
        })
}

/// Due once `deadline` has come.
fn at(due: Due, deadline: DateTime<Utc>, now: DateTime<Utc>) -> Result<Due, Option<DateTime<Utc>>> {
    if now >= deadline { Ok(due) } else { Err(Some(deadline)) }
}

/// Everyone has left first; then unknowns are resent, if that is the rule; then what is unclear is
/// settled; and when nobody is open, at whatever time, the broadcast is complete.
fn of_broadcast(
    running: &Running<'_>,
    view: &BroadcastView,
    now: DateTime<Utc>,
) -> Result<Due, Option<DateTime<Utc>>> {
    let Running { incident_id, broadcast_id, launch, .. } = *running;
    if view.open_count() == 0 {
        return Ok(Due::Complete { incident_id, broadcast_id, tally: view.closing_tally() });
    }
    if !running.all_left() {
        // Dispatch sees to it that they leave or expire, and the log tells when they have.
        return Err(None);
    }
    if now < launch.settles {
        return Err(Some(launch.settles));
    }
    let deadline = if running.was_resent() { launch.resends_until() } else { launch.settles };
    let resends = view.course().state.brief.rules.unknown == UnknownRule::Resend;
    if resends
        && now < launch.resends_until()
        && let Some(due) = requeue(running, view)
    {
        return Ok(due);
    }
    let settled = unclear(view);
    at(Due::Settle { incident_id, broadcast_id, settled }, deadline, now)
}

/// The unknowns of the first chunk that was not resent yet.
fn requeue(running: &Running<'_>, view: &BroadcastView) -> Option<Due> {
    let open = view.open().filter(|(_, status)| *status == Status::Unknown);
    let mut unknowns = open.filter_map(|(index, _)| {
        let part = running.part_of(index).filter(|part| !running.is_resent(*part))?;
        Some((part, index))
    });
    let (part, first) = unknowns.next()?;
    let others = unknowns.take_while(|(other, _)| *other == part).map(|(_, index)| index);
    let recipients = std::iter::once(first).chain(others).collect();
    Some(Due::Requeue { chunk: running.chunk(part), recipients })
}

/// Everybody who is open: unknown ones stay unknown, the others count as not delivered.
fn unclear(view: &BroadcastView) -> RecipientsSettled {
    let mut settled = RecipientsSettled { undelivered: Vec::new(), left_unknown: Vec::new() };
    for (index, status) in view.open() {
        match status {
            Status::Unknown => settled.left_unknown.push(index),
            _ => settled.undelivered.push(index),
        }
    }
    settled
}
