//! The store against what every store must do, and against the reference model.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod migrations;
mod model;
mod postgres;
mod sqlite;
