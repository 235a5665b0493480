//! What a lane writes into a chunk's stream, and how it becomes sure that it stands there.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::Event;

use crate::Engine;
use crate::envelope::{Append, Expected, NewEvent, Position, Provenance, StreamAppend, StreamId};
use crate::error::UseCaseError;
use crate::ports::AppendError;

/// Who wrote it, as the log keeps it; which node stands in the claim.
const ACTOR: &str = "system:dispatch";

/// Events for a chunk's stream after exactly the version they were decided on.
///
/// Whatever happens, trying again is harmless: if the first try did get through, the version no
/// longer fits, and the stream shows whether the events that stand there are these.
#[derive(Debug)]
pub(crate) struct Entry {
    stream: StreamId,
    after: u64,
    events: Vec<NewEvent>,
    /// Whether an earlier try may have got through.
    is_unsure: bool,
}

/// What came of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entered {
    /// It stands, up to this position.
    Stands(Position),
    /// Somebody else wrote first: the chunk is theirs.
    Fenced,
}

impl Entry {
    pub(crate) fn new(
        engine: &Engine,
        stream: StreamId,
        after: u64,
        events: &[Event],
        now: DateTime<Utc>,
    ) -> Self {
        let seal = |event| NewEvent::of(event, engine.ports.ids.next(), now);
        Self { stream, after, events: events.iter().map(seal).collect(), is_unsure: false }
    }

    /// Whether an earlier try may have got through, so that time has passed since it was decided.
    pub(crate) fn is_unsure(&self) -> bool {
        self.is_unsure
    }

    /// Writes it down. After an error it is not known whether it stands: only trying again tells.
    pub(crate) async fn enter(&mut self, engine: &Engine) -> Result<Entered, UseCaseError> {
        let append = Append {
            provenance: Provenance { actor: Arc::from(ACTOR), causation: None, correlation: None },
            streams: vec![StreamAppend {
                stream: self.stream.clone(),
                expected: Expected::Exact(self.after),
                events: self.events.clone(),
            }],
            once: None,
        };
        let was_unsure = std::mem::replace(&mut self.is_unsure, true);
        match engine.ports.log.append(append).await {
            Ok(appended) => Ok(Entered::Stands(appended.last)),
            Err(AppendError::Conflict { .. }) if was_unsure => self.look(engine).await,
            Err(AppendError::Conflict { .. }) => Ok(Entered::Fenced),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the events that stand where these were meant to are these.
    async fn look(&self, engine: &Engine) -> Result<Entered, UseCaseError> {
        let count = self.events.len();
        let stand = engine.ports.log.read_stream(&self.stream, self.after, count).await?;
        let ours = self.events.iter().map(|event| event.event_id);
        let theirs = stand.iter().map(|event| event.event_id);
        let are_ours = ours.eq(theirs);
        Ok(match stand.last() {
            Some(last) if are_ours => Entered::Stands(last.position),
            _ => Entered::Fenced,
        })
    }
}
