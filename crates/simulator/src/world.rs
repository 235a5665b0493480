//! The one shared state, behind one lock, and the two bells that wake the background tasks.

mod agenda;
mod answers;
mod faults;
mod lifecycle;
mod media;
mod perform;
mod sender;
mod state;
mod stats;
mod tokens;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

pub(crate) use self::agenda::Due;
pub(crate) use self::faults::{Fault, Faults, Outage};
pub(crate) use self::lifecycle::{Turn, dropped};
pub(crate) use self::sender::Sender;
pub(crate) use self::state::State;
pub(crate) use self::tokens::Token;
use crate::clock::{Clock, Millis};
use crate::{SimulatorConfig, webhooks};

/// Everything there is, shared by all tasks.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    state: Mutex<State>,
    agenda_changed: Notify,
    outbox_ready: Notify,
    traces: AtomicU64,
    body_bytes_max: usize,
}

/// Agenda entries performed under one lock, so that sends are not kept waiting.
const PERFORMED_AT_ONCE: usize = 2_048;

impl World {
    pub(crate) fn new(config: SimulatorConfig) -> Result<Self, crate::SimulatorError> {
        let clock = Clock::start(config.clock);
        let body_bytes_max = config.limits.body_bytes_max;
        let state = State::new(config, clock.now())?;
        Ok(Self {
            clock,
            state: Mutex::new(state),
            agenda_changed: Notify::new(),
            outbox_ready: Notify::new(),
            traces: AtomicU64::new(0),
            body_bytes_max,
        })
    }

    /// Runs `work` on the state, then wakes whoever has something new to do.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut State, Millis) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let due_before = state.agenda.next_due();
        let result = work(&mut state, now);
        let sooner = match (state.agenda.next_due(), due_before) {
            (Some(after), Some(before)) => after < before,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let ready = state.outbox_is_ready();
        drop(state);
        if sooner {
            self.agenda_changed.notify_one();
        }
        if ready {
            self.outbox_ready.notify_one();
        }
        result
    }

    /// Largest JSON body accepted.
    pub(crate) fn body_bytes_max(&self) -> usize {
        self.body_bytes_max
    }

    /// A number for `fbtrace_id`, new every time.
    pub(crate) fn next_trace(&self) -> u64 {
        self.traces.fetch_add(1, Ordering::Relaxed)
    }

    /// Performs what is due, for ever.
    pub(crate) async fn keep_agenda(&self) {
        loop {
            let changed = self.agenda_changed.notified();
            let next = self.with(|state, now| {
                state.perform_due(now, PERFORMED_AT_ONCE);
                state.agenda.next_due().map(|due| (due, due <= now))
            });
            match next {
                Some((_, true)) => tokio::task::yield_now().await,
                Some((due, false)) => tokio::select! {
                    () = self.clock.reach(due) => {}
                    () = changed => {}
                },
                None => changed.await,
            }
        }
    }

    /// Posts webhooks over one kept connection, for ever.
    pub(crate) async fn keep_posting(&self) {
        let mut wire = webhooks::Wire::default();
        let mut settled = None;
        loop {
            let ready = self.outbox_ready.notified();
            let post = self.with(|state, now| {
                if let Some((post, accepted)) = settled.take() {
                    state.settle(post, accepted, now);
                }
                state.next_post(now)
            });
            match post {
                Some(post) => {
                    let accepted = wire.send(&post).await;
                    settled = Some((post, accepted));
                }
                None => ready.await,
            }
        }
    }
}
