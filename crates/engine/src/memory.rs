//! Stores in memory: the reference model every other store is compared with, and the simulator's.
//!
//! They are meant to be obviously right, not fast; clones share what they hold.

mod directory;
mod event_log;
mod keys;
mod tokens;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use directory::MemoryDirectory;
pub use event_log::MemoryLog;
pub use keys::MemoryKeys;
pub use tokens::MemoryTokens;

/// Locks; a holder that panicked has left nothing half done, since each changes its map last.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
