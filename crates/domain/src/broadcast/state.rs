//! What the past of a broadcast amounts to.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Brief, BroadcastDrafted};
use crate::event::Event;
use crate::id::{BroadcastId, IncidentId};

/// A broadcast as it stands. One that was never drafted is no broadcast: `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Its id.
    pub broadcast_id: BroadcastId,
    /// The incident it belongs to.
    pub incident_id: IncidentId,
    /// What is to be said, to whom.
    pub brief: Brief,
    /// Where it stands.
    pub phase: BroadcastPhase,
    /// The last attempt at planning, valid while planned or later; 0 before the first.
    pub last_plan: u32,
    /// How many chunks the frozen audience has; 0 while a draft.
    pub chunks: u32,
    /// How many will be told; 0 while a draft.
    pub recipients: u32,
    /// What has not been started by then is never sent.
    pub expires_at: Option<DateTime<Utc>>,
    /// When unclear outcomes are settled by rule.
    pub settles_at: Option<DateTime<Utc>>,
}

/// Where a broadcast stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BroadcastPhase {
    /// Being written.
    Draft,
    /// The audience is frozen, the brief fixed.
    Planned,
    /// Being sent.
    Running,
    /// Everybody has a terminal or delivered-side state.
    Completed,
    /// Nothing more leaves.
    Cancelled,
}

impl BroadcastPhase {
    /// The word everyone uses for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for BroadcastPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Broadcast {
    /// When sending began, if it did.
    pub fn launched_at(&self) -> Option<DateTime<Utc>> {
        let before = TimeDelta::seconds(self.brief.rules.expires_after_s.into());
        self.expires_at.map(|expires_at| expires_at - before)
    }

    fn drafted(event: &BroadcastDrafted) -> Self {
        Self {
            broadcast_id: event.broadcast_id,
            incident_id: event.incident_id,
            brief: event.brief.clone(),
            phase: BroadcastPhase::Draft,
            last_plan: 0,
            chunks: 0,
            recipients: 0,
            expires_at: None,
            settles_at: None,
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::BroadcastRevised(event) => {
                self.brief.clone_from(&event.brief);
                self.phase = BroadcastPhase::Draft;
                self.chunks = 0;
                self.recipients = 0;
            }
            Event::BroadcastPlanned(event) => {
                self.phase = BroadcastPhase::Planned;
                self.last_plan = event.plan;
                self.chunks = event.chunks;
                self.recipients = event.recipients;
            }
            Event::BroadcastLaunched(event) => {
                self.phase = BroadcastPhase::Running;
                self.expires_at = Some(event.expires_at);
                self.settles_at = Some(event.settles_at);
            }
            Event::BroadcastCompleted(_) => self.phase = BroadcastPhase::Completed,
            Event::BroadcastCancelled(_) => self.phase = BroadcastPhase::Cancelled,
            _ => {}
        }
    }
}

/// The state after an event.
pub(super) fn evolve(state: Option<Broadcast>, event: &Event) -> Option<Broadcast> {
    match (state, event) {
        (None, Event::BroadcastDrafted(event)) => Some(Broadcast::drafted(event)),
        (None, _) => None,
        (Some(mut broadcast), event) => {
            broadcast.apply(event);
            Some(broadcast)
        }
    }
}
