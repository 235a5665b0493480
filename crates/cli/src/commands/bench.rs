//! `fanal bench`: how fast this machine's database takes and gives events.

mod measure;

use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand};
use fanal_store::{Access, Scratch};
use serde::Serialize;

use self::measure::Rate;
use crate::system::SystemClock;
use crate::terminal::{print_line, table};

/// Measure on your own machine.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The event log: appends, batches and replay, on a log of its own beside yours.
    Log(Log),
}

/// What to measure the log with.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// The database: `sqlite:path` or `postgres://…`. Your own log in it is left alone.
    #[arg(long, env = "FANAL_DATABASE__URL", hide_env_values = true)]
    url: String,
    /// How long each of the measurements lasts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Callers that append one event at a time and wait until it is on disk.
const CALLERS: [usize; 5] = [1, 16, 64, 256, 1_024];
/// Events in one append.
const BATCHES: [usize; 3] = [1, 100, 1_000];
/// Callers that append batches: while one batch is written, the next is ready.
const BATCH_CALLERS: usize = 4;

/// Measures, and prints what was found.
///
/// # Errors
/// If the database cannot be used.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Log(args) = command;
    let scratch = Scratch::beside(&args.url)?;
    let measured = measure_all(&scratch, Duration::from_secs(args.seconds)).await;
    scratch.remove().await?;
    let found = measured?;
    print_line(&if args.json { serde_json::to_string_pretty(&found)? } else { found.as_table() });
    Ok(())
}

async fn measure_all(scratch: &Scratch, time: Duration) -> anyhow::Result<Found> {
    let store = scratch.connect(Arc::new(SystemClock), Access::Write).await?;
    let mut appends = Vec::new();
    for callers in CALLERS {
        appends.push(measure::appends(&store.log, callers, 1, time).await?);
    }
    let mut batches = Vec::new();
    for events in BATCHES {
        batches.push(measure::appends(&store.log, BATCH_CALLERS, events, time).await?);
    }
    let replay = measure::replay(&*store.log).await?;
    let durability = store.durability();
    let found = Found {
        engine: durability.engine.clone(),
        durable: durability.is_durable(),
        gain_of_256_callers: appends[3].events_per_second / appends[0].events_per_second,
        appends,
        batches,
        replay_events: replay.events,
        replay_events_per_second: replay.events_per_second,
    };
    store.close().await;
    Ok(found)
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
struct Found {
    engine: String,
    durable: bool,
    /// One event for each append.
    appends: Vec<Rate>,
    gain_of_256_callers: f64,
    /// Many events for each append.
    batches: Vec<Rate>,
    replay_events: u64,
    replay_events_per_second: f64,
}

impl Found {
    fn as_table(&self) -> String {
        let row = |rate: &Rate| {
            let what = format!("{} callers × {} events", rate.callers, rate.batch);
            let per_second = format!("{:.0}", rate.events_per_second);
            vec![what, per_second, format!("{:.2}", rate.p50_ms), format!("{:.2}", rate.p99_ms)]
        };
        let mut rows: Vec<_> = self.appends.iter().chain(&self.batches).map(row).collect();
        let replayed = format!("replay of {} events", self.replay_events);
        rows.push(vec![replayed, format!("{:.0}", self.replay_events_per_second)]);
        let durable = if self.durable { "durable" } else { "NOT durable" };
        format!(
            "{}, {durable}\n\n{}\n\n256 callers append {:.1} times as fast as one",
            self.engine,
            table(&["append", "events/s", "p50 ms", "p99 ms"], &rows),
            self.gain_of_256_callers
        )
    }
}
