//! The loops around the engine's steps: the engine says whether there is more, we wait and repeat.

use std::time::Duration;

use chrono::{DateTime, Utc};
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

/// Repeats a step until it is told to stop; a step in progress is always finished.
pub async fn keep<F>(
    part: &'static str,
    engine: Engine,
    stop: CancellationToken,
    mut step: impl FnMut(Engine) -> F + Send,
) where
    F: Future<Output = Result<Step, UseCaseError>> + Send,
{
    let mut pause = PAUSE_MIN;
    while !stop.is_cancelled() {
        // Read before the step, so that what is written during the step wakes the next one.
        let head = engine.ports().log.head().await;
        let wait = match (step(engine.clone()).await, head) {
            (Ok(Step::Worked), _) => {
                pause = PAUSE_MIN;
                continue;
            }
            (Ok(Step::Idle(until)), Ok(head)) => {
                pause = PAUSE_MIN;
                tokio::select! {
                    moved = engine.ports().log.wait_past(head) => moved.err().map(UseCaseError::from),
                    () = sleep(time_until(until)) => None,
                    () = stop.cancelled() => None,
                }
            }
            (Ok(Step::Idle(_)), Err(error)) => Some(error.into()),
            (Err(error), _) => Some(error),
        };
        if let Some(error) = wait {
            tracing::warn!(part, error = &error as &dyn std::error::Error, "a step failed; it is repeated");
            tokio::select! {
                () = sleep(pause) => {}
                () = stop.cancelled() => {}
            }
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}

/// How long until then; as good as for ever if there is no such time.
fn time_until(then: Option<DateTime<Utc>>) -> Duration {
    const FOR_EVER: Duration = Duration::from_secs(3600);
    then.map_or(FOR_EVER, |then| (then - SystemClock.now()).to_std().unwrap_or_default())
}
