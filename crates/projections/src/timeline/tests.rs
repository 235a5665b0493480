//! What the timeline tells, and above all what it does not.

use std::ops::Range;

use fanal_domain::broadcast::{ReceiptStatus, SendsExpired};
use fanal_domain::id::PromiseId;
use fanal_domain::incident::{PromiseKept, PromiseMade, SituationUpdated};
use fanal_domain::ladder::SuppressionReason;
use fanal_domain::template::AnswerKind;
use uuid::Uuid;

use super::*;
use crate::testing::{Log, at};

/// After the entries of drafting, planning and launching.
#[track_caller]
fn check(log: &Log, expected: &[&str]) {
    assert_eq!(log.story()[3..], *expected);
}

fn each(people: Range<u32>, log: Log, step: impl Fn(Log, u32) -> Log) -> Log {
    people.fold(log, step)
}

#[test]
fn tells_the_whole_story_in_order() {
    let log = Log::launched(4)
        .incident(SituationUpdated { text: "Bridge closed".to_owned() })
        .started(&[0, 1, 2, 3])
        .accepted(10, &[0, 1, 2, 3])
        .receipt(ReceiptStatus::Delivered, 1_000, &[0, 1, 2, 3])
        .completed(2_000);
    let view = log.incident_until(u64::MAX);
    let lines: Vec<_> = view
        .timeline()
        .entries()
        .iter()
        .map(|entry| (entry.position, line(&entry.fact, Locale::En)))
        .collect();
    let lines: Vec<_> = lines.iter().map(|(position, line)| (*position, &**line)).collect();
    assert_eq!(
        lines,
        [
            (1, "Incident opened: River rising (flood, severity high)"),
            (2, "“Evacuate”: broadcast drafted"),
            (4, "“Evacuate”: audience frozen, 4 to be told, 0 not"),
            (5, "“Evacuate”: launched to 4 people, sending until 2026-11-22 13:00 UTC"),
            (6, "Situation: Bridge closed"),
            (7, "“Evacuate”: first message on its way from sender 106540352242922"),
            (9, "“Evacuate”: 100% delivered (4 of 4)"),
            (10, "“Evacuate”: completed: 4 of 4 delivered, 0 failed, 0 unknown"),
        ]
    );
}

#[test]
fn tells_a_delivery_mark_once_however_the_receipts_come() {
    let began = "first message on its way from sender 106540352242922";
    let sent = || Log::launched(8).started(&[0, 1, 2, 3, 4, 5, 6, 7]);
    let deliver = |log: Log, index: u32| log.receipt(ReceiptStatus::Delivered, 1_000, &[index]);
    let one_by_one = each(0..8, each(0..8, sent(), deliver), deliver);
    check(
        &one_by_one,
        &[
            began,
            "25% delivered (2 of 8)",
            "50% delivered (4 of 8)",
            "75% delivered (6 of 8)",
            "100% delivered (8 of 8)",
        ],
    );
    let in_two = sent()
        .receipt(ReceiptStatus::Read, 1_000, &[0, 1, 2, 3, 4])
        .receipt(ReceiptStatus::Delivered, 1_000, &[0, 1, 2, 3, 4])
        .receipt(ReceiptStatus::Delivered, 1_000, &[5, 6, 7]);
    check(&in_two, &[began, "50% delivered (5 of 8)", "100% delivered (8 of 8)"]);
}

#[test]
fn tells_failures_at_shares_of_note_only() {
    let log = each(0..100, Log::launched(100), |log, index| log.refused(10, index, 131_026));
    check(
        &log,
        &[
            "failures reach 5% (5 of 100)",
            "failures reach 10% (10 of 100)",
            "failures reach 25% (25 of 100)",
            "failures reach 50% (50 of 100)",
        ],
    );
}

#[test]
fn tells_the_first_answer_and_everyone_who_needs_help() {
    let log = Log::launched(40)
        .answer(AnswerKind::Received, 1_000, 0)
        .answer(AnswerKind::NeedHelp, 2_000, 1)
        .answer(AnswerKind::NeedHelp, 3_000, 1)
        .answer(AnswerKind::Safe, 4_000, 2)
        .answer(AnswerKind::NeedHelp, 5_000, 0);
    check(
        &log,
        &[
            "first answer: received",
            "contact 00000000-0000-0000-0000-0000000003e9 needs help (1 so far)",
            "contact 00000000-0000-0000-0000-0000000003e8 needs help (2 so far)",
        ],
    );
    let help = log.incident_until(u64::MAX).timeline().entries().last().unwrap().clone();
    assert_eq!((help.occurred_at, help.fact.kind()), (at(5_000), "help_needed"));
}

