//! Sends what running broadcasts still owe: intent first, call second, outcome third.
//!
//! Invariants: no call goes out whose intent does not stand in the log; a chunk is worked on by
//! one lane of one node, since every entry names the version it follows; whatever dies, what was
//! started and not recorded is listed as unknown and not sent again.

pub(crate) mod board;
mod brake;
mod config;
mod deferrals;
pub(crate) mod desk;
mod entry;
mod hold;
mod slice;
mod work;

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::id::BroadcastId;
use fanal_domain::sender::SenderId;

use self::board::{Asker, Availability, ChunkId, Finding, Urgency};
pub use self::brake::Halt;
pub use self::config::DispatchConfig;
use self::hold::{Hold, Next};
use crate::Engine;
use crate::error::UseCaseError;

/// After a defect a chunk is left alone for so long.
const AFTER_DEFECT: TimeDelta = TimeDelta::minutes(1);

/// Works on one chunk after the other. A node has several; they share the senders' rate.
///
/// If a step is dropped in the middle, or the process dies, the chunk goes back: whoever takes it
/// next finds out what is in doubt.
#[derive(Debug)]
pub struct Lane {
    engine: Engine,
    hold: Option<Hold>,
}

/// What a step of a lane did, and when to take the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaneStep {
    /// Something: take the next step at once.
    Worked,
    /// Nothing: take the next step when the log has moved, or at this time if there is one.
    Idle(Option<DateTime<Utc>>),
    /// The sender's rate is used up: take the next step at this time.
    Paced(DateTime<Utc>),
    /// Another node wrote first, its chunk it is: take the next step at once.
    Fenced,
    /// Nothing of this broadcast leaves for now: take the next step at once, for others.
    Halted(BroadcastId, Halt),
}

impl Engine {
    /// A new lane, with empty hands.
    pub fn lane(&self) -> Lane {
        Lane { engine: self.clone(), hold: None }
    }

    /// Every broadcast of which nothing leaves because everything failed alike, and why.
    pub fn halts(&self) -> Vec<(BroadcastId, Halt)> {
        self.desk.halts()
    }

    /// What a sender may pass per second: what the provider said last, or what was configured.
    pub(crate) fn rate_of(&self, sender: &SenderId) -> u32 {
        let told = self.live.read(|world| world.catalogue().sender(sender)?.rate_per_s);
        told.unwrap_or(self.config.dispatch.rate_per_s)
    }

    fn asker(&self, now: DateTime<Utc>) -> Asker<'_> {
        Asker {
            node: &self.config.node,
            lease: TimeDelta::from_std(self.config.dispatch.lease).unwrap_or(TimeDelta::MAX),
            reaches_nobody: self.config.reaches_nobody,
            now,
        }
    }

    /// Whether something more urgent could be worked on.
    fn has_more_urgent(&self, urgency: Urgency, now: DateTime<Utc>) -> bool {
        let (applied, asker) = (self.live.applied(), self.asker(now));
        self.desk.look(applied, now, |availability| {
            let finding = self.live.board(|board| board.find(&asker, availability));
            matches!(finding, Finding::Chunk(_, found) if found > urgency)
        })
    }
}

impl Lane {
    /// Takes a chunk if there is none in hand, and brings it one entry further.
    ///
    /// # Errors
    /// [`UseCaseError`]; if a port was unavailable, nothing is lost: take the next step after a
    /// while.
    pub async fn step(&mut self) -> Result<LaneStep, UseCaseError> {
        let mut hold = match self.hold.take() {
            Some(hold) => hold,
            None => match self.take() {
                Ok(hold) => hold,
                Err(until) => return Ok(LaneStep::Idle(until)),
            },
        };
        let next = match hold.step(&self.engine).await {
            Ok(next) => next,
            Err(error @ UseCaseError::Unavailable(_)) => {
                self.hold = Some(hold);
                return Err(error);
            }
            Err(defect) => {
                hold.put_back(Some(self.engine.ports.clock.now() + AFTER_DEFECT));
                return Err(defect);
            }
        };
        Ok(match next {
            Next::GoOn => {
                self.hold = Some(hold);
                LaneStep::Worked
            }
            Next::Wait(until) => {
                self.hold = Some(hold);
                LaneStep::Paced(until)
            }
            Next::PutBack(until) => {
                hold.put_back(until);
                LaneStep::Worked
            }
            Next::Halt(halt) => {
                let broadcast_id = hold.broadcast_id();
                hold.put_back(Some(halt.until));
                LaneStep::Halted(broadcast_id, halt)
            }
            Next::Fenced => {
                hold.put_back(None);
                LaneStep::Fenced
            }
        })
    }

    /// Writes down what is still to be recorded and puts the chunk back, before the process ends.
    ///
    /// # Errors
    /// [`UseCaseError`]; what was not recorded is then found in doubt by the next run.
    pub async fn close(&mut self) -> Result<(), UseCaseError> {
        if let Some(hold) = &mut self.hold {
            hold.close();
        }
        while self.hold.is_some() {
            self.step().await?;
        }
        Ok(())
    }

    /// The most urgent chunk that may be worked on, or when to ask again.
    fn take(&self) -> Result<Hold, Option<DateTime<Utc>>> {
        let engine = &self.engine;
        let Some(sender) = engine.config.senders.first() else { return Err(None) };
        let now = engine.ports.clock.now();
        let (applied, asker) = (engine.live.applied(), engine.asker(now));
        let find = |availability: &dyn Fn(&ChunkId) -> Availability| match engine
            .live
            .board(|board| board.find(&asker, availability))
        {
            Finding::Chunk(chunk, urgency) => (Some(chunk), Ok(urgency)),
            Finding::Nothing(until) => (None, Err(until)),
        };
        match engine.desk.take(applied, now, find) {
            (Some(held), Ok(urgency)) => Ok(Hold::new(held, urgency, sender.clone())),
            (_, finding) => {
                engine.desk.keep_only(|id| engine.live.launch(id).is_some());
                Err(finding.err().flatten())
            }
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk;
