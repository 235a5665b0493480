//! The `fanal` program: reads the configuration, introduces the adapters to the engine, owns the
//! loops, and talks to the person at the terminal.
//!
//! Invariant: nothing else reads the environment, handles signals or spawns tasks for the engine.

mod args;
pub mod child;
pub mod client;
mod commands;
mod config;
pub mod demo;
mod health;
mod loops;
mod system;
mod telemetry;
mod terminal;
mod wiring;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::args::{Args, Command};
use crate::config::Config;
use crate::terminal::{print_error, print_line};

/// Runs the program with the process's own arguments.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.context("cannot start").and_then(|runtime| runtime.block_on(run(args)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> anyhow::Result<()> {
    let shutdown = on_signal()?;
    let file = args.config.as_deref();
    if let Command::Config = args.command {
        print_line(config::DEFAULTS.trim_end());
        return Ok(());
    }
    let config = Config::load(file)?;
    telemetry::start(&config.log)?;
    match args.command {
        Command::Config => Ok(()),
        Command::Demo(args) => commands::demo::run(args).await,
        Command::Serve(args) => commands::serve::run(args, &config, shutdown).await,
        Command::Simulator(args) => commands::simulator::run(args, shutdown).await,
        Command::Contacts(command) => commands::contacts::run(command, &config).await,
        Command::Tokens(command) => commands::tokens::run(command, &config).await,
        Command::Replay(args) => commands::replay::run(args, &config).await,
        Command::Selftest(command) => commands::selftest::run(command).await,
        Command::Bench(command) => commands::bench::run(command).await,
    }
}

/// The first signal asks to stop; a second one stops at once.
fn on_signal() -> anyhow::Result<CancellationToken> {
    let shutdown = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let token = shutdown.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if token.is_cancelled() {
                #[expect(clippy::exit, reason = "the second signal means at once")]
                std::process::exit(1);
            }
            token.cancel();
        }
    });
    Ok(shutdown)
}
