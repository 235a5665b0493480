//! The model of crisis communication: pure values, pure decisions, no I/O and no clock.
//!
//! Invariants: nothing here is `async`, reads a clock, makes an id or performs I/O;
//! [`Decider::evolve`] cannot fail, since what it is given has already happened.
#![warn(missing_docs)]

pub mod acknowledgement;
#[cfg(test)]
mod arbitrary;
pub mod broadcast;
pub mod consent;
pub mod contact;
pub mod decider;
pub mod event;
pub mod id;
pub mod incident;
pub mod keyword;
pub mod ladder;
pub mod language;
pub mod phone;
pub mod sealed;
pub mod segment;
pub mod sender;
pub mod template;
pub mod text;
pub mod words;

pub use decider::{Decider, Rejection};
pub use event::Event;
pub use sealed::Sealed;
