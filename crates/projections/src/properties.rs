//! What holds for every history, however strange.

use std::collections::BTreeMap;

use fanal_domain::broadcast::*;
use fanal_domain::ladder::SuppressionReason;
use fanal_domain::template::{AnswerKind, Category};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use crate::broadcast::{BroadcastView, Person};
use crate::cost::{RateBook, RateCard};
use crate::metrics::{AsOf, Rate, Report, Terms, Yardstick};
use crate::testing::{BROADCAST, INCIDENT, Log, at, failure};
use crate::world::World;

const PEOPLE: u32 = 9;

/// Something that may happen to a launched broadcast, in any order.
#[derive(Debug, Clone)]
enum Act {
    Started(Vec<u32>),
    Accepted(i64, Vec<u32>),
    Refused(i64, u32, u32),
    Deferred(Vec<u32>),
    InDoubt(Vec<u32>),
    Withheld(u32),
    Expired(Vec<u32>),
    Requeued(Vec<u32>),
    Receipt(ReceiptGroup),
    Answer(AnswerKind, i64, u32),
    Settled(Vec<u32>, Vec<u32>),
    Cancelled(i64),
    Completed(i64),
}

fn people() -> impl Strategy<Value = Vec<u32>> {
    // One index more than there are people.
    subsequence((0..=PEOPLE).collect::<Vec<_>>(), 0..=4)
}

fn time() -> impl Strategy<Value = i64> {
    -2_000..900_000_i64
}

fn pricing() -> impl Strategy<Value = Option<Pricing>> {
    let category = select(vec![Category::Utility, Category::Service]);
    prop::option::of((any::<bool>(), category))
        .prop_map(|told| told.map(|(billable, category)| Pricing { billable, category }))
}

fn receipt() -> impl Strategy<Value = ReceiptGroup> {
    use ReceiptStatus::*;
    let status = select(vec![Sent, Delivered, Read, Played, Failed]);
    let why = prop::option::of(select(vec![131_026, 470]));
    (status, time(), people(), why, pricing()).prop_map(
        |(status, at_ms, recipients, why, pricing)| {
            let failure = why.filter(|_| status == Failed).map(failure);
            ReceiptGroup { status, at: at(at_ms), recipients, failure, pricing }
        },
    )
}

fn answer() -> impl Strategy<Value = Act> {
    use AnswerKind::*;
    (select(vec![Received, Safe, NeedHelp, Other]), time(), 0..=PEOPLE)
        .prop_map(|(kind, at_ms, who)| Act::Answer(kind, at_ms, who))
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => people().prop_map(Act::Started),
        3 => (time(), people()).prop_map(|(at_ms, people)| Act::Accepted(at_ms, people)),
        1 => (time(), 0..=PEOPLE, 1..3_u32).prop_map(|(at_ms, who, code)| Act::Refused(at_ms, who, code)),
        1 => people().prop_map(Act::Deferred),
        1 => people().prop_map(Act::InDoubt),
        1 => (0..=PEOPLE).prop_map(Act::Withheld),
        1 => people().prop_map(Act::Expired),
        1 => people().prop_map(Act::Requeued),
        6 => receipt().prop_map(Act::Receipt),
        4 => answer(),
        1 => (people(), people()).prop_map(|(failed, left)| Act::Settled(failed, left)),
        1 => time().prop_map(Act::Cancelled),
        1 => time().prop_map(Act::Completed),
    ]
}

fn play(log: Log, act: Act) -> Log {
    match act {
        Act::Started(people) => log.started(&people),
        Act::Accepted(at_ms, people) => log.accepted(at_ms, &people),
        Act::Refused(at_ms, who, code) => log.refused(at_ms, who, code),
        Act::Deferred(people) => {
            let defer = |recipient| RefusedSend { recipient, failure: failure(130_429) };
            let deferred = people.into_iter().map(defer).collect();
            log.work(0, SendsRecorded { deferred, ..SendsRecorded::default() })
        }
        Act::InDoubt(people) => log.in_doubt(&people),
        Act::Withheld(who) => log.withheld(who, SuppressionReason::OptedOut),
        Act::Expired(recipients) => log.work(0, SendsExpired { recipients }),
        Act::Requeued(recipients) => log.work(0, UnknownsRequeued { recipients }),
        Act::Receipt(group) => log.receipt_of(group),
        Act::Answer(kind, at_ms, who) => log.answer(kind, at_ms, who),
        Act::Settled(undelivered, left_unknown) => log.settled(&undelivered, &left_unknown),
        Act::Cancelled(at_ms) => log.cancelled(at_ms),
        Act::Completed(at_ms) => log.completed(at_ms),
    }
}

fn history() -> impl Strategy<Value = Log> {
    prop::collection::vec(act(), 0..40)
        .prop_map(|acts| acts.into_iter().fold(Log::launched(PEOPLE), play))
}

fn everybody(view: &BroadcastView) -> Vec<Person> {
    (0..view.recipients()).filter_map(|index| view.recipient(index)).collect()
}

