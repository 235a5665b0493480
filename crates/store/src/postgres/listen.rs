//! Hears of appends of every process: by notification at once, by asking for the head at the latest.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::{MissedTickBehavior, interval};

use crate::error::StoreError;
use crate::follow::refresh;
use crate::log::LogReader;
use crate::tail::Tail;

/// Every reader sees an append within a second, even if no notification arrives.
const POLL: Duration = Duration::from_millis(500);

const LOG_ID: &str = "select 'log_head'::regclass::oid::bigint";

/// The channel of this log: a database may hold several, each in a schema of its own.
pub(crate) async fn channel(pool: &PgPool) -> Result<String, StoreError> {
    let id: i64 = sqlx::query_scalar(LOG_ID).fetch_one(pool).await?;
    Ok(format!("fanal_{id}"))
}

/// Listens until it is dropped.
pub(crate) async fn listen(pool: PgPool, channel: String, reader: Arc<dyn LogReader>, tail: Tail) {
    let mut polls = interval(POLL);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut listener = None;
    loop {
        if listener.is_none() {
            listener = subscribe(&pool, &channel).await.ok();
            // What was appended before the subscription is not notified.
            refresh(&*reader, &tail).await;
        }
        tokio::select! {
            is_alive = heard(listener.as_mut()) => {
                if !is_alive {
                    listener = None;
                }
            }
            _ = polls.tick() => {}
        }
        refresh(&*reader, &tail).await;
    }
}

async fn subscribe(pool: &PgPool, channel: &str) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    listener.listen(channel).await?;
    Ok(listener)
}

/// Waits for a notification; false if the connection was lost. Without one, waits for ever.
async fn heard(listener: Option<&mut PgListener>) -> bool {
    match listener {
        Some(listener) => matches!(listener.try_recv().await, Ok(Some(_))),
        None => std::future::pending().await,
    }
}
