//! Time and ids, passed in so that replays and simulations can be repeated.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// Now, in whole microseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// Makes ids.
pub trait IdSource: Debug + Send + Sync {
    /// A new UUIDv7, greater than any made before by this source.
    fn next(&self) -> Uuid;
}
