//! Response time: how long people take to answer.

use super::figure::{Definition, Goal, Percentiles};
use super::sample::Sample;

/// Changes when the meaning changes.
pub const DEFINITION_VERSION: u16 = 1;

/// What the figure means.
pub const DEFINITION: Definition = Definition {
    name: "response_time",
    version: DEFINITION_VERSION,
    text: "from the first evidence of delivery (else sent, else accepted) to the first answer; \
           an answer that seems to come before it, by a clock, counts as 0",
};

/// Five minutes.
const TARGET_MS: u32 = 5 * 60 * 1_000;

/// Median, p90 and p99 over those who answered.
pub fn response_time(sample: &mut Sample) -> Option<Percentiles> {
    Percentiles::of(&mut sample.response_ms)
}

/// A median below 5 minutes.
pub fn goal(durations: Option<Percentiles>) -> Goal {
    Goal::median_below(TARGET_MS, durations)
}
