//! One file per command.

pub mod bench;
pub mod contacts;
pub mod demo;
pub mod replay;
pub mod selftest;
pub mod serve;
pub mod simulator;
pub mod tokens;
