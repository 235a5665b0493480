//! Bringing in many people from a CSV file. A second run of the same file changes nothing.
//!
//! Columns, in any order and either case: `phone` (the WhatsApp number) and `sms`, at least one of
//! them; `name`, `language`, `relation`, `external_id`; `consent` (purposes, separated by `|`) with
//! `consent_basis`, `consent_method` and `consent_at`. Any other column is an attribute of that
//! name: words, or a number or yes/no if its header ends in `:number` or `:bool`. Fields are
//! separated by commas, semicolons or tabs; the text is UTF-8. An empty field says nothing: the
//! person then lacks it, except consent, which only an opt-out takes back.
//!
//! People are recognised by their numbers. Rows are taken in batches that are written whole; each
//! row is accepted, or told with its line and the rule it breaks.

mod batch;
mod cells;
mod row;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::Read;

use serde::Serialize;

use self::batch::Prepared;
use self::table::Table;
use crate::Engine;
use crate::authority::UseCase;
use crate::context::Context;
use crate::error::UseCaseError;
use crate::ports::BlindIndex;

/// Most rows in one batch.
const BATCH_ROWS_MAX: usize = 1_000;

/// Largest batch in bytes of the file: sealed and encoded it stays far below what one append takes.
const BATCH_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What has come of the rows read so far; each row is in exactly one of the other counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u64,
    /// People made known.
    pub registered: u64,
    /// People of whom something changed.
    pub changed: u64,
    /// People as they were.
    pub unchanged: u64,
    /// Rows with the number of an earlier row, passed over.
    pub repeated: u64,
    /// Rows that break a rule, passed over.
    pub refused: u64,
}

/// Why a row was passed over. Never says what stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportProblem {
    /// The line the row starts in, from 1.
    pub line: u64,
    /// The column.
    pub field: String,
    /// The rule it breaks.
    pub rule: String,
}

/// Is told about an import while it runs.
pub trait ImportSink: Send {
    /// A row was passed over.
    fn problem(&mut self, problem: ImportProblem);

    /// A batch was written.
    fn progress(&mut self, report: &ImportReport);
}

/// Keeps the first problems, up to a bound; the report counts all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FirstProblems {
    /// The first ones.
    pub problems: Vec<ImportProblem>,
    max: usize,
}

impl FirstProblems {
    /// Keeps at most this many.
    pub fn keep(max: usize) -> Self {
        Self { problems: Vec::new(), max }
    }
}

impl ImportSink for FirstProblems {
    fn problem(&mut self, problem: ImportProblem) {
        if self.problems.len() < self.max {
            self.problems.push(problem);
        }
    }

    fn progress(&mut self, _report: &ImportReport) {}
}

/// What became of one row.
#[derive(Debug)]
enum RowOutcome {
    Registered,
    Changed,
    Unchanged,
    Repeated(ImportProblem),
    Refused(ImportProblem),
}

/// An import on its way.
struct Import<'a> {
    engine: &'a Engine,
    context: Context,
    report: ImportReport,
    sink: &'a mut dyn ImportSink,
    /// In which line each number stood first.
    seen: HashMap<BlindIndex, u64>,
}

impl Engine {
    /// Brings in the people of a CSV file.
    ///
    /// # Errors
    /// [`UseCaseError::Invalid`] if the header cannot be used; nothing has changed then. After any
    /// other error the batches reported so far are in, and running the file again is safe.
    pub async fn import_contacts(
        &self,
        context: &Context,
        file: impl Read + Send,
        sink: &mut dyn ImportSink,
    ) -> Result<ImportReport, UseCaseError> {
        context.may(UseCase::ImportContacts)?;
        let mut table = Table::open(file)?;
        let mut import = Import {
            engine: self,
            // The rows themselves tell whether they were brought in before.
            context: Context { once: None, if_version: None, ..context.clone() },
            report: ImportReport::default(),
            sink,
            seen: HashMap::new(),
        };
        self.catch_up_directory().await?;
        loop {
            let rows = table.batch(BATCH_ROWS_MAX, BATCH_BYTES_MAX)?;
            if rows.is_empty() {
                return Ok(import.report);
            }
            import.take(rows).await?;
        }
    }
}

impl Import<'_> {
    async fn take(
        &mut self,
        rows: Vec<Result<row::Row, ImportProblem>>,
    ) -> Result<(), UseCaseError> {
        let mut outcomes = Vec::with_capacity(rows.len());
        let mut prepared = Vec::with_capacity(rows.len());
        for row in rows {
            match row.and_then(|row| Prepared::of(self.engine, row)) {
                Ok(one) => match self.line_before(&one) {
                    None => prepared.push(one),
                    Some(problem) => outcomes.push(RowOutcome::Repeated(problem)),
                },
                Err(problem) => outcomes.push(RowOutcome::Refused(problem)),
            }
        }
        outcomes.extend(self.engine.bring_in(&self.context, &prepared).await?);
        for outcome in outcomes {
            self.note(outcome);
        }
        self.sink.progress(&self.report);
        Ok(())
    }

    /// Whether one of the numbers stood in an earlier row.
    fn line_before(&mut self, row: &Prepared) -> Option<ImportProblem> {
        let first = row.addresses.iter().find_map(|address| self.seen.get(address));
        if let Some(first) = first {
            let rule = format!("the number stands in line {first} already");
            return Some(ImportProblem { line: row.line, field: "phone".to_owned(), rule });
        }
        self.seen.extend(row.addresses.iter().map(|address| (*address, row.line)));
        None
    }

    fn note(&mut self, outcome: RowOutcome) {
        let report = &mut self.report;
        report.rows += 1;
        match outcome {
            RowOutcome::Registered => report.registered += 1,
            RowOutcome::Changed => report.changed += 1,
            RowOutcome::Unchanged => report.unchanged += 1,
            RowOutcome::Repeated(problem) => {
                report.repeated += 1;
                self.sink.problem(problem);
            }
            RowOutcome::Refused(problem) => {
                report.refused += 1;
                self.sink.problem(problem);
            }
        }
    }
}
