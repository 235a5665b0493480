//! `fanal selftest`: tortures a log on the operator's own disk or server, and looks for losses.

mod ledger;
mod watcher;
mod writers;

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use clap::{Args, Subcommand};
use fanal_store::{Access, Scratch};
use rand::Rng as _;
use tokio::time::{Instant, sleep};

use self::ledger::Ledger;
use self::watcher::Watcher;
use self::writers::Writers;
use crate::system::SystemClock;
use crate::terminal::print_line;

/// Torture your own database and show that nothing is lost.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The event log: writers in several processes, killed again and again; sessions that roll
    /// back, sit idle or keep old snapshots; a reader that must see every event once, in order.
    Log(Log),
    /// A process that writes until it is killed; started by `log`.
    #[command(hide = true)]
    LogWriter,
}

/// How to torture the log.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// The database: `sqlite:path` or `postgres://…`. Your own log in it is left alone.
    #[arg(long, env = "FANAL_DATABASE__URL", hide_env_values = true)]
    url: String,
    /// How long.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How many write at the same time.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1_024))]
    writers: u32,
}

/// The pause between two killings, in milliseconds.
const KILL_EVERY_MS: std::ops::Range<u64> = 200..900;

/// Tortures the log, prints what was found, and fails unless it is nothing.
///
/// # Errors
/// If the database cannot be used, or lost, repeated or disordered an event.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    let args = match command {
        Command::Log(args) => args,
        Command::LogWriter => return writers::write_until_killed().await,
    };
    let scratch = Scratch::beside(&args.url)?;
    let tortured = torture(&scratch, &args).await;
    scratch.remove().await?;
    let ledger = tortured?;
    ensure!(ledger.is_whole(), "the database lost, repeated or disordered events");
    Ok(())
}

async fn torture(scratch: &Scratch, args: &Log) -> anyhow::Result<Ledger> {
    // Makes the schema, so that readers find one.
    scratch.connect(Arc::new(SystemClock), Access::Write).await?.close().await;
    let disturbance = scratch.disturb()?;
    let mut writers = Writers::start(scratch, args.writers).await?;
    let watcher = Watcher::start(scratch.clone());
    let end = Instant::now() + Duration::from_secs(args.seconds);
    while Instant::now() < end {
        let pause = Duration::from_millis(rand::rng().random_range(KILL_EVERY_MS));
        sleep(pause.min(end - Instant::now())).await;
        writers.kill_one().await?;
    }
    let (acknowledged, killed) = writers.stop().await?;
    drop(disturbance);
    let mut ledger = watcher.finish().await?;
    for acknowledgement in &acknowledged {
        ledger.expect(acknowledgement);
    }
    print_line(&format!(
        "events={} acknowledged_appends={} killed_processes={killed}",
        ledger.events(),
        acknowledged.len(),
    ));
    print_line(&ledger.to_string());
    Ok(ledger)
}
