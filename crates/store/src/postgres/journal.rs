//! The log's writer on PostgreSQL: one statement is one transaction is one batch.

use async_trait::async_trait;
use fanal_engine::envelope::{Hash, StreamId};
use fanal_engine::ports::Answered;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};

use crate::error::StoreError;
use crate::number;
use crate::writer::journal::{Batch, Head, Journal, Question, Reply, Tip};

/// The log's writer on PostgreSQL, with a connection of its own.
#[derive(Debug)]
pub(crate) struct PostgresJournal {
    settings: PgConnectOptions,
    /// Whom to wake after a commit.
    channel: String,
    /// None after a failure, and in the middle of a statement: one that was broken off is not
    /// used again.
    connection: Option<PgConnection>,
}

impl PostgresJournal {
    pub(crate) fn new(settings: PgConnectOptions, channel: String) -> Self {
        Self { settings, channel, connection: None }
    }

    async fn connection(&mut self) -> Result<PgConnection, StoreError> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => Ok(self.settings.connect().await?),
        }
    }
}

#[async_trait]
impl Journal for PostgresJournal {
    async fn head(&mut self) -> Result<Head, StoreError> {
        let mut connection = self.connection().await?;
        let (position, recorded_at) = sqlx::query_as(HEAD).fetch_one(&mut connection).await?;
        self.connection = Some(connection);
        Ok(Head { position: number::position(position)?, recorded_at: number::time(recorded_at)? })
    }

    async fn ask(&mut self, question: Question) -> Result<Reply, StoreError> {
        let mut connection = self.connection().await?;
        let tips = tips(&mut connection, question.streams).await?;
        let answered = answered_to(&mut connection, question.keys).await?;
        self.connection = Some(connection);
        Ok(Reply { tips, answered })
    }

    async fn commit(&mut self, batch: Batch) -> Result<(Batch, bool), StoreError> {
        let mut connection = self.connection().await?;
        let is_first = commit(&mut connection, &batch, &self.channel).await?;
        self.connection = Some(connection);
        Ok((batch, is_first))
    }
}

const HEAD: &str = "select position, recorded_at from log_head";

const TIPS: &str = "
    select asked.stream, tip.version, tip.hash
    from unnest($1::text[]) as asked (stream)
    cross join lateral (
        select version, hash from event where event.stream = asked.stream order by version desc limit 1
    ) as tip";

async fn tips(
    connection: &mut PgConnection,
    streams: Vec<StreamId>,
) -> Result<Vec<(StreamId, Tip)>, StoreError> {
    if streams.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<_> = streams.iter().map(StreamId::as_str).collect();
    let rows: Vec<(String, i64, Hash)> =
        sqlx::query_as(TIPS).bind(names).fetch_all(connection).await?;
    let tip = |(stream, version, hash): (String, _, _)| match u64::try_from(version) {
        Ok(version) => Ok((StreamId::named(&stream), Tip { version, hash })),
        Err(_) => Err(StoreError::corrupt("event", "version", stream)),
    };
    rows.into_iter().map(tip).collect()
}

const ANSWERED: &str = "
    select key, fingerprint, answer, first_position, last_position
    from append_key
    where key = any ($1)";

pub(super) async fn answered_to(
    connection: &mut PgConnection,
    keys: Vec<Hash>,
) -> Result<Vec<(Hash, Answered)>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = keys.iter().map(|key| &key[..]).collect();
    let rows: Vec<(Hash, Hash, Vec<u8>, i64, i64)> =
        sqlx::query_as(ANSWERED).bind(keys).fetch_all(connection).await?;
    let answered = |(key, fingerprint, answer, first, last)| {
        let (first, last) = (number::position(first)?, number::position(last)?);
        Ok((key, Answered { fingerprint, answer: Vec::into(answer), first, last }))
    };
    rows.into_iter().map(answered).collect()
}

/// Whoever moves the head has won; the losers' statement finds nothing moved and inserts nothing.
/// The notification goes out after the commit. The positions follow the old head without gaps.
const COMMIT: &str = "
    with moved as (
        update log_head set position = $2, recorded_at = $3 where position = $1 returning 1
    ), woken as materialized (
        select pg_notify($4, '') from moved
    ), kept as (
        insert into append_key (key, fingerprint, answer, first_position, last_position)
        select * from unnest($5::bytea[], $6::bytea[], $7::bytea[], $8::bigint[], $9::bigint[])
        where exists (select from moved)
    )
    insert into event (
        position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    )
    select
        $1 + number, stream, version, event_id, kind, schema_version, $3, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    from unnest(
        $10::text[], $11::bigint[], $12::uuid[], $13::text[], $14::integer[], $15::bigint[],
        $16::text[], $17::uuid[], $18::uuid[], $19::bytea[], $20::bytea[], $21::bytea[]
    ) with ordinality as new (
        stream, version, event_id, kind, schema_version, occurred_at,
        actor, causation, correlation, payload, predecessor, hash, number
    )
    where exists (select from woken)";

async fn commit(
    connection: &mut PgConnection,
    batch: &Batch,
    channel: &str,
) -> Result<bool, StoreError> {
    let answered = &batch.answered;
    let events = &batch.events;
    let done = sqlx::query(COMMIT)
        .bind(number::clamped(batch.from.position.0))
        .bind(number::clamped(batch.to.position.0))
        .bind(batch.to.recorded_at.timestamp_micros())
        .bind(channel)
        .bind(column(answered, |(key, _)| &key[..]))
        .bind(column(answered, |(_, kept)| &kept.fingerprint[..]))
        .bind(column(answered, |(_, kept)| &kept.answer[..]))
        .bind(column(answered, |(_, kept)| number::clamped(kept.first.0)))
        .bind(column(answered, |(_, kept)| number::clamped(kept.last.0)))
        .bind(column(events, |event| event.stream.as_str()))
        .bind(column(events, |event| number::clamped(event.version)))
        .bind(column(events, |event| event.event_id))
        .bind(column(events, |event| &*event.kind))
        .bind(column(events, |event| i32::from(event.schema_version)))
        .bind(column(events, |event| event.occurred_at.timestamp_micros()))
        .bind(column(events, |event| &*event.provenance.actor))
        .bind(column(events, |event| event.provenance.causation))
        .bind(column(events, |event| event.provenance.correlation))
        .bind(column(events, |event| &*event.payload))
        .bind(column(events, |event| &event.predecessor[..]))
        .bind(column(events, |event| &event.hash[..]))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
