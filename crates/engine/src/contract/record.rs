//! What is recorded of an event: every field, the exact bytes, the chain of hashes, the time.

use bytes::Bytes;
use chrono::{SubsecRound, TimeDelta};
use uuid::Uuid;

use super::Subject;
use super::support::{append, append_to, assert_well_formed, at, everything, expecting, part};
use crate::envelope::{Expected, NO_PREDECESSOR, Position};
use crate::ports::{Clock, bounds};

pub async fn chains_each_event_to_its_predecessor(subject: &dyn Subject) {
    let ports = subject.connect().await;
    for names in [&["a", "b"][..], &["b"], &["a", "c"], &["a"]] {
        ports.log.append(append_to(names)).await.unwrap();
    }
    ports.log.append(append(vec![part("a", Expected::Any, 3)])).await.unwrap();

    let events = everything(&*ports.log).await;

    assert_well_formed(&events, 9);
    let firsts = events.iter().filter(|event| event.predecessor == NO_PREDECESSOR);
    assert!(firsts.map(|event| event.version).eq([1, 1, 1]));
}

pub async fn keeps_every_field(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let mut given = append(vec![part("contact/Zoë-\u{1f600}", Expected::Any, 1)]);
    given.provenance.actor = "provider:whatsapp".into();
    given.provenance.causation = Some(Uuid::from_u128(u128::MAX));
    given.provenance.correlation = Some(Uuid::nil());
    let sent = &mut given.streams[0].events[0];
    sent.kind = "receipts_recorded";
    sent.schema_version = u16::MAX;
    sent.occurred_at = at(-1) + TimeDelta::nanoseconds(999);

    ports.log.append(given.clone()).await.unwrap();

    let read = everything(&*ports.log).await.remove(0);
    let sent = &given.streams[0].events[0];
    assert_eq!(read.stream, given.streams[0].stream);
    assert_eq!(read.event_id, sent.event_id);
    assert_eq!(&*read.kind, sent.kind);
    assert_eq!(read.schema_version, sent.schema_version);
    assert_eq!(read.occurred_at, sent.occurred_at.trunc_subsecs(6));
    assert_eq!(read.provenance, given.provenance);
    assert_eq!(read.recorded_at, subject.clock().now());
}

pub async fn keeps_the_exact_bytes(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let payloads = [
        &b""[..],
        b"{\"b\":1,  \"a\":1.0}\n",
        b"\0",
        &every_byte,
        &vec![b'x'; bounds::PAYLOAD_BYTES_MAX],
    ];
    for payload in payloads {
        let mut given = append_to(&["a"]);
        given.streams[0].events[0].payload = Bytes::copy_from_slice(payload);
        ports.log.append(given).await.unwrap();
    }

    let read = everything(&*ports.log).await;

    assert!(read.iter().map(|event| &event.payload[..]).eq(payloads));
    assert_well_formed(&read, payloads.len());
}

pub async fn recorded_time_never_runs_backwards(subject: &dyn Subject) {
    let hours = [0, 2, -1, -24, 30];
    for hours in hours {
        subject.clock().advance(TimeDelta::hours(hours));
        let ports = subject.connect().await;
        ports.log.append(append_to(&["a"])).await.unwrap();
        drop(ports);
        subject.shut_down().await;
    }

    let events = everything(&*subject.connect().await.log).await;

    let start = events[0].recorded_at;
    let since: Vec<_> =
        events.iter().map(|event| (event.recorded_at - start).num_hours()).collect();
    assert_eq!(since, [0, 2, 2, 2, 7]);
}

pub async fn a_restart_changes_nothing(subject: &dyn Subject) {
    let ports = subject.connect().await;
    ports.log.append(append_to(&["a", "b"])).await.unwrap();
    let before = everything(&*ports.log).await;
    drop(ports);

    subject.shut_down().await;

    let ports = subject.connect().await;
    assert_eq!(everything(&*ports.log).await, before);
    assert_eq!(ports.log.head().await.unwrap(), Position(2));
    let appended = ports.log.append(expecting("a", Expected::Exact(1))).await.unwrap();
    assert_eq!(appended.first, Position(3));
    assert_well_formed(&everything(&*ports.log).await, 3);
}
