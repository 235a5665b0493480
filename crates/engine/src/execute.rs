//! How every write goes: load the stream, fold it, decide, append; on a conflict all over again.

#[cfg(test)]
mod tests;

use fanal_domain::Event;
use fanal_domain::decider::{Decider, Rejection};
use uuid::Uuid;

use crate::Engine;
use crate::context::{Answer, Context, Written};
use crate::envelope::{
    Append, Expected, NewEvent, Position, RecordedEvent, StreamAppend, StreamId,
};
use crate::error::UseCaseError;
use crate::ports::AppendError;

/// How often a decision is taken anew because somebody else changed the same thing meanwhile.
const TRIES_MAX: usize = 4;

/// How many events of a stream are read at once.
const PAGE_MAX: usize = 1_000;

/// What a use case is about.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) stream: StreamId,
    pub(crate) id: Uuid,
    /// `incident`, `contact`, …
    pub(crate) what: &'static str,
    /// Whether the use case brings it into being.
    pub(crate) is_new: bool,
}

impl Subject {
    pub(crate) fn known(what: &'static str, id: Uuid, stream: StreamId) -> Self {
        Self { stream, id, what, is_new: false }
    }

    pub(crate) fn new(what: &'static str, id: Uuid, stream: StreamId) -> Self {
        Self { is_new: true, ..Self::known(what, id, stream) }
    }
}

/// A stream as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Loaded<S> {
    pub(crate) stream: StreamId,
    pub(crate) state: S,
    /// The version of its last event; 0 if it has none.
    pub(crate) version: u64,
    /// The position of its last event; 0 if it has none.
    pub(crate) position: Position,
}

impl<S> Loaded<S> {
    /// These events, to be appended if nobody else appended any meanwhile.
    pub(crate) fn then(&self, events: Vec<NewEvent>) -> StreamAppend {
        StreamAppend {
            stream: self.stream.clone(),
            expected: Expected::Exact(self.version),
            events,
        }
    }
}

impl Engine {
    /// Reads and folds a stream.
    pub(crate) async fn load<D>(&self, stream: StreamId) -> Result<Loaded<D::State>, UseCaseError>
    where
        D: Decider<State: Send + Sync>,
    {
        self.load_until::<D>(stream, None).await
    }

    /// Reads and folds a stream up to a position of the log.
    pub(crate) async fn load_until<D>(
        &self,
        stream: StreamId,
        until: Option<Position>,
    ) -> Result<Loaded<D::State>, UseCaseError>
    where
        D: Decider<State: Send + Sync>,
    {
        let mut loaded =
            Loaded { stream, state: D::State::default(), version: 0, position: Position(0) };
        loop {
            let page = self.ports.log.read_stream(&loaded.stream, loaded.version, PAGE_MAX).await?;
            for recorded in &page {
                if until.is_some_and(|until| recorded.position > until) {
                    return Ok(loaded);
                }
                loaded.state = D::evolve(loaded.state, &decode(recorded)?);
                loaded.version = recorded.version;
                loaded.position = recorded.position;
            }
            if page.len() < PAGE_MAX {
                return Ok(loaded);
            }
        }
    }

    /// Carries out one command on one stream.
    pub(crate) async fn execute<D>(
        &self,
        context: &Context,
        subject: Subject,
        command: D::Command,
    ) -> Result<Written, UseCaseError>
    where
        D: Decider<Command: Clone + Send + Sync, State: Send + Sync>,
    {
        self.once(context, async {
            let mut count = Tries::of(context);
            loop {
                let tried = self.try_execute::<D>(context, &subject, command.clone()).await;
                if count.are_over(&tried) {
                    return tried;
                }
            }
        })
        .await
    }

