//! The directory of contacts on SQLite.

use async_trait::async_trait;
use fanal_domain::id::ContactId;
use fanal_engine::envelope::Position;
use fanal_engine::ports::{BlindIndex, ContactRow, Directory, Unavailable};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::rebuild;
use super::threads::{Readers, Verdict, WriteThread};
use crate::error::StoreError;
use crate::number;
use crate::row::{self, StoredContact};

const PART: &str = "the directory";

/// The directory of contacts on SQLite: the copy that serves, or one that is being filled.
#[derive(Debug)]
pub(crate) struct SqliteDirectory {
    writer: WriteThread,
    readers: Readers,
    /// Which copy, if not the one that serves.
    copy: Option<i64>,
}

impl SqliteDirectory {
    pub(crate) fn serving(writer: WriteThread, readers: Readers) -> Self {
        Self { writer, readers, copy: None }
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Unavailable> {
        self.readers.read(query).await.map_err(|error| error.of(PART))
    }
}

#[async_trait]
impl Directory for SqliteDirectory {
    async fn checkpoint(&self) -> Result<Position, Unavailable> {
        let copy = self.copy;
        self.read(move |transaction| checkpoint(transaction, copy)).await
    }

    async fn save(
        &self,
        rows: Vec<ContactRow>,
        from: Position,
        to: Position,
    ) -> Result<bool, Unavailable> {
        let copy = self.copy;
        let save = move |transaction: &Transaction<'_>| {
            let Some(copy) = move_checkpoint(transaction, copy, from, to)? else {
                return Ok(Verdict::Undo(false));
            };
            put_all(transaction, copy, &rows)?;
            Ok(Verdict::Commit(true))
        };
        self.writer.transact(save).await.map_err(|error| error.of(PART))
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Vec<ContactRow>, Unavailable> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let copy = self.copy;
        self.read(move |transaction| contacts(transaction, copy, &ids)).await
    }

    async fn owners(
        &self,
        addresses: &[BlindIndex],
    ) -> Result<Vec<(BlindIndex, ContactId)>, Unavailable> {
        let mut addresses = addresses.to_vec();
        addresses.sort_unstable();
        addresses.dedup();
        let copy = self.copy;
        self.read(move |transaction| owners(transaction, copy, addresses)).await
    }

