//! What a step of background work answers: whether to take the next one, and when.

use chrono::{DateTime, Utc};

/// What a step did. The binary owns the loop around it; a simulation takes the steps in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Something; there may be more: take the next step at once.
    Worked,
    /// Nothing, and there is nothing to do before the log moves, or before this time if there is
    /// one.
    Idle(Option<DateTime<Utc>>),
}
