//! Where recipients stand, found one by one, in pages and in numbers.

use fanal_domain::broadcast::{ReceiptStatus, SuppressedPerson};
use fanal_domain::incident::Mode;
use fanal_domain::ladder::{Status, SuppressionReason};
use fanal_domain::template::AnswerKind;

use super::*;
use crate::testing::{BROADCAST, Log, at, brief, contact, failure, frozen};

#[track_caller]
fn check(log: &Log, expected: &[Status]) {
    let view = log.view();
    let statuses: Vec<_> =
        (0..view.recipients()).map(|index| view.recipient(index).unwrap().status).collect();
    assert_eq!(statuses, expected);
    assert!(view.counts_right());
}

#[test]
fn climbs_the_ladder_with_the_events() {
    use Status::*;
    let log = Log::launched(4);
    check(&log, &[Queued; 4]);
    let log = log.started(&[0, 1, 2]);
    check(&log, &[Started, Started, Started, Queued]);
    let log = log.accepted(100, &[0, 1]).refused(120, 2, 131_026);
    check(&log, &[Accepted, Accepted, Failed, Queued]);
    let log = log.receipt(ReceiptStatus::Sent, 1_000, &[0, 1]);
    check(&log, &[Sent, Sent, Failed, Queued]);
    let log = log.receipt(ReceiptStatus::Delivered, 2_000, &[0, 1]);
    check(&log, &[Delivered, Delivered, Failed, Queued]);
    let log = log.receipt(ReceiptStatus::Read, 3_000, &[0]);
    check(&log, &[Read, Delivered, Failed, Queued]);
    let log = log.answer(AnswerKind::Other, 4_000, 0);
    check(&log, &[Answered, Delivered, Failed, Queued]);
    let log = log.answer(AnswerKind::Safe, 5_000, 0);
    check(&log, &[Acknowledged, Delivered, Failed, Queued]);
    let log = log.receipt(ReceiptStatus::Failed, 6_000, &[0, 1]);
    check(&log, &[Acknowledged, Delivered, Failed, Queued]);
}

#[test]
fn takes_the_side_exits() {
    use Status::*;
    let log = Log::launched(5)
        .withheld(0, SuppressionReason::OptedOut)
        .started(&[1, 2])
        .in_doubt(&[1, 2])
        .work(0, fanal_domain::broadcast::SendsExpired { recipients: vec![3] });
    check(&log, &[Suppressed, Unknown, Unknown, Expired, Queued]);
    assert_eq!(log.view().unknowns(), [(1, contact(1)), (2, contact(2))]);
    assert_eq!(log.view().open_count(), 3);

    let log = log.cancelled(1_000).settled(&[], &[1]);
    check(&log, &[Suppressed, Unknown, Unknown, Expired, Cancelled]);
    assert_eq!(log.view().open_count(), 1);

    let log = log.work(0, fanal_domain::broadcast::UnknownsRequeued { recipients: vec![2] });
    check(&log, &[Suppressed, Unknown, Cancelled, Expired, Cancelled]);
    assert_eq!(log.view().open_count(), 0);
}

#[test]
fn a_settled_recipient_fails_until_evidence_comes() {
    use Status::*;
    let log = Log::launched(2).started(&[0, 1]).accepted(100, &[0, 1]).settled(&[0, 1], &[]);
    check(&log, &[Failed, Failed]);
    let tally = log.view().tally();
    assert_eq!(tally.failures.get(&None), Some(&2));

    let log = log.receipt(ReceiptStatus::Delivered, 8_000_000, &[1]);
    check(&log, &[Failed, Delivered]);
    assert_eq!(log.view().tally().failures.get(&None), Some(&1));
}

#[test]
fn finds_a_person_with_what_when_and_why_not() {
    let log = Log::launched(3)
        .started(&[0, 1, 2])
        .accepted(150, &[0, 1, 2])
        .receipt(ReceiptStatus::Sent, 1_000, &[0, 1])
        .receipt(ReceiptStatus::Delivered, 2_000, &[1])
        .receipt(ReceiptStatus::Failed, 3_000, &[0])
        .answer(AnswerKind::NeedHelp, 301_000, 1)
        .answer(AnswerKind::Other, 60_000, 1);
    let view = log.view();

    let failed = view.find(contact(0)).unwrap();
    assert_eq!(failed.status, Status::Failed);
    assert_eq!(failed.failure, Some(failure(131_026)));

    let helped = view.find(contact(1)).unwrap();
    assert_eq!(helped.status, Status::Acknowledged);
    let recipient = helped.recipient.unwrap();
    assert_eq!((recipient.index, recipient.consent), (1, 7));
    assert_eq!((&*recipient.language, &*recipient.market), ("en", "GB"));
    assert_eq!(
        recipient.times,
        Times {
            accepted: Some(at(150)),
            sent: Some(at(1_000)),
            delivered: Some(at(2_000)),
            read: None,
            answered: Some(at(60_000)),
            acknowledged: Some(at(301_000)),
            failed: None,
        }
    );
    let answers: Vec<_> =
        recipient.answers.iter().map(|one| (one.at, one.kind, one.late, one.position)).collect();
    assert_eq!(
        answers,
        [(at(60_000), AnswerKind::Other, false, 12), (at(301_000), AnswerKind::NeedHelp, true, 11)]
    );
    assert_eq!(view.find(contact(99)), None);
}

