//! Saving rows of the directory together with its checkpoint, in one transaction.

use std::collections::HashMap;
use std::ops::Range;

use fanal_engine::envelope::Position;
use fanal_engine::ports::{BlindIndex, ContactRow};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::StoreError;
use crate::number;
use crate::row::{self, StoredContact};

const MOVE_CHECKPOINT: &str = "
    update directory_copy set checkpoint = $3
    where copy = coalesce($1, (select serving from directory)) and checkpoint = $2
    returning copy";

/// Whether it was saved: not if the checkpoint is not where the caller believes.
pub(super) async fn save(
    pool: &PgPool,
    copy: Option<i64>,
    rows: &[ContactRow],
    moved: Range<Position>,
) -> Result<bool, StoreError> {
    let mut transaction = pool.begin().await?;
    let query = sqlx::query_scalar(MOVE_CHECKPOINT)
        .bind(copy)
        .bind(number::clamped(moved.start.0))
        .bind(number::clamped(moved.end.0));
    let Some(copy) = query.fetch_optional(&mut *transaction).await? else {
        transaction.rollback().await?;
        return Ok(false);
    };
    let stored: Vec<_> = row::latest(rows).collect();
    if !stored.is_empty() {
        put_addresses(&mut transaction, copy, &stored).await?;
        put(&mut transaction, copy, &stored).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

const ADDRESSES: &str =
    "select contact_id, addresses from contact where copy = $1 and contact_id = any ($2)";
const DROP_ADDRESSES: &str = "
    delete from contact_address
    using unnest($2::bytea[], $3::uuid[]) as gone (address, contact_id)
    where contact_address.copy = $1
        and contact_address.address = gone.address
        and contact_address.contact_id = gone.contact_id";
const ADD_ADDRESSES: &str = "
    insert into contact_address (copy, address, contact_id)
    select $1, address, contact_id from unnest($2::bytea[], $3::uuid[]) as new (address, contact_id)
    on conflict do nothing";

/// Moves the index of addresses from what the rows say now to what they will say.
async fn put_addresses(
    connection: &mut PgConnection,
    copy: i64,
    rows: &[StoredContact],
) -> Result<(), StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.contact_id).collect();
    let query = sqlx::query_as(ADDRESSES).bind(copy).bind(&ids);
    let before: Vec<(Uuid, Vec<u8>)> = query.fetch_all(&mut *connection).await?;
    let before: HashMap<_, _> = before.into_iter().collect();
    let mut gone = Pairs::default();
    let mut new = Pairs::default();
    for row in rows {
        let before = before.get(&row.contact_id).map_or(&[][..], Vec::as_slice);
        if before != row.addresses {
            gone.extend(row.contact_id, before);
            new.extend(row.contact_id, &row.addresses);
        }
    }
    for (statement, pairs) in [(DROP_ADDRESSES, gone), (ADD_ADDRESSES, new)] {
        if !pairs.ids.is_empty() {
            let query = sqlx::query(statement).bind(copy).bind(pairs.addresses).bind(pairs.ids);
            query.execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Addresses, and whose each is.
#[derive(Default)]
struct Pairs<'a> {
    addresses: Vec<&'a [u8]>,
    ids: Vec<Uuid>,
}

impl<'a> Pairs<'a> {
    fn extend(&mut self, id: Uuid, addresses: &'a [u8]) {
        for address in addresses.chunks(size_of::<BlindIndex>()) {
            self.addresses.push(address);
            self.ids.push(id);
        }
    }
}

const PUT: &str = "
    insert into contact (
        copy, contact_id, profile, language, relation, state, merged_into, consents, version,
        addresses
    )
    select $1, * from unnest(
        $2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[],
        $9::bigint[], $10::bytea[]
    )
    on conflict (copy, contact_id) do update set
        profile = excluded.profile, language = excluded.language, relation = excluded.relation,
        state = excluded.state, merged_into = excluded.merged_into,
        consents = excluded.consents, version = excluded.version, addresses = excluded.addresses";

async fn put(
    connection: &mut PgConnection,
    copy: i64,
    rows: &[StoredContact],
) -> Result<(), StoreError> {
    sqlx::query(PUT)
        .bind(copy)
        .bind(column(rows, |row| row.contact_id))
        .bind(column(rows, |row| row.profile.as_slice()))
        .bind(column(rows, |row| row.language.as_str()))
        .bind(column(rows, |row| row.relation.as_str()))
        .bind(column(rows, |row| row.state.as_str()))
        .bind(column(rows, |row| row.merged_into))
        .bind(column(rows, |row| row.consents.as_str()))
        .bind(column(rows, |row| row.version))
        .bind(column(rows, |row| row.addresses.as_slice()))
        .execute(connection)
        .await?;
    Ok(())
}

fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
