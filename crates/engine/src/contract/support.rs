//! Small makers of events and appends, so that each test shows only what it is about.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Connection;
use crate::envelope::{
    Append, Expected, NO_PREDECESSOR, NewEvent, Once, Position, Provenance, RecordedEvent,
    StreamAppend, StreamId,
};
use crate::ports::{EventLog, Filter};

/// The stream of this name.
pub fn named(name: &str) -> StreamId {
    StreamId::named(name)
}

/// An event of a kind, with a payload.
pub fn event(kind: &'static str, payload: &str) -> NewEvent {
    NewEvent {
        event_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        kind,
        schema_version: 1,
        occurred_at: at(1_767_225_601_000_001),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
    }
}

/// An append of one event to each of these streams, whatever they hold.
pub fn append_to(streams: &[&str]) -> Append {
    let part = |name: &&str| part(name, Expected::Any, 1);
    append(streams.iter().map(part).collect())
}

pub(super) fn append(streams: Vec<StreamAppend>) -> Append {
    let provenance =
        Provenance { actor: Arc::from("token:duty"), causation: None, correlation: None };
    Append { provenance, streams, once: None }
}

pub(super) fn part(name: &str, expected: Expected, count: usize) -> StreamAppend {
    let events =
        (0..count).map(|number| event("situation_updated", &format!("{{\"n\":{number}}}")));
    StreamAppend { stream: named(name), expected, events: events.collect() }
}

pub(super) fn expecting(name: &str, expected: Expected) -> Append {
    append(vec![part(name, expected, 1)])
}

pub(super) fn once(key: u8, fingerprint: u8, answer: &'static str) -> Once {
    Once {
        key: [key; 32],
        fingerprint: [fingerprint; 32],
        answer: Bytes::from_static(answer.as_bytes()),
    }
}

pub(super) fn at(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap()
}

pub(super) async fn everything(log: &dyn EventLog) -> Vec<RecordedEvent> {
    log.read_all(Position(0), 100_000, &Filter::default()).await.unwrap().events
}

pub(super) async fn positions(ports: &Connection, filter: &Filter) -> Vec<u64> {
    let page = ports.log.read_all(Position(0), 1000, filter).await.unwrap();
    page.events.iter().map(|event| event.position.0).collect()
}

/// Dense positions, dense versions in each stream, whole chains of hashes.
#[track_caller]
pub(super) fn assert_well_formed(events: &[RecordedEvent], count: usize) {
    assert_eq!(events.len(), count);
    let mut streams = HashMap::new();
    for (position, event) in (1..).zip(events) {
        let (version, hash) = streams
            .insert(&event.stream, (event.version, event.hash))
            .unwrap_or((0, NO_PREDECESSOR));
        assert_eq!(event.position, Position(position));
        assert_eq!(event.version, version + 1, "{event:?}");
        assert_eq!(event.predecessor, hash, "{event:?}");
        assert_eq!(event.hash, event.compute_hash(), "{event:?}");
    }
}
