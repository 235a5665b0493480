//! What can go wrong: while connecting, for the operator; later, as the ports' `Unavailable`.

use std::error::Error;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

use fanal_engine::ports::Unavailable;
use thiserror::Error;

/// Why a database cannot be used. Says what to do; never shows a URL, which may hold a password.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The URL names no engine we have.
    #[error("a database URL starts with `sqlite:` or `postgres://`")]
    UnknownEngine,
    /// The URL names an engine, but not a database.
    #[error("the database URL is malformed: {rule}")]
    MalformedUrl {
        /// What it has to be.
        rule: &'static str,
    },
    /// Another process writes to the file.
    #[error(
        "{} is in use by another process; stop it, or use PostgreSQL for several processes",
        path.display()
    )]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The file is to be read only, and there is none, or not one of ours.
    #[error("{} is not a database of this program", path.display())]
    NotOurs {
        /// The database file.
        path: PathBuf,
    },
    /// The database was written by a newer program.
    #[error("the database is newer than this program: it has migration {version}; upgrade")]
    Newer {
        /// The newest migration this program does not know.
        version: i64,
    },
    /// The database was written by an older program, and is to be read only.
    #[error(
        "the database is older than this program: it ends with migration {version}; start the \
         program that writes to it once"
    )]
    Older {
        /// The newest migration it has.
        version: i64,
    },
    /// The database could lose what it has acknowledged.
    #[error(
        "the database is not durable: {setting} is {value}; switch it on, or say explicitly that \
         loss of acknowledged events is acceptable"
    )]
    NotDurable {
        /// Which setting.
        setting: String,
        /// What it is.
        value: String,
    },
    /// The server is too old.
    #[error("PostgreSQL {version} is too old: 15 is the oldest that works")]
    TooOld {
        /// What the server says it is.
        version: String,
    },
    /// The file system said no.
    #[error("failed to open {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What it said.
        #[source]
        source: std::io::Error,
    },
    /// The schema could not be brought up to date.
    #[error("failed to bring the database schema up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The database said no.
    #[error("failed to open the database")]
    Database(#[source] Box<dyn Error + Send + Sync>),
}

impl From<sqlx::migrate::MigrateError> for ConnectError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => Self::Newer { version },
            other => Self::Migrate(other),
        }
    }
}

impl From<sqlx::Error> for ConnectError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<rusqlite::Error> for ConnectError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<StoreError> for ConnectError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.into())
    }
}

/// Why a port could not do its work.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    #[error("SQLite failed")]
    Sqlite(#[from] rusqlite::Error),
    #[error("PostgreSQL failed")]
    Postgres(#[from] sqlx::Error),
    #[error("what is stored in {column} of {table} at {row} does not make sense")]
    Corrupt { table: &'static str, column: &'static str, row: String },
    #[error("the store was closed, or opened only for reading")]
    Closed,
    #[error("other processes appended first {tries} times in a row")]
    Crowded { tries: u32 },
    #[error("no rebuild was begun")]
    NoRebuild,
}

impl StoreError {
    pub(crate) fn of(self, part: &'static str) -> Unavailable {
        Unavailable { part, source: Box::new(self) }
    }

    /// A place in the log that does not fit its column.
    pub(crate) fn corrupt(table: &'static str, column: &'static str, row: impl Display) -> Self {
        Self::Corrupt { table, column, row: format!("{row}") }
    }
}

/// One error for each of the callers whose appends were in the same batch.
#[derive(Debug, Clone, Error)]
#[error("the batch could not be written")]
pub(crate) struct BatchError(#[source] pub(crate) Arc<StoreError>);
