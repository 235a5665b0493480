//! The writer: one per log, the only one that appends. Callers hand in appends; it takes all that
//! have arrived, judges them in order, writes them in one transaction, and answers each.
//!
//! There are no timers: a batch is what arrived while the one before it was being written.

pub(crate) mod journal;
mod plan;
mod tips;

use std::sync::Arc;
use std::time::Duration;

use fanal_engine::envelope::{Append, Appended};
use fanal_engine::ports::{AppendError, Clock, Unavailable};
use tokio::sync::{mpsc, oneshot};

use self::journal::{Head, Journal, Question, Tip};
use self::plan::{Kinds, Known, Plan};
use self::tips::Tips;
use crate::error::{BatchError, StoreError};
use crate::tail::Tail;

/// Appends that may wait; more callers wait for a place.
const QUEUE_MAX: usize = 4_096;
/// A batch takes no further append once it has as many events.
const BATCH_EVENTS_ENOUGH: usize = 4_096;
/// A batch takes no further append once it has as many payload bytes.
const BATCH_BYTES_ENOUGH: usize = 8 * 1024 * 1024;
/// How often other processes may append first before a batch is given up.
const TRIES_MAX: u32 = 100;
/// The pause after the database failed, doubled each time it fails again.
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// Hands appends to the writer. The writer ends when it is told to, or when the last of these is gone.
#[derive(Debug, Clone)]
pub(crate) struct Writer(mpsc::Sender<Message>);

#[derive(Debug)]
enum Message {
    Append(Request),
    Close(oneshot::Sender<()>),
}

#[derive(Debug)]
struct Request {
    append: Append,
    answer: oneshot::Sender<Result<Appended, AppendError>>,
}

impl Writer {
    pub(crate) fn spawn(journal: impl Journal, clock: Arc<dyn Clock>, tail: Tail) -> Self {
        let (sender, inbox) = mpsc::channel(QUEUE_MAX);
        let actor = Actor {
            journal,
            clock,
            tail,
            inbox,
            head: None,
            tips: Tips::default(),
            kinds: Kinds::default(),
            pause: PAUSE_MIN,
        };
        tokio::spawn(actor.run());
        Self(sender)
    }

    pub(crate) async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let (answer, answered) = oneshot::channel();
        let closed = || AppendError::Unavailable(StoreError::Closed.of("the event log"));
        let message = Message::Append(Request { append, answer });
        self.0.send(message).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// Writes what has been handed in before, and ends.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.0.send(Message::Close(done)).await.is_ok() {
            // The writer drops its end when it is done.
            drop(closed.await);
        }
    }
}

struct Actor<J> {
    journal: J,
    clock: Arc<dyn Clock>,
    tail: Tail,
    inbox: mpsc::Receiver<Message>,
    /// Where the log ends; unknown at the start, after a failure, and when another process appended.
    head: Option<Head>,
    tips: Tips,
    kinds: Kinds,
    pause: Duration,
}

impl<J: Journal> Actor<J> {
    async fn run(mut self) {
        let mut closing = None;
        while closing.is_none() {
            let Some(message) = self.inbox.recv().await else { break };
            let requests = self.gather(message, &mut closing);
            if !requests.is_empty() {
                self.write(requests).await;
            }
        }
        // Close the database before telling that it is closed.
        drop(self);
        drop(closing);
    }

    /// Takes what has arrived, as far as it fits into one batch.
    fn gather(
        &mut self,
        first: Message,
        closing: &mut Option<oneshot::Sender<()>>,
    ) -> Vec<Request> {
        let mut requests = Vec::new();
        let (mut events, mut bytes) = (0, 0);
        let mut message = Some(first);
        while let Some(next) = message {
            match next {
                Message::Close(done) => {
                    *closing = Some(done);
                    break;
                }
                Message::Append(request) => {
                    let new = request.append.streams.iter().flat_map(|part| &part.events);
                    events += new.clone().count();
                    bytes += new.map(|event| event.payload.len()).sum::<usize>();
                    requests.push(request);
                }
            }
            let is_full = events >= BATCH_EVENTS_ENOUGH || bytes >= BATCH_BYTES_ENOUGH;
            message = if is_full { None } else { self.inbox.try_recv().ok() };
        }
        requests
    }

    async fn write(&mut self, requests: Vec<Request>) {
        let written = self.try_until_first(&requests).await;
        let failed = match written {
            Ok(answers) => {
                self.pause = PAUSE_MIN;
                for (request, answer) in requests.into_iter().zip(answers) {
                    // A caller that no longer waits needs no answer.
                    drop(request.answer.send(answer));
                }
                return;
            }
            Err(error) => BatchError(Arc::new(error)),
        };
        tracing::warn!(error = &failed as &dyn std::error::Error, "batch failed, starting afresh");
        self.forget();
        for request in requests {
            let source = Box::new(failed.clone());
            let unavailable = Unavailable { part: "the event log", source };
            drop(request.answer.send(Err(unavailable.into())));
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(PAUSE_MAX);
    }

    /// Tries again as long as other processes append first.
    async fn try_until_first(
        &mut self,
        requests: &[Request],
    ) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        for _ in 0..TRIES_MAX {
            if let Some(answers) = self.try_once(requests).await? {
                return Ok(answers);
            }
            self.forget();
        }
        Err(StoreError::Crowded { tries: TRIES_MAX })
    }

    /// Judges and writes the batch; nothing if another process has appended meanwhile.
    async fn try_once(
        &mut self,
        requests: &[Request],
    ) -> Result<Option<Vec<Result<Appended, AppendError>>>, StoreError> {
        let head = match self.head {
            Some(head) => head,
            None => self.journal.head().await?,
        };
        let known = self.learn(requests).await?;
        let mut plan = Plan::new(head, self.clock.now(), known, &mut self.kinds);
        let answers: Vec<_> = requests.iter().map(|request| plan.add(&request.append)).collect();
        let (batch, tips) = plan.finish();
        let (to, is_first) = if batch.events.is_empty() {
            // Nothing to write; but the refusals must rest on what is in the log now.
            (head, self.journal.head().await? == head)
        } else {
            let (batch, is_first) = self.journal.commit(batch).await?;
            (batch.to, is_first)
        };
        if !is_first {
            return Ok(None);
        }
        self.head = Some(to);
        self.tail.advance(to.position);
        for (stream, tip) in tips {
            self.tips.put(stream, tip);
        }
        Ok(Some(answers))
    }

    /// Everything the batch will ask for, from memory or from the database.
    async fn learn(&mut self, requests: &[Request]) -> Result<Known, StoreError> {
        let mut known = Known::default();
        let mut question = Question::default();
        for append in requests.iter().map(|request| &request.append) {
            question.keys.extend(append.once.as_ref().map(|once| once.key));
            for part in &append.streams {
                if known.tips.contains_key(&part.stream) {
                    continue;
                }
                let tip = self.tips.get(&part.stream).unwrap_or_else(|| {
                    question.streams.push(part.stream.clone());
                    Tip::NONE
                });
                known.tips.insert(part.stream.clone(), tip);
            }
        }
        if !question.is_empty() {
            let reply = self.journal.ask(question).await?;
            known.tips.extend(reply.tips);
            known.answered.extend(reply.answered);
        }
        Ok(known)
    }

    fn forget(&mut self) {
        self.head = None;
        self.tips.clear();
    }
}

#[cfg(test)]
mod tests;
