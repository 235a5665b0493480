//! An incident: one crisis, from open to closed.

#[cfg(test)]
pub(crate) mod arbitrary;
mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;

pub use command::*;
pub use decide::{KIND_CHARS_MAX, REASON_CHARS_MAX, SITUATION_CHARS_MAX, TITLE_CHARS_MAX};
pub use event::*;
use serde::{Deserialize, Serialize};
pub use state::*;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Inconvenience.
    Low,
    /// Service degraded for some.
    Moderate,
    /// Serious harm or wide disruption is likely.
    High,
    /// Danger to life, or the whole organisation is affected.
    Critical,
}

impl fmt::Display for Severity {
    /// The word everyone uses for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// Whether it is real. Fixed at opening: an exercise can never become live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real people are told.
    Live,
    /// A drill: nothing leaves for a real person.
    Exercise,
}

/// What somebody is responsible for during an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Decides.
    Commander,
    /// Writes and sends.
    Communicator,
    /// Approves what is sent.
    Approver,
    /// Keeps the record.
    Scribe,
}