/// What is left of people when the places of their answers in the log do not matter.
fn without_positions(view: &BroadcastView) -> Vec<Person> {
    let mut people = everybody(view);
    for recipient in people.iter_mut().filter_map(|person| person.recipient.as_mut()) {
        recipient.answers.iter_mut().for_each(|answer| answer.position = 0);
        recipient.answers.sort_by_key(|answer| (answer.at, answer.kind, answer.late));
        recipient.answers.dedup();
    }
    people
}

fn report(view: &BroadcastView) -> Report {
    let terms = Terms { card: &RateCard::builtin(), category: Some(Category::Utility), asks: true };
    Report::of(view.sample(&terms), AsOf::default(), Yardstick::default())
}

proptest! {
    #[test]
    fn replay_from_zero_gives_the_live_view(log in history(), cut in any::<Index>()) {
        let mut live = World::default();
        let cut = cut.index(log.events.len());
        log.seen().take(cut).for_each(|seen| live.apply(&seen));
        let mut resumed = live.clone();
        log.seen().skip(cut).for_each(|seen| resumed.apply(&seen));
        prop_assert_eq!(&resumed, &log.world());
        let until = log.incident_until(cut as u64);
        if let Some(incident) = live.incident(INCIDENT) {
            prop_assert_eq!(incident, &until);
        }
    }

    #[test]
    fn events_that_were_seen_change_nothing(log in history(), back in prop::collection::vec(any::<Index>(), 1..8)) {
        let mut world = World::default();
        let mut back = back.into_iter().cycle();
        for seen in log.seen() {
            world.apply(&seen);
            let again = usize::try_from(seen.position).unwrap();
            let from = back.next().map_or(0, |index| index.index(again));
            log.seen().take(again).skip(from).for_each(|seen| world.apply(&seen));
        }
        prop_assert_eq!(world, log.world());
    }

    #[test]
    fn receipts_and_answers_may_come_in_any_order_and_twice(
        acts in prop::collection::vec(act(), 0..12),
        back in prop::collection::vec(prop_oneof![receipt().prop_map(Act::Receipt), answer()], 0..16),
        order in prop::collection::vec(any::<Index>(), 0..32),
    ) {
        let base = acts.into_iter().fold(Log::launched(PEOPLE), play);
        let straight = back.iter().cloned().fold(base.clone(), play);
        let shuffled: Vec<Act> = if back.is_empty() { Vec::new() } else {
            let twice = order.iter().map(|index| index.get(&back).clone());
            twice.chain(back.iter().rev().cloned()).collect()
        };
        let shuffled = shuffled.into_iter().fold(base, play);
        prop_assert_eq!(without_positions(&straight.view()), without_positions(&shuffled.view()));
        prop_assert_eq!(straight.view().tally().statuses, shuffled.view().tally().statuses);
    }

    #[test]
    fn counters_are_what_a_recount_gives(log in history()) {
        let mut world = World::default();
        for seen in log.seen() {
            world.apply(&seen);
            prop_assert!(world.broadcast(BROADCAST).is_none_or(BroadcastView::counts_right));
        }
        let view = log.view();
        let mut statuses = BTreeMap::new();
        for person in everybody(&view) {
            *statuses.entry(person.status).or_insert(0) += 1;
        }
        prop_assert_eq!(view.tally().statuses, statuses);
    }

    #[test]
    fn metrics_stay_within_their_bounds(log in history()) {
        let report = report(&log.view());
        let rates = [
            report.delivery_rate.value,
            report.read_rate.value,
            report.engagement_rate.value,
            report.acknowledgement_rate.value,
        ];
        let shares = report.failure_rate.value.iter().map(|share| share.rate);
        for Rate { part, whole } in rates.into_iter().chain(shares) {
            prop_assert!(part <= whole && whole <= u64::from(PEOPLE), "{part}/{whole}");
        }
        for durations in [report.response_time.value, report.time_to_reach.value] {
            prop_assert!(durations.is_none_or(|one| one.p50_ms <= one.p90_ms && one.p90_ms <= one.p99_ms));
        }
        let cost = report.cost.value;
        let lines = cost.lines.iter().map(|line| line.told + line.assumed + line.free);
        prop_assert_eq!(lines.sum::<u64>() + cost.unpriced, report.delivery_rate.value.part);
        prop_assert_eq!(report.statuses.values().sum::<u64>(), u64::from(PEOPLE));
    }

    #[test]
    fn the_timeline_only_grows(log in history()) {
        let mut world = World::default();
        let mut told = 0;
        for seen in log.seen() {
            world.apply(&seen);
            let entries = world.incident(INCIDENT).map_or(&[][..], |view| view.timeline().entries());
            prop_assert!(entries[told..].iter().all(|entry| entry.position == seen.position));
            told = entries.len();
        }
    }

    #[test]
    fn an_incident_report_of_one_broadcast_is_that_broadcasts(log in history()) {
        let (world, book, yardstick) = (log.world(), RateBook::default(), Yardstick::default());
        prop_assert_eq!(
            world.incident_report(INCIDENT, &book, yardstick),
            world.broadcast_report(BROADCAST, &book, yardstick)
        );
    }
}