/// Three to be told, in two chunks; two not to be told.
fn with_suppressed() -> Log {
    let not_told = |number, reason| SuppressedPerson { contact_id: contact(number), reason };
    let first = vec![frozen(4), frozen(2)];
    let suppressed = vec![not_told(3, SuppressionReason::OptedOut)];
    Log::opened(Mode::Live)
        .drafted(BROADCAST)
        .chunk(1, 0, first, suppressed)
        .chunk(1, 1, vec![frozen(1)], vec![not_told(0, SuppressionReason::NoConsent)])
        .planned(1, 2, 3)
        .launch(0)
}

#[test]
fn finds_people_whatever_the_order_of_the_audience() {
    let view = with_suppressed().view();
    let index = |number| {
        let person = view.find(contact(number)).unwrap();
        person.recipient.map(|recipient| recipient.index)
    };
    assert_eq!([1, 2, 4].map(index), [Some(2), Some(1), Some(0)]);
    assert_eq!([0, 3].map(index), [None, None]);
    let suppressed = view.find(contact(3)).unwrap();
    assert_eq!(suppressed.status, Status::Suppressed);
    assert_eq!(suppressed.suppressed, Some(SuppressionReason::OptedOut));
}

#[test]
fn pages_through_everybody_once() {
    let view = with_suppressed().view();
    for limit in 1..=6 {
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let page = view.page(&Filter::default(), from, limit);
            assert!(page.people.len() <= limit);
            found.extend(page.people.into_iter().map(|person| person.contact_id));
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        assert_eq!(found, [4, 2, 1, 0, 3].map(contact), "limit {limit}");
    }
}

