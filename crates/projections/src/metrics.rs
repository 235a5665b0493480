//! Every metric, defined once: a pure function over a [`Sample`], with a versioned definition.
//!
//! A figure says which definition it follows and how far the log had been read; the reader of a
//! live view adds how far behind the log that is.

pub mod acknowledgement;
pub mod cost;
pub mod delivery;
pub mod engagement;
pub mod failure;
mod figure;
pub mod reach;
mod report;
pub mod response;
mod sample;

pub use figure::{AsOf, Definition, Figure, Goal, Percentiles, Rate, Target, Verdict};
pub use report::{Report, Yardstick};
pub use sample::{Charged, Sample, Terms};

#[cfg(test)]
mod tests;
