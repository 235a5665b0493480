//! What the demonstration shows while it runs: one line per thing of note, and a bar when a
//! terminal is attached.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::print_line;

/// Tells the story of a run on standard output.
#[derive(Debug)]
pub struct Story {
    started: Instant,
    bar: Option<ProgressBar>,
    interactive: bool,
}

impl Story {
    /// Starts telling.
    pub fn begin() -> Self {
        let interactive = std::io::stdout().is_terminal();
        Self { started: Instant::now(), bar: None, interactive }
    }

    /// One line: when, who, what.
    pub fn tell(&self, who: &str, what: &str) {
        let line = format!("{:>6.1} s  {who:<10}  {what}", self.elapsed().as_secs_f64());
        match &self.bar {
            Some(bar) => bar.println(line),
            None => print_line(&line),
        }
    }

    /// Time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Shows how far a broadcast is; nothing unless a terminal is attached.
    pub fn show_progress(&mut self, done: u64, of: u64, words: &str) {
        if !self.interactive {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("          {bar:40.cyan} {pos}/{len} {msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(of).with_style(style)
        });
        bar.set_position(done);
        bar.set_message(words.to_owned());
    }

    /// Takes the bar away.
    pub fn end_progress(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