    async fn page(
        &self,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactRow>, Unavailable> {
        let copy = self.copy;
        self.read(move |transaction| page(transaction, copy, after, limit)).await
    }

    async fn count(&self) -> Result<u64, Unavailable> {
        let copy = self.copy;
        self.read(move |transaction| count(transaction, copy)).await
    }

    async fn begin_rebuild(&self) -> Result<Box<dyn Directory>, Unavailable> {
        let copy = rebuild::begin(&self.writer).await.map_err(|error| error.of(PART))?;
        let (writer, readers) = (self.writer.clone(), self.readers.clone());
        Ok(Box::new(Self { writer, readers, copy: Some(copy) }))
    }

    async fn finish_rebuild(&self) -> Result<(), Unavailable> {
        rebuild::finish(&self.writer).await.map_err(|error| error.of(PART))
    }
}

const CHECKPOINT: &str = "
    select checkpoint from directory_copy where copy = coalesce(?1, (select serving from directory))";

fn checkpoint(transaction: &Transaction<'_>, copy: Option<i64>) -> Result<Position, StoreError> {
    let mut statement = transaction.prepare_cached(CHECKPOINT)?;
    let checkpoint = statement.query_row([copy], |row| row.get(0)).optional()?;
    number::position(checkpoint.ok_or(StoreError::NoRebuild)?)
}

const MOVE_CHECKPOINT: &str = "
    update directory_copy set checkpoint = ?3
    where copy = coalesce(?1, (select serving from directory)) and checkpoint = ?2
    returning copy";

/// The copy that was moved; none if it is not where the caller believes.
fn move_checkpoint(
    transaction: &Transaction<'_>,
    copy: Option<i64>,
    from: Position,
    to: Position,
) -> Result<Option<i64>, StoreError> {
    let mut statement = transaction.prepare_cached(MOVE_CHECKPOINT)?;
    let moved = params![copy, number::clamped(from.0), number::clamped(to.0)];
    Ok(statement.query_row(moved, |row| row.get(0)).optional()?)
}

const ADDRESSES: &str = "select addresses from contact where copy = ?1 and contact_id = ?2";
const DROP_ADDRESS: &str =
    "delete from contact_address where copy = ?1 and address = ?2 and contact_id = ?3";
const ADD_ADDRESS: &str =
    "insert or ignore into contact_address (copy, address, contact_id) values (?1, ?2, ?3)";
const PUT: &str = "
    insert or replace into contact (
        copy, contact_id, profile, language, relation, state, merged_into, consents, version,
        addresses
    ) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

fn put_all(
    transaction: &Transaction<'_>,
    copy: i64,
    rows: &[ContactRow],
) -> Result<(), StoreError> {
    let mut addresses = transaction.prepare_cached(ADDRESSES)?;
    let mut drop_address = transaction.prepare_cached(DROP_ADDRESS)?;
    let mut add_address = transaction.prepare_cached(ADD_ADDRESS)?;
    let mut put = transaction.prepare_cached(PUT)?;
    for stored in row::latest(rows) {
        let id = &stored.contact_id.as_bytes()[..];
        let before: Option<Vec<u8>> =
            addresses.query_row(params![copy, id], |row| row.get(0)).optional()?;
        let before = before.unwrap_or_default();
        if before != stored.addresses {
            for address in before.chunks(size_of::<BlindIndex>()) {
                drop_address.execute(params![copy, address, id])?;
            }
            for address in stored.addresses.chunks(size_of::<BlindIndex>()) {
                add_address.execute(params![copy, address, id])?;
            }
        }
        put.execute(params![
            copy,
            id,
            stored.profile,
            stored.language,
            stored.relation,
            stored.state,
            stored.merged_into.as_ref().map(|id| &id.as_bytes()[..]),
            stored.consents,
            stored.version,
            stored.addresses,
        ])?;
    }
    Ok(())
}

const CONTACT: &str = "
    select contact_id, profile, language, relation, state, merged_into, consents, version, addresses
    from contact
    where copy = coalesce(?1, (select serving from directory)) and contact_id = ?2";

fn contacts(
    transaction: &Transaction<'_>,
    copy: Option<i64>,
    ids: &[ContactId],
) -> Result<Vec<ContactRow>, StoreError> {
    let mut statement = transaction.prepare_cached(CONTACT)?;
    let mut rows = Vec::new();
    for id in ids {
        let row = statement.query_row(params![copy, &id.0.as_bytes()[..]], contact).optional()?;
        rows.extend(row.map(ContactRow::try_from).transpose()?);
    }
    Ok(rows)
}

/// Ids grow with time, so the lowest is the one registered first.
const OWNER: &str = "
    select contact_id
    from contact_address
    where copy = coalesce(?1, (select serving from directory)) and address = ?2
    order by contact_id
    limit 1";

fn owners(
    transaction: &Transaction<'_>,
    copy: Option<i64>,
    addresses: Vec<BlindIndex>,
) -> Result<Vec<(BlindIndex, ContactId)>, StoreError> {
    let mut statement = transaction.prepare_cached(OWNER)?;
    let mut owners = Vec::new();
    for address in addresses {
        let owner =
            statement.query_row(params![copy, &address[..]], |row| row.get(0)).optional()?;
        owners.extend(owner.map(|id| (address, ContactId(Uuid::from_bytes(id)))));
    }
    Ok(owners)
}

const PAGE: &str = "
    select contact_id, profile, language, relation, state, merged_into, consents, version, addresses
    from contact
    where copy = coalesce(?1, (select serving from directory)) and contact_id > ?2
    order by contact_id
    limit ?3";

fn page(
    transaction: &Transaction<'_>,
    copy: Option<i64>,
    after: Option<ContactId>,
    limit: usize,
) -> Result<Vec<ContactRow>, StoreError> {
    // Before every id stands the empty text of bytes.
    let after = after.as_ref().map_or(&[][..], |id| id.0.as_bytes());
    let mut statement = transaction.prepare_cached(PAGE)?;
    let rows = statement.query_map(params![copy, after, number::limit(limit)], contact)?;
    rows.map(|row| ContactRow::try_from(row?)).collect()
}

const COUNT: &str = "
    select count(*) from contact where copy = coalesce(?1, (select serving from directory))";

fn count(transaction: &Transaction<'_>, copy: Option<i64>) -> Result<u64, StoreError> {
    let mut statement = transaction.prepare_cached(COUNT)?;
    let count: i64 = statement.query_row([copy], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

fn contact(row: &Row<'_>) -> rusqlite::Result<StoredContact> {
    Ok(StoredContact {
        contact_id: Uuid::from_bytes(row.get(0)?),
        profile: row.get(1)?,
        language: row.get(2)?,
        relation: row.get(3)?,
        state: row.get(4)?,
        merged_into: row.get::<_, Option<[u8; 16]>>(5)?.map(Uuid::from_bytes),
        consents: row.get(6)?,
        version: row.get(7)?,
        addresses: row.get(8)?,
    })
}
