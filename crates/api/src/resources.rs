//! What can be asked for, resource by resource: extract, call one use case, map.
#![expect(unused_qualifications, reason = "the macros of utoipa write paths in full")]
#![expect(clippy::struct_field_names, reason = "the names are those of the wire")]

pub(crate) mod broadcasts;
pub(crate) mod contacts;
mod failures;
pub(crate) mod incidents;
pub(crate) mod metrics;
pub(crate) mod segments;
pub(crate) mod senders;
pub(crate) mod templates;
pub(crate) mod tokens;
pub(crate) mod webhooks;

use crate::problem::{Code, Problem};

/// There is no such thing, or was not yet.
fn missing(what: &'static str) -> Problem {
    Problem::of(Code::NotFound, format!("there is no such {what}")).with("what", what)
}
