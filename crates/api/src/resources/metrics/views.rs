//! How figures are shown: each with its definition, its target and the position it was computed at.

use std::collections::BTreeMap;

use fanal_engine::query::Looked;
use fanal_projections::metrics as theirs;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Shown;
use crate::resources::failures::FailureReason;
use crate::resources::incidents::AsOf;
use crate::words::{Category, Status, SuppressionReason};

/// All figures of one broadcast, one incident, or everything.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metrics {
    /// How many broadcasts are in it.
    broadcasts: u32,
    /// How many people were to be told.
    recipients: u64,
    /// How many stand where now, by status.
    statuses: BTreeMap<Status, u64>,
    /// How many are not told, by reason.
    suppressed: BTreeMap<SuppressionReason, u64>,
    /// Recipients with evidence of delivery ÷ recipients with an attempt accepted or failed.
    delivery_rate: Figure<Rate>,
    /// Recipients who opened it ÷ recipients with evidence of delivery.
    read_rate: Figure<Rate>,
    /// Recipients who answered or pressed a button ÷ recipients with evidence of delivery.
    engagement_rate: Figure<Rate>,
    /// From the first evidence of delivery to the first answer.
    response_time: Figure<Option<Percentiles>>,
    /// How long people had to acknowledge, for the rate after it.
    acknowledge_within_ms: u32,
    /// Acknowledged in time ÷ recipients asked.
    acknowledgement_rate: Figure<Rate>,
    /// From launch to evidence of delivery.
    time_to_reach: Figure<Option<Percentiles>>,
    /// Failed recipients by reason ÷ recipients with an attempt accepted or failed.
    failure_rate: Figure<Vec<FailureShare>>,
    /// What the messages cost, by list price.
    cost: Figure<Cost>,
    /// Answers × the declared cost of one call.
    cost_avoided: Figure<CostAvoided>,
    /// How many events the log had more than what was counted.
    events_behind: u64,
}

/// A value, what it means, and how far the log had been read.
#[derive(Debug, Serialize, ToSchema)]
struct Figure<T> {
    /// The value.
    value: T,
    /// What it should be, and whether it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    goal: Option<Goal>,
    /// What it means.
    definition: Definition,
    /// How far the log had been read.
    as_of: AsOf,
}

/// What a figure means. A changed meaning gets the next version.
#[derive(Debug, Serialize, ToSchema)]
struct Definition {
    /// The stable name.
    name: String,
    /// From 1.
    version: u16,
    /// The meaning in one sentence.
    text: String,
}

/// A target, and whether it is met.
#[derive(Debug, Serialize, ToSchema)]
struct Goal {
    /// At least this share, between 0 and 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    at_least: Option<f64>,
    /// A median below this many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    median_below_ms: Option<u32>,
    /// Whether it is met.
    verdict: Verdict,
}

/// Whether a figure is what it should be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// There is nothing to judge yet.
    NotApplicable,
}

/// A part of a whole.
#[derive(Debug, Serialize, ToSchema)]
struct Rate {
    /// How many.
    part: u64,
    /// Out of how many.
    whole: u64,
    /// Part ÷ whole; null if there is nothing to compare with.
    share: Option<f64>,
}

/// The middle and the tail of many durations.
#[derive(Debug, Serialize, ToSchema)]
struct Percentiles {
    /// How many durations.
    count: u64,
    /// Half take no longer.
    p50_ms: u32,
    /// Nine in ten take no longer.
    p90_ms: u32,
    /// Ninety-nine in a hundred take no longer.
    p99_ms: u32,
}

/// One reason and its share.
#[derive(Debug, Serialize, ToSchema)]
struct FailureShare {
    /// Why; null if time simply ran out.
    failure: Option<FailureReason>,
    /// How many of those attempted.
    rate: Rate,
}

/// What messages cost, by list price: not an invoice. In millionths of a US dollar.
#[derive(Debug, Serialize, ToSchema)]
struct Cost {
    /// All lines together.
    usd_micros: u64,
    /// By category, then market.
    lines: Vec<CostLine>,
    /// The rate cards it rests on.
    cards: Vec<String>,
    /// Delivered and not known to be free, without a price.
    unpriced: u64,
}

/// What messages of one category in one market cost.
#[derive(Debug, Serialize, ToSchema)]
struct CostLine {
    /// The class they are charged in.
    category: Category,
    /// The provider's market.
    market: String,
    /// Charged, as a receipt says.
    told: u64,
    /// Charged, as no receipt told anything.
    assumed: u64,
    /// Free, as a receipt says.
    free: u64,
    /// In millionths of a US dollar.
    usd_micros: u64,
}

