//! What the engine needs from the outside world. Every port is object safe.

mod clock;
mod directory;
mod event_log;
mod keys;
mod messenger;
mod random;
mod tokens;
mod webhook;

pub use clock::*;
pub use directory::*;
pub use event_log::*;
pub use keys::*;
pub use messenger::*;
pub use random::*;
pub use tokens::*;
pub use webhook::*;

/// A port could not do its work; trying again may help. The cause is for the operator's log.
#[derive(Debug, thiserror::Error)]
#[error("{part} is unavailable")]
pub struct Unavailable {
    /// Which part of the world: `the event log`, `the directory`, …
    pub part: &'static str,
    /// What happened.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}
