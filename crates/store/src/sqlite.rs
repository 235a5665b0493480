//! The store in a SQLite file: one process writes, through one connection on a thread of its own.

mod connection;
mod directory;
pub(crate) mod disturb;
mod journal;
mod keys;
mod reader;
mod rebuild;
mod threads;
mod tokens;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use self::connection::SoleWriter;
use self::directory::SqliteDirectory;
use self::journal::SqliteJournal;
use self::keys::SqliteKeys;
use self::reader::SqliteLogReader;
use self::threads::{Readers, WriteThread};
use self::tokens::SqliteTokens;
use crate::error::{ConnectError, StoreError};
use crate::follow::Follower;
use crate::log::{LogReader, StoredLog};
use crate::tail::Tail;
use crate::writer::Writer;
use crate::{Access, Database, Options, Store};

/// How often a store opened for reading looks what the writing process has done.
const FOLLOW_EVERY: Duration = Duration::from_millis(100);

/// Opens the file, creating it if need be and allowed.
pub(crate) async fn connect(path: &Path, options: Options) -> Result<Store, ConnectError> {
    let path = std::path::absolute(path)
        .map_err(|source| ConnectError::File { path: path.to_owned(), source })?;
    match options.access {
        Access::Write => connect_to_write(path, options).await,
        Access::Read => connect_to_read(path).await,
    }
}

async fn connect_to_write(path: PathBuf, options: Options) -> Result<Store, ConnectError> {
    let sole_writer = SoleWriter::of(&path)?;
    connection::migrate(&path).await?;
    let connection = connection::open_writer(&path)?;
    let durability = connection::durability(&connection)?;
    if !options.accept_loss {
        durability.required()?;
    }
    let thread = WriteThread::start(path.clone(), connection, sole_writer)
        .map_err(|source| ConnectError::File { path: path.clone(), source })?;
    let readers = Readers::of(path);
    let reader = Arc::new(SqliteLogReader(readers.clone()));
    let tail = Tail::new(reader.head().await?);
    let writer = Writer::spawn(SqliteJournal(thread.clone()), options.clock, tail.clone());
    let log = StoredLog { writer: Some(writer.clone()), reader, tail };
    let database = SqliteDatabase { writer: Some(writer), follower: None, thread, readers };
    Ok(store(log, durability, database))
}

async fn connect_to_read(path: PathBuf) -> Result<Store, ConnectError> {
    let durability = connection::check_schema(&path)?;
    let readers = Readers::of(path);
    let reader = Arc::new(SqliteLogReader(readers.clone()));
    let tail = Tail::new(reader.head().await?);
    let follower = Some(Follower::polling(reader.clone(), tail.clone(), FOLLOW_EVERY));
    let log = StoredLog { writer: None, reader, tail };
    let thread = WriteThread::none();
    let database = SqliteDatabase { writer: None, follower, thread, readers };
    Ok(store(log, durability, database))
}

fn store(log: StoredLog, durability: crate::Durability, database: SqliteDatabase) -> Store {
    let (writer, readers) = (&database.thread, &database.readers);
    let keys = SqliteKeys { writer: writer.clone(), readers: readers.clone() };
    let tokens = SqliteTokens { writer: writer.clone(), readers: readers.clone() };
    Store {
        log: Arc::new(log),
        directory: Arc::new(SqliteDirectory::serving(writer.clone(), readers.clone())),
        keys: Arc::new(keys),
        tokens: Arc::new(tokens),
        durability,
        database: Arc::new(database),
    }
}

#[derive(Debug)]
struct SqliteDatabase {
    writer: Option<Writer>,
    follower: Option<Follower>,
    thread: WriteThread,
    readers: Readers,
}

#[async_trait]
impl Database for SqliteDatabase {
    async fn ping(&self) -> Result<(), StoreError> {
        let readable = |transaction: &rusqlite::Transaction<'_>| {
            journal::head(transaction)?;
            Ok(())
        };
        self.readers.read(readable).await?;
        match self.writer {
            Some(_) => self.thread.run(|_| Ok(())).await,
            None => Ok(()),
        }
    }

    async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        if let Some(follower) = &self.follower {
            follower.stop();
        }
        self.readers.close().await;
        self.thread.stop().await;
    }
}
