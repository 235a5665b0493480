//! The adapter against real HTTP: what leaves us byte by byte, and what we make of every answer.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod management;
mod messages;
mod outcomes;
mod server;
