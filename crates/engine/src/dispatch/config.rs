//! How fast and how carefully messages leave.

use std::time::Duration;

/// How fast and how carefully messages leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchConfig {
    /// How many chunks are worked on at the same time; hides the time the log takes to commit.
    pub lanes: usize,
    /// Most calls of one lane that wait for the provider at the same time.
    pub in_flight_max: usize,
    /// Messages per second a sender may pass, as long as the provider has not told.
    pub rate_per_s: u32,
    /// How long another node may be silent before its chunks are taken over. Longer than any slice
    /// can take: what is taken over in the middle becomes unknown.
    pub lease: Duration,
}

impl Default for DispatchConfig {
    fn default() -> Self {
        Self { lanes: 4, in_flight_max: 64, rate_per_s: 80, lease: Duration::from_mins(2) }
    }
}
