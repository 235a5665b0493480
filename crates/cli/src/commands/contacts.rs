//! `fanal contacts`: brings people in.

use std::fs::File;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use fanal_engine::import::{ImportProblem, ImportReport, ImportSink};
use fanal_store::Access;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::config::Config;
use crate::terminal::print_line;
use crate::wiring;

/// Most problems that are kept to be told; the report counts all.
const PROBLEMS_MAX: usize = 1_000;

/// Bring people in.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring in the people of a CSV file. A second run of the same file changes nothing.
    ///
    /// Columns, in any order: `phone`, `sms`, `name`, `language`, `relation`, `external_id`,
    /// `consent` (purposes separated by `|`), `consent_basis`, `consent_method`, `consent_at`; any
    /// other column is an attribute. The engine must not be running on the same SQLite file: use
    /// POST /v1/contacts/import then.
    Import {
        /// The file.
        file: PathBuf,
        /// One JSON object instead of words.
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of them on the configured database.
///
/// # Errors
/// If the file or the database cannot be read; rows that break a rule are listed, not errors.
pub(crate) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let Command::Import { file, json } = command;
    let store = wiring::store(config, Access::Write).await?;
    let engine = wiring::engine(config, &store).await?;
    wiring::check_master_key(&engine).await?;
    let open = File::open(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let length = open.metadata().map(|metadata| metadata.len()).unwrap_or_default();
    let bar = progress_bar(length);
    let mut told = Told { bar: bar.clone(), problems: Vec::new() };
    let context = wiring::operator(&engine);
    let report = engine.import_contacts(&context, bar.wrap_read(open), &mut told).await?;
    bar.finish_and_clear();
    store.close().await;
    print_line(&if json {
        as_json(&report, &told.problems)
    } else {
        as_words(&report, &told.problems)
    });
    Ok(())
}

/// Shown on terminals only.
fn progress_bar(length: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = "{bar:40.cyan} {bytes}/{total_bytes} {eta} left, {msg}";
    let style = ProgressStyle::with_template(style);
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Shows an import while it runs.
struct Told {
    bar: ProgressBar,
    problems: Vec<ImportProblem>,
}

impl ImportSink for Told {
    fn problem(&mut self, problem: ImportProblem) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    fn progress(&mut self, report: &ImportReport) {
        self.bar.set_message(format!("{} rows, {} refused", report.rows, report.refused));
    }
}

fn as_json(report: &ImportReport, problems: &[ImportProblem]) -> String {
    let mut shown = json!(report);
    shown["problems"] = json!(problems);
    shown.to_string()
}

fn as_words(report: &ImportReport, problems: &[ImportProblem]) -> String {
    let ImportReport { rows, registered, changed, unchanged, repeated, refused } = report;
    let mut lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("line {}, {}: {}", problem.line, problem.field, problem.rule))
        .collect();
    let all = repeated + refused;
    if all > problems.len() as u64 {
        lines.push(format!("and {} rows more", all - problems.len() as u64));
    }
    lines.push(format!(
        "{rows} rows: {registered} people registered, {changed} changed, {unchanged} unchanged, \
         {repeated} repeated, {refused} refused"
    ));
    lines.join("\n")
}
