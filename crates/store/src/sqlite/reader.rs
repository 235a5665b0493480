//! Reading the log on SQLite.

use async_trait::async_trait;
use bytes::Bytes;
use fanal_engine::envelope::{Hash, Position, Provenance, RecordedEvent, StreamId};
use fanal_engine::ports::{Answered, Filter};
use rusqlite::types::ValueRef;
use rusqlite::{Params, Row, Transaction, params};
use uuid::Uuid;

use super::journal;
use super::threads::Readers;
use crate::error::StoreError;
use crate::intern::Interner;
use crate::log::{LogReader, Stretch};
use crate::number;

/// Reads the log on SQLite.
#[derive(Debug)]
pub(crate) struct SqliteLogReader(pub(crate) Readers);

const STREAM: &str = "
    select position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    from event
    where stream = ?1 and version > ?2
    order by version
    limit ?3";

/// Walks the log; every condition may be absent.
const STRETCH: &str = "
    select position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    from event
    where position > ?1 and position <= ?2
        and (?4 is null or kind in (select value from json_each(?4)))
        and (?5 is null or stream = ?5 or (stream >= ?5 || '/' and stream < ?5 || '0'))
    order by position
    limit ?3";

/// Walks the index of streams, then fetches. `0` is the character after `/`.
const UNDER: &str = "
    select position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    from event
    where position in (
        select position
        from event indexed by event_by_stream
        where stream >= ?5 and stream < ?5 || '0' and (stream = ?5 or stream >= ?5 || '/')
            and position > ?1 and position <= ?2
            and (?4 is null or kind in (select value from json_each(?4)))
        order by position
        limit ?3
    )
    order by position";

/// Positions are dense and times only grow, so halving finds the place without an index.
const POSITION_AT: &str = "
    with recursive bisect (low, high) as (
        select 0, position from log_head
        union all
        select
            case when recorded_at > ?1 then low else position end,
            case when recorded_at > ?1 then position - 1 else high end
        from bisect
        join event on position = (low + high + 1) / 2
        where low < high
    )
    select low from bisect where low = high";

#[async_trait]
impl LogReader for SqliteLogReader {
    async fn head(&self) -> Result<Position, StoreError> {
        self.0.read(|transaction| Ok(journal::head(transaction)?.position)).await
    }

    async fn answered(&self, key: Hash) -> Result<Option<Answered>, StoreError> {
        self.0.read(move |transaction| journal::answered_to(transaction, key)).await
    }

    async fn stream(
        &self,
        stream: &StreamId,
        after_version: i64,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let stream = stream.clone();
        let read = move |transaction: &Transaction<'_>| {
            events(transaction, STREAM, params![stream.as_str(), after_version, limit])
        };
        self.0.read(read).await
    }

    async fn stretch(
        &self,
        stretch: Stretch,
        filter: &Filter,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let kinds = (!filter.kinds.is_empty()).then(|| serde_json::json!(filter.kinds).to_string());
        let under = filter.under.clone();
        let sql = if under.is_some() && !stretch.is_short() { UNDER } else { STRETCH };
        let read = move |transaction: &Transaction<'_>| {
            let Stretch { after, bound, limit } = stretch;
            let under = under.as_ref().map(StreamId::as_str);
            events(transaction, sql, params![after, bound, limit, kinds, under])
        };
        self.0.read(read).await
    }

    async fn position_at(&self, micros: i64) -> Result<Position, StoreError> {
        let find = move |transaction: &Transaction<'_>| {
            let mut statement = transaction.prepare_cached(POSITION_AT)?;
            number::position(statement.query_row([micros], |row| row.get(0))?)
        };
        self.0.read(find).await
    }
}

fn events(
    transaction: &Transaction<'_>,
    sql: &str,
    params: impl Params,
) -> Result<Vec<RecordedEvent>, StoreError> {
    let mut statement = transaction.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut interner = Interner::default();
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(row, &mut interner)?);
    }
    Ok(events)
}

fn event(row: &Row<'_>, interner: &mut Interner) -> Result<RecordedEvent, StoreError> {
    let position: i64 = row.get(0)?;
    let cell = Cell { row, position };
    Ok(RecordedEvent {
        position: number::position(position)?,
        stream: interner.stream(cell.text(1, "stream")?),
        version: cell.number(2, "version")?,
        event_id: cell.id(3, "event_id")?,
        kind: interner.text(cell.text(4, "kind")?),
        schema_version: cell.number(5, "schema_version")?,
        recorded_at: number::time(row.get(6)?)?,
        occurred_at: number::time(row.get(7)?)?,
        provenance: Provenance {
            actor: interner.text(cell.text(8, "actor")?),
            causation: cell.optional_id(9, "causation")?,
            correlation: cell.optional_id(10, "correlation")?,
        },
        payload: Bytes::copy_from_slice(cell.bytes(11, "payload")?),
        predecessor: cell.array(12, "predecessor")?,
        hash: cell.array(13, "hash")?,
    })
}

/// The columns of one event; what does not make sense is named by column and position.
struct Cell<'a> {
    row: &'a Row<'a>,
    position: i64,
}

impl<'a> Cell<'a> {
    fn text(&self, index: usize, column: &'static str) -> Result<&'a str, StoreError> {
        self.row.get_ref(index)?.as_str().map_err(|_| self.corrupt(column))
    }

    fn bytes(&self, index: usize, column: &'static str) -> Result<&'a [u8], StoreError> {
        self.row.get_ref(index)?.as_blob().map_err(|_| self.corrupt(column))
    }

    fn array<const N: usize>(
        &self,
        index: usize,
        column: &'static str,
    ) -> Result<[u8; N], StoreError> {
        self.bytes(index, column)?.try_into().map_err(|_| self.corrupt(column))
    }

    fn id(&self, index: usize, column: &'static str) -> Result<Uuid, StoreError> {
        self.array(index, column).map(Uuid::from_bytes)
    }

    fn optional_id(&self, index: usize, column: &'static str) -> Result<Option<Uuid>, StoreError> {
        match self.row.get_ref(index)? {
            ValueRef::Null => Ok(None),
            _ => self.id(index, column).map(Some),
        }
    }

    fn number<T: TryFrom<i64>>(&self, index: usize, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.row.get::<_, i64>(index)?).map_err(|_| self.corrupt(column))
    }

    fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::corrupt("event", column, self.position)
    }
}
