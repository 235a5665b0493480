//! Writes an audience down in chunks, many at a time, and hashes what it writes.

use std::collections::{BTreeMap, VecDeque};

use fanal_domain::Event;
use fanal_domain::broadcast::{
    AudienceFrozen, Broadcast, BroadcastPlanned, CHUNK_RECIPIENTS_MAX, FrozenRecipient,
    SuppressedPerson,
};
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::ladder::SuppressionReason;
use sha2::{Digest as _, Sha256};

use crate::Engine;
use crate::envelope::{Append, Expected, Provenance, StreamAppend, StreamId};
use crate::error::UseCaseError;

/// Most people of one sort in a chunk.
const CHUNK_MAX: usize = CHUNK_RECIPIENTS_MAX as usize;

/// How many chunks are written at once: some 5 MB at most.
const CHUNKS_AT_ONCE: usize = 32;

/// Writes one audience down.
///
/// A chunk is full when it has all the recipients it can take, so that only the last ones have
/// fewer; those who are not told go along wherever there is room. Nothing is written before there
/// is a full chunk: of an audience of nobody, no trace remains.
#[derive(Debug)]
pub(super) struct Freezer<'e> {
    engine: &'e Engine,
    provenance: Provenance,
    incident_id: IncidentId,
    broadcast_id: BroadcastId,
    plan: u32,
    told: Vec<FrozenRecipient>,
    untold: VecDeque<SuppressedPerson>,
    suppressed: BTreeMap<SuppressionReason, u32>,
    /// How many are in chunks already.
    recipients: u32,
    chunks: u32,
    full: Vec<StreamAppend>,
    hasher: Sha256,
}

impl<'e> Freezer<'e> {
    pub(super) fn new(
        engine: &'e Engine,
        provenance: Provenance,
        broadcast: &Broadcast,
        plan: u32,
    ) -> Self {
        Self {
            engine,
            provenance,
            incident_id: broadcast.incident_id,
            broadcast_id: broadcast.broadcast_id,
            plan,
            told: Vec::new(),
            untold: VecDeque::new(),
            suppressed: BTreeMap::new(),
            recipients: 0,
            chunks: 0,
            full: Vec::new(),
            hasher: Sha256::new(),
        }
    }

    /// Takes the next person.
    pub(super) fn take(&mut self, judged: Result<FrozenRecipient, SuppressedPerson>) {
        match judged {
            Ok(recipient) => {
                self.told.push(recipient);
                if self.told.len() == CHUNK_MAX {
                    self.close_chunk();
                }
            }
            Err(person) => {
                *self.suppressed.entry(person.reason).or_default() += 1;
                self.untold.push_back(person);
            }
        }
    }

    /// Writes the full chunks, if there are enough of them.
    pub(super) async fn write_full(&mut self) -> Result<(), UseCaseError> {
        if self.full.len() >= CHUNKS_AT_ONCE { self.write().await } else { Ok(()) }
    }

    /// Writes what remains, and says what was frozen.
    pub(super) async fn finish(mut self) -> Result<BroadcastPlanned, UseCaseError> {
        if self.chunks == 0 && self.told.is_empty() {
            return Err(nobody(&self.suppressed));
        }
        while !self.told.is_empty() || !self.untold.is_empty() {
            self.close_chunk();
        }
        self.write().await?;
        Ok(BroadcastPlanned {
            audience_hash: format!("{:x}", self.hasher.finalize()),
            plan: self.plan,
            chunks: self.chunks,
            recipients: self.recipients,
            suppressed: self.suppressed,
        })
    }

    fn close_chunk(&mut self) {
        let untold = self.untold.len().min(CHUNK_MAX);
        let frozen = AudienceFrozen {
            chunk: self.chunks,
            first: self.recipients,
            recipients: std::mem::take(&mut self.told),
            suppressed: self.untold.drain(..untold).collect(),
        };
        self.recipients += u32::try_from(frozen.recipients.len()).expect("a chunk is small");
        let events = self.engine.envelopes(&[Event::from(frozen)]);
        for event in &events {
            self.hasher.update(&event.payload);
        }
        self.full.push(StreamAppend {
            stream: StreamId::chunk(self.incident_id, self.broadcast_id, self.plan, self.chunks),
            expected: Expected::NoStream,
            events,
        });
        self.chunks += 1;
    }

    async fn write(&mut self) -> Result<(), UseCaseError> {
        let full = std::mem::take(&mut self.full);
        let mut left = full.into_iter().peekable();
        while left.peek().is_some() {
            let streams = left.by_ref().take(CHUNKS_AT_ONCE).collect();
            let append = Append { provenance: self.provenance.clone(), streams, once: None };
            // A conflict means that somebody else plans the same broadcast under the same number.
            self.engine.ports.log.append(append).await?;
        }
        Ok(())
    }
}

/// An audience of nobody is refused, with what keeps everybody from being told.
fn nobody(suppressed: &BTreeMap<SuppressionReason, u32>) -> UseCaseError {
    let counts = suppressed.iter().map(|(reason, count)| format!("{count} {}", why(*reason)));
    let counts: Vec<String> = counts.collect();
    let message = if counts.is_empty() {
        "the segments select nobody: widen them".to_owned()
    } else {
        format!("nobody would be told ({}): widen the segments", counts.join(", "))
    };
    UseCaseError::Rejected { code: "audience_empty", field: Some("segments"), message }
}

fn why(reason: SuppressionReason) -> &'static str {
    match reason {
        SuppressionReason::NoConsent => "without consent",
        SuppressionReason::OptedOut => "opted out",
        SuppressionReason::NoAddress => "without a number",
        SuppressionReason::Duplicate => "with somebody else's number",
        SuppressionReason::Erased => "erased",
        SuppressionReason::Merged => "merged into others",
        SuppressionReason::NoTranslation => "without an approved text in their language",
        SuppressionReason::NoValue => "for whom a variable cannot be filled",
    }
}
