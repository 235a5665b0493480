//! The end of the log as far as this process knows it, for readers that wait.

use fanal_engine::envelope::Position;
use tokio::sync::watch;

/// The end of the log as far as this process knows it. Clones are the same tail.
#[derive(Debug, Clone)]
pub(crate) struct Tail(watch::Sender<Position>);

impl Tail {
    pub(crate) fn new(head: Position) -> Self {
        Self(watch::Sender::new(head))
    }

    /// Notes that the log reaches at least this far, and wakes who waits for it.
    pub(crate) fn advance(&self, head: Position) {
        self.0.send_if_modified(|known| {
            let is_further = head > *known;
            *known = head.max(*known);
            is_further
        });
    }

    /// Everything up to here is committed; there may be more.
    pub(crate) fn known(&self) -> Position {
        *self.0.borrow()
    }

    /// Waits until the log is known to reach past `position`.
    pub(crate) async fn past(&self, position: Position) -> Position {
        let mut head = self.0.subscribe();
        let waited = head.wait_for(|head| *head > position).await;
        *waited.expect("the sender lives in self")
    }
}
