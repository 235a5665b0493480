//! Facts about a recipient, in every order.

use chrono::DateTime;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::ladder::Status;

#[derive(Debug, Clone)]
enum Fact {
    Receipt(ReceiptStatus, SinceLaunch, Option<Failure>, Option<Pricing>),
    Answer(AnswerKind, SinceLaunch, bool),
}

fn at(millis: u32) -> SinceLaunch {
    SinceLaunch::from_millis(millis)
}

fn failure(code: u32) -> Failure {
    Failure { class: FailureClass::Refused, code }
}

fn after(facts: &[Fact]) -> Recipient {
    let mut recipient = launched();
    for fact in facts {
        apply(&mut recipient, fact);
    }
    recipient
}

fn launched() -> Recipient {
    let mut recipient = Recipient::default();
    recipient.apply_queued();
    recipient
}

fn apply(recipient: &mut Recipient, fact: &Fact) {
    match fact {
        Fact::Receipt(status, at, failure, pricing) => {
            recipient.apply_receipt(*status, *at, failure.as_ref(), pricing.as_ref());
        }
        Fact::Answer(kind, at, late) => recipient.apply_answer(*kind, *at, *late),
    }
}

fn receipt(status: ReceiptStatus, millis: u32) -> Fact {
    let failure = (status == ReceiptStatus::Failed).then(|| failure(131_026));
    Fact::Receipt(status, at(millis), failure, None)
}

/// How far up a status stands for what comes back.
fn height(status: Status) -> usize {
    [
        Status::Eligible,
        Status::Queued,
        Status::Started,
        Status::Unknown,
        Status::Accepted,
        Status::Sent,
        Status::Expired,
        Status::Cancelled,
        Status::Suppressed,
        Status::Failed,
        Status::Delivered,
        Status::Read,
        Status::Answered,
        Status::Acknowledged,
    ]
    .iter()
    .position(|one| *one == status)
    .unwrap()
}

fn facts() -> impl Strategy<Value = Fact> {
    let status = prop_oneof![
        Just(ReceiptStatus::Sent),
        Just(ReceiptStatus::Delivered),
        Just(ReceiptStatus::Read),
        Just(ReceiptStatus::Played),
        Just(ReceiptStatus::Failed),
    ];
    let class = prop_oneof![Just(FailureClass::Refused), Just(FailureClass::Retry)];
    let failure = (class, 1_u32..3).prop_map(|(class, code)| Failure { class, code });
    let category = prop_oneof![Just(Category::Utility), Just(Category::Marketing)];
    let pricing =
        (any::<bool>(), category).prop_map(|(billable, category)| Pricing { billable, category });
    let kind = prop_oneof![
        Just(AnswerKind::Received),
        Just(AnswerKind::Safe),
        Just(AnswerKind::NeedHelp),
        Just(AnswerKind::Other),
    ];
    prop_oneof![
        3 => (status, 0_u32..6, option::of(failure), option::of(pricing)).prop_map(
            |(status, millis, failure, pricing)| {
                Fact::Receipt(status, at(millis), failure, pricing)
            }
        ),
        1 => (kind, 0_u32..6, any::<bool>())
            .prop_map(|(kind, millis, late)| Fact::Answer(kind, at(millis), late)),
    ]
}

type Step = fn(&mut Recipient);

fn work() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just((|recipient| recipient.apply_started()) as Step),
        Just((|recipient| recipient.apply_accepted(at(3))) as Step),
        Just((|recipient| recipient.apply_refused(at(3), &failure(131_026))) as Step),
        Just((|recipient| recipient.apply_unknown()) as Step),
        Just((|recipient| recipient.apply_cancelled()) as Step),
        Just((|recipient| recipient.apply_undelivered()) as Step),
        Just((|recipient| recipient.apply_left_unknown()) as Step),
        Just((|recipient| recipient.apply_expired()) as Step),
        Just((|recipient| recipient.apply_withheld(SuppressionReason::OptedOut)) as Step),
        Just((|recipient| recipient.apply_queued()) as Step),
    ]
}

fn do_work(recipient: &mut Recipient, work: &[Step]) {
    for step in work {
        step(recipient);
    }
}

