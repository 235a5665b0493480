//! The live view: everything the log says, folded in memory as it grows.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use fanal_domain::Event;
use fanal_domain::id::BroadcastId;
use fanal_projections::{Seen, World};
use tokio::sync::watch;

use crate::Engine;
use crate::dispatch::board::{Board, Launch};
use crate::envelope::{Position, RecordedEvent};
use crate::error::UseCaseError;
use crate::ports::Filter;
use crate::step::Step;

/// How many events one step takes.
const PAGE_MAX: usize = 2_000;

/// How many events are applied before others may look again.
const AT_ONCE: usize = 100;

/// The live view. Cheap to clone: all clones are the same view.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    views: RwLock<Views>,
    applied: watch::Sender<Position>,
    /// Held by whoever reads the next page: several who want the view to move share the work.
    turn: tokio::sync::Mutex<()>,
    /// Whether it has shown everything the log had at some moment of this run.
    has_caught_up: AtomicBool,
}

#[derive(Default)]
struct Views {
    world: World,
    board: Board,
}

impl Default for Live {
    /// Before everything.
    fn default() -> Self {
        Self(Arc::new(Inner {
            views: RwLock::default(),
            applied: watch::Sender::new(Position::default()),
            turn: tokio::sync::Mutex::default(),
            has_caught_up: AtomicBool::new(false),
        }))
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Live(at {})", self.applied())
    }
}

impl Live {
    /// The position of the last event it shows.
    pub fn applied(&self) -> Position {
        *self.0.applied.borrow()
    }

    /// Waits until it shows the event at `position`.
    pub async fn wait_applied(&self, position: Position) {
        let mut applied = self.0.applied.subscribe();
        // The sender lives as long as `self`, so waiting can only end with the position.
        drop(applied.wait_for(|applied| *applied >= position).await);
    }

    /// Looks at it. Keep it short: while somebody looks, it stands still.
    pub fn read<Read>(&self, read: impl FnOnce(&World) -> Read) -> Read {
        read(&self.views().world)
    }

    /// Looks at what there is to send.
    pub(crate) fn board<Read>(&self, read: impl FnOnce(&Board) -> Read) -> Read {
        read(&self.views().board)
    }

    /// Looks at both at the same position.
    pub(crate) fn look<Read>(&self, read: impl FnOnce(&World, &Board) -> Read) -> Read {
        let views = self.views();
        read(&views.world, &views.board)
    }

    /// When a running broadcast began and ends; `None` if it is not running: nothing may leave.
    pub(crate) fn launch(&self, id: BroadcastId) -> Option<Launch> {
        self.board(|board| board.launch(id))
    }

    fn views(&self) -> RwLockReadGuard<'_, Views> {
        // Applying an event does not panic, so nobody leaves it half applied.
        self.0.views.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in the next events; those it shows already change nothing.
    fn apply(&self, events: &[(RecordedEvent, Event)]) {
        for events in events.chunks(AT_ONCE) {
            let mut views = self.0.views.write().unwrap_or_else(PoisonError::into_inner);
            let mut applied = self.applied();
            for (recorded, event) in events {
                if recorded.position > applied {
                    let seen = seen(recorded, event);
                    views.world.apply(&seen);
                    views.board.apply(&seen);
                    applied = recorded.position;
                }
            }
            // Before the lock is given back, so that nobody sees more than is said.
            self.0.applied.send_replace(applied);
        }
    }
}

impl Engine {
    /// The live view.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Brings the live view one page nearer to the head of the log.
    ///
    /// # Errors
    /// [`UseCaseError`] if the log is unavailable, or holds an event this build cannot read: then
    /// the view stops before it, since showing the rest would show something else than was.
    pub async fn follow(&self) -> Result<Step, UseCaseError> {
        let _turn = self.live.0.turn.lock().await;
        let page =
            self.ports.log.read_all(self.live.applied(), PAGE_MAX, &Filter::default()).await?;
        let (at_end, mut unreadable) = (page.at_end, None);
        let mut events = Vec::with_capacity(page.events.len());
        for recorded in page.events {
            match recorded.decode() {
                Ok(event) => events.push((recorded, event)),
                Err(source) => {
                    unreadable = Some(UseCaseError::Unreadable { stream: recorded.stream, source });
                    break;
                }
            }
        }
        self.live.apply(&events);
        match unreadable {
            Some(error) => Err(error),
            None if at_end => {
                self.live.0.has_caught_up.store(true, Ordering::Relaxed);
                Ok(Step::Idle(None))
            }
            None => Ok(Step::Worked),
        }
    }
}

