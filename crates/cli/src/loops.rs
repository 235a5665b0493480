//! The loops around the engine's steps: the engine says whether there is more, we wait and repeat.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fanal_engine::dispatch::{Lane, LaneStep};
use fanal_engine::ports::Clock as _;
use fanal_engine::step::Step;
use fanal_engine::{Engine, UseCaseError};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::system::SystemClock;

/// How long to wait after a step that failed, doubled with each failure in a row.
const PAUSE_MIN: Duration = Duration::from_millis(100);

/// The longest such wait.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// The longest wait for a time; the wall clock may be set meanwhile.
const WAIT_MAX: Duration = Duration::from_mins(1);

/// When to take the next step.
enum Next {
    AtOnce,
    /// When the log has moved, or at this time if there is one.
    Moved(Option<DateTime<Utc>>),
    At(DateTime<Utc>),
}

/// Repeats a step until it is told to stop; a step in progress is always finished.
pub(crate) async fn keep<F>(
    part: &'static str,
    engine: Engine,
    stop: CancellationToken,
    mut take_step: impl FnMut(Engine) -> F + Send,
) where
    F: Future<Output = Result<Step, UseCaseError>> + Send,
{
    let mut pace = Pace::new(part, engine.clone(), stop);
    while pace.goes_on() {
        let next = take_step(engine.clone()).await.map(|step| match step {
            Step::Worked => Next::AtOnce,
            Step::Idle(until) => Next::Moved(until),
        });
        pace.wait(next).await;
    }
}

/// Works as one lane of dispatch until it is told to stop, then puts down what it has in hand.
pub(crate) async fn dispatch(engine: Engine, stop: CancellationToken) {
    let mut lane: Lane = engine.lane();
    let mut pace = Pace::new("dispatch", engine, stop);
    while pace.goes_on() {
        let next = lane.step().await.map(|step| match step {
            LaneStep::Worked | LaneStep::Fenced => Next::AtOnce,
            LaneStep::Halted(broadcast, halt) => {
                let code = halt.failure.code;
                tracing::error!(
                    broadcast.id = %broadcast,
                    code,
                    "nothing of this broadcast leaves: everything fails with the same code"
                );
                Next::AtOnce
            }
            LaneStep::Idle(until) => Next::Moved(until),
            LaneStep::Paced(until) => Next::At(until),
        });
        pace.wait(next).await;
    }
    if let Err(error) = lane.close().await {
        // What could not be recorded is listed as unknown by the next start.
        tell("dispatch", &error);
    }
}

fn tell(part: &str, error: &UseCaseError) {
    tracing::warn!(part, error = error as &dyn std::error::Error, "a step failed; it is repeated");
}

/// Waits between the steps of one loop.
struct Pace {
    part: &'static str,
    engine: Engine,
    stop: CancellationToken,
    pause: Duration,
}

impl Pace {
    fn new(part: &'static str, engine: Engine, stop: CancellationToken) -> Self {
        Self { part, engine, stop, pause: PAUSE_MIN }
    }

    fn goes_on(&self) -> bool {
        !self.stop.is_cancelled()
    }

    async fn wait(&mut self, next: Result<Next, UseCaseError>) {
        let waited = match next {
            Ok(Next::AtOnce) => {
                self.pause = PAUSE_MIN;
                return;
            }
            Ok(Next::At(time)) => {
                self.rest(time_until(Some(time))).await;
                Ok(())
            }
            Ok(Next::Moved(until)) => self.wait_for_the_log(until).await,
            Err(error) => Err(error),
        };
        match waited {
            Ok(()) => self.pause = PAUSE_MIN,
            Err(error) => {
                tell(self.part, &error);
                self.rest(self.pause).await;
                self.pause = (self.pause * 2).min(PAUSE_MAX);
            }
        }
    }

    /// Waits until the log goes past what the live view shows, which is what the step looked at.
    async fn wait_for_the_log(&self, until: Option<DateTime<Utc>>) -> Result<(), UseCaseError> {
        let seen = self.engine.live().applied();
        tokio::select! {
            moved = self.engine.ports().log.wait_past(seen) => moved.map(drop).map_err(Into::into),
            () = sleep(time_until(until)) => Ok(()),
            () = self.stop.cancelled() => Ok(()),
        }
    }

    async fn rest(&self, time: Duration) {
        tokio::select! {
            () = sleep(time) => {}
            () = self.stop.cancelled() => {}
        }
    }
}

fn time_until(then: Option<DateTime<Utc>>) -> Duration {
    let wait = then.map(|then| (then - SystemClock.now()).to_std().unwrap_or_default());
    wait.map_or(WAIT_MAX, |wait| wait.min(WAIT_MAX))
}
