//! Which broadcast a person probably answers who writes without saying to what.

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::broadcast::BroadcastPhase;
use fanal_domain::id::{BroadcastId, ContactId, IncidentId};

use super::World;
use crate::broadcast::BroadcastView;

/// The provider's clock and ours may differ by so much.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(5);

/// Every broadcast that was ever launched, in the order of the launches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Openings {
    launched: Vec<BroadcastId>,
}

impl Openings {
    pub(super) fn launched(&mut self, broadcast: BroadcastId) {
        self.launched.push(broadcast);
    }
}

/// A broadcast that reached a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The incident.
    pub incident_id: IncidentId,
    /// The broadcast.
    pub broadcast_id: BroadcastId,
    /// The person's index in its audience.
    pub recipient: u32,
    /// When the person got it, as well as we know.
    pub reached_at: DateTime<Utc>,
}

impl World {
    /// The broadcast that reached a person last before `at` and is still open for answers: it
    /// runs, or ended no longer than `open_for` before `at`.
    ///
    /// Of several, the one that reached the person last; of those, the one launched last. Takes
    /// time in proportion to the number of broadcasts, whatever their size.
    pub fn latest_broadcast_for(
        &self,
        contact_id: ContactId,
        at: DateTime<Utc>,
        open_for: TimeDelta,
    ) -> Option<Reach> {
        let launched = self.openings.launched.iter();
        launched
            .filter_map(|&id| self.broadcast(id))
            .filter(|broadcast| is_open(broadcast, at, open_for))
            .filter_map(|broadcast| reach(broadcast, contact_id))
            .filter(|reach| reach.reached_at - at <= CLOCK_SKEW)
            .max_by_key(|reach| reach.reached_at)
    }
}

fn is_open(broadcast: &BroadcastView, at: DateTime<Utc>, open_for: TimeDelta) -> bool {
    let course = broadcast.course();
    let ended = match course.state.phase {
        BroadcastPhase::Completed => course.completed.as_ref(),
        BroadcastPhase::Cancelled => course.cancelled.as_ref().map(|(moment, _)| moment),
        BroadcastPhase::Draft | BroadcastPhase::Planned | BroadcastPhase::Running => None,
    };
    ended.is_none_or(|ended| at - ended.at <= open_for)
}

fn reach(broadcast: &BroadcastView, contact_id: ContactId) -> Option<Reach> {
    let course = broadcast.course();
    Some(Reach {
        incident_id: course.state.incident_id,
        broadcast_id: course.state.broadcast_id,
        recipient: broadcast.index_of(contact_id)?,
        reached_at: broadcast.reached_at(contact_id)?,
    })
}
