//! Delivery rate: how many of those we tried to tell have it on their phone.

use super::figure::{Definition, Goal, Rate};
use super::sample::Sample;

/// Changes when the meaning changes.
pub const DEFINITION_VERSION: u16 = 1;

/// What the figure means.
pub const DEFINITION: Definition = Definition {
    name: "delivery_rate",
    version: DEFINITION_VERSION,
    text: "recipients with evidence of delivery (delivered or anything above) ÷ recipients with \
           at least one attempt accepted or failed",
};

/// In percent.
const TARGET: u8 = 95;

/// Evidence of delivery ÷ an attempt accepted or failed.
pub fn delivery_rate(sample: &Sample) -> Rate {
    Rate { part: sample.delivered, whole: sample.attempted }
}

/// At least 95 %.
pub fn goal(rate: Rate) -> Goal {
    Goal::at_least(TARGET, rate)
}
