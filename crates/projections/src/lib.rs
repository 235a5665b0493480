//! Pure folds of the log: live views, timelines, the per-recipient ladder, metrics and cost.
//!
//! Invariants: no I/O, no clock, no randomness; applying an event cannot fail; an event that was
//! seen already changes nothing; fed live or from zero, the views are the same.

pub mod broadcast;
pub mod cost;
pub mod incident;
pub mod metrics;
mod place;
#[cfg(test)]
mod properties;
mod seen;
#[cfg(test)]
mod testing;
pub mod timeline;
pub mod world;

pub use incident::IncidentView;
pub use place::{Branch, Part, Place};
pub use seen::Seen;
pub use world::World;
