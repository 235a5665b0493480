//! Follows appends of other processes by asking for the head now and then.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::MissedTickBehavior;

use crate::log::LogReader;
use crate::tail::Tail;

/// A task that ends with its owner.
#[derive(Debug)]
pub(crate) struct Follower(AbortHandle);

impl Follower {
    pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work).abort_handle())
    }

    /// Asks for the head every `every`.
    pub(crate) fn polling(reader: Arc<dyn LogReader>, tail: Tail, every: Duration) -> Self {
        Self::spawn(async move {
            let mut ticks = tokio::time::interval(every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                refresh(&*reader, &tail).await;
            }
        })
    }

    pub(crate) fn stop(&self) {
        self.0.abort();
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Asks for the head once. A failure is not told here: whoever reads or writes meets it too.
pub(crate) async fn refresh(reader: &dyn LogReader, tail: &Tail) {
    if let Ok(head) = reader.head().await {
        tail.advance(head);
    }
}
