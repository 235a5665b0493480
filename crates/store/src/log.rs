//! The log over either engine: appends go to the writer, pages come from the reader.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use fanal_engine::envelope::{Append, Appended, Hash, Position, RecordedEvent, StreamId};
use fanal_engine::ports::{Answered, AppendError, EventLog, Filter, Page, Unavailable, bounds};

use crate::error::StoreError;
use crate::number;
use crate::tail::Tail;
use crate::writer::Writer;

const PART: &str = "the event log";

/// A stretch of the log to look through: after `after`, up to and including `bound`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) after: i64,
    pub(crate) bound: i64,
    pub(crate) limit: i64,
}

impl Stretch {
    /// Positions are dense, so a short stretch is best read whole, whatever is wanted of it.
    pub(crate) fn is_short(&self) -> bool {
        const SHORT: i64 = 4_096;
        self.bound.saturating_sub(self.after) <= SHORT
    }
}

/// The database as readers of the log see it.
#[async_trait]
pub(crate) trait LogReader: Debug + Send + Sync {
    /// The position of the last committed event.
    async fn head(&self) -> Result<Position, StoreError>;

    /// What is kept under an idempotency key.
    async fn answered(&self, key: Hash) -> Result<Option<Answered>, StoreError>;

    /// The events of a stream after a version, in order.
    async fn stream(
        &self,
        stream: &StreamId,
        after_version: i64,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError>;

    /// The events of a stretch that the filter wants, in order; its `until` is in the stretch.
    async fn stretch(
        &self,
        stretch: Stretch,
        filter: &Filter,
    ) -> Result<Vec<RecordedEvent>, StoreError>;

    /// The last position recorded at or before a time.
    async fn position_at(&self, micros: i64) -> Result<Position, StoreError>;
}

/// The log over either engine.
#[derive(Debug)]
pub(crate) struct StoredLog {
    /// None if the database was opened for reading only.
    pub(crate) writer: Option<Writer>,
    pub(crate) reader: Arc<dyn LogReader>,
    pub(crate) tail: Tail,
}

impl StoredLog {
    /// How far the log reaches, asking the database only if this process does not know enough.
    async fn reach(&self, wanted: Position) -> Result<Position, StoreError> {
        let known = self.tail.known();
        if known >= wanted {
            return Ok(known);
        }
        let head = self.reader.head().await?;
        self.tail.advance(head);
        Ok(head)
    }
}

#[async_trait]
impl EventLog for StoredLog {
    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        bounds::check(&append)?;
        match &self.writer {
            Some(writer) => writer.append(append).await,
            None => Err(StoreError::Closed.of(PART).into()),
        }
    }

    async fn answered(&self, key: &Hash) -> Result<Option<Answered>, Unavailable> {
        self.reader.answered(*key).await.map_err(|error| error.of(PART))
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after_version: u64,
        limit: usize,
    ) -> Result<Vec<RecordedEvent>, Unavailable> {
        let after_version = number::clamped(after_version);
        let read = self.reader.stream(stream, after_version, number::limit(limit)).await;
        read.map_err(|error| error.of(PART))
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
        filter: &Filter,
    ) -> Result<Page, Unavailable> {
        let read = async {
            // The head is read before the events: what it covers is committed and visible.
            let until = filter.until.unwrap_or(Position(u64::MAX));
            let full_page = Position(after.0.saturating_add(limit as u64));
            let bound = self.reach(full_page.min(until)).await?.min(until);
            if after >= bound || limit == 0 {
                return Ok(Page::of(Vec::new(), after, bound, limit));
            }
            let stretch = Stretch {
                after: number::clamped(after.0),
                bound: number::clamped(bound.0),
                limit: number::limit(limit),
            };
            let events = self.reader.stretch(stretch, filter).await?;
            Ok(Page::of(events, after, bound, limit))
        };
        read.await.map_err(|error: StoreError| error.of(PART))
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        self.reach(Position(u64::MAX)).await.map_err(|error| error.of(PART))
    }

    async fn wait_past(&self, position: Position) -> Result<Position, Unavailable> {
        Ok(self.tail.past(position).await)
    }

    async fn position_at(&self, time: DateTime<Utc>) -> Result<Position, Unavailable> {
        // Times are stored in whole microseconds: one in between belongs to the one before.
        let micros = time.timestamp_micros();
        self.reader.position_at(micros).await.map_err(|error| error.of(PART))
    }
}