#[test]
fn pages_only_those_who_fit() {
    let view = with_suppressed()
        .started(&[0, 1])
        .refused(100, 0, 131_026)
        .withheld(2, SuppressionReason::OptedOut)
        .answer(AnswerKind::NeedHelp, 5_000, 1)
        .view();
    let list = |filter: Filter| {
        let people = view.page(&filter, None, 10).people.into_iter();
        people.map(|person| person.contact_id).collect::<Vec<_>>()
    };
    let of = |status| Filter { status: Some(status), ..Filter::default() };
    let why = |reason| Filter { suppressed: Some(reason), ..Filter::default() };
    let code = |code| Filter { failure_code: Some(code), ..Filter::default() };
    let answered = |kind| Filter { answered: Some(kind), ..Filter::default() };
    for (filter, expected) in [
        (of(Status::Suppressed), vec![1, 0, 3]),
        (of(Status::Failed), vec![4]),
        (of(Status::Queued), vec![]),
        (why(SuppressionReason::OptedOut), vec![1, 3]),
        (why(SuppressionReason::NoConsent), vec![0]),
        (why(SuppressionReason::Erased), vec![]),
        (code(131_026), vec![4]),
        (code(130_472), vec![]),
        (answered(AnswerKind::NeedHelp), vec![2]),
        (Filter { status: Some(Status::Failed), ..answered(AnswerKind::NeedHelp) }, vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(contact).collect();
        assert_eq!(list(filter.clone()), expected, "{filter:?}");
    }
    let beyond = view.page(&Filter::default(), Some(u64::MAX), 10);
    assert_eq!(beyond, PersonPage::default());
}

#[test]
fn counts_by_status_reason_language_and_market() {
    let tally = with_suppressed()
        .started(&[0, 1])
        .refused(100, 0, 131_026)
        .withheld(2, SuppressionReason::OptedOut)
        .answer(AnswerKind::Safe, 5_000, 1)
        .answer(AnswerKind::Safe, 6_000, 1)
        .view()
        .tally();
    assert_eq!((tally.recipients, tally.open, tally.answers), (3, 0, 2));
    assert_eq!(
        tally.statuses,
        [(Status::Acknowledged, 1), (Status::Suppressed, 3), (Status::Failed, 1)].into()
    );
    assert_eq!(tally.failures, [(Some(failure(131_026)), 1)].into());
    assert_eq!(
        tally.suppressed,
        [(SuppressionReason::NoConsent, 1), (SuppressionReason::OptedOut, 2)].into()
    );
    let french = [(Status::Acknowledged, 1), (Status::Failed, 1)].into();
    let english = [(Status::Suppressed, 1)].into();
    assert_eq!(tally.languages, [(Arc::from("fr"), french), (Arc::from("en"), english)].into());
    let french = [(Status::Acknowledged, 1), (Status::Failed, 1)].into();
    let british = [(Status::Suppressed, 1)].into();
    assert_eq!(tally.markets, [(Arc::from("FR"), french), (Arc::from("GB"), british)].into());
}

#[test]
fn only_the_committed_plan_counts() {
    let log = Log::opened(Mode::Live)
        .drafted(BROADCAST)
        .chunk(1, 0, vec![frozen(8), frozen(9)], Vec::new())
        .chunk(2, 0, vec![frozen(0)], Vec::new())
        .chunk(2, 1, vec![frozen(1)], Vec::new());
    assert_eq!(log.view().recipients(), 0);

    let planned = log.planned(2, 2, 2);
    assert_eq!(planned.view().recipients(), 2);
    assert_eq!(planned.view().index_of(contact(1)), Some(1));
    assert_eq!(planned.view().index_of(contact(8)), None);

    let late = planned.chunk(1, 1, vec![frozen(7)], Vec::new());
    assert_eq!(late.view().recipients(), 2);
}

#[test]
fn a_broadcast_with_people_missing_is_never_finished() {
    let view = Log::opened(Mode::Live)
        .drafted(BROADCAST)
        .chunk(1, 0, vec![frozen(0)], Vec::new())
        .planned(1, 2, 3)
        .launch(0)
        .receipt(ReceiptStatus::Delivered, 1_000, &[0])
        .view();
    assert_eq!((view.recipients(), view.open_count(), view.tally().open), (1, 2, 2));
}

#[test]
fn a_revised_brief_frees_the_audience_for_the_next_plan() {
    let planned = Log::opened(Mode::Live)
        .drafted(BROADCAST)
        .chunk(1, 0, vec![frozen(0), frozen(1)], Vec::new())
        .planned(1, 1, 2);
    let revised =
        planned.trunk(-500, fanal_domain::broadcast::BroadcastRevised { brief: brief("Stay in") });
    let view = revised.view();
    assert_eq!((view.recipients(), view.course().plan.is_some()), (0, false));
    assert_eq!(view.course().state.brief.title, "Stay in");
    assert_eq!(view.tally(), Tally::default());

    let again = revised.chunk(2, 0, vec![frozen(2)], Vec::new()).planned(2, 1, 1).launch(0);
    check(&again, &[Status::Queued]);
    assert_eq!(again.view().index_of(contact(2)), Some(0));
}

#[test]
fn the_parts_may_come_in_any_order() {
    let view = Log::opened(Mode::Live)
        .drafted(BROADCAST)
        .chunk(1, 1, vec![frozen(1)], Vec::new())
        .chunk(1, 0, vec![frozen(0)], Vec::new())
        .planned(1, 2, 2)
        .view();
    assert_eq!((view.index_of(contact(0)), view.index_of(contact(1))), (Some(0), Some(1)));
}

#[test]
fn an_index_that_is_nobodys_changes_nothing() {
    let log = Log::launched(1);
    let odd = log
        .clone()
        .started(&[1, u32::MAX])
        .accepted(1, &[7])
        .refused(1, 9, 1)
        .withheld(3, SuppressionReason::Erased)
        .receipt(ReceiptStatus::Delivered, 1, &[5])
        .answer(AnswerKind::Safe, 1, 6);
    check(&odd, &[Status::Queued]);
    assert_eq!(odd.view().tally(), log.view().tally());
}

#[test]
fn tells_how_it_went_from_draft_to_completion() {
    let view = Log::launched(1).started(&[0]).accepted(1, &[0]).completed(9_000).view();
    let course = view.course();
    assert_eq!(course.version, 4);
    assert_eq!(course.drafted, Moment { position: 2, at: at(-3_000) });
    assert_eq!(course.plan.as_ref().map(|(moment, _)| moment.position), Some(4));
    assert_eq!(course.launched, Some(Moment { position: 5, at: at(0) }));
    assert_eq!(course.completed, Some(Moment { position: 8, at: at(9_000) }));
    assert_eq!((&*course.drafted_by, course.cancelled.as_ref()), ("token:ana", None));
}
