//! Connecting: which engine a URL means, and what one gets.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use fanal_engine::ports::{Clock, Directory, EventLog, KeyStore, TokenStore, Unavailable};

use crate::durability::Durability;
use crate::error::{ConnectError, StoreError};
use crate::{postgres, sqlite};

/// How to connect.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the log takes its times from.
    pub clock: Arc<dyn Clock>,
    /// Whether to write. A SQLite file has one process that writes, and any number that read.
    pub access: Access,
    /// Whether to start although the database could lose what it has acknowledged.
    pub accept_loss: bool,
    /// On PostgreSQL, the schema to use, made if there is none; else the one the server chooses.
    pub schema: Option<String>,
}

impl Options {
    /// To read and write, durably.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, access: Access::Write, accept_loss: false, schema: None }
    }
}

/// What one wants to do with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read and write; creates the database if need be.
    Write,
    /// Only read; the database must be there. Writes answer that the store is unavailable.
    Read,
}

/// Everything that is stored, through the engine's ports. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Store {
    /// The event log.
    pub log: Arc<dyn EventLog>,
    /// The directory of contacts.
    pub directory: Arc<dyn Directory>,
    /// The keys of persons.
    pub keys: Arc<dyn KeyStore>,
    /// Bearer tokens.
    pub tokens: Arc<dyn TokenStore>,
    pub(crate) durability: Durability,
    pub(crate) database: Arc<dyn Database>,
}

impl Store {
    /// What the database does to keep what it has acknowledged, as found when connecting.
    pub fn durability(&self) -> &Durability {
        &self.durability
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Unavailable`] if it does not.
    pub async fn ping(&self) -> Result<(), Unavailable> {
        self.database.ping().await.map_err(|error| error.of("the database"))
    }

    /// Writes what has been handed in, then gives the database up. Later calls are refused.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

/// What both engines do besides the ports.
#[async_trait]
pub(crate) trait Database: Debug + Send + Sync {
    async fn ping(&self) -> Result<(), StoreError>;

    async fn close(&self);
}

/// Connects to `sqlite:path`, `sqlite://path` or `postgres://…`, brings the schema up to date and
/// starts the log's writer on the current tokio runtime.
///
/// # Errors
/// [`ConnectError`], which tells what to do about it.
pub async fn connect(url: &str, options: Options) -> Result<Store, ConnectError> {
    match Engine::of(url)? {
        Engine::Sqlite(path) => sqlite::connect(path, options).await,
        Engine::Postgres => postgres::connect(url, options).await,
    }
}

/// Which engine a URL means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Engine<'a> {
    Sqlite(&'a Path),
    Postgres,
}

impl<'a> Engine<'a> {
    pub(crate) fn of(url: &'a str) -> Result<Self, ConnectError> {
        match url.split_once(':') {
            Some(("sqlite", rest)) => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() || path.starts_with(':') || path.contains('?') {
                    let rule = "after `sqlite:` comes the path of a file, without parameters";
                    return Err(ConnectError::MalformedUrl { rule });
                }
                Ok(Self::Sqlite(Path::new(path)))
            }
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres),
            _ => Err(ConnectError::UnknownEngine),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_means_an_engine() {
        for (url, path) in [
            ("sqlite:fanal.db", "fanal.db"),
            ("sqlite:/var/lib/fanal.db", "/var/lib/fanal.db"),
            ("sqlite:///var/lib/fanal.db", "/var/lib/fanal.db"),
            ("sqlite://data/fanal.db", "data/fanal.db"),
        ] {
            assert_eq!(Engine::of(url).unwrap(), Engine::Sqlite(Path::new(path)), "{url}");
        }
        for url in ["postgres://host/database", "postgresql://user:secret@host:1/database"] {
            assert_eq!(Engine::of(url).unwrap(), Engine::Postgres, "{url}");
        }
    }

    #[test]
    fn what_means_none_is_refused_without_showing_it() {
        for url in ["", "mysql://u:secret@host/x", "secret", "sqlite:", "sqlite::memory:"] {
            let refused = Engine::of(url).unwrap_err().to_string();

            assert!(!refused.contains("secret"), "{refused}");
        }
    }
}
