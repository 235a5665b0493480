//! A contact: a person, how to reach them, and what they agreed to.

#[cfg(test)]
pub(crate) mod arbitrary;
mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::*;
use serde::{Deserialize, Serialize};
pub use state::*;

/// What the person is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Works for us.
    Employee,
    /// Buys from us.
    Customer,
    /// Sells to us.
    Supplier,
    /// Lives or stays where we are responsible.
    Resident,
    /// In our care.
    Patient,
    /// Wrote to us first; nothing else is known.
    Stranger,
    /// None of these.
    Other,
}
