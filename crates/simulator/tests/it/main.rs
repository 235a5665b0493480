//! The simulator over real HTTP, one module per part of its behaviour.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::needless_pass_by_value, reason = "bodies read better when written in place")]

mod client;
mod harness;
mod receiver;

mod access;
mod answers;
mod content;
mod faults;
mod hostile;
mod identity;
mod limits;
mod management;
mod media;
mod outcomes;
mod phones;
mod start;
mod templates;
mod webhooks;
