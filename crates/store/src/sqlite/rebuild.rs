//! Rebuilding the directory on SQLite: a copy is filled beside the one that serves; to put it in
//! its place is to move one number.

use rusqlite::{Transaction, params};

use super::threads::{Verdict, WriteThread};
use crate::error::StoreError;

/// Rows swept in one transaction, so that appends do not wait long.
const SWEEP_ROWS: i64 = 2_000;

const ADD_COPY: &str = "
    insert into directory_copy (copy, checkpoint)
    select max(copy) + 1, 0 from directory_copy
    returning copy";
const FILL: &str = "update directory set filling = ?1";
const DROP_COPIES: &str = "
    delete from directory_copy
    where copy not in (select serving from directory)
        and copy not in (select filling from directory where filling is not null)";

/// Opens an empty copy; one that was being filled is given up.
pub(super) async fn begin(writer: &WriteThread) -> Result<i64, StoreError> {
    let open = |transaction: &Transaction<'_>| {
        let copy: i64 = transaction.query_row(ADD_COPY, [], |row| row.get(0))?;
        transaction.execute(FILL, [copy])?;
        transaction.execute(DROP_COPIES, [])?;
        Ok(Verdict::Commit(copy))
    };
    let copy = writer.transact(open).await?;
    sweep(writer, copy).await?;
    Ok(copy)
}

const SERVE: &str = "
    update directory set serving = filling, filling = null where filling is not null
    returning serving";

/// Lets the filled copy serve.
pub(super) async fn finish(writer: &WriteThread) -> Result<(), StoreError> {
    let serve = |transaction: &Transaction<'_>| {
        let mut statement = transaction.prepare(SERVE)?;
        let Some(row) = statement.query([])?.next()?.map(|row| row.get(0)).transpose()? else {
            return Err(StoreError::NoRebuild);
        };
        transaction.execute(DROP_COPIES, [])?;
        Ok(Verdict::Commit(row))
    };
    let serving = writer.transact(serve).await?;
    sweep(writer, serving).await
}

const SWEEP_CONTACTS: &str = "
    delete from contact
    where copy = ?1 and contact_id in (select contact_id from contact where copy = ?1 limit ?2)";
const SWEEP_ADDRESSES: &str = "
    delete from contact_address
    where copy = ?1 and (address, contact_id) in (
        select address, contact_id from contact_address where copy = ?1 limit ?2
    )";
const IS_KEPT: &str = "select exists (select 1 from directory_copy where copy = ?1)";

/// Removes the rows of copies that are gone, a few at a time.
async fn sweep(writer: &WriteThread, newest: i64) -> Result<(), StoreError> {
    for copy in 1..newest {
        let sweep = move |transaction: &Transaction<'_>| {
            if transaction.query_row(IS_KEPT, [copy], |row| row.get(0))? {
                return Ok(Verdict::Undo(0));
            }
            let mut swept = 0;
            for statement in [SWEEP_CONTACTS, SWEEP_ADDRESSES] {
                swept += transaction.execute(statement, params![copy, SWEEP_ROWS])?;
            }
            Ok(Verdict::Commit(swept))
        };
        while writer.transact(sweep).await? > 0 {}
    }
    Ok(())
}
