//! Failure rate by reason: why messages did not arrive.

use fanal_domain::ladder::Failure;
use serde::Serialize;

use super::figure::{Definition, Rate};
use super::sample::Sample;

/// Changes when the meaning changes.
pub const DEFINITION_VERSION: u16 = 1;

/// What the figure means.
pub const DEFINITION: Definition = Definition {
    name: "failure_rate",
    version: DEFINITION_VERSION,
    text: "recipients who stand at failed, by class and provider's code ÷ recipients with at \
           least one attempt accepted or failed",
};

/// One reason and its share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailureShare {
    /// Why; `None` if nobody told us and time simply ran out.
    pub failure: Option<Failure>,
    /// How many of those attempted.
    pub rate: Rate,
}

/// Every reason, the commonest first.
pub fn failure_rate(sample: &Sample) -> Vec<FailureShare> {
    let share = |(failure, &part): (&Option<Failure>, &u64)| FailureShare {
        failure: failure.clone(),
        rate: Rate { part, whole: sample.attempted },
    };
    let mut shares: Vec<_> = sample.failures.iter().map(share).collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.rate.part));
    shares
}
