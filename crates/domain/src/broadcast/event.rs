//! What can have happened to a broadcast and its recipients.
//!
//! People are named by their dense index in the frozen audience, from 0, and one event carries
//! the outcomes of many: see `docs/adr` on batch events.

mod feedback;
mod work;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
pub use feedback::*;
use serde::{Deserialize, Serialize};
pub use work::*;

use super::Brief;
use crate::id::{BroadcastId, IncidentId};
use crate::ladder::{Status, SuppressionReason};

/// A broadcast was drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastDrafted {
    /// The broadcast.
    pub broadcast_id: BroadcastId,
    /// The incident it belongs to.
    pub incident_id: IncidentId,
    /// What is to be said, to whom.
    pub brief: Brief,
}

/// A draft was changed; the whole new brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastRevised {
    /// What is to be said, to whom.
    pub brief: Brief,
}

/// The audience is frozen; the brief can no longer change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastPlanned {
    /// SHA-256 over the frozen chunks in order, in lower-case hex.
    pub audience_hash: String,
    /// Which attempt at planning this was; names the chunk streams, from 1.
    pub plan: u32,
    /// How many chunks.
    pub chunks: u32,
    /// How many will be told.
    pub recipients: u32,
    /// How many will not, by reason.
    pub suppressed: BTreeMap<SuppressionReason, u32>,
}

/// Sending began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastLaunched {
    /// What has not been started by then is never sent.
    pub expires_at: DateTime<Utc>,
    /// When unclear outcomes are settled by rule.
    pub settles_at: DateTime<Utc>,
}

/// Every recipient has a terminal or delivered-side state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastCompleted {
    /// How many recipients stand where at this moment.
    pub tally: BTreeMap<Status, u32>,
}

/// Nothing more will leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastCancelled {
    /// Why.
    pub reason: String,
}
