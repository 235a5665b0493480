//! Opening a SQLite file: alone, durable, with the schema it should have.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlx::ConnectOptions as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;

use crate::durability::Durability;
use crate::error::ConnectError;

/// How long a connection waits for another's lock: our own readers never hold one for long, but
/// a backup tool may.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Proof that no other process writes to the file. Given up when dropped.
#[derive(Debug)]
pub(crate) struct SoleWriter {
    _file: File,
}

impl SoleWriter {
    /// Locks a file beside the database: SQLite itself would let two processes take turns.
    pub(crate) fn of(path: &Path) -> Result<Self, ConnectError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&lock);
        let file = opened.map_err(|source| ConnectError::File { path: lock.clone(), source })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(ConnectError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(ConnectError::File { path: lock, source }),
        }
    }
}

/// Creates the file if need be, and brings its schema up to date.
pub(crate) async fn migrate(path: &Path) -> Result<(), ConnectError> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = options.connect().await?;
    // `run` would make this future unusable across threads: rust-lang/rust#100013.
    MIGRATIONS.run_direct(None, &mut connection, false).await?;
    sqlx::Connection::close(connection).await?;
    Ok(())
}

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

const NEWEST_MIGRATION: &str = "select max(version) from _sqlx_migrations";

/// Whether the file has the schema this program knows; for those who may not change it.
pub(crate) fn check_schema(path: &Path) -> Result<Durability, ConnectError> {
    let not_ours = || ConnectError::NotOurs { path: path.to_owned() };
    let connection = open_reader(path).map_err(|_| not_ours())?;
    let newest: Option<i64> =
        connection.query_row(NEWEST_MIGRATION, [], |row| row.get(0)).map_err(|_| not_ours())?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    match newest {
        Some(version) if newest > known => Err(ConnectError::Newer { version }),
        Some(version) if newest < known => Err(ConnectError::Older { version }),
        Some(_) => Ok(durability(&connection)?),
        None => Err(not_ours()),
    }
}

/// The connection that writes.
pub(crate) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // SQLite's defaults depend on how it was built; what durability needs is said here.
    // `fullfsync` matters on macOS only, where a plain fsync leaves data in the drive's cache.
    connection.execute_batch(
        "pragma journal_mode = wal;
         pragma synchronous = full;
         pragma fullfsync = on;
         pragma checkpoint_fullfsync = on;
         pragma foreign_keys = on;
         pragma wal_autocheckpoint = 16000;
         pragma journal_size_limit = 67108864;
         pragma temp_store = memory;
         pragma cache_size = -65536;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("pragma query_only = on; pragma cache_size = -16384;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// What this connection does to keep what it has acknowledged.
pub(crate) fn durability(connection: &Connection) -> rusqlite::Result<Durability> {
    let journal_mode: String = connection.query_row("pragma journal_mode", [], |row| row.get(0))?;
    let synchronous: i64 = connection.query_row("pragma synchronous", [], |row| row.get(0))?;
    let synchronous = match synchronous {
        0 => "off",
        1 => "normal",
        2 => "full",
        _ => "extra",
    };
    Ok(Durability {
        engine: format!("SQLite {}", rusqlite::version()),
        settings: vec![
            ("journal_mode".to_owned(), journal_mode),
            ("synchronous".to_owned(), synchronous.to_owned()),
        ],
    })
}
