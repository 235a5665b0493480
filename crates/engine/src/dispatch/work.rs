//! One chunk in a lane's hands: the domain's view of it, and what waits for another try.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::broadcast::FrozenRecipient;
use fanal_domain::broadcast::chunk::{Chunk, ChunkCommand, ChunkRejection};
use fanal_domain::{Decider, Event};

use super::board::Launch;
use super::deferrals::Deferrals;

/// One chunk and the work on it, as its stream tells.
#[derive(Debug, Default)]
pub(crate) struct Work {
    chunk: Option<Chunk>,
    first: u32,
    recipients: Arc<[FrozenRecipient]>,
    deferrals: Deferrals,
    active_at: DateTime<Utc>,
    version: u64,
    is_resent: bool,
}

impl Work {
    /// Takes in the next event of the stream, written at `at`.
    pub(crate) fn apply(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::AudienceFrozen(body) => {
                self.first = body.first;
                self.recipients = body.recipients.clone().into();
            }
            Event::SendsRecorded(body) => self.deferrals.apply(body, at),
            Event::UnknownsRequeued(_) => self.is_resent = true,
            _ => {}
        }
        self.chunk = Chunk::evolve(self.chunk.take(), event);
        self.active_at = at;
        self.version += 1;
    }

    /// Decides on a command, takes what follows as happened, and adds it to `events`.
    pub(crate) fn carry_out(
        &mut self,
        command: ChunkCommand,
        now: DateTime<Utc>,
        events: &mut Vec<Event>,
    ) -> Result<(), ChunkRejection> {
        for event in Chunk::decide(&self.chunk, command)? {
            self.apply(&event, now);
            events.push(event);
        }
        Ok(())
    }

    /// The domain's view of it; `None` if it was never frozen.
    pub(crate) fn chunk(&self) -> Option<&Chunk> {
        self.chunk.as_ref()
    }

    /// Who may be told now, at most `limit`.
    pub(crate) fn due(&self, limit: usize, now: DateTime<Utc>) -> Vec<u32> {
        self.waiting()
            .filter(|recipient| self.deferrals.due(*recipient).is_none_or(|due| due <= now))
            .take(limit)
            .collect()
    }

    /// When nothing more is started: when the broadcast expires, and for those who are told again
    /// because their first send remained unknown, as long after it was settled.
    pub(crate) fn deadline(&self, launch: &Launch) -> DateTime<Utc> {
        if self.is_resent { launch.resends_until() } else { launch.expires }
    }

    /// When the next deferred recipient may be told; `None` if nobody waits.
    pub(crate) fn next_due(&self) -> Option<DateTime<Utc>> {
        self.waiting().filter_map(|recipient| self.deferrals.due(recipient)).min()
    }

    fn waiting(&self) -> impl Iterator<Item = u32> + '_ {
        self.chunk.iter().flat_map(Chunk::waiting)
    }

    /// What waits for another try.
    pub(crate) fn deferrals(&self) -> &Deferrals {
        &self.deferrals
    }

    /// Who a recipient is.
    pub(crate) fn recipient(&self, index: u32) -> Option<&FrozenRecipient> {
        self.recipients.get(usize::try_from(index.checked_sub(self.first)?).ok()?)
    }

    /// How often a send to a recipient was started.
    pub(crate) fn attempts(&self, recipient: u32) -> u32 {
        self.chunk.as_ref().map_or(0, |chunk| u32::from(chunk.attempts(recipient)))
    }

    /// When somebody last wrote about it.
    pub(crate) fn active_at(&self) -> DateTime<Utc> {
        self.active_at
    }

    /// The version of its last event.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }
}
