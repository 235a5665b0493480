//! The store in PostgreSQL: several processes may write to one database; whoever moves the head
//! first has appended.

mod connection;
mod directory;
pub(crate) mod disturb;
mod journal;
mod keys;
mod listen;
mod reader;
mod rebuild;
mod save;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::PgPool;

pub(crate) use self::connection::{drop_schema, settings};
use self::directory::PostgresDirectory;
use self::journal::PostgresJournal;
use self::keys::PostgresKeys;
use self::reader::PostgresLogReader;
use self::tokens::PostgresTokens;
use crate::error::{ConnectError, StoreError};
use crate::follow::Follower;
use crate::log::{LogReader, StoredLog};
use crate::tail::Tail;
use crate::writer::Writer;
use crate::{Access, Database, Options, Store};

/// Connects, and brings the schema up to date.
pub(crate) async fn connect(url: &str, options: Options) -> Result<Store, ConnectError> {
    let settings = settings(url, options.schema.as_deref())?;
    let durability = connection::prepare(&settings, &options).await?;
    let pool = connection::pool(settings.clone()).await?;
    let channel = listen::channel(&pool).await?;
    let reader = Arc::new(PostgresLogReader(pool.clone()));
    let tail = Tail::new(reader.head().await?);
    let listening = listen::listen(pool.clone(), channel.clone(), reader.clone(), tail.clone());
    let follower = Follower::spawn(listening);
    let writer = (options.access == Access::Write).then(|| {
        let journal = PostgresJournal::new(settings, channel);
        Writer::spawn(journal, options.clock, tail.clone())
    });
    Ok(Store {
        log: Arc::new(StoredLog { writer: writer.clone(), reader, tail }),
        directory: Arc::new(PostgresDirectory::serving(pool.clone())),
        keys: Arc::new(PostgresKeys(pool.clone())),
        tokens: Arc::new(PostgresTokens(pool.clone())),
        durability,
        database: Arc::new(PostgresDatabase { writer, follower, pool }),
    })
}

#[derive(Debug)]
struct PostgresDatabase {
    writer: Option<Writer>,
    follower: Follower,
    pool: PgPool,
}

const PING: &str = "select position from log_head";

#[async_trait]
impl Database for PostgresDatabase {
    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query(PING).fetch_one(&self.pool).await?;
        Ok(())
    }

    async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        self.follower.stop();
        self.pool.close().await;
    }
}
