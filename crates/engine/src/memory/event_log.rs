//! The log in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use tokio::sync::watch;

use super::lock;
use crate::envelope::{
    Append, Appended, Hash, NO_PREDECESSOR, NewEvent, Once, Position, Provenance, RecordedEvent,
    StreamId,
};
use crate::ports::{Answered, AppendError, Clock, EventLog, Filter, Page, Unavailable, bounds};

/// The log in memory.
#[derive(Debug, Clone)]
pub struct MemoryLog {
    clock: Arc<dyn Clock>,
    book: Arc<Mutex<Book>>,
    head: watch::Sender<Position>,
}

impl MemoryLog {
    /// An empty log that takes its times from `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, book: Arc::default(), head: watch::Sender::new(Position(0)) }
    }
}

#[async_trait]
impl EventLog for MemoryLog {
    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        bounds::check(&append)?;
        let mut book = lock(&self.book);
        let appended = book.append(append, self.clock.now())?;
        self.head.send_replace(book.head());
        Ok(appended)
    }

    async fn answered(&self, key: &Hash) -> Result<Option<Answered>, Unavailable> {
        Ok(lock(&self.book).kept.get(key).cloned())
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after_version: u64,
        limit: usize,
    ) -> Result<Vec<RecordedEvent>, Unavailable> {
        let book = lock(&self.book);
        let wanted = book.stream(stream).filter(|event| event.version > after_version);
        Ok(wanted.take(limit).cloned().collect())
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
        filter: &Filter,
    ) -> Result<Page, Unavailable> {
        let book = lock(&self.book);
        let bound = filter.until.unwrap_or(Position(u64::MAX)).min(book.head());
        let start = usize::try_from(after.0).unwrap_or(usize::MAX);
        let events: Vec<_> = book
            .events
            .iter()
            .skip(start)
            .take_while(|event| event.position <= bound)
            .filter(|event| filter.matches(event))
            .take(limit)
            .cloned()
            .collect();
        Ok(Page::of(events, after, bound, limit))
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        Ok(lock(&self.book).head())
    }

    async fn wait_past(&self, position: Position) -> Result<Position, Unavailable> {
        let mut head = self.head.subscribe();
        let waited = head.wait_for(|head| *head > position).await;
        waited
            .map(|head| *head)
            .map_err(|source| Unavailable { part: "the event log", source: source.into() })
    }

    async fn position_at(&self, time: DateTime<Utc>) -> Result<Position, Unavailable> {
        let book = lock(&self.book);
        let count = book.events.partition_point(|event| event.recorded_at <= time);
        Ok(Position(count as u64))
    }
}

/// Everything the log holds.
#[derive(Debug, Default)]
struct Book {
    events: Vec<RecordedEvent>,
    /// Where each stream's events are in `events`.
    streams: HashMap<StreamId, Vec<usize>>,
    kept: HashMap<Hash, Answered>,
}

impl Book {
    fn head(&self) -> Position {
        Position(self.events.len() as u64)
    }

    fn stream(&self, stream: &StreamId) -> impl Iterator<Item = &RecordedEvent> {
        self.streams.get(stream).into_iter().flatten().map(|index| &self.events[*index])
    }

    fn append(&mut self, append: Append, now: DateTime<Utc>) -> Result<Appended, AppendError> {
        if let Some(again) = append.once.as_ref().and_then(|once| self.appended_before(once)) {
            return again;
        }
        for part in &append.streams {
            let actual = self.streams.get(&part.stream).map_or(0, Vec::len) as u64;
            if !part.expected.admits(actual) {
                let (stream, expected) = (part.stream.clone(), part.expected);
                return Err(AppendError::Conflict { stream, expected, actual });
            }
        }
        // Time in the log never runs backwards, whatever the clock does.
        let earliest = self.events.last().map_or(DateTime::UNIX_EPOCH, |last| last.recorded_at);
        let recorded_at = now.trunc_subsecs(6).max(earliest);
        let first = Position(self.head().0 + 1);
        for part in append.streams {
            for event in part.events {
                self.record(&part.stream, event, recorded_at, &append.provenance);
            }
        }
        let last = self.head();
        if let Some(Once { key, fingerprint, answer }) = append.once {
            self.kept.insert(key, Answered { fingerprint, answer, first, last });
        }
        Ok(Appended { first, last, replayed: None })
    }

    fn appended_before(&self, once: &Once) -> Option<Result<Appended, AppendError>> {
        let kept = self.kept.get(&once.key)?;
        if kept.fingerprint != once.fingerprint {
            return Some(Err(AppendError::KeyReused));
        }
        let replayed = Some(kept.answer.clone());
        Some(Ok(Appended { first: kept.first, last: kept.last, replayed }))
    }

    fn record(
        &mut self,
        stream: &StreamId,
        event: NewEvent,
        recorded_at: DateTime<Utc>,
        provenance: &Provenance,
    ) {
        let predecessor = self.stream(stream).last();
        let mut recorded = RecordedEvent {
            position: Position(self.head().0 + 1),
            stream: stream.clone(),
            version: predecessor.map_or(0, |event| event.version) + 1,
            event_id: event.event_id,
            kind: event.kind.into(),
            schema_version: event.schema_version,
            recorded_at,
            occurred_at: event.occurred_at.trunc_subsecs(6),
            provenance: provenance.clone(),
            payload: event.payload,
            predecessor: predecessor.map_or(NO_PREDECESSOR, |event| event.hash),
            hash: NO_PREDECESSOR,
        };
        recorded.hash = recorded.compute_hash();
        self.streams.entry(stream.clone()).or_default().push(self.events.len());
        self.events.push(recorded);
    }
}
