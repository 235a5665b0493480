//! Something to tell, before it becomes bytes: small, and always making the same bytes.

use std::sync::Arc;

use serde_json::Value;

/// One update.
#[derive(Clone, Debug)]
pub(crate) enum Notice {
    Status {
        message: u32,
        told: Told,
        /// Whether the status carries the price.
        priced: bool,
        /// Unix seconds.
        at: u32,
    },
    Incoming {
        message: u32,
    },
    /// A change outside `messages`, or one given in full by the control API.
    Change(Arc<Change>),
}

/// A field and its value.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) field: String,
    pub(crate) value: Value,
    /// Unix seconds.
    pub(crate) at: u64,
}

/// A status as webhooks tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Sent,
    Delivered,
    Read,
    Played,
    Failed(u32),
}

impl Told {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed(_) => "failed",
        }
    }
}

impl Notice {
    pub(crate) fn change(field: &str, value: Value, at: u64) -> Self {
        Self::Change(Arc::new(Change { field: field.to_owned(), value, at }))
    }

    pub(crate) fn field(&self) -> &str {
        match self {
            Self::Status { .. } | Self::Incoming { .. } => "messages",
            Self::Change(change) => &change.field,
        }
    }
}
