//! What a node may do with a chunk.

use std::collections::HashSet;

use thiserror::Error;

use super::{Chunk, Stage};
use crate::broadcast::{
    ChunkClaimed, SendsExpired, SendsInDoubt, SendsRecorded, SendsStarted, SendsWithheld,
    UnknownsRequeued, WithheldSend,
};
use crate::decider::{Decider, Rejection};
use crate::event::Event;
use crate::sender::SenderId;
use crate::text::{InvalidText, line};

/// Most sends started by one event.
pub const SLICE_MAX: usize = 100;
/// Longest name of a node, in characters.
const NODE_CHARS_MAX: usize = 128;

/// What a node wants of a chunk. That it is the only one, the stream's version sees to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChunkCommand {
    /// Take it. What an earlier run started and never recorded is in doubt from then on.
    Claim {
        /// The node's name for this run of it.
        node: String,
    },
    /// Commit the intent to send to these, who wait.
    Start {
        /// From which number.
        sender: SenderId,
        /// To whom.
        recipients: Vec<u32>,
    },
    /// Note what came of exactly the started sends.
    Record(SendsRecorded),
    /// Take people who wait out of the queue.
    Withhold(Vec<WithheldSend>),
    /// Give up on everybody who waits.
    Expire,
    /// Put unknown outcomes back into the queue, by the broadcast's rule.
    Requeue {
        /// Who may be told twice.
        recipients: Vec<u32>,
    },
}

/// Why a chunk does not do what a node wants.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChunkRejection {
    /// There is no such chunk.
    #[error("the chunk was never frozen: plan the broadcast first")]
    NotFrozen,
    /// Nobody may work on it before claiming it.
    #[error("the chunk is not claimed: claim it first")]
    NotClaimed,
    /// Started sends must be recorded before anything else is started.
    #[error("{count} started sends have no outcome yet: record them first")]
    OutcomesMissing {
        /// How many.
        count: u32,
    },
    /// An event names somebody.
    #[error("`recipients` is empty: name at least one")]
    NoRecipients,
    /// A slice has a bound.
    #[error("`recipients` names {count} people: start at most {SLICE_MAX} at once")]
    SliceTooLarge {
        /// How many.
        count: usize,
    },
    /// Each recipient is named once.
    #[error("`recipients` names {recipient} twice: name each once")]
    NamedTwice {
        /// Who.
        recipient: u32,
    },
    /// A recipient does not stand where it would have to.
    #[error("recipient {recipient} is not {wanted:?}: read the chunk again")]
    WrongStage {
        /// Who.
        recipient: u32,
        /// Where it would have to stand.
        wanted: Stage,
    },
    /// An outcome is missing.
    #[error("{recorded} of {started} started sends have an outcome: record exactly those started")]
    OutcomesIncomplete {
        /// How many outcomes there are.
        recorded: usize,
        /// How many sends were started.
        started: u32,
    },
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl Rejection for ChunkRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFrozen => "chunk_not_frozen",
            Self::NotClaimed => "chunk_not_claimed",
            Self::OutcomesMissing { .. } => "outcomes_missing",
            Self::NoRecipients => "recipients_empty",
            Self::SliceTooLarge { .. } => "slice_too_large",
            Self::NamedTwice { .. } => "recipient_twice",
            Self::WrongStage { .. } => "recipient_wrong_stage",
            Self::OutcomesIncomplete { .. } => "outcomes_incomplete",
            Self::Text(invalid) => invalid.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFrozen
            | Self::NotClaimed
            | Self::OutcomesMissing { .. }
            | Self::OutcomesIncomplete { .. } => None,
            Self::NoRecipients
            | Self::SliceTooLarge { .. }
            | Self::NamedTwice { .. }
            | Self::WrongStage { .. } => Some("recipients"),
            Self::Text(invalid) => Some(invalid.field),
        }
    }
}

impl Decider for Chunk {
    type State = Option<Self>;
    type Command = ChunkCommand;
    type Rejection = ChunkRejection;

