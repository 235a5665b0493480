//! The directory of contacts on PostgreSQL.

use async_trait::async_trait;
use fanal_domain::id::ContactId;
use fanal_engine::envelope::Position;
use fanal_engine::ports::{BlindIndex, ContactRow, Directory, Unavailable};
use sqlx::PgPool;
use uuid::Uuid;

use super::{rebuild, save};
use crate::error::StoreError;
use crate::number;
use crate::row::StoredContact;

const PART: &str = "the directory";

/// The directory of contacts on PostgreSQL: the copy that serves, or one that is being filled.
#[derive(Debug)]
pub(crate) struct PostgresDirectory {
    pool: PgPool,
    /// Which copy, if not the one that serves.
    copy: Option<i64>,
}

impl PostgresDirectory {
    pub(crate) fn serving(pool: PgPool) -> Self {
        Self { pool, copy: None }
    }
}

const CHECKPOINT: &str = "
    select checkpoint from directory_copy where copy = coalesce($1, (select serving from directory))";

const CONTACTS: &str = "
    select contact_id, profile, language, relation, state, merged_into, consents, version, addresses
    from contact
    where copy = coalesce($1, (select serving from directory)) and contact_id = any ($2)";

/// Ids grow with time, so the lowest is the one registered first.
const OWNERS: &str = "
    select distinct on (address) address, contact_id
    from contact_address
    where copy = coalesce($1, (select serving from directory)) and address = any ($2)
    order by address, contact_id";

const PAGE: &str = "
    select contact_id, profile, language, relation, state, merged_into, consents, version, addresses
    from contact
    where copy = coalesce($1, (select serving from directory))
        and ($2::uuid is null or contact_id > $2)
    order by contact_id
    limit $3";

const COUNT: &str = "
    select count(*) from contact where copy = coalesce($1, (select serving from directory))";

#[async_trait]
impl Directory for PostgresDirectory {
    async fn checkpoint(&self) -> Result<Position, Unavailable> {
        let read = async {
            let query = sqlx::query_scalar(CHECKPOINT).bind(self.copy);
            let checkpoint: Option<i64> = query.fetch_optional(&self.pool).await?;
            number::position(checkpoint.ok_or(StoreError::NoRebuild)?)
        };
        read.await.map_err(|error| error.of(PART))
    }

    async fn save(
        &self,
        rows: Vec<ContactRow>,
        from: Position,
        to: Position,
    ) -> Result<bool, Unavailable> {
        let saved = save::save(&self.pool, self.copy, &rows, from..to).await;
        saved.map_err(|error| error.of(PART))
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Vec<ContactRow>, Unavailable> {
        let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        let query = sqlx::query_as(CONTACTS).bind(self.copy).bind(ids);
        contacts(query.fetch_all(&self.pool).await)
    }

    async fn owners(
        &self,
        addresses: &[BlindIndex],
    ) -> Result<Vec<(BlindIndex, ContactId)>, Unavailable> {
        let addresses: Vec<_> = addresses.iter().map(|address| &address[..]).collect();
        let query = sqlx::query_as(OWNERS).bind(self.copy).bind(addresses);
        let rows: Result<Vec<(BlindIndex, Uuid)>, _> = query.fetch_all(&self.pool).await;
        let rows = rows.map_err(|error| StoreError::from(error).of(PART))?;
        Ok(rows.into_iter().map(|(address, id)| (address, ContactId(id))).collect())
    }

    async fn page(
        &self,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactRow>, Unavailable> {
        let after = after.map(|id| id.0);
        let query = sqlx::query_as(PAGE).bind(self.copy).bind(after).bind(number::limit(limit));
        contacts(query.fetch_all(&self.pool).await)
    }

    async fn count(&self) -> Result<u64, Unavailable> {
        let query = sqlx::query_scalar(COUNT).bind(self.copy);
        let count: Result<i64, _> = query.fetch_one(&self.pool).await;
        count.map(i64::unsigned_abs).map_err(|error| StoreError::from(error).of(PART))
    }

    async fn begin_rebuild(&self) -> Result<Box<dyn Directory>, Unavailable> {
        let copy = rebuild::begin(&self.pool).await.map_err(|error| error.of(PART))?;
        Ok(Box::new(Self { pool: self.pool.clone(), copy: Some(copy) }))
    }

    async fn finish_rebuild(&self) -> Result<(), Unavailable> {
        rebuild::finish(&self.pool).await.map_err(|error| error.of(PART))
    }
}

fn contacts(
    stored: Result<Vec<StoredContact>, sqlx::Error>,
) -> Result<Vec<ContactRow>, Unavailable> {
    let stored = stored.map_err(StoreError::from).map_err(|error| error.of(PART))?;
    let rows: Result<_, StoreError> = stored.into_iter().map(ContactRow::try_from).collect();
    rows.map_err(|error| error.of(PART))
}
