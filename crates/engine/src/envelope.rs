//! What the log stores around an event: order, authorship, causes and the chain of hashes.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use fanal_domain::Event;
use fanal_domain::event::DecodeError;
use fanal_domain::id::{BroadcastId, ContactId, IncidentId, SegmentId, TemplateId};
use fanal_domain::sender::SenderId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A place in the log. The first event stands at 1; 0 is before everything. Dense, no gaps.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The predecessor of a stream's first event.
pub const NO_PREDECESSOR: Hash = [0; 32];

/// The name of a stream: a path such as `incident/<id>/broadcast/<id>/chunk/1-00007`.
///
/// Everything that belongs to an incident starts with its stream's name, so that one prefix reads it all.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(Arc<str>);

impl StreamId {
    /// Any stream by name, as the store gives it back.
    pub fn named(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// An incident's own facts.
    pub fn incident(id: IncidentId) -> Self {
        Self::named(&format!("incident/{id}"))
    }

    /// A broadcast's own facts.
    pub fn broadcast(incident: IncidentId, id: BroadcastId) -> Self {
        Self::named(&format!("incident/{incident}/broadcast/{id}"))
    }

    /// One part of a broadcast's frozen audience, and the work on it.
    pub fn chunk(incident: IncidentId, id: BroadcastId, plan: u32, chunk: u32) -> Self {
        Self::named(&format!("incident/{incident}/broadcast/{id}/chunk/{plan}-{chunk:05}"))
    }

    /// What the provider and the recipients said about a broadcast.
    pub fn receipts(incident: IncidentId, id: BroadcastId) -> Self {
        Self::named(&format!("incident/{incident}/broadcast/{id}/receipts"))
    }

    /// A person's own facts.
    pub fn contact(id: ContactId) -> Self {
        Self::named(&format!("contact/{id}"))
    }

    /// What a person wrote outside any broadcast.
    pub fn conversation(id: ContactId) -> Self {
        Self::named(&format!("contact/{id}/conversation"))
    }

    /// A segment.
    pub fn segment(id: SegmentId) -> Self {
        Self::named(&format!("segment/{id}"))
    }

    /// A template.
    pub fn template(id: TemplateId) -> Self {
        Self::named(&format!("template/{id}"))
    }

    /// A sender.
    pub fn sender(id: &SenderId) -> Self {
        Self::named(&format!("sender/{}", id.0))
    }

    /// What the provider said that we keep but do not act on.
    pub fn notices() -> Self {
        Self::named("notices")
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `root`, or its name goes on with `/` after `root`'s.
    pub fn is_under(&self, root: &Self) -> bool {
        let rest = self.0.strip_prefix(&*root.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamId({})", self.0)
    }
}

/// Who did it, and what led to it; the same for all events of one append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// `token:<name>`, `system:<part>` or `provider:whatsapp`.
    pub actor: Arc<str>,
    /// The event that led to these, if one did.
    pub causation: Option<Uuid>,
    /// The request that led to these, if one did.
    pub correlation: Option<Uuid>,
}

/// An event on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// UUIDv7.
    pub event_id: Uuid,
    /// The stable kind.
    pub kind: &'static str,
    /// The schema version of the payload.
    pub schema_version: u16,
    /// When it happened, which may be before it is recorded.
    pub occurred_at: DateTime<Utc>,
    /// The exact bytes to store and hash.
    pub payload: Bytes,
}

impl NewEvent {
    /// Puts a domain event into its envelope.
    pub fn of(event: &Event, event_id: Uuid, occurred_at: DateTime<Utc>) -> Self {
        Self {
            event_id,
            kind: event.kind(),
            schema_version: event.schema_version(),
            occurred_at,
            payload: event.encode().into(),
        }
    }
}

/// An event as the log has it, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its place in the whole log.
    pub position: Position,
    /// Its stream.
    pub stream: StreamId,
    /// Its place in its stream, from 1, without gaps.
    pub version: u64,
    /// UUIDv7.
    pub event_id: Uuid,
    /// The stable kind.
    pub kind: Arc<str>,
    /// The schema version of the payload.
    pub schema_version: u16,
    /// When it was written down; microseconds.
    pub recorded_at: DateTime<Utc>,
    /// When it happened; microseconds.
    pub occurred_at: DateTime<Utc>,
    /// Who did it, and what led to it.
    pub provenance: Provenance,
    /// The exact bytes.
    pub payload: Bytes,
    /// The hash of the event before it in its stream, or [`NO_PREDECESSOR`].
    pub predecessor: Hash,
    /// Its own hash: see [`RecordedEvent::compute_hash`].
    pub hash: Hash,
}

impl RecordedEvent {
    /// Reads the domain event.
    ///
    /// # Errors
    /// [`DecodeError`] if this build does not know the kind, or the bytes are not of its shape.
    pub fn decode(&self) -> Result<Event, DecodeError> {
        Event::decode(&self.kind, self.schema_version, &self.payload)
    }

    /// SHA-256 over every other field, each with its length, numbers big-endian, times in
    /// microseconds since 1970: see the ADR on canonical bytes.
    pub fn compute_hash(&self) -> Hash {
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(&self.position.0.to_be_bytes());
        field(self.stream.as_str().as_bytes());
        field(&self.version.to_be_bytes());
        field(self.event_id.as_bytes());
        field(self.kind.as_bytes());
        field(&self.schema_version.to_be_bytes());
        field(&self.recorded_at.timestamp_micros().to_be_bytes());
        field(&self.occurred_at.timestamp_micros().to_be_bytes());
        field(self.provenance.actor.as_bytes());
        field(self.provenance.causation.as_ref().map_or(&[][..], |id| id.as_bytes()));
        field(self.provenance.correlation.as_ref().map_or(&[][..], |id| id.as_bytes()));
        field(&self.predecessor);
        field(&self.payload);
        hasher.finalize().into()
    }
}

/// What a caller believes about a stream before appending to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Any,
    /// It has no event yet.
    NoStream,
    /// It has at least one event.
    Exists,
    /// Its last event has exactly this version.
    Exact(u64),
}

impl Expected {
    /// Whether a stream whose last event has `version` (0 for none) is as expected.
    pub fn admits(self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => version == 0,
            Self::Exists => version > 0,
            Self::Exact(expected) => version == expected,
        }
    }
}

/// Events for one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamAppend {
    /// Where.
    pub stream: StreamId,
    /// What the caller believes about it.
    pub expected: Expected,
    /// What happened; not empty.
    pub events: Vec<NewEvent>,
}

/// All or nothing: events for one or several streams, each named once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// Who did it, and what led to it.
    pub provenance: Provenance,
    /// The streams, in the order their events are to stand in the log; not empty.
    pub streams: Vec<StreamAppend>,
    /// What makes a second try of the same append harmless.
    pub once: Option<Once>,
}

/// What makes a second try of the same append harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Names the try: the same key is appended once.
    pub key: Hash,
    /// What was asked; the same key with another fingerprint is refused.
    pub fingerprint: Hash,
    /// The answer the first caller gets, kept to be given again; no personal data.
    pub answer: Bytes,
}

/// Where events came to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The first event's position.
    pub first: Position,
    /// The last event's position.
    pub last: Position,
    /// The answer of the first caller, if this was a second try with the same key.
    pub replayed: Option<Bytes>,
}
