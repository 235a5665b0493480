//! The ledger finds what a bad log would do.

use std::sync::Arc;

use bytes::Bytes;
use chrono::DateTime;
use fanal_engine::envelope::{Position, Provenance};

use super::*;

/// Five events of one stream, as a good log gives them.
fn events() -> Vec<RecordedEvent> {
    let mut predecessor = NO_PREDECESSOR;
    let event = |version| {
        let mut event = RecordedEvent {
            position: Position(version),
            stream: StreamId::named("selftest/1"),
            version,
            event_id: event_id(7, version, 0),
            kind: Arc::from("notice_kept"),
            schema_version: 1,
            recorded_at: DateTime::UNIX_EPOCH,
            occurred_at: DateTime::UNIX_EPOCH,
            provenance: Provenance { actor: Arc::from("me"), causation: None, correlation: None },
            payload: Bytes::new(),
            predecessor,
            hash: NO_PREDECESSOR,
        };
        event.hash = event.compute_hash();
        predecessor = event.hash;
        event
    };
    (1..=5).map(event).collect()
}

#[track_caller]
fn check(change: impl FnOnce(&mut Vec<RecordedEvent>), expected: &str) {
    let mut events = events();
    change(&mut events);
    let mut ledger = Ledger::default();
    for event in &events {
        ledger.see(event);
    }
    assert_eq!(ledger.to_string(), expected);
    assert_eq!(ledger.is_whole(), expected == "missed=0 duplicated=0 out_of_order=0");
}

#[test]
fn a_good_log_passes() {
    check(|_| {}, "missed=0 duplicated=0 out_of_order=0");
}

#[test]
fn a_lost_event_is_found() {
    check(|events| drop(events.remove(2)), "missed=1 duplicated=0 out_of_order=1");
}

#[test]
fn a_repeated_event_is_found() {
    check(|events| events.push(events[1].clone()), "missed=0 duplicated=1 out_of_order=0");
}

#[test]
fn an_event_appended_twice_is_found() {
    check(
        |events| {
            let again = RecordedEvent { position: Position(6), version: 6, ..events[4].clone() };
            events.push(again);
        },
        "missed=0 duplicated=1 out_of_order=0",
    );
}

#[test]
fn a_late_event_is_found() {
    check(|events| events.swap(1, 2), "missed=1 duplicated=0 out_of_order=2");
}

#[test]
fn a_changed_event_is_found() {
    let change = |events: &mut Vec<RecordedEvent>| events[4].payload = Bytes::from_static(b"x");
    check(change, "missed=0 duplicated=0 out_of_order=1");
}

#[test]
fn an_acknowledged_event_that_is_not_there_is_found() {
    let mut ledger = Ledger::default();
    for event in &events() {
        ledger.see(event);
    }
    for sequence in 1..=7 {
        ledger.expect(&Acknowledgement { first: sequence, count: 1, writer: 7, sequence });
    }
    assert_eq!(ledger.to_string(), "missed=2 duplicated=0 out_of_order=0");
}

#[test]
fn what_only_a_second_reading_finds_was_missed() {
    let (mut first, mut second) = (Ledger::default(), Ledger::default());
    for event in &events() {
        second.see(event);
    }
    for event in &events()[..3] {
        first.see(event);
    }

    first.compare(&second);

    assert_eq!(first.to_string(), "missed=2 duplicated=0 out_of_order=0");
}

#[test]
fn an_acknowledgement_survives_its_line_unless_it_was_cut_off() {
    let given = Acknowledgement { first: 12, count: 3, writer: 9 << 32, sequence: 4 };
    let line = given.to_string();
    assert_eq!(line.parse(), Ok(given));
    for length in 0..line.len() {
        let cut: String = line.chars().take(length).collect();
        assert_eq!(cut.parse::<Acknowledgement>(), Err(()), "{cut}");
    }
}
