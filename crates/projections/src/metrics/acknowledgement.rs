//! Acknowledgement rate: who said "I got it" in time.

use super::figure::{Definition, Goal, Rate};
use super::sample::Sample;

/// Changes when the meaning changes.
pub const DEFINITION_VERSION: u16 = 1;

/// What the figure means.
pub const DEFINITION: Definition = Definition {
    name: "acknowledgement_rate",
    version: DEFINITION_VERSION,
    text: "recipients who acknowledged within N minutes of sent (else accepted, else the first \
           evidence of delivery) ÷ recipients asked: those whose message the provider took, in \
           broadcasts whose template offers an acknowledging button",
};

/// In percent.
const TARGET: u8 = 95;

/// Acknowledged no later than `within_ms` ÷ asked.
pub fn acknowledgement_rate(sample: &Sample, within_ms: u32) -> Rate {
    let in_time = sample.acknowledged_ms.iter().filter(|&&after_ms| after_ms <= within_ms);
    Rate { part: in_time.count() as u64, whole: sample.asked }
}

/// At least 95 %.
pub fn goal(rate: Rate) -> Goal {
    Goal::at_least(TARGET, rate)
}
