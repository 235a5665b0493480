//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands::{bench, contacts, demo, replay, selftest, serve, simulator, tokens};

/// Crisis communication that loses nobody: opens incidents, tells people on WhatsApp, collects
/// their answers, and proves afterwards what was known, decided, sent and received.
///
/// Exit codes: 0 success; 1 it did not work, the message says what to do; 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "fanal", version, propagate_version = true)]
pub(crate) struct Args {
    /// A configuration file over the defaults; `fanal config` prints them.
    #[arg(long, global = true, value_name = "FILE", env = "FANAL_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play a whole crisis with ten thousand invented people against the built-in simulator.
    Demo(demo::Args),
    /// Run the engine: the API, the webhooks and the sending.
    Serve(serve::Args),
    /// Run a WhatsApp Cloud API that behaves like the real one and reaches nobody.
    Simulator(simulator::Args),
    /// Bring people in.
    #[command(subcommand)]
    Contacts(contacts::Command),
    /// Say who may call the API.
    #[command(subcommand)]
    Tokens(tokens::Command),
    /// Print an incident's timeline as it was known at any moment.
    Replay(replay::Args),
    /// Torture your own database and show that nothing is lost.
    #[command(subcommand)]
    Selftest(selftest::Command),
    /// Measure on your own machine.
    #[command(subcommand)]
    Bench(bench::Command),
    /// Print every setting with its default.
    Config,
}
