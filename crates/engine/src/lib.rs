//! Use cases and ports: the only place that sequences work.
//!
//! Invariants: steps, not loops: nothing here spawns tasks, sleeps or subscribes; nothing here
//! speaks SQL, HTTP or WhatsApp's words; time, ids and randomness come in through ports.
#![warn(missing_docs)]

pub mod envelope;
pub mod ports;
