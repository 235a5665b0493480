//! `fanal demo`: a whole crisis with invented people against the built-in simulator.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::demo::people::write_csv;
use crate::demo::report;
use crate::demo::script::Script;
use crate::demo::stage::{Place, Stage};
use crate::demo::story::Story;
use crate::terminal::print_line;

/// Most people the demonstration takes.
const PEOPLE_MAX: u64 = 100_000;

/// Play a whole crisis with ten thousand invented people against the built-in simulator.
///
/// Starts the simulator and an engine, each a process of its own on loopback, and calls the
/// engine's public API. Nobody real is reached. The data stays for looking further.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A folder for the data; must not exist.
    #[arg(long, value_name = "FOLDER", default_value = "fanal-demo")]
    data: PathBuf,
    /// How many lines the file of people has.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(10..=PEOPLE_MAX))]
    people: u64,
    /// The same number gives the same people, who behave the same way.
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// Plays it.
///
/// # Errors
/// If the folder exists, a process does not start, or the engine says no.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("cannot find this program")?;
    let place = Place::make(args.data)?;
    let mut story = Story::begin();
    let mut people = Vec::new();
    write_csv(usize::try_from(args.people)?, args.seed, &mut people)?;
    std::fs::write(place.at("people.csv"), &people).context("cannot write the invented people")?;
    let seed = args.seed.to_string();
    let stage = Stage::set(&program, &place, &["--hurried", "--seed", &seed]).await?;
    let pids = [&stage.simulator, &stage.engine].map(|child| child.pid().unwrap_or_default());
    story.tell("simulator", &format!("{} (process {})", stage.simulator.url, pids[0]));
    story.tell("", "one sender, upgraded to 1,000 messages per second; people answer in seconds");
    story.tell("engine", &format!("{} (process {})", stage.engine.url, pids[1]));
    let ending = Script::new(&stage.client, &mut story).play(people).await?;
    stage.clear().await?;
    print_line("");
    print_line(&report::figures(&ending.metrics));
    print_line("");
    print_line(&report::what_next(&place, &ending));
    Ok(())
}