proptest! {
    #[test]
    fn order_and_repetition_of_what_comes_back_do_not_matter(
        (facts, shuffled) in vec(facts(), 0..8).prop_flat_map(|facts| {
            let twice = [facts.clone(), facts.clone()].concat();
            (Just(facts), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(after(&facts), after(&shuffled));
    }

    #[test]
    fn what_comes_back_never_moves_a_recipient_down(
        work in vec(work(), 0..4),
        facts in vec(facts(), 0..8),
    ) {
        let mut recipient = launched();
        do_work(&mut recipient, &work);
        for fact in facts {
            let before = recipient;
            apply(&mut recipient, &fact);
            prop_assert!(height(before.status()) <= height(recipient.status()), "{before:?}");
            prop_assert!(!before.is_settled() || recipient.is_settled());
        }
    }

    #[test]
    fn our_own_late_record_changes_no_evidence(
        facts in vec(facts(), 0..8),
        work in vec(work(), 0..4),
    ) {
        let mut recipient = after(&facts);
        let before = recipient;
        do_work(&mut recipient, &work);
        if before.shows_delivery() {
            prop_assert_eq!(before.status(), recipient.status());
            prop_assert_eq!(before.delivered_at(), recipient.delivered_at());
        }
    }
}

#[test]
fn stays_small() {
    assert!(size_of::<Recipient>() <= 40, "{} bytes", size_of::<Recipient>());
}

#[test]
fn climbs_the_ladder_rung_by_rung() {
    let mut recipient = Recipient::default();
    let mut seen = vec![recipient.status()];
    let steps: [fn(&mut Recipient); 8] = [
        |r| r.apply_queued(),
        |r| r.apply_started(),
        |r| r.apply_accepted(at(1)),
        |r| r.apply_receipt(ReceiptStatus::Sent, at(2), None, None),
        |r| r.apply_receipt(ReceiptStatus::Delivered, at(3), None, None),
        |r| r.apply_receipt(ReceiptStatus::Read, at(4), None, None),
        |r| r.apply_answer(AnswerKind::Other, at(5), false),
        |r| r.apply_answer(AnswerKind::Safe, at(6), false),
    ];
    for step in steps {
        step(&mut recipient);
        seen.push(recipient.status());
    }
    assert_eq!(seen, Status::ALL[1..10]);
    assert_eq!(recipient.acknowledged_at(), Some(at(6)));
    assert!(recipient.acknowledged_in_time() && recipient.is_settled());
}

#[test]
fn a_failure_after_delivery_changes_nothing_but_is_kept() {
    let recipient =
        after(&[receipt(ReceiptStatus::Delivered, 1), receipt(ReceiptStatus::Failed, 2)]);
    assert_eq!(recipient.status(), Status::Delivered);
    assert_eq!(recipient.failure(), Some(failure(131_026)));
}

#[test]
fn delivery_wins_over_failure_unknown_and_settlement() {
    let spoilt: [Step; 4] = [
        |r| r.apply_refused(at(1), &failure(131_026)),
        |r| r.apply_unknown(),
        |r| r.apply_left_unknown(),
        |r| r.apply_undelivered(),
    ];
    for spoil in spoilt {
        let mut recipient = launched();
        spoil(&mut recipient);
        apply(&mut recipient, &receipt(ReceiptStatus::Delivered, 9));
        assert_eq!(recipient.status(), Status::Delivered);
    }
}

#[test]
fn a_receipt_clears_up_an_unknown_outcome() {
    let mut recipient = launched();
    recipient.apply_unknown();
    assert_eq!((recipient.status(), recipient.is_settled()), (Status::Unknown, false));
    apply(&mut recipient, &receipt(ReceiptStatus::Sent, 9));
    assert_eq!((recipient.status(), recipient.is_settled()), (Status::Sent, false));
}

#[test]
fn what_is_left_unknown_is_settled() {
    let mut recipient = launched();
    recipient.apply_unknown();
    recipient.apply_left_unknown();
    assert_eq!((recipient.status(), recipient.is_settled()), (Status::Unknown, true));
    apply(&mut recipient, &receipt(ReceiptStatus::Sent, 9));
    assert_eq!((recipient.status(), recipient.is_settled()), (Status::Failed, true));
    assert!(recipient.is_undelivered());
}

#[test]
fn silence_until_the_time_is_up_counts_as_failed() {
    let mut recipient = launched();
    recipient.apply_accepted(at(1));
    assert!(!recipient.is_settled());
    recipient.apply_undelivered();
    assert_eq!((recipient.status(), recipient.is_settled()), (Status::Failed, true));
    assert!(recipient.is_undelivered() && recipient.was_attempted());
    assert_eq!(recipient.failure(), None);
}

#[test]
fn cancelling_stops_only_what_is_not_on_its_way() {
    let mut waiting = launched();
    waiting.apply_cancelled();
    assert_eq!(waiting.status(), Status::Cancelled);

    let mut on_its_way = launched();
    on_its_way.apply_started();
    on_its_way.apply_cancelled();
    assert_eq!(on_its_way.status(), Status::Started);
    on_its_way.apply_queued();
    assert_eq!(on_its_way.status(), Status::Cancelled);
}

#[test]
fn evidence_of_delivery_is_the_first_of_any_sort() {
    let recipient = after(&[
        receipt(ReceiptStatus::Delivered, 7),
        Fact::Answer(AnswerKind::Other, at(5), true),
        receipt(ReceiptStatus::Read, 6),
    ]);
    assert_eq!(recipient.delivered_at(), Some(at(5)));
    assert_eq!(recipient.arrived_at(), Some(at(6)));
    assert_eq!(recipient.answered_at(), Some(at(5)));
    assert_eq!(recipient.read_at(), Some(at(6)));
}

#[test]
fn a_call_for_help_is_not_hidden_by_another_answer() {
    let recipient = after(&[
        Fact::Answer(AnswerKind::NeedHelp, at(5), true),
        Fact::Answer(AnswerKind::Safe, at(1), true),
    ]);
    assert!(recipient.answered_with(AnswerKind::NeedHelp));
    assert!(!recipient.acknowledged_in_time());
}

#[test]
fn times_before_the_launch_count_as_at_the_launch() {
    let launched_at = DateTime::from_timestamp(1_900_000_000, 999_000_000).unwrap();
    let told = DateTime::from_timestamp(1_900_000_000, 0).unwrap();
    assert_eq!(SinceLaunch::between(launched_at, told).millis(), 0);
    let years_later = DateTime::from_timestamp(2_100_000_000, 0).unwrap();
    assert_eq!(SinceLaunch::between(launched_at, years_later).millis(), u32::MAX - 1);
}

#[test]
fn pricing_is_kept() {
    let pricing = Pricing { billable: true, category: Category::Utility };
    let recipient = after(&[Fact::Receipt(ReceiptStatus::Sent, at(1), None, Some(pricing))]);
    assert!(recipient.is_billable());
    assert_eq!(recipient.category(), Some(Category::Utility));
}
