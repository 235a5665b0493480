//! One file per command.

pub(crate) mod bench;
pub(crate) mod contacts;
pub(crate) mod demo;
pub(crate) mod replay;
pub(crate) mod selftest;
pub(crate) mod serve;
pub(crate) mod simulator;
pub(crate) mod tokens;
