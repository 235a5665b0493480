//! The append-only log.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Unavailable;
use crate::envelope::{Append, Appended, Expected, Position, RecordedEvent, StreamId};

/// The append-only log: totally ordered, dense, gap-free. The source of truth.
#[async_trait]
pub trait EventLog: Debug + Send + Sync {
    /// Appends all or nothing. When this returns, the events are on disk.
    ///
    /// # Errors
    /// [`AppendError`]; after [`AppendError::Unavailable`] the append may or may not have
    /// happened: only a second try with the same [`crate::envelope::Once`] is safe.
    async fn append(&self, append: Append) -> Result<Appended, AppendError>;

    /// Reads a stream in order, from the event after `after_version`, at most `limit` events.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn read_stream(
        &self,
        stream: &StreamId,
        after_version: u64,
        limit: usize,
    ) -> Result<Vec<RecordedEvent>, Unavailable>;

    /// Reads the log in order, from the event after `after`, looking at most `limit` matches far.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn read_all(
        &self,
        after: Position,
        limit: usize,
        filter: &Filter,
    ) -> Result<Page, Unavailable>;

    /// The position of the last committed event.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn head(&self) -> Result<Position, Unavailable>;

    /// Waits until the log has an event after `position`, and returns the head then.
    /// Sees appends of other processes too, within a second.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn wait_past(&self, position: Position) -> Result<Position, Unavailable>;

    /// The position of the last event recorded at or before `time`; 0 if there is none.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn position_at(&self, time: DateTime<Utc>) -> Result<Position, Unavailable>;
}

/// Which events a reader wants. Both conditions hold together; empty means all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only these kinds, if any are named.
    pub kinds: Vec<String>,
    /// Only the stream of this name and those whose name goes on with `/` after it.
    pub under: Option<StreamId>,
    /// Only up to and including this position.
    pub until: Option<Position>,
}

/// Some events, and how far the log has been searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Matching events in order.
    pub events: Vec<RecordedEvent>,
    /// Everything up to here has been seen: the checkpoint, even if nothing matched.
    pub read_to: Position,
    /// Whether there is nothing more to read at this moment.
    pub at_end: bool,
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A stream is not as expected; nothing was appended.
    #[error("stream {stream} is at version {actual}, not as expected ({expected:?})")]
    Conflict {
        /// Which stream.
        stream: StreamId,
        /// What the caller believed.
        expected: Expected,
        /// The version of its last event; 0 if it has none.
        actual: u64,
    },
    /// The key was used for something else; nothing was appended.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The append is empty, names a stream twice, or is larger than the log accepts.
    #[error("the append is malformed: {rule}")]
    Malformed {
        /// Which rule it breaks.
        rule: &'static str,
    },
    /// The database could not be written; it is not known whether the events were.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Bounds every log keeps, so that one append cannot hold up all others.
pub mod bounds {
    /// Most events in one append.
    pub const EVENTS_MAX: usize = 10_000;
    /// Largest payload of one event, in bytes.
    pub const PAYLOAD_BYTES_MAX: usize = 1024 * 1024;
    /// Largest append, in payload bytes.
    pub const APPEND_BYTES_MAX: usize = 16 * 1024 * 1024;
}
