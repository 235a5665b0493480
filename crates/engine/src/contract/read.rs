//! Reading: pages, filters, how far the log has been searched.

use chrono::TimeDelta;

use super::support::{append, append_to, at, event, everything, named, positions};
use super::{Connection, Subject};
use crate::envelope::{Expected, Position, StreamAppend};
use crate::ports::{Clock, Filter};

pub async fn reads_a_stream_in_pages(subject: &dyn Subject) {
    let ports = subject.connect().await;
    for _ in 0..5 {
        ports.log.append(append_to(&["other", "a"])).await.unwrap();
    }

    for (after, limit, expected) in [
        (0, 2, &[1, 2][..]),
        (2, 2, &[3, 4]),
        (4, 2, &[5]),
        (5, 2, &[]),
        (0, 100, &[1, 2, 3, 4, 5]),
        (0, 0, &[]),
    ] {
        let events = ports.log.read_stream(&named("a"), after, limit).await.unwrap();

        let versions: Vec<_> = events.iter().map(|event| event.version).collect();
        assert_eq!(versions, expected, "after {after}, at most {limit}");
        assert!(events.iter().all(|event| event.stream == named("a")));
    }
}

pub async fn an_unknown_stream_is_empty(subject: &dyn Subject) {
    let ports = subject.connect().await;
    ports.log.append(append_to(&["a"])).await.unwrap();

    assert_eq!(ports.log.read_stream(&named("b"), 0, 10).await.unwrap(), []);
}

pub async fn reads_all_in_pages(subject: &dyn Subject) {
    let ports = subject.connect().await;
    for _ in 0..10 {
        ports.log.append(append_to(&["a", "b", "c"])).await.unwrap();
    }
    let mut read = Vec::new();
    let mut after = Position(0);
    loop {
        let page = ports.log.read_all(after, 7, &Filter::default()).await.unwrap();
        assert!(page.events.len() == 7 || page.at_end);
        assert_eq!(page.events.last().map(|event| event.position), Some(page.read_to));
        read.extend(page.events);
        after = page.read_to;
        if page.at_end {
            break;
        }
    }
    assert_eq!(read, everything(&*ports.log).await);
    assert_eq!(read.len(), 30);
}

/// Positions 1 to 8, of kinds and streams that are easily taken for one another.
async fn mixed(subject: &dyn Subject) -> Connection {
    let ports = subject.connect().await;
    for (stream, kind) in [
        ("incident/1", "incident_opened"),
        ("incident/12", "incident_opened"),
        ("incident/1/broadcast/1", "broadcast_drafted"),
        ("incident/1-2", "incident_opened"),
        ("incident/1/broadcast/1/receipts", "receipts_recorded"),
        ("incident/1", "incident_closed"),
        ("incident/1%", "incident_opened"),
        ("incident/1_/broadcast/1", "broadcast_drafted"),
    ] {
        let events = vec![event(kind, "{}")];
        let part = StreamAppend { stream: named(stream), expected: Expected::Any, events };
        ports.log.append(append(vec![part])).await.unwrap();
    }
    ports
}

fn filter(kinds: &[&str], under: Option<&str>, until: Option<u64>) -> Filter {
    Filter {
        kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
        under: under.map(named),
        until: until.map(Position),
    }
}

pub async fn finds_kinds(subject: &dyn Subject) {
    let ports = mixed(subject).await;
    for (kinds, expected) in [
        (&["incident_closed"][..], &[6][..]),
        (&["incident_closed", "broadcast_drafted", "incident_closed"], &[3, 6, 8]),
        (&["incident"], &[]),
        (&["incident_opened' or '1'='1"], &[]),
    ] {
        assert_eq!(positions(&ports, &filter(kinds, None, None)).await, expected, "{kinds:?}");
    }
}

pub async fn finds_what_lies_under_a_stream(subject: &dyn Subject) {
    let ports = mixed(subject).await;
    for (root, expected) in [
        ("incident/1", &[1, 3, 5, 6][..]),
        ("incident/1/broadcast/1", &[3, 5]),
        ("incident/12", &[2]),
        ("incident/1%", &[7]),
        ("incident/1_", &[8]),
        ("incident", &[1, 2, 3, 4, 5, 6, 7, 8]),
        ("incident/", &[]),
        ("incident/2", &[]),
    ] {
        assert_eq!(positions(&ports, &filter(&[], Some(root), None)).await, expected, "{root}");
    }
}

