//! Looking: at what is, or at what was known at any past position, by the same fold.

use std::collections::VecDeque;

use fanal_domain::Event;
use fanal_domain::id::IncidentId;
use fanal_projections::World;

use crate::Engine;
use crate::authority::UseCase;
use crate::context::Context;
use crate::envelope::{Position, RecordedEvent, StreamId};
use crate::error::UseCaseError;
use crate::live::seen;
use crate::ports::Filter;

/// Events read at a time.
const PAGE_MAX: usize = 2_000;

/// What is looked at. Past looks read no more of the log than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One incident with everything that belongs to it, and segments, templates and senders.
    Incident(IncidentId),
    /// Segments, templates and senders only.
    Catalogue,
    /// Every incident, segments, templates and senders.
    Everything,
}

/// What was seen, and how fresh it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked<T> {
    /// What was seen.
    pub value: T,
    /// The position it stands at.
    pub position: Position,
    /// How many committed events it does not show yet; 0 for a look at the past.
    pub events_behind: u64,
}

impl Engine {
    /// Looks at the views as they are now, or as they were right after `as_of`.
    ///
    /// # Errors
    /// [`UseCaseError::Forbidden`] if the caller may not; [`UseCaseError::Unavailable`] if the log
    /// cannot be read; [`UseCaseError::Unreadable`] if it holds what this build does not know.
    pub async fn look<T>(
        &self,
        context: &Context,
        use_case: UseCase,
        (scope, as_of): (Scope, Option<Position>),
        look: impl FnOnce(&World) -> T,
    ) -> Result<Looked<T>, UseCaseError> {
        context.may(use_case)?;
        if let Some(position) = as_of {
            let world = self.world_at(scope, position).await?;
            return Ok(Looked { value: look(&world), position, events_behind: 0 });
        }
        let head = self.ports.log.head().await?;
        let (value, shown) = self.live.read(|world| (look(world), world.as_of().position));
        Ok(Looked { value, position: Position(shown), events_behind: head.0.saturating_sub(shown) })
    }

    /// The views as they were right after a position, from the log alone.
    async fn world_at(&self, scope: Scope, position: Position) -> Result<World, UseCaseError> {
        let mut parts = match scope {
            Scope::Incident(id) => vec![
                self.read_until(
                    position,
                    Filter { under: Some(StreamId::incident(id)), ..Filter::default() },
                )
                .await?,
                self.read_until(position, catalogue()).await?,
            ],
            Scope::Catalogue => vec![self.read_until(position, catalogue()).await?],
            Scope::Everything => vec![self.read_until(position, Filter::default()).await?],
        };
        let mut world = World::default();
        while let Some(recorded) = take_first(&mut parts) {
            let event = recorded.decode().map_err(|source| UseCaseError::Unreadable {
                stream: recorded.stream.clone(),
                source,
            })?;
            world.apply(&seen(&recorded, &event));
        }
        Ok(world)
    }

    async fn read_until(
        &self,
        position: Position,
        filter: Filter,
    ) -> Result<VecDeque<RecordedEvent>, UseCaseError> {
        let filter = Filter { until: Some(position), ..filter };
        let mut events = VecDeque::new();
        let mut after = Position::default();
        loop {
            let page = self.ports.log.read_all(after, PAGE_MAX, &filter).await?;
            events.extend(page.events);
            if page.at_end || page.read_to >= position {
                return Ok(events);
            }
            after = page.read_to;
        }
    }
}

/// The kinds that make up segments, templates and senders.
fn catalogue() -> Filter {
    let kinds = Event::KINDS.iter().map(|(kind, _)| *kind);
    let catalogue = ["segment_", "template_", "translation_", "sender_"];
    let kinds = kinds.filter(|kind| catalogue.iter().any(|prefix| kind.starts_with(prefix)));
    Filter { kinds: kinds.map(str::to_owned).collect(), ..Filter::default() }
}

/// The earliest of the first events.
fn take_first(parts: &mut [VecDeque<RecordedEvent>]) -> Option<RecordedEvent> {
    let position = |part: &VecDeque<RecordedEvent>| part.front().map(|event| event.position);
    let earliest =
        parts.iter_mut().filter(|part| !part.is_empty()).min_by_key(|part| position(part))?;
    earliest.pop_front()
}

#[cfg(test)]
mod tests;
