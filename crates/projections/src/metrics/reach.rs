//! Time to reach: how long after launch people had the message on their phone.

use super::figure::{Definition, Percentiles};
use super::sample::Sample;

/// Changes when the meaning changes.
pub const DEFINITION_VERSION: u16 = 1;

/// What the figure means.
pub const DEFINITION: Definition = Definition {
    name: "time_to_reach",
    version: DEFINITION_VERSION,
    text: "from the launch to the first evidence of delivery, over recipients who have it",
};

/// p50, p90 and p99 over those who were reached.
pub fn time_to_reach(sample: &mut Sample) -> Option<Percentiles> {
    Percentiles::of(&mut sample.reach_ms)
}
