//! A segment: a named rule that selects contacts.

#[cfg(test)]
pub(crate) mod arbitrary;
mod command;
mod decide;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use decide::*;
pub use event::*;
use serde::{Deserialize, Serialize};

use crate::id::ContactId;

/// Who belongs. An empty rule selects nobody and is refused; it never means everyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Exactly these.
    Contacts(Vec<ContactId>),
    /// Those for whom a CEL expression over attributes is true.
    Expression(String),
}