impl Engine {
    /// Brings the live view at least to `position`, which the log has.
    pub(crate) async fn follow_to(&self, position: Position) -> Result<(), UseCaseError> {
        while self.live.applied() < position {
            self.follow().await?;
        }
        Ok(())
    }

    /// Brings the live view to where the log is now, for a decision that must not rest on less.
    pub(crate) async fn catch_up(&self) -> Result<(), UseCaseError> {
        self.follow_to(self.ports.log.head().await?).await
    }

    /// The same, unless it was there once in this run: then it lags by moments only.
    pub(crate) async fn catch_up_once(&self) -> Result<(), UseCaseError> {
        if self.live.0.has_caught_up.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.catch_up().await
    }
}

/// An event of the log, as a fold is shown it.
pub(crate) fn seen<'a>(recorded: &'a RecordedEvent, event: &'a Event) -> Seen<'a> {
    Seen {
        position: recorded.position.0,
        recorded_at: recorded.recorded_at,
        occurred_at: recorded.occurred_at,
        actor: &recorded.provenance.actor,
        stream: recorded.stream.as_str(),
        event,
    }
}

#[cfg(test)]
mod tests {
    use fanal_domain::id::IncidentId;
    use fanal_domain::incident::{IncidentOpened, Mode, Severity};
    use futures::poll;

    use super::*;
    use crate::envelope::{Append, Expected, NewEvent, Provenance, StreamAppend, StreamId};
    use crate::testing::Stage;

    async fn say(engine: &Engine, stream: StreamId, event: NewEvent) -> Position {
        let append = Append {
            provenance: Provenance { actor: "test".into(), causation: None, correlation: None },
            streams: vec![StreamAppend { stream, expected: Expected::Any, events: vec![event] }],
            once: None,
        };
        engine.ports.log.append(append).await.unwrap().last
    }

    async fn open_incident(engine: &Engine) -> (IncidentId, Position) {
        let incident_id = IncidentId(engine.ports.ids.next());
        let opened = Event::from(IncidentOpened {
            incident_id,
            title: "Flood".to_owned(),
            kind: "flood".to_owned(),
            severity: Severity::High,
            mode: Mode::Exercise,
            summary: String::new(),
        });
        let event = NewEvent::of(&opened, engine.ports.ids.next(), engine.ports.clock.now());
        (incident_id, say(engine, StreamId::incident(incident_id), event).await)
    }

    #[tokio::test]
    async fn shows_what_was_appended_and_wakes_who_waits_for_it() {
        let engine = Stage::default().engine();
        let (incident_id, position) = open_incident(&engine).await;
        let mut waiting = Box::pin(engine.live().wait_applied(position));
        assert!(poll!(&mut waiting).is_pending());

        assert_eq!(engine.follow().await.unwrap(), Step::Idle(None));

        waiting.await;
        assert_eq!(engine.live().applied(), position);
        assert!(engine.live().read(|world| world.incident(incident_id).is_some()));
    }

    #[tokio::test]
    async fn stops_before_what_it_cannot_read_instead_of_showing_something_else() {
        let engine = Stage::default().engine();
        let (_, position) = open_incident(&engine).await;
        let unknown = NewEvent {
            event_id: engine.ports.ids.next(),
            kind: "from_the_future",
            schema_version: 1,
            occurred_at: engine.ports.clock.now(),
            payload: "{}".into(),
        };
        say(&engine, StreamId::named("future"), unknown).await;
        open_incident(&engine).await;

        for _ in 0..2 {
            let error = engine.follow().await.unwrap_err();
            assert!(matches!(error, UseCaseError::Unreadable { .. }), "{error}");
            assert_eq!(engine.live().applied(), position);
        }
    }
}
