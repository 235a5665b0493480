//! The append-only log.

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Unavailable;
use crate::envelope::{Append, Appended, Expected, Hash, Position, RecordedEvent, StreamId};

/// The append-only log: totally ordered, dense, gap-free. The source of truth.
#[async_trait]
pub trait EventLog: Debug + Send + Sync {
    /// Appends all or nothing. When this returns, the events are on disk.
    ///
    /// # Errors
    /// [`AppendError`]; after [`AppendError::Unavailable`] the append may or may not have
    /// happened: only a second try with the same [`crate::envelope::Once`] is safe.
    async fn append(&self, append: Append) -> Result<Appended, AppendError>;

    /// What was answered to the append with this key, if there was one: a second try whose
    /// decision would now be another must still get the first answer.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn answered(&self, key: &Hash) -> Result<Option<Answered>, Unavailable>;

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

/// What is kept of an append with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What was asked.
    pub fingerprint: Hash,
    /// The answer its caller gave along.
    pub answer: Bytes,
    /// The first event's position.
    pub first: Position,
    /// The last event's position.
    pub last: Position,
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

impl Filter {
    /// Whether an event is wanted.
    pub fn matches(&self, event: &RecordedEvent) -> bool {
        (self.kinds.is_empty() || self.kinds.iter().any(|kind| **kind == *event.kind))
            && self.under.as_ref().is_none_or(|root| event.stream.is_under(root))
            && self.until.is_none_or(|until| event.position <= until)
    }
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

impl Page {
    /// The page of the events found after `after` and up to `bound`, having looked for at most `limit`.
    pub fn of(events: Vec<RecordedEvent>, after: Position, bound: Position, limit: usize) -> Self {
        let last = events.last().map_or(after, |event| event.position);
        let read_to = if events.len() < limit { after.max(bound) } else { last };
        Self { events, read_to, at_end: read_to >= bound }
    }
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
    use std::collections::HashSet;

    use super::AppendError;
    use crate::envelope::Append;

    /// Most events in one append.
    pub const EVENTS_MAX: usize = 10_000;
    /// Largest payload of one event, in bytes.
    pub const PAYLOAD_BYTES_MAX: usize = 1024 * 1024;
    /// Largest append, in payload bytes.
    pub const APPEND_BYTES_MAX: usize = 16 * 1024 * 1024;
    /// Longest name of a stream or an actor, in bytes.
    pub const NAME_BYTES_MAX: usize = 512;

    /// Checks what can be said of an append without looking at the log.
    ///
    /// # Errors
    /// [`AppendError::Malformed`] with the first rule it breaks.
    pub fn check(append: &Append) -> Result<(), AppendError> {
        let mut names = HashSet::with_capacity(append.streams.len());
        let rules = [
            (append.streams.is_empty(), "it names at least one stream"),
            (
                append.streams.iter().any(|part| part.events.is_empty()),
                "each stream gets at least one event",
            ),
            (
                append.streams.iter().any(|part| !names.insert(&part.stream)),
                "each stream is named once",
            ),
            (
                !is_name(&append.provenance.actor)
                    || append.streams.iter().any(|part| !is_name(part.stream.as_str())),
                "names have 1 to 512 bytes and no NUL",
            ),
            (
                append.streams.iter().map(|part| part.events.len()).sum::<usize>() > EVENTS_MAX,
                "it has at most 10,000 events",
            ),
            (
                payloads(append).any(|bytes| bytes > PAYLOAD_BYTES_MAX)
                    || append
                        .once
                        .as_ref()
                        .is_some_and(|once| once.answer.len() > PAYLOAD_BYTES_MAX),
                "each payload has at most 1 MiB",
            ),
            (
                payloads(append).sum::<usize>() > APPEND_BYTES_MAX,
                "its payloads have at most 16 MiB together",
            ),
        ];
        match rules.into_iter().find(|(is_broken, _)| *is_broken) {
            Some((_, rule)) => Err(AppendError::Malformed { rule }),
            None => Ok(()),
        }
    }

    fn is_name(name: &str) -> bool {
        (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.contains('\0')
    }

    fn payloads(append: &Append) -> impl Iterator<Item = usize> {
        append.streams.iter().flat_map(|part| &part.events).map(|event| event.payload.len())
    }
}
