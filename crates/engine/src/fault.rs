//! Ports that fail at the k-th call, to walk through every place at which the world can break.
//!
//! Run the same work with k = 1, 2, 3 … until a run meets no fault any more: then every single
//! call has failed once. A crash is a call that never comes back: whoever drives the engine sees
//! [`Faults::has_crashed`], drops the engine, and builds a new one on the same stores.
#![expect(missing_docs, reason = "the wrappers are documented by their ports")]

mod log;
mod messenger;
mod stores;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use log::FaultyLog;
pub use messenger::FaultyMessenger;
pub use stores::{FaultyDirectory, FaultyKeys};

use crate::ports::Unavailable;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was done, and the caller is told.
    RefusedBefore,
    /// It was done, but the caller is told that it may not have been.
    LostAnswer,
    /// The process dies before it was done.
    CrashBefore,
    /// The process dies after it was done, before the answer came.
    CrashAfter,
}

impl Fault {
    /// Every way to fail.
    pub const ALL: [Self; 4] =
        [Self::RefusedBefore, Self::LostAnswer, Self::CrashBefore, Self::CrashAfter];
}

/// Which calls fail, and how. Clones share the count.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    calls: AtomicU64,
    has_crashed: AtomicBool,
    is_slow: AtomicBool,
    plan: Mutex<Vec<(u64, Fault)>>,
}

impl Faults {
    /// The k-th call from the first one on fails so.
    pub fn at(call: u64, fault: Fault) -> Self {
        let faults = Self::default();
        faults.add(call, fault);
        faults
    }

    /// The same, but as with a real port, others go on during each call.
    #[must_use]
    pub fn slowly(self) -> Self {
        self.0.is_slow.store(true, Ordering::SeqCst);
        self
    }

    /// One more call that fails.
    pub fn add(&self, call: u64, fault: Fault) {
        self.plan().push((call, fault));
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::SeqCst)
    }

    /// Whether a call died: nothing it was part of will ever go on.
    pub fn has_crashed(&self) -> bool {
        self.0.has_crashed.load(Ordering::SeqCst)
    }

    /// The process was started again.
    pub fn restart(&self) {
        self.0.has_crashed.store(false, Ordering::SeqCst);
    }

    /// Makes a call, or lets it fail if it is its turn.
    pub(crate) async fn pass<Answer>(
        &self,
        part: &'static str,
        call: impl Future<Output = Answer>,
    ) -> Result<Answer, Unavailable> {
        if self.has_crashed() {
            return std::future::pending().await;
        }
        if self.0.is_slow.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        let number = self.0.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let fault = self.plan().iter().find(|(at, _)| *at == number).map(|(_, fault)| *fault);
        match fault {
            None => Ok(call.await),
            Some(Fault::RefusedBefore) => Err(lost(part)),
            Some(Fault::LostAnswer) => {
                drop(call.await);
                Err(lost(part))
            }
            Some(Fault::CrashBefore) => self.crash().await,
            Some(Fault::CrashAfter) => {
                drop(call.await);
                self.crash().await
            }
        }
    }

    async fn crash<Never>(&self) -> Never {
        self.0.has_crashed.store(true, Ordering::SeqCst);
        std::future::pending().await
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Fault)>> {
        self.0.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lost(part: &'static str) -> Unavailable {
    Unavailable { part, source: "the test broke the connection".into() }
}
