//! Engagement rate and read rate: what people did with a message that reached them.

use super::figure::{Definition, Goal, Rate};
use super::sample::Sample;

/// Changes when the meaning of either changes.
pub const DEFINITION_VERSION: u16 = 1;

/// What the engagement rate means.
pub const DEFINITION: Definition = Definition {
    name: "engagement_rate",
    version: DEFINITION_VERSION,
    text: "recipients who answered or pressed a button ÷ recipients with evidence of delivery",
};

/// What the read rate means.
pub const READ_DEFINITION: Definition = Definition {
    name: "read_rate",
    version: DEFINITION_VERSION,
    text: "recipients with evidence of reading (read, played, answered or acknowledged) ÷ \
           recipients with evidence of delivery; people may switch read receipts off",
};

/// In percent.
const TARGET: u8 = 30;

/// Answered ÷ evidence of delivery.
pub fn engagement_rate(sample: &Sample) -> Rate {
    Rate { part: sample.answered, whole: sample.delivered }
}

/// Evidence of reading ÷ evidence of delivery.
pub fn read_rate(sample: &Sample) -> Rate {
    Rate { part: sample.read, whole: sample.delivered }
}

/// At least 30 % engagement.
pub fn goal(rate: Rate) -> Goal {
    Goal::at_least(TARGET, rate)
}