    async fn try_execute<D>(
        &self,
        context: &Context,
        subject: &Subject,
        command: D::Command,
    ) -> Result<Written, UseCaseError>
    where
        D: Decider<Command: Send, State: Send + Sync>,
    {
        let loaded = self.load::<D>(subject.stream.clone()).await?;
        if loaded.version == 0 && !subject.is_new {
            return Err(UseCaseError::NotFound { what: subject.what });
        }
        context.check_version(loaded.version)?;
        let events = D::decide(&loaded.state, command).map_err(|rejection| rejected(&rejection))?;
        self.append_to(context, subject.id, &loaded, &events).await
    }

    /// Appends what a decision on one stream makes happen, which may be nothing.
    pub(crate) async fn append_to<S: Sync>(
        &self,
        context: &Context,
        id: Uuid,
        loaded: &Loaded<S>,
        events: &[Event],
    ) -> Result<Written, UseCaseError> {
        let (position, version) = (loaded.position, loaded.version + events.len() as u64);
        if events.is_empty() {
            return Ok(Written { id, position, version, replayed: false });
        }
        let part = loaded.then(self.envelopes(events));
        self.append(context, Answer { id, version }, vec![part]).await
    }

    /// Appends the events of one decision, which may stand in several streams.
    ///
    /// [`UseCaseError::Busy`] means that a stream has moved on: decide again.
    pub(crate) async fn append(
        &self,
        context: &Context,
        answer: Answer,
        streams: Vec<StreamAppend>,
    ) -> Result<Written, UseCaseError> {
        let append =
            Append { provenance: context.provenance(), streams, once: context.once(&answer) };
        match self.ports.log.append(append).await {
            Ok(appended) => Ok(answer.written(&appended)),
            Err(AppendError::Conflict { actual, .. }) => match context.if_version {
                Some(expected) => Err(UseCaseError::Stale { expected, actual }),
                None => Err(UseCaseError::Busy),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Puts events into their envelopes, as happened now.
    pub(crate) fn envelopes(&self, events: &[Event]) -> Vec<NewEvent> {
        let now = self.ports.clock.now();
        events.iter().map(|event| NewEvent::of(event, self.ports.ids.next(), now)).collect()
    }

    /// Does the work of a request once: a second try gets the first answer, whatever the same
    /// decision would be by now.
    pub(crate) async fn once(
        &self,
        context: &Context,
        work: impl Future<Output = Result<Written, UseCaseError>>,
    ) -> Result<Written, UseCaseError> {
        if let Some(first) = self.first_answer(context).await? {
            return Ok(first);
        }
        match work.await {
            // Another try of the same request may have been faster.
            Err(error) if error.depends_on_state() => {
                self.first_answer(context).await?.ok_or(error)
            }
            done => done,
        }
    }

    async fn first_answer(&self, context: &Context) -> Result<Option<Written>, UseCaseError> {
        let Some(once) = context.once else { return Ok(None) };
        match self.ports.log.answered(&once.key).await? {
            Some(answered) if answered.fingerprint != once.fingerprint => {
                Err(UseCaseError::KeyReused)
            }
            Some(answered) => Ok(Answer::first(&answered)),
            None => Ok(None),
        }
    }
}

/// Counts the tries of one decision.
pub(crate) struct Tries {
    left: usize,
}

impl Tries {
    /// Whoever named a version does not want the decision taken anew on another.
    pub(crate) fn of(context: &Context) -> Self {
        Self { left: if context.if_version.is_some() { 1 } else { TRIES_MAX } }
    }

    /// Whether this try was the last.
    pub(crate) fn are_over<T>(&mut self, tried: &Result<T, UseCaseError>) -> bool {
        self.left -= 1;
        self.left == 0 || !matches!(tried, Err(UseCaseError::Busy))
    }
}

/// Reads an event's body.
pub(crate) fn decode(recorded: &RecordedEvent) -> Result<Event, UseCaseError> {
    recorded
        .decode()
        .map_err(|source| UseCaseError::Unreadable { stream: recorded.stream.clone(), source })
}

/// A rule of the domain, told to a caller.
pub(crate) fn rejected(rejection: &impl Rejection) -> UseCaseError {
    UseCaseError::Rejected {
        code: rejection.code(),
        field: rejection.field(),
        message: rejection.to_string(),
    }
}
