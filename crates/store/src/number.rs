//! Numbers as the databases keep them: signed, 64 bits, never trusted on the way back.

use chrono::{DateTime, Utc};
use fanal_engine::envelope::Position;

use crate::error::StoreError;

/// What a caller gave, for a comparison: beyond the largest stored number nothing is found.
pub(crate) fn clamped(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A limit a caller gave.
pub(crate) fn limit(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A position as stored.
pub(crate) fn position(stored: i64) -> Result<Position, StoreError> {
    let number = u64::try_from(stored);
    number.map(Position).map_err(|_| StoreError::corrupt("event", "position", stored))
}

/// A time as stored.
pub(crate) fn time(stored: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(stored)
        .ok_or_else(|| StoreError::corrupt("event", "recorded_at", stored))
}
