//! All figures of one broadcast, one incident, or everything, at one position of the log.

use std::collections::BTreeMap;

use fanal_domain::ladder::{Status, SuppressionReason};
use serde::Serialize;

use super::cost::{Cost, CostAvoided, cost, cost_avoided};
use super::failure::{FailureShare, failure_rate};
use super::figure::{AsOf, Definition, Figure, Goal, Percentiles, Rate};
use super::sample::Sample;
use super::{acknowledgement, delivery, engagement, failure, reach, response};

/// What an installation declares about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yardstick {
    /// What answering one call costs, in micro-dollars.
    pub call_micros: u64,
    /// How long people have to acknowledge.
    pub acknowledge_within_ms: u32,
}

impl Default for Yardstick {
    /// 1.50 USD, and 5 minutes.
    fn default() -> Self {
        Self { call_micros: 1_500_000, acknowledge_within_ms: 5 * 60 * 1_000 }
    }
}

/// All figures together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many broadcasts are in it.
    pub broadcasts: u32,
    /// How many people were to be told.
    pub recipients: u64,
    /// Where they and the suppressed stand now; only where somebody does.
    pub statuses: BTreeMap<Status, u64>,
    /// Why people are not told.
    pub suppressed: BTreeMap<SuppressionReason, u64>,
    pub delivery_rate: Figure<Rate>,
    pub read_rate: Figure<Rate>,
    pub engagement_rate: Figure<Rate>,
    pub response_time: Figure<Option<Percentiles>>,
    /// How long people had to acknowledge, for the rate after it.
    pub acknowledge_within_ms: u32,
    pub acknowledgement_rate: Figure<Rate>,
    pub time_to_reach: Figure<Option<Percentiles>>,
    pub failure_rate: Figure<Vec<FailureShare>>,
    pub cost: Figure<Cost>,
    pub cost_avoided: Figure<CostAvoided>,
}

impl Report {
    /// Computes every figure.
    pub fn of(mut sample: Sample, as_of: AsOf, yardstick: Yardstick) -> Self {
        let page = Page { as_of };
        let within_ms = yardstick.acknowledge_within_ms;
        let delivered = delivery::delivery_rate(&sample);
        let engaged = engagement::engagement_rate(&sample);
        let acknowledged = acknowledgement::acknowledgement_rate(&sample, within_ms);
        let answered_after = response::response_time(&mut sample);
        Self {
            broadcasts: sample.broadcasts,
            recipients: sample.recipients,
            delivery_rate: page.judged(delivery::DEFINITION, delivered, delivery::goal(delivered)),
            read_rate: page.plain(engagement::READ_DEFINITION, engagement::read_rate(&sample)),
            engagement_rate: page.judged(
                engagement::DEFINITION,
                engaged,
                engagement::goal(engaged),
            ),
            response_time: page.judged(
                response::DEFINITION,
                answered_after,
                response::goal(answered_after),
            ),
            acknowledge_within_ms: within_ms,
            acknowledgement_rate: page.judged(
                acknowledgement::DEFINITION,
                acknowledged,
                acknowledgement::goal(acknowledged),
            ),
            time_to_reach: page.plain(reach::DEFINITION, reach::time_to_reach(&mut sample)),
            failure_rate: page.plain(failure::DEFINITION, failure_rate(&sample)),
            cost: page.plain(super::cost::DEFINITION, cost(&sample)),
            cost_avoided: page.plain(
                super::cost::AVOIDED_DEFINITION,
                cost_avoided(&sample, yardstick.call_micros),
            ),
            statuses: sample.statuses,
            suppressed: sample.suppressed,
        }
    }
}

/// Where the log stands for all figures of a report.
struct Page {
    as_of: AsOf,
}

impl Page {
    fn plain<T>(&self, definition: Definition, value: T) -> Figure<T> {
        Figure { definition, as_of: self.as_of, value, goal: None }
    }

    fn judged<T>(&self, definition: Definition, value: T, goal: Goal) -> Figure<T> {
        Figure { definition, as_of: self.as_of, value, goal: Some(goal) }
    }
}
