//! The keys of persons on SQLite.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use fanal_engine::ports::{KeyStore, StoredKey, Unavailable};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::threads::{Readers, Verdict, WriteThread};
use crate::row;

const PART: &str = "the key store";

/// The keys of persons on SQLite.
#[derive(Debug)]
pub(crate) struct SqliteKeys {
    pub(crate) writer: WriteThread,
    pub(crate) readers: Readers,
}

const LOAD: &str = "select wrapped, destroyed_at from person_key where subject = ?1";
const CREATE: &str = "insert or ignore into person_key (subject, wrapped) values (?1, ?2)";
const DESTROY: &str = "
    insert into person_key (subject, destroyed_at) values (?1, ?2)
    on conflict (subject) do update set wrapped = null, destroyed_at = excluded.destroyed_at
    where destroyed_at is null";

#[async_trait]
impl KeyStore for SqliteKeys {
    async fn load(&self, subjects: &[Uuid]) -> Result<Vec<(Uuid, StoredKey)>, Unavailable> {
        let mut subjects = subjects.to_vec();
        subjects.sort_unstable();
        subjects.dedup();
        let load = move |transaction: &Transaction<'_>| {
            let mut statement = transaction.prepare_cached(LOAD)?;
            let mut keys = Vec::new();
            for subject in subjects {
                let subject_bytes = &subject.as_bytes()[..];
                let found = statement.query_row([subject_bytes], columns).optional()?;
                if let Some((wrapped, destroyed_at)) = found {
                    keys.push((subject, row::key(subject, wrapped, destroyed_at)?));
                }
            }
            Ok(keys)
        };
        self.readers.read(load).await.map_err(|error| error.of(PART))
    }

    async fn create(&self, keys: Vec<(Uuid, Vec<u8>)>) -> Result<(), Unavailable> {
        let create = move |transaction: &Transaction<'_>| {
            let mut statement = transaction.prepare_cached(CREATE)?;
            for (subject, wrapped) in &keys {
                statement.execute(params![&subject.as_bytes()[..], wrapped])?;
            }
            Ok(Verdict::Commit(()))
        };
        self.writer.transact(create).await.map_err(|error| error.of(PART))
    }

    async fn destroy(&self, subject: Uuid, at: DateTime<Utc>) -> Result<(), Unavailable> {
        let destroy = move |transaction: &Transaction<'_>| {
            let mut statement = transaction.prepare_cached(DESTROY)?;
            statement.execute(params![&subject.as_bytes()[..], at.timestamp_micros()])?;
            Ok(Verdict::Commit(()))
        };
        self.writer.transact(destroy).await.map_err(|error| error.of(PART))
    }
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(Option<Vec<u8>>, Option<i64>)> {
    Ok((row.get(0)?, row.get(1)?))
}
