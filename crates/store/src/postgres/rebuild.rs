//! Rebuilding the directory on PostgreSQL: a copy is filled beside the one that serves; to put it
//! in its place is to move one number.

use sqlx::PgPool;

use crate::error::StoreError;

/// Rows swept in one transaction.
const SWEEP_ROWS: i64 = 10_000;

/// The row of `directory` is locked first, so that rebuilds take turns.
const TAKE_TURN: &str = "select from directory for update";
const ADD_COPY: &str = "
    insert into directory_copy (copy, checkpoint)
    select max(copy) + 1, 0 from directory_copy
    returning copy";
const FILL: &str = "update directory set filling = $1";
const DROP_COPIES: &str = "
    delete from directory_copy
    where copy not in (select serving from directory)
        and copy not in (select filling from directory where filling is not null)";

/// Opens an empty copy; one that was being filled is given up.
pub(super) async fn begin(pool: &PgPool) -> Result<i64, StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query(TAKE_TURN).execute(&mut *transaction).await?;
    let copy: i64 = sqlx::query_scalar(ADD_COPY).fetch_one(&mut *transaction).await?;
    sqlx::query(FILL).bind(copy).execute(&mut *transaction).await?;
    sqlx::query(DROP_COPIES).execute(&mut *transaction).await?;
    transaction.commit().await?;
    sweep(pool, copy).await?;
    Ok(copy)
}

const SERVE: &str = "
    update directory set serving = filling, filling = null where filling is not null
    returning serving";

/// Lets the filled copy serve.
pub(super) async fn finish(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    let serving = sqlx::query_scalar(SERVE).fetch_optional(&mut *transaction).await?;
    let serving = serving.ok_or(StoreError::NoRebuild)?;
    sqlx::query(DROP_COPIES).execute(&mut *transaction).await?;
    transaction.commit().await?;
    sweep(pool, serving).await
}

const SWEEP_CONTACTS: &str = "
    delete from contact
    where copy = $1
        and contact_id = any (array(select contact_id from contact where copy = $1 limit $2))
        and not exists (select from directory_copy where copy = $1)";
const SWEEP_ADDRESSES: &str = "
    delete from contact_address
    where copy = $1
        and ctid = any (array(select ctid from contact_address where copy = $1 limit $2))
        and not exists (select from directory_copy where copy = $1)";

/// Removes the rows of copies that are gone, some at a time.
async fn sweep(pool: &PgPool, newest: i64) -> Result<(), StoreError> {
    for copy in 1..newest {
        for statement in [SWEEP_CONTACTS, SWEEP_ADDRESSES] {
            loop {
                let sweep = sqlx::query(statement).bind(copy).bind(SWEEP_ROWS);
                if sweep.execute(pool).await?.rows_affected() == 0 {
                    break;
                }
            }
        }
    }
    Ok(())
}
