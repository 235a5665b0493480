//! Reading the log on PostgreSQL.

use async_trait::async_trait;
use bytes::Bytes;
use fanal_engine::envelope::{Hash, Position, Provenance, RecordedEvent, StreamId};
use fanal_engine::ports::{Answered, Filter};
use futures::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::query::Query;
use sqlx::{Decode, Postgres, Row as _};

use super::journal;
use crate::error::StoreError;
use crate::intern::Interner;
use crate::log::{LogReader, Stretch};
use crate::number;

/// Reads the log on PostgreSQL.
#[derive(Debug)]
pub(crate) struct PostgresLogReader(pub(crate) PgPool);

const HEAD: &str = "select position from log_head";

const STREAM: &str = "
    select position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    from event
    where stream = $1 and version > $2
    order by version
    limit $3";

/// Walks the log; every condition may be absent.
const STRETCH: &str = "
    select position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    from event
    where position > $1 and position <= $2
        and ($4::text[] is null or kind = any ($4))
        and ($5::text is null or stream = $5 or (stream >= $5 || '/' and stream < $5 || '0'))
    order by position
    limit $3";

/// Walks the index of streams, then fetches. `0` is the character after `/`. Left to itself, the
/// planner may walk the whole log instead, since that is in the right order.
const UNDER: &str = r#"
    with found as materialized (
        select position
        from event
        where stream >= $5 collate "C" and stream < $5 || '0'
            and (stream = $5 or stream >= $5 || '/')
            and position > $1 and position <= $2
            and ($4::text[] is null or kind = any ($4))
    ), page as materialized (
        select position from found order by position limit $3
    )
    select position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    from page
    join event using (position)
    order by position"#;

/// Positions are dense and times only grow, so halving finds the place without an index.
const POSITION_AT: &str = "
    with recursive bisect (low, high) as (
        select 0::bigint, position from log_head
        union all
        select
            case when recorded_at > $1 then low else position end,
            case when recorded_at > $1 then position - 1 else high end
        from bisect
        join event on position = (low + high + 1) / 2
        where low < high
    )
    select low from bisect where low = high";

#[async_trait]
impl LogReader for PostgresLogReader {
    async fn head(&self) -> Result<Position, StoreError> {
        number::position(sqlx::query_scalar(HEAD).fetch_one(&self.0).await?)
    }

    async fn answered(&self, key: Hash) -> Result<Option<Answered>, StoreError> {
        let mut connection = self.0.acquire().await?;
        let found = journal::answered_to(&mut connection, vec![key]).await?;
        Ok(found.into_iter().next().map(|(_, answered)| answered))
    }

    async fn stream(
        &self,
        stream: &StreamId,
        after_version: i64,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let query = sqlx::query(STREAM).bind(stream.as_str()).bind(after_version).bind(limit);
        self.events(query).await
    }

    async fn stretch(
        &self,
        stretch: Stretch,
        filter: &Filter,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let kinds = (!filter.kinds.is_empty()).then_some(&filter.kinds);
        let under = filter.under.as_ref().map(StreamId::as_str);
        let sql = if under.is_some() && !stretch.is_short() { UNDER } else { STRETCH };
        let Stretch { after, mut bound, limit } = stretch;
        if kinds.is_none() && under.is_none() {
            // Positions are dense: the page ends here. Told so, no plan can read further and sort.
            bound = bound.min(after.saturating_add(limit));
        }
        let query = sqlx::query(sql).bind(after).bind(bound).bind(limit).bind(kinds).bind(under);
        self.events(query).await
    }

    async fn position_at(&self, micros: i64) -> Result<Position, StoreError> {
        number::position(sqlx::query_scalar(POSITION_AT).bind(micros).fetch_one(&self.0).await?)
    }
}

impl PostgresLogReader {
    async fn events(
        &self,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut rows = query.fetch(&self.0);
        let mut interner = Interner::default();
        let mut events = Vec::new();
        while let Some(row) = rows.try_next().await? {
            events.push(event(&row, &mut interner)?);
        }
        Ok(events)
    }
}

fn event(row: &PgRow, interner: &mut Interner) -> Result<RecordedEvent, StoreError> {
    let position: i64 = cell(row, 0)?;
    let corrupt = |column| StoreError::corrupt("event", column, position);
    let version: i64 = cell(row, 2)?;
    let schema_version: i32 = cell(row, 5)?;
    let hash = |index, column| cell::<&[u8]>(row, index)?.try_into().map_err(|_| corrupt(column));
    Ok(RecordedEvent {
        position: number::position(position)?,
        stream: interner.stream(cell(row, 1)?),
        version: version.try_into().map_err(|_| corrupt("version"))?,
        event_id: cell(row, 3)?,
        kind: interner.text(cell(row, 4)?),
        schema_version: schema_version.try_into().map_err(|_| corrupt("schema_version"))?,
        recorded_at: number::time(cell(row, 6)?)?,
        occurred_at: number::time(cell(row, 7)?)?,
        provenance: Provenance {
            actor: interner.text(cell(row, 8)?),
            causation: cell(row, 9)?,
            correlation: cell(row, 10)?,
        },
        payload: Bytes::copy_from_slice(cell(row, 11)?),
        predecessor: hash(12, "predecessor")?,
        hash: hash(13, "hash")?,
    })
}

/// The statements name the columns, and the schema their types: no need to check each value.
fn cell<'r, T: Decode<'r, Postgres>>(row: &'r PgRow, index: usize) -> Result<T, StoreError> {
    Ok(row.try_get_unchecked(index)?)
}
