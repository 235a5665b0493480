//! A log that fails when told.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Faults;
use crate::envelope::{Append, Appended, Hash, Position, RecordedEvent, StreamId};
use crate::ports::{Answered, AppendError, EventLog, Filter, Page, Unavailable};

const PART: &str = "the event log";

/// A log that fails when told.
#[derive(Debug, Clone)]
pub struct FaultyLog {
    pub inner: Arc<dyn EventLog>,
    pub faults: Faults,
}

#[async_trait]
impl EventLog for FaultyLog {
    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.faults.pass(PART, self.inner.append(append)).await?
    }

    async fn answered(&self, key: &Hash) -> Result<Option<Answered>, Unavailable> {
        self.faults.pass(PART, self.inner.answered(key)).await?
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after_version: u64,
        limit: usize,
    ) -> Result<Vec<RecordedEvent>, Unavailable> {
        self.faults.pass(PART, self.inner.read_stream(stream, after_version, limit)).await?
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
        filter: &Filter,
    ) -> Result<Page, Unavailable> {
        self.faults.pass(PART, self.inner.read_all(after, limit, filter)).await?
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        self.faults.pass(PART, self.inner.head()).await?
    }

    async fn wait_past(&self, position: Position) -> Result<Position, Unavailable> {
        self.inner.wait_past(position).await
    }

    async fn position_at(&self, time: DateTime<Utc>) -> Result<Position, Unavailable> {
        self.faults.pass(PART, self.inner.position_at(time)).await?
    }
}