/// What the calls would have cost that people did not have to make.
#[derive(Debug, Serialize, ToSchema)]
struct CostAvoided {
    /// How many answers.
    answers: u64,
    /// The declared cost of one call, in millionths of a US dollar.
    per_call_usd_micros: u64,
    /// In millionths of a US dollar.
    usd_micros: u64,
}

impl Metrics {
    /// The figures of a look, if there was something to look at.
    pub(crate) fn shown(looked: Looked<Option<theirs::Report>>) -> Option<Shown<Self>> {
        let Looked { value, position, events_behind } = looked;
        let body = Self::of(value?, events_behind);
        Some(Shown { body, version: None, position })
    }

    /// The figures of a report, and how far behind the log they are.
    pub(super) fn of(report: theirs::Report, events_behind: u64) -> Self {
        let statuses = report.statuses.into_iter();
        let suppressed = report.suppressed.into_iter();
        Self {
            broadcasts: report.broadcasts,
            recipients: report.recipients,
            statuses: statuses.map(|(status, count)| (status.into(), count)).collect(),
            suppressed: suppressed.map(|(reason, count)| (reason.into(), count)).collect(),
            delivery_rate: figure(report.delivery_rate, Into::into),
            read_rate: figure(report.read_rate, Into::into),
            engagement_rate: figure(report.engagement_rate, Into::into),
            response_time: figure(report.response_time, |value| value.map(Into::into)),
            acknowledge_within_ms: report.acknowledge_within_ms,
            acknowledgement_rate: figure(report.acknowledgement_rate, Into::into),
            time_to_reach: figure(report.time_to_reach, |value| value.map(Into::into)),
            failure_rate: figure(report.failure_rate, |shares| {
                shares.into_iter().map(Into::into).collect()
            }),
            cost: figure(report.cost, Into::into),
            cost_avoided: figure(report.cost_avoided, Into::into),
            events_behind,
        }
    }
}

fn figure<T, U>(figure: theirs::Figure<T>, value: impl FnOnce(T) -> U) -> Figure<U> {
    let theirs::Definition { name, version, text } = figure.definition;
    Figure {
        value: value(figure.value),
        goal: figure.goal.map(Into::into),
        definition: Definition { name: name.to_owned(), version, text: text.to_owned() },
        as_of: figure.as_of.into(),
    }
}

impl From<theirs::Goal> for Goal {
    fn from(goal: theirs::Goal) -> Self {
        let (at_least, median_below_ms) = match goal.target {
            theirs::Target::AtLeastPercent(percent) => (Some(f64::from(percent) / 100.0), None),
            theirs::Target::MedianBelowMs(ms) => (None, Some(ms)),
        };
        let verdict = match goal.verdict {
            theirs::Verdict::Met => Verdict::Met,
            theirs::Verdict::NotMet => Verdict::NotMet,
            theirs::Verdict::NotApplicable => Verdict::NotApplicable,
        };
        Self { at_least, median_below_ms, verdict }
    }
}

impl From<theirs::Rate> for Rate {
    fn from(rate: theirs::Rate) -> Self {
        Self { part: rate.part, whole: rate.whole, share: rate.value() }
    }
}

impl From<theirs::Percentiles> for Percentiles {
    fn from(one: theirs::Percentiles) -> Self {
        let theirs::Percentiles { count, p50_ms, p90_ms, p99_ms } = one;
        Self { count, p50_ms, p90_ms, p99_ms }
    }
}

impl From<theirs::failure::FailureShare> for FailureShare {
    fn from(share: theirs::failure::FailureShare) -> Self {
        Self { failure: share.failure.map(Into::into), rate: share.rate.into() }
    }
}

impl From<theirs::cost::Cost> for Cost {
    fn from(cost: theirs::cost::Cost) -> Self {
        let line = |line: theirs::cost::CostLine| CostLine {
            category: line.category.into(),
            market: line.market.to_string(),
            told: line.told,
            assumed: line.assumed,
            free: line.free,
            usd_micros: line.micros,
        };
        Self {
            usd_micros: cost.micros,
            lines: cost.lines.into_iter().map(line).collect(),
            cards: cost.cards.iter().map(ToString::to_string).collect(),
            unpriced: cost.unpriced,
        }
    }
}

impl From<theirs::cost::CostAvoided> for CostAvoided {
    fn from(cost: theirs::cost::CostAvoided) -> Self {
        let theirs::cost::CostAvoided { answers, per_call_micros, micros } = cost;
        Self { answers, per_call_usd_micros: per_call_micros, usd_micros: micros }
    }
}
