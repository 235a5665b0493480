//! Judges a batch of appends one after the other, each upon those before it. Pure.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use fanal_engine::envelope::{
    Append, Appended, Hash, NO_PREDECESSOR, NewEvent, Once, Position, Provenance, RecordedEvent,
    StreamId,
};
use fanal_engine::ports::{Answered, AppendError};

use super::journal::{Batch, Head, Tip};

/// What the writer knows before the first append: every stream and key the batch will ask for.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) tips: HashMap<StreamId, Tip>,
    pub(crate) answered: HashMap<Hash, Answered>,
}

/// A batch in the making.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    from: Head,
    recorded_at: DateTime<Utc>,
    known: Known,
    kinds: &'a mut Kinds,
    events: Vec<RecordedEvent>,
    answered: Vec<(Hash, Answered)>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(from: Head, now: DateTime<Utc>, known: Known, kinds: &'a mut Kinds) -> Self {
        // Time in the log never runs backwards, whatever the clock does.
        let recorded_at = now.trunc_subsecs(6).max(from.recorded_at);
        Self { from, recorded_at, known, kinds, events: Vec::new(), answered: Vec::new() }
    }

    /// Judges one append. The answer holds only if the batch is committed.
    pub(crate) fn add(&mut self, append: &Append) -> Result<Appended, AppendError> {
        if let Some(again) = append.once.as_ref().and_then(|once| self.appended_before(once)) {
            return again;
        }
        for part in &append.streams {
            let actual = self.tip(&part.stream).version;
            if !part.expected.admits(actual) {
                let (stream, expected) = (part.stream.clone(), part.expected);
                return Err(AppendError::Conflict { stream, expected, actual });
            }
        }
        let first = self.next_position();
        for part in &append.streams {
            self.record(&part.stream, &part.events, &append.provenance);
        }
        let last = Position(self.next_position().0 - 1);
        if let Some(Once { key, fingerprint, answer }) = append.once.clone() {
            let answered = Answered { fingerprint, answer, first, last };
            self.known.answered.insert(key, answered.clone());
            self.answered.push((key, answered));
        }
        Ok(Appended { first, last, replayed: None })
    }

    /// The batch, and where its streams end after it.
    pub(crate) fn finish(self) -> (Batch, HashMap<StreamId, Tip>) {
        let position = Position(self.next_position().0 - 1);
        let to = Head { position, recorded_at: self.recorded_at };
        let batch = Batch { from: self.from, to, events: self.events, answered: self.answered };
        (batch, self.known.tips)
    }

    fn appended_before(&self, once: &Once) -> Option<Result<Appended, AppendError>> {
        let answered = self.known.answered.get(&once.key)?;
        if answered.fingerprint != once.fingerprint {
            return Some(Err(AppendError::KeyReused));
        }
        let replayed = Some(answered.answer.clone());
        Some(Ok(Appended { first: answered.first, last: answered.last, replayed }))
    }

    fn record(&mut self, stream: &StreamId, events: &[NewEvent], provenance: &Provenance) {
        let mut tip = self.tip(stream);
        for event in events {
            let mut recorded = RecordedEvent {
                position: self.next_position(),
                stream: stream.clone(),
                version: tip.version + 1,
                event_id: event.event_id,
                kind: self.kinds.shared(event.kind),
                schema_version: event.schema_version,
                recorded_at: self.recorded_at,
                occurred_at: event.occurred_at.trunc_subsecs(6),
                provenance: provenance.clone(),
                payload: event.payload.clone(),
                predecessor: tip.hash,
                hash: NO_PREDECESSOR,
            };
            recorded.hash = recorded.compute_hash();
            tip = Tip { version: recorded.version, hash: recorded.hash };
            self.events.push(recorded);
        }
        self.known.tips.insert(stream.clone(), tip);
    }

    fn tip(&self, stream: &StreamId) -> Tip {
        self.known.tips.get(stream).copied().unwrap_or(Tip::NONE)
    }

    fn next_position(&self) -> Position {
        Position(self.from.position.0 + self.events.len() as u64 + 1)
    }
}

/// One shared copy of each kind; there are some dozens.
#[derive(Debug, Default)]
pub(crate) struct Kinds(HashMap<&'static str, Arc<str>>);

impl Kinds {
    fn shared(&mut self, kind: &'static str) -> Arc<str> {
        Arc::clone(self.0.entry(kind).or_insert_with(|| Arc::from(kind)))
    }
}
