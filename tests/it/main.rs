//! Stories of whole processes, and the rules of the house.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod architecture;
mod crash;
mod databases;
mod demo;
mod import;
mod selftest;
mod settings;

use std::path::Path;

/// The program under test.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_fanal-under-test"))
}