    fn decide(state: &Option<Self>, command: ChunkCommand) -> Result<Vec<Event>, ChunkRejection> {
        let chunk = state.as_ref().ok_or(ChunkRejection::NotFrozen)?;
        match command {
            ChunkCommand::Claim { node } => chunk.claim(&node),
            _ if chunk.claimed_by.is_none() => Err(ChunkRejection::NotClaimed),
            ChunkCommand::Start { sender, recipients } => chunk.start_slice(sender, recipients),
            ChunkCommand::Record(outcomes) => chunk.record_slice(outcomes),
            ChunkCommand::Withhold(withheld) => {
                let recipients: Vec<u32> = withheld.iter().map(|one| one.recipient).collect();
                chunk.check(&recipients, Stage::Queued)?;
                Ok(vec![SendsWithheld { withheld }.into()])
            }
            ChunkCommand::Expire => {
                let recipients: Vec<u32> = chunk.waiting().collect();
                Ok(some(recipients, |recipients| SendsExpired { recipients }.into()))
            }
            ChunkCommand::Requeue { recipients } => {
                chunk.check(&recipients, Stage::Unknown)?;
                Ok(vec![UnknownsRequeued { recipients }.into()])
            }
        }
    }

    fn evolve(state: Option<Self>, event: &Event) -> Option<Self> {
        super::evolve(state, event)
    }
}

impl Chunk {
    fn claim(&self, node: &str) -> Result<Vec<Event>, ChunkRejection> {
        let node = line("node", node, NODE_CHARS_MAX)?;
        let mut events = vec![ChunkClaimed { node }.into()];
        let in_doubt: Vec<u32> = self.standing(Stage::Started).collect();
        events.extend(some(in_doubt, |recipients| SendsInDoubt { recipients }.into()));
        Ok(events)
    }

    fn start_slice(
        &self,
        sender: SenderId,
        recipients: Vec<u32>,
    ) -> Result<Vec<Event>, ChunkRejection> {
        match self.count(Stage::Started) {
            0 => {}
            count => return Err(ChunkRejection::OutcomesMissing { count }),
        }
        if recipients.len() > SLICE_MAX {
            return Err(ChunkRejection::SliceTooLarge { count: recipients.len() });
        }
        self.check(&recipients, Stage::Queued)?;
        Ok(vec![SendsStarted { sender, recipients }.into()])
    }

    fn record_slice(&self, outcomes: SendsRecorded) -> Result<Vec<Event>, ChunkRejection> {
        let recipients: Vec<u32> = outcomes.recipients().collect();
        self.check(&recipients, Stage::Started)?;
        let started = self.count(Stage::Started);
        if recipients.len() != started as usize {
            return Err(ChunkRejection::OutcomesIncomplete { recorded: recipients.len(), started });
        }
        Ok(vec![outcomes.into()])
    }

    /// Somebody is named, each once, and each stands where it must.
    fn check(&self, recipients: &[u32], wanted: Stage) -> Result<(), ChunkRejection> {
        if recipients.is_empty() {
            return Err(ChunkRejection::NoRecipients);
        }
        let mut seen = HashSet::with_capacity(recipients.len());
        for &recipient in recipients {
            if !seen.insert(recipient) {
                return Err(ChunkRejection::NamedTwice { recipient });
            }
            if self.stage(recipient) != Some(wanted) {
                return Err(ChunkRejection::WrongStage { recipient, wanted });
            }
        }
        Ok(())
    }
}

impl SendsRecorded {
    /// Everybody it names.
    pub fn recipients(&self) -> impl Iterator<Item = u32> {
        let refused = self.refused.iter().chain(&self.deferred).map(|one| one.recipient);
        let accepted = self.accepted.iter().map(|one| one.recipient);
        accepted.chain(refused).chain(self.unknown.iter().copied())
    }
}

/// An event only if it would name somebody.
fn some(recipients: Vec<u32>, event: impl FnOnce(Vec<u32>) -> Event) -> Vec<Event> {
    if recipients.is_empty() { Vec::new() } else { vec![event(recipients)] }
}
