//! The parts of the demonstration.

pub mod content;
pub mod people;
pub mod report;
pub mod script;
pub mod stage;
pub mod story;
