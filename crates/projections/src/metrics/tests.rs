//! Every metric against numbers computed by hand, at nothing at all, and added up.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use fanal_domain::broadcast::{Pricing, ReceiptGroup, ReceiptStatus};
use fanal_domain::incident::Mode;
use fanal_domain::ladder::Status;
use fanal_domain::template::{AnswerKind, Category};

use super::cost::CostLine;
use super::failure::FailureShare;
use super::figure::Goal;
use super::*;
use crate::cost::RateCard;
use crate::testing::{BROADCAST, Log, at, failure};

/// Eight people; even ones in France, odd ones in the United Kingdom.
///
/// 0 delivered, read, acknowledged; charged as told. 1 delivered. 2 acknowledged without a
/// delivery receipt. 3 failed after the provider took it. 4 refused. 5 in doubt. 6 waits.
/// 7 delivered free of charge, answered late and in other words.
fn log() -> Log {
    let delivered_as = |at_ms, index, billable, category| ReceiptGroup {
        status: ReceiptStatus::Delivered,
        at: at(at_ms),
        recipients: vec![index],
        failure: None,
        pricing: Some(Pricing { billable, category }),
    };
    Log::launched(8)
        .started(&[0, 1, 2, 3, 4, 5, 7])
        .accepted(100, &[0, 1, 2, 3, 7])
        .refused(300, 4, 470)
        .in_doubt(&[5])
        .receipt(ReceiptStatus::Sent, 1_000, &[0, 1, 2])
        .receipt_of(delivered_as(2_000, 0, true, Category::Utility))
        .receipt(ReceiptStatus::Read, 3_000, &[0])
        .receipt(ReceiptStatus::Delivered, 4_000, &[1])
        .receipt(ReceiptStatus::Failed, 5_000, &[3])
        .receipt_of(delivered_as(6_000, 7, false, Category::Service))
        .answer(AnswerKind::Safe, 62_000, 0)
        .answer(AnswerKind::Received, 301_000, 2)
        .answer(AnswerKind::Other, 606_000, 7)
}

fn sample(log: &Log, category: Option<Category>, asks: bool) -> Sample {
    log.view().sample(&Terms { card: &RateCard::builtin(), category, asks })
}

fn report(log: &Log) -> Report {
    let as_of = AsOf { position: 17, at: Some(at(700_000)) };
    Report::of(sample(log, Some(Category::Utility), true), as_of, Yardstick::default())
}

#[track_caller]
fn check<T: PartialEq + std::fmt::Debug>(
    figure: &Figure<T>,
    name: &str,
    value: &T,
    verdict: Option<Verdict>,
) {
    assert_eq!(&figure.value, value);
    assert_eq!(figure.goal.map(|goal| goal.verdict), verdict);
    assert_eq!((figure.definition.name, figure.definition.version), (name, 1));
    assert_eq!(figure.as_of, AsOf { position: 17, at: Some(at(700_000)) });
}

#[test]
fn rates_are_as_computed_by_hand() {
    let report = report(&log());
    let rate = |part, whole| Rate { part, whole };
    check(&report.delivery_rate, "delivery_rate", &rate(4, 6), Some(Verdict::NotMet));
    check(&report.read_rate, "read_rate", &rate(3, 4), None);
    check(&report.engagement_rate, "engagement_rate", &rate(3, 4), Some(Verdict::Met));
    let acknowledged = &report.acknowledgement_rate;
    check(acknowledged, "acknowledgement_rate", &rate(2, 5), Some(Verdict::NotMet));
    let share = |code| FailureShare { failure: Some(failure(code)), rate: rate(1, 6) };
    check(&report.failure_rate, "failure_rate", &vec![share(470), share(131_026)], None);
    assert_eq!(
        report.statuses,
        [
            (Status::Queued, 1),
            (Status::Delivered, 1),
            (Status::Answered, 1),
            (Status::Acknowledged, 2),
            (Status::Failed, 2),
            (Status::Unknown, 1)
        ]
        .into()
    );
}

#[test]
fn durations_are_as_computed_by_hand() {
    let report = report(&log());
    let of = |count, p50_ms, p90_ms, p99_ms| Some(Percentiles { count, p50_ms, p90_ms, p99_ms });
    // 60 s after delivery, 300 s after sent, 600 s after delivery.
    let answered = of(3, 300_000, 600_000, 600_000);
    check(&report.response_time, "response_time", &answered, Some(Verdict::NotMet));
    let reached = of(4, 4_000, 301_000, 301_000);
    check(&report.time_to_reach, "time_to_reach", &reached, None);
}

#[test]
fn cost_is_as_computed_by_hand_and_says_how_it_was_decided() {
    let report = report(&log());
    let line = |category, market, told, assumed, free, micros| CostLine {
        category,
        market: Arc::from(market),
        told,
        assumed,
        free,
        micros,
    };
    let expected = cost::Cost {
        micros: 82_000,
        lines: vec![
            line(Category::Utility, "FR", 1, 1, 0, 60_000),
            line(Category::Utility, "GB", 0, 1, 0, 22_000),
            line(Category::Service, "GB", 0, 0, 1, 0),
        ],
        cards: [Arc::from("list-2026-10-01")].into(),
        unpriced: 0,
    };
    check(&report.cost, "cost", &expected, None);
    let avoided = cost::CostAvoided { answers: 3, per_call_micros: 1_500_000, micros: 4_500_000 };
    check(&report.cost_avoided, "cost_avoided", &avoided, None);
}

