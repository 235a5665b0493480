//! A sender: a business phone number we may send from.

#[cfg(test)]
pub(crate) mod arbitrary;
mod event;

pub use event::*;
use serde::{Deserialize, Serialize};

/// The provider's id of a business phone number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SenderId(pub String);

/// How people receive what we send, as the provider sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Well.
    Green,
    /// Some block or report us.
    Yellow,
    /// Many do.
    Red,
    /// Not yet known.
    Unknown,
}