pub async fn stops_where_told(subject: &dyn Subject) {
    let ports = mixed(subject).await;
    for (until, expected) in [(0, &[][..]), (2, &[1, 2]), (100, &[1, 2, 3, 4, 5, 6, 7, 8])] {
        assert_eq!(positions(&ports, &filter(&[], None, Some(until))).await, expected, "{until}");
    }
}

pub async fn conditions_hold_together(subject: &dyn Subject) {
    let ports = mixed(subject).await;
    let all = filter(&["incident_opened", "incident_closed"], Some("incident/1"), Some(5));

    assert_eq!(positions(&ports, &all).await, [1]);
}

pub async fn tells_how_far_it_has_searched(subject: &dyn Subject) {
    let ports = mixed(subject).await;
    let every = || filter(&[], None, None);
    let opened = || filter(&["incident_opened"], None, None);
    let under = || filter(&[], Some("incident/1"), None);
    let until = |position| filter(&[], None, Some(position));
    for (after, limit, filter, expected) in [
        (0, 3, every(), (3, false)),
        (5, 3, every(), (8, true)),
        (5, 4, every(), (8, true)),
        (8, 4, every(), (8, true)),
        (20, 4, every(), (20, true)),
        (2, 0, every(), (2, false)),
        (8, 0, every(), (8, true)),
        (0, 3, opened(), (4, false)),
        (4, 3, opened(), (8, true)),
        (7, 3, opened(), (8, true)),
        (0, 4, under(), (6, false)),
        (0, 5, under(), (8, true)),
        (6, 5, under(), (8, true)),
        (0, 3, until(5), (3, false)),
        (3, 2, until(5), (5, true)),
        (3, 9, until(5), (5, true)),
        (6, 9, until(5), (6, true)),
        (0, 9, until(99), (8, true)),
    ] {
        let page = ports.log.read_all(Position(after), limit, &filter).await.unwrap();

        let told = (page.read_to.0, page.at_end);
        assert_eq!(told, expected, "after {after}, at most {limit}, {filter:?}");
    }
}

pub async fn takes_any_number(subject: &dyn Subject) {
    let ports = mixed(subject).await;
    let most = Position(u64::MAX);

    let page = ports.log.read_all(most, 1, &Filter::default()).await.unwrap();
    assert_eq!((page.events.len(), page.read_to, page.at_end), (0, most, true));
    let until = filter(&[], None, Some(u64::MAX));
    assert_eq!(ports.log.read_all(Position(0), usize::MAX, &until).await.unwrap().events.len(), 8);
    let stream = named("incident/1");
    assert_eq!(ports.log.read_stream(&stream, u64::MAX, usize::MAX).await.unwrap(), []);
    assert_eq!(ports.log.read_stream(&stream, 0, usize::MAX).await.unwrap().len(), 2);
}

pub async fn finds_the_position_at_a_time(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let start = subject.clock().now();
    for second in [0, 1, 1, 4] {
        subject.clock().advance(start + TimeDelta::seconds(second) - subject.clock().now());
        ports.log.append(append_to(&["a"])).await.unwrap();
    }
    let micro = TimeDelta::microseconds(1);
    let after = |seconds| start + TimeDelta::seconds(seconds);
    for (time, expected) in [
        (at(i64::MIN / 1_000_000), 0),
        (start - micro, 0),
        (start, 1),
        (after(1) - micro, 1),
        (after(1), 3),
        (after(3), 3),
        (after(4) - TimeDelta::nanoseconds(1), 3),
        (after(4), 4),
        (chrono::DateTime::<chrono::Utc>::MAX_UTC, 4),
        (chrono::DateTime::<chrono::Utc>::MIN_UTC, 0),
    ] {
        let position = ports.log.position_at(time).await.unwrap();
        assert_eq!(position, Position(expected), "{time}");
    }
}