#[test]
fn stops_naming_people_when_thousands_need_help() {
    let log = each(0..3_100, Log::launched(4_000), |log, index| {
        log.answer(AnswerKind::NeedHelp, 1_000, index)
    });
    let story = log.story();
    let named = story.iter().filter(|line| line.contains("needs help")).count();
    let mounting: Vec<_> = story.iter().filter(|line| line.contains("people need help")).collect();
    assert_eq!(named, 1_000);
    assert_eq!(mounting, ["2,000 people need help", "3,000 people need help"]);
}

#[test]
fn tells_what_goes_another_way_at_every_tenfold() {
    let expire = |log: Log, index| log.work(0, SendsExpired { recipients: vec![index] });
    let log = each(0..120, Log::launched(200), expire);
    check(
        &log,
        &[
            "1 send not started in time",
            "10 sends not started in time",
            "100 sends not started in time",
        ],
    );
    let log = Log::launched(200)
        .withheld(0, SuppressionReason::OptedOut)
        .in_doubt(&(1..16).collect::<Vec<_>>())
        .settled(&[], &(1..10).collect::<Vec<_>>());
    check(
        &log,
        &[
            "1 withheld since the audience was frozen",
            "15 sends in doubt after an interruption",
            "time is up, 0 without evidence of delivery, 9 left unknown",
        ],
    );
}

#[test]
fn recalls_what_was_promised_when_it_is_kept() {
    let promise_id = PromiseId(Uuid::from_u128(9));
    let text = "news by six".to_owned();
    let log = Log::launched(1)
        .incident(PromiseMade { promise_id, text, deadline: at(1), broadcast_id: None })
        .incident(PromiseKept { promise_id, note: "sent".to_owned() });
    let view = log.incident_until(u64::MAX);
    let last = view.timeline().entries().last().unwrap();
    assert_eq!(line(&last.fact, Locale::En), "Promise kept: news by six (sent)");
}

#[test]
fn an_entry_is_flat_data_with_the_word_for_its_kind() {
    let log = Log::launched(4)
        .started(&[0, 1, 2, 3])
        .receipt(ReceiptStatus::Delivered, 1_000, &[0, 1])
        .refused(1, 2, 131_026)
        .withheld(3, SuppressionReason::OptedOut)
        .answer(AnswerKind::NeedHelp, 2_000, 1)
        .settled(&[], &[0])
        .cancelled(1);
    let view = log.incident_until(u64::MAX);
    for entry in view.timeline().entries() {
        let data = serde_json::to_value(&entry.fact).unwrap();
        let word = data.get("step").or_else(|| data.get("kind")).unwrap();
        assert_eq!(word, entry.fact.kind());
    }
    let entry = &view.timeline().entries()[5];
    assert_eq!(
        serde_json::to_value(&entry.fact).unwrap(),
        serde_json::json!({
            "kind": "broadcast",
            "broadcast_id": "00000000-0000-0000-0000-000000000002",
            "title": "Evacuate",
            "step": "delivery_progressed",
            "percent": 50,
            "delivered": 2,
            "recipients": 4,
        })
    );
}

#[test]
fn pages_and_resumes() {
    let view = Log::launched(1).started(&[0]).incident_until(u64::MAX);
    let timeline = view.timeline();
    let positions = |entries: &[Entry]| entries.iter().map(|one| one.position).collect::<Vec<_>>();
    assert_eq!(positions(timeline.entries()), [1, 2, 4, 5, 6]);
    assert_eq!(positions(timeline.page(1, 2)), [2, 4]);
    assert_eq!(positions(timeline.page(4, 10)), [6]);
    assert_eq!(positions(timeline.page(9, usize::MAX)), [0; 0]);
    assert_eq!(positions(timeline.after(4)), [5, 6]);
    assert_eq!(positions(timeline.after(u64::MAX)), [0; 0]);
}
