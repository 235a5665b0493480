//! The real clock and the real ids: the one place that asks the machine for them.

use std::sync::Mutex;

use chrono::{DateTime, SubsecRound as _, Utc};
use fanal_engine::ports::{Clock, IdSource};
use uuid::{ContextV7, Timestamp, Uuid};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        Utc::now().trunc_subsecs(6)
    }
}

/// `UUIDv7` from the machine's clock and randomness, ascending within this process.
#[derive(Debug)]
pub(crate) struct SystemIds {
    context: Mutex<ContextV7>,
    clock: SystemClock,
}

impl SystemIds {
    /// A source of its own.
    pub(crate) fn new() -> Self {
        Self { context: Mutex::new(ContextV7::new()), clock: SystemClock }
    }
}

impl IdSource for SystemIds {
    fn next(&self) -> Uuid {
        let now = self.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let context = self.context.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend() {
        let ids = SystemIds::new();
        let made: Vec<Uuid> = (0..1000).map(|_| ids.next()).collect();
        assert!(made.is_sorted());
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }
}
