//! What the writer needs from a database: a head to compare and set, and a place for a batch.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use fanal_engine::envelope::{Hash, NO_PREDECESSOR, Position, RecordedEvent, StreamId};
use fanal_engine::ports::Answered;

use crate::error::StoreError;

/// Where the log ends, and when that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) position: Position,
    pub(crate) recorded_at: DateTime<Utc>,
}

/// Where a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) version: u64,
    pub(crate) hash: Hash,
}

impl Tip {
    /// The end of a stream without events.
    pub(crate) const NONE: Self = Self { version: 0, hash: NO_PREDECESSOR };
}

/// What one transaction adds to the log.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The head it builds on; if the log is no longer there, nothing is written.
    pub(crate) from: Head,
    /// The head it leaves.
    pub(crate) to: Head,
    pub(crate) events: Vec<RecordedEvent>,
    pub(crate) answered: Vec<(Hash, Answered)>,
}

/// What the writer does not know yet.
#[derive(Debug, Default)]
pub(crate) struct Question {
    pub(crate) streams: Vec<StreamId>,
    pub(crate) keys: Vec<Hash>,
}

impl Question {
    pub(crate) fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.keys.is_empty()
    }
}

/// What the database knows of it; streams and keys it does not know are left out.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) tips: Vec<(StreamId, Tip)>,
    pub(crate) answered: Vec<(Hash, Answered)>,
}

/// The database as the writer sees it. One writer owns it.
#[async_trait]
pub(crate) trait Journal: Debug + Send + 'static {
    async fn head(&mut self) -> Result<Head, StoreError>;

    async fn ask(&mut self, question: Question) -> Result<Reply, StoreError>;

    /// Writes the batch in one durable transaction if the log still ends at its `from`.
    /// Returns the batch, and whether it did.
    async fn commit(&mut self, batch: Batch) -> Result<(Batch, bool), StoreError>;
}
