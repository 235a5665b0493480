//! Other sessions on the same server that behave badly.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection, raw_sql};

/// How long a transaction that others must wait for is left open.
const HOLD: Duration = Duration::from_millis(5);
/// How long a transaction that nobody must wait for is left open.
const IDLE: Duration = Duration::from_millis(700);

/// Writes where the log would write next, and takes it back.
const ROLL_BACK: &str = "
    begin;
    insert into event
    select position + 1, 'selftest/rolled-back', 1, gen_random_uuid(), 'never', 1, 0, 0, 'nobody',
        null, null, '', '', ''
    from log_head
    on conflict do nothing";

/// Takes the head of the log, as another writer does, and gives it back.
const HOLD_HEAD: &str = "begin; update log_head set position = position + 1000000";

/// Has written, and does nothing for a while.
const IDLE_AFTER_WRITE: &str = "
    begin;
    insert into append_key (key, fingerprint, answer, first_position, last_position)
    values (decode(md5(random()::text), 'hex'), '', '', 1, 1)";

/// Takes a transaction id and a snapshot before everything else, and keeps both.
const LONG: &str =
    "begin isolation level repeatable read; select pg_current_xact_id(), count(*) from event";

/// Opens a transaction, leaves it open for a while, and rolls it back, again and again.
pub(crate) async fn again_and_again(settings: PgConnectOptions, kind: Kind) {
    loop {
        // A lost lock or connection is part of the game: the next round starts afresh.
        if let Ok(mut connection) = settings.connect().await {
            while round(&mut connection, kind).await.is_ok() {}
        }
        tokio::time::sleep(HOLD).await;
    }
}

/// A way to behave badly.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    RollBack,
    HoldHead,
    IdleAfterWrite,
    Long,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] =
        [Self::RollBack, Self::HoldHead, Self::IdleAfterWrite, Self::Long];
}

async fn round(connection: &mut PgConnection, kind: Kind) -> Result<(), sqlx::Error> {
    let (statement, open) = match kind {
        Kind::RollBack => (ROLL_BACK, HOLD),
        Kind::HoldHead => (HOLD_HEAD, HOLD),
        Kind::IdleAfterWrite => (IDLE_AFTER_WRITE, IDLE),
        Kind::Long => (LONG, IDLE * 10),
    };
    raw_sql(statement).execute(&mut *connection).await?;
    tokio::time::sleep(open).await;
    raw_sql("rollback").execute(&mut *connection).await?;
    // As long as it was open, the others have their turn.
    tokio::time::sleep(open).await;
    Ok(())
}
