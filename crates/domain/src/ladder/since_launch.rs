//! Times of a recipient, in four bytes each.

use chrono::{DateTime, Utc};

/// Milliseconds since the launch of the broadcast.
///
/// The provider's clock may run behind ours, so what seems earlier counts as at the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SinceLaunch(u32);

impl SinceLaunch {
    /// The time from `launched_at` to `at`, at most 49 days.
    pub fn between(launched_at: DateTime<Utc>, at: DateTime<Utc>) -> Self {
        let millis = (at - launched_at).num_milliseconds().clamp(0, i64::from(Self::MAX.0));
        Self(u32::try_from(millis).unwrap_or(Self::MAX.0))
    }

    /// From a number of milliseconds.
    pub fn from_millis(millis: u32) -> Self {
        Self(millis.min(Self::MAX.0))
    }

    /// The number of milliseconds.
    pub fn millis(self) -> u32 {
        self.0
    }

    const MAX: Self = Self(u32::MAX - 1);
}

/// The earliest time at which something is known to have happened, if it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FirstTime(u32);

impl Default for FirstTime {
    fn default() -> Self {
        Self::NEVER
    }
}

impl FirstTime {
    const NEVER: Self = Self(u32::MAX);

    pub(super) fn note(&mut self, at: SinceLaunch) {
        self.0 = self.0.min(at.0);
    }

    pub(super) fn get(self) -> Option<SinceLaunch> {
        (self != Self::NEVER).then_some(SinceLaunch(self.0))
    }
}
