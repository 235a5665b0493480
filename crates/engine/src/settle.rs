//! Brings running broadcasts to their end, and notices promises whose time has passed.

mod due;

use chrono::TimeDelta;
use fanal_domain::Event;
use fanal_domain::broadcast::chunk::{Chunk, ChunkCommand};
use fanal_domain::broadcast::{Broadcast, BroadcastCommand, RecipientsSettled};
use fanal_domain::incident::{Incident, IncidentCommand};

use self::due::Due;
use crate::Engine;
use crate::context::{Answer, Context};
use crate::envelope::{Expected, Position, StreamAppend, StreamId};
use crate::error::UseCaseError;
use crate::execute::Subject;
use crate::step::Step;

/// How many indices one event names at most: keeps its payload well below the log's bound.
const INDICES_MAX: usize = 50_000;

/// How many such events one append has at most: keeps it well below the log's bound.
const EVENTS_MAX: usize = 16;

/// Another node did what was due: look again when its work has surely been seen.
const AFTER_ANOTHER: TimeDelta = TimeDelta::seconds(1);

impl Engine {
    /// Does the first thing that is due: notes a broken promise, takes unknown sends up again,
    /// settles what remains unclear, or completes a broadcast.
    ///
    /// # Errors
    /// [`UseCaseError`] if a port is unavailable or an event cannot be read.
    pub async fn settle(&self) -> Result<Step, UseCaseError> {
        // Whoever settles on less than the log has would settle what has been delivered.
        self.catch_up().await?;
        let now = self.ports.clock.now();
        let due = match self.live.look(|world, board| due::first(world, board, now)) {
            Ok(due) => due,
            Err(until) => return Ok(Step::Idle(until)),
        };
        match self.carry_out(due).await {
            Ok(position) => {
                self.follow_to(position).await?;
                Ok(Step::Worked)
            }
            Err(error) if error.depends_on_state() => {
                self.follow().await?;
                Ok(Step::Idle(Some(now + AFTER_ANOTHER)))
            }
            Err(error) => Err(error),
        }
    }

    async fn carry_out(&self, due: Due) -> Result<Position, UseCaseError> {
        let context = Context::system("settle", self.ports.ids.next());
        let written = match due {
            Due::Broken { incident_id, promise_id } => {
                let stream = StreamId::incident(incident_id);
                let subject = Subject::known("incident", incident_id.0, stream);
                let reason = "the deadline passed".to_owned();
                let command = IncidentCommand::BreakPromise { promise_id, reason };
                self.execute::<Incident>(&context, subject, command).await?
            }
            Due::Requeue { chunk, recipients } => {
                let subject = Subject::known("chunk", chunk.broadcast_id.0, chunk.stream());
                let command = ChunkCommand::Requeue { recipients };
                self.execute::<Chunk>(&context, subject, command).await?
            }
            Due::Settle { incident_id, broadcast_id, settled } => {
                // Two nodes may both settle: the facts are the same, whoever comes first.
                let stream = StreamId::receipts(incident_id, broadcast_id);
                let events = self.envelopes(&in_pieces(settled));
                let part = StreamAppend { stream, expected: Expected::Any, events };
                let answer = Answer { id: broadcast_id.0, version: 0 };
                self.append(&context, answer, vec![part]).await?
            }
            Due::Complete { incident_id, broadcast_id, tally } => {
                let stream = StreamId::broadcast(incident_id, broadcast_id);
                let subject = Subject::known("broadcast", broadcast_id.0, stream);
                let command = BroadcastCommand::Complete { open: 0, tally };
                self.execute::<Broadcast>(&context, subject, command).await?
            }
        };
        Ok(written.position)
    }
}

/// What was settled, in events that the log takes; what is more comes with the next step.
fn in_pieces(settled: RecipientsSettled) -> Vec<Event> {
    let RecipientsSettled { undelivered, left_unknown } = settled;
    let undelivered = undelivered.chunks(INDICES_MAX).map(|indices| RecipientsSettled {
        undelivered: indices.to_vec(),
        left_unknown: Vec::new(),
    });
    let left_unknown = left_unknown.chunks(INDICES_MAX).map(|indices| RecipientsSettled {
        undelivered: Vec::new(),
        left_unknown: indices.to_vec(),
    });
    undelivered.chain(left_unknown).take(EVENTS_MAX).map(Event::from).collect()
}

#[cfg(test)]
mod tests;