#[test]
fn a_message_of_unknown_category_is_listed_as_unpriced() {
    let cost = cost::cost(&sample(&log(), None, true));
    assert_eq!((cost.micros, cost.unpriced), (30_000, 2));
}

#[test]
fn nobody_was_asked_where_the_template_does_not_ask() {
    let sample = sample(&log(), None, false);
    let rate = acknowledgement::acknowledgement_rate(&sample, 300_000);
    assert_eq!(rate, Rate { part: 0, whole: 0 });
    assert_eq!(acknowledgement::goal(rate).verdict, Verdict::NotApplicable);
}

#[test]
fn in_time_depends_on_the_time_given() {
    let sample = sample(&log(), None, true);
    for (within_ms, part) in [(60_999, 0), (61_000, 1), (299_999, 1), (300_000, 2)] {
        let rate = acknowledgement::acknowledgement_rate(&sample, within_ms);
        assert_eq!(rate, Rate { part, whole: 5 }, "{within_ms}");
    }
}

#[test]
fn nothing_to_judge_is_not_applicable() {
    let nothing = Log::opened(Mode::Live).drafted(BROADCAST);
    let waiting = Log::launched(3);
    for log in [nothing, waiting] {
        let report = report(&log);
        let none = Rate::default();
        let not_applicable = Some(Verdict::NotApplicable);
        check(&report.delivery_rate, "delivery_rate", &none, not_applicable);
        check(&report.read_rate, "read_rate", &none, None);
        check(&report.engagement_rate, "engagement_rate", &none, not_applicable);
        check(&report.acknowledgement_rate, "acknowledgement_rate", &none, not_applicable);
        check(&report.response_time, "response_time", &None, not_applicable);
        check(&report.time_to_reach, "time_to_reach", &None, None);
        check(&report.failure_rate, "failure_rate", &Vec::new(), None);
        check(&report.cost, "cost", &cost::Cost::default(), None);
        assert_eq!(report.cost_avoided.value.micros, 0);
        assert_eq!(none.value(), None);
    }
}

#[test]
fn samples_add_up() {
    let one = sample(&log(), Some(Category::Utility), true);
    let other = sample(&Log::launched(2).started(&[0]).accepted(1, &[0]), None, true);
    let mut sum = one.clone();
    sum.add(other);
    sum.add(Sample::default());
    assert_eq!((sum.broadcasts, sum.recipients), (2, 10));
    assert_eq!(delivery::delivery_rate(&sum), Rate { part: 4, whole: 7 });
    assert_eq!(sum.statuses[&Status::Queued], 2);
    assert_eq!(cost::cost(&sum), cost::cost(&one));
}

#[test]
fn percentiles_go_by_nearest_rank() {
    let of = |mut durations: Vec<u32>| Percentiles::of(&mut durations);
    assert_eq!(of(vec![]), None);
    for (durations, p50_ms, p90_ms, p99_ms) in [
        (vec![7], 7, 7, 7),
        (vec![2, 1], 1, 2, 2),
        ((1..=10).rev().collect(), 5, 9, 10),
        ((1..=100).rev().collect(), 50, 90, 99),
        ((0..1_000).collect(), 499, 899, 989),
    ] {
        let count = durations.len() as u64;
        assert_eq!(of(durations), Some(Percentiles { count, p50_ms, p90_ms, p99_ms }));
    }
}

#[test]
fn a_target_is_met_exactly_at_its_mark() {
    for (part, whole, verdict) in [
        (95, 100, Verdict::Met),
        (949, 1_000, Verdict::NotMet),
        (u64::MAX, u64::MAX, Verdict::Met),
        (0, 0, Verdict::NotApplicable),
    ] {
        assert_eq!(Goal::at_least(95, Rate { part, whole }).verdict, verdict, "{part}/{whole}");
    }
    let median = |p50_ms| Some(Percentiles { count: 1, p50_ms, p90_ms: p50_ms, p99_ms: p50_ms });
    assert_eq!(response::goal(median(299_999)).verdict, Verdict::Met);
    assert_eq!(response::goal(median(300_000)).verdict, Verdict::NotMet);
}

/// The rows of `docs/metrics.md`: name, version, meaning.
fn documented() -> Vec<(String, u16, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let text = fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let name = cells[1].trim_matches('`').to_owned();
        (name, cells[2].parse().unwrap(), cells[3].to_owned())
    };
    text.lines().filter(|line| line.starts_with("| `")).map(row).collect()
}

#[test]
fn the_definitions_in_the_documents_are_those_of_the_code() {
    let definitions = [
        delivery::DEFINITION,
        engagement::READ_DEFINITION,
        engagement::DEFINITION,
        response::DEFINITION,
        acknowledgement::DEFINITION,
        reach::DEFINITION,
        failure::DEFINITION,
        cost::DEFINITION,
        cost::AVOIDED_DEFINITION,
    ];
    let row = |one: Definition| (one.name.to_owned(), one.version, one.text.to_owned());
    assert_eq!(documented(), definitions.map(row));
}
