//! The file as a table: which separator, which columns, row after row.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Chain, Cursor, Read};

use csv::{ByteRecord, StringRecord};

use super::ImportProblem;
use super::row::{Column, Row};
use crate::error::UseCaseError;
use crate::ports::Unavailable;

/// How much of the file is looked at to find the separator.
const HEAD_BYTES: u64 = 64 * 1024;

/// Most columns.
const COLUMNS_MAX: usize = 200;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A CSV file, opened.
pub(super) struct Table<R> {
    reader: csv::Reader<Chain<Cursor<Vec<u8>>, BufReader<R>>>,
    columns: Vec<Column>,
    record: ByteRecord,
}

impl<R: Read> Table<R> {
    /// Reads the header.
    pub(super) fn open(file: R) -> Result<Self, UseCaseError> {
        let mut file = BufReader::new(file);
        let mut head = Vec::new();
        file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(unreadable)?;
        if head.starts_with(BYTE_ORDER_MARK) {
            head.drain(..BYTE_ORDER_MARK.len());
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator(&head))
            .has_headers(true)
            .from_reader(Cursor::new(head).chain(file));
        let columns =
            reader.byte_headers().map_err(|error| unreadable(error.into())).and_then(columns)?;
        Ok(Self { reader, columns, record: ByteRecord::new() })
    }

    /// The next rows, until there are enough of them or of their bytes; none at the end.
    pub(super) fn batch(
        &mut self,
        rows_max: usize,
        bytes_max: u64,
    ) -> Result<Vec<Result<Row, ImportProblem>>, UseCaseError> {
        let start = self.reader.position().byte();
        let mut rows = Vec::new();
        while rows.len() < rows_max && self.reader.position().byte() - start < bytes_max {
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) => rows.push(self.row()),
                Ok(false) => break,
                Err(error) => rows.push(Err(misshapen(error, self.columns.len())?)),
            }
        }
        Ok(rows)
    }

    fn row(&self) -> Result<Row, ImportProblem> {
        let line = self.record.position().map_or(0, csv::Position::line);
        let problem = |field: &str, rule: &str| ImportProblem {
            line,
            field: field.to_owned(),
            rule: rule.to_owned(),
        };
        let record = StringRecord::from_byte_record(self.record.clone())
            .map_err(|_| problem("row", "the text is not UTF-8"))?;
        Row::read(line, &self.columns, &record).map_err(|fault| problem(&fault.field, &fault.rule))
    }
}

fn columns(header: &ByteRecord) -> Result<Vec<Column>, UseCaseError> {
    let refused = |rule: String, remedy: &str| UseCaseError::invalid("header", rule, remedy);
    let header = StringRecord::from_byte_record(header.clone())
        .map_err(|_| refused("it is not UTF-8".to_owned(), "save the file as UTF-8"))?;
    if header.len() > COLUMNS_MAX {
        let rule = format!("it has more than {COLUMNS_MAX} columns");
        return Err(refused(rule, "leave out what neither rules nor messages use"));
    }
    // A file without a header starts with a person: what stands there is never repeated.
    let columns = (1..)
        .zip(&header)
        .map(|(number, name)| {
            Column::named(name).ok_or_else(|| {
                let rule = format!("column {number} has a name that cannot be one");
                refused(rule, "start the file with a header in lower_snake_case")
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut names = BTreeSet::new();
    if let Some(index) = columns.iter().position(|column| !names.insert(column.name())) {
        let rule = format!("column {} has the name of an earlier one", index + 1);
        return Err(refused(rule, "keep one"));
    }
    if !columns.iter().any(|column| matches!(column, Column::Phone | Column::Sms)) {
        let rule = "neither `phone` nor `sms` is a column".to_owned();
        return Err(refused(rule, "people are recognised by their numbers: add one"));
    }
    Ok(columns)
}

/// The separator that stands most often in the first line.
fn separator(head: &[u8]) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| line.split(|byte| *byte == separator).count();
    [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

/// A row with too few or too many fields is that row's fault; anything else is the file's.
fn misshapen(error: csv::Error, columns: usize) -> Result<ImportProblem, UseCaseError> {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, len, .. } => Ok(ImportProblem {
            line: pos.as_ref().map_or(0, csv::Position::line),
            field: "row".to_owned(),
            rule: format!("it has {len} fields, the header {columns}"),
        }),
        _ => Err(unreadable(error.into())),
    }
}

fn unreadable(source: io::Error) -> UseCaseError {
    UseCaseError::Unavailable(Unavailable { part: "the file", source: source.into() })
}
