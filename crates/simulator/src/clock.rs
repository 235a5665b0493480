//! Simulated time: the wall clock plus what was skipped, or skips alone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, NaiveDate};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::config::ClockMode;

/// Milliseconds of simulated time since the Unix epoch.
pub(crate) type Millis = u64;

/// As far as time can be skipped, so that sums of times never overflow.
const CENTURY: Millis = 100 * 366 * 86_400_000;

/// The only clock the simulator reads.
#[derive(Debug)]
pub(crate) struct Clock {
    mode: ClockMode,
    started: Instant,
    started_at: Millis,
    skipped: watch::Sender<Millis>,
}

impl Clock {
    pub(crate) fn start(mode: ClockMode) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the simulator is the outside world, and this is its one clock"
        )]
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            mode,
            started: Instant::now(),
            started_at: millis(wall),
            skipped: watch::Sender::new(0),
        }
    }

    pub(crate) fn now(&self) -> Millis {
        let ran = match self.mode {
            ClockMode::Real => millis(self.started.elapsed()),
            ClockMode::Manual => 0,
        };
        self.started_at + ran + *self.skipped.borrow()
    }

    /// Jumps forward, a century in all at most, and wakes whoever waits for a time on the way.
    pub(crate) fn skip(&self, by: Millis) {
        self.skipped.send_modify(|skipped| *skipped = skipped.saturating_add(by).min(CENTURY));
    }

    /// Returns once `due` is reached.
    pub(crate) async fn reach(&self, due: Millis) {
        let mut skipped = self.skipped.subscribe();
        loop {
            let now = self.now();
            if now >= due {
                return;
            }
            let jumped = async {
                if skipped.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            match self.mode {
                ClockMode::Manual => jumped.await,
                ClockMode::Real => tokio::select! {
                    () = tokio::time::sleep(Duration::from_millis(due - now)) => {}
                    () = jumped => {}
                },
            }
        }
    }
}

/// Whole seconds, as all webhook timestamps are.
pub(crate) fn seconds(at: Millis) -> u64 {
    at / 1_000
}

/// The UTC day of an instant.
pub(crate) fn day(at: Millis) -> NaiveDate {
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(at).map(|at| at.date_naive()).unwrap_or_default()
}

/// A number that is the same for all instants of one calendar month.
pub(crate) fn month(at: Millis) -> u32 {
    let day = day(at);
    u32::try_from(day.year()).unwrap_or_default() * 12 + day.month0()
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
