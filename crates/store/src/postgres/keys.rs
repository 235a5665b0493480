//! The keys of persons on PostgreSQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use fanal_engine::ports::{KeyStore, StoredKey, Unavailable};
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::StoreError;
use crate::row;

const PART: &str = "the key store";

/// The keys of persons on PostgreSQL.
#[derive(Debug)]
pub(crate) struct PostgresKeys(pub(crate) PgPool);

const LOAD: &str = "select subject, wrapped, destroyed_at from person_key where subject = any ($1)";
const CREATE: &str = "
    insert into person_key (subject, wrapped)
    select * from unnest($1::uuid[], $2::bytea[])
    on conflict do nothing";
const DESTROY: &str = "
    insert into person_key (subject, destroyed_at) values ($1, $2)
    on conflict (subject) do update set wrapped = null, destroyed_at = excluded.destroyed_at
    where person_key.destroyed_at is null";

#[async_trait]
impl KeyStore for PostgresKeys {
    async fn load(&self, subjects: &[Uuid]) -> Result<Vec<(Uuid, StoredKey)>, Unavailable> {
        let load = async {
            let rows: Vec<(Uuid, Option<Vec<u8>>, Option<i64>)> =
                sqlx::query_as(LOAD).bind(subjects).fetch_all(&self.0).await?;
            let key = |(subject, wrapped, destroyed_at)| {
                Ok((subject, row::key(subject, wrapped, destroyed_at)?))
            };
            rows.into_iter().map(key).collect::<Result<_, StoreError>>()
        };
        load.await.map_err(|error| error.of(PART))
    }

    async fn create(&self, keys: Vec<(Uuid, Vec<u8>)>) -> Result<(), Unavailable> {
        let (subjects, wrapped): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
        let created = sqlx::query(CREATE).bind(subjects).bind(wrapped).execute(&self.0).await;
        created.map(drop).map_err(|error| StoreError::from(error).of(PART))
    }

    async fn destroy(&self, subject: Uuid, at: DateTime<Utc>) -> Result<(), Unavailable> {
        let destroy = sqlx::query(DESTROY).bind(subject).bind(at.timestamp_micros());
        let destroyed = destroy.execute(&self.0).await;
        destroyed.map(drop).map_err(|error| StoreError::from(error).of(PART))
    }
}
