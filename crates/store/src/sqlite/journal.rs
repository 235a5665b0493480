//! The log's writer on SQLite.

use async_trait::async_trait;
use bytes::Bytes;
use fanal_engine::envelope::{Hash, RecordedEvent, StreamId};
use fanal_engine::ports::Answered;
use rusqlite::{CachedStatement, OptionalExtension as _, Row, Transaction, params};

use super::threads::{Verdict, WriteThread};
use crate::error::StoreError;
use crate::number;
use crate::writer::journal::{Batch, Head, Journal, Question, Reply, Tip};

/// The log's writer on SQLite.
#[derive(Debug)]
pub(crate) struct SqliteJournal(pub(crate) WriteThread);

#[async_trait]
impl Journal for SqliteJournal {
    async fn head(&mut self) -> Result<Head, StoreError> {
        self.0.run(|connection| head(&connection.unchecked_transaction()?)).await
    }

    async fn ask(&mut self, question: Question) -> Result<Reply, StoreError> {
        let answer = move |transaction: &Transaction<'_>| {
            let mut tips = Vec::new();
            let mut tip_of = transaction.prepare_cached(TIP)?;
            for stream in question.streams {
                if let Some(tip) = tip(&mut tip_of, &stream)? {
                    tips.push((stream, tip));
                }
            }
            let mut answered = Vec::new();
            for key in question.keys {
                answered.extend(answered_to(transaction, key)?.map(|answered| (key, answered)));
            }
            Ok(Reply { tips, answered })
        };
        self.0.run(move |connection| answer(&connection.unchecked_transaction()?)).await
    }

    async fn commit(&mut self, batch: Batch) -> Result<(Batch, bool), StoreError> {
        let write = move |transaction: &Transaction<'_>| {
            if !move_head(transaction, &batch)? {
                return Ok(Verdict::Undo((batch, false)));
            }
            let mut insert = transaction.prepare_cached(INSERT_EVENT)?;
            for event in &batch.events {
                insert_event(&mut insert, event)?;
            }
            let mut insert = transaction.prepare_cached(INSERT_ANSWERED)?;
            for (key, answered) in &batch.answered {
                insert_answered(&mut insert, key, answered)?;
            }
            Ok(Verdict::Commit((batch, true)))
        };
        self.0.transact(write).await
    }
}

const HEAD: &str = "select position, recorded_at from log_head";

pub(super) fn head(transaction: &Transaction<'_>) -> Result<Head, StoreError> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (position, recorded_at) = transaction.prepare_cached(HEAD)?.query_row([], read)?;
    Ok(Head { position: number::position(position)?, recorded_at: number::time(recorded_at)? })
}

const TIP: &str = "select version, hash from event where stream = ?1 order by version desc limit 1";

fn tip(statement: &mut CachedStatement<'_>, stream: &StreamId) -> Result<Option<Tip>, StoreError> {
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Hash>(1)?));
    let Some((version, hash)) = statement.query_row([stream.as_str()], read).optional()? else {
        return Ok(None);
    };
    let version =
        u64::try_from(version).map_err(|_| StoreError::corrupt("event", "version", stream))?;
    Ok(Some(Tip { version, hash }))
}

const ANSWERED: &str =
    "select fingerprint, answer, first_position, last_position from append_key where key = ?1";

pub(super) fn answered_to(
    transaction: &Transaction<'_>,
    key: Hash,
) -> Result<Option<Answered>, StoreError> {
    let mut statement = transaction.prepare_cached(ANSWERED)?;
    let read = |row: &Row<'_>| {
        Ok((row.get::<_, Hash>(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?, row.get(3)?))
    };
    let Some((fingerprint, answer, first, last)) = statement.query_row([key], read).optional()?
    else {
        return Ok(None);
    };
    let (first, last) = (number::position(first)?, number::position(last)?);
    Ok(Some(Answered { fingerprint, answer: Bytes::from(answer), first, last }))
}

const MOVE_HEAD: &str = "update log_head set position = ?2, recorded_at = ?3 where position = ?1";

fn move_head(transaction: &Transaction<'_>, batch: &Batch) -> Result<bool, StoreError> {
    let moved = transaction.prepare_cached(MOVE_HEAD)?.execute(params![
        number::clamped(batch.from.position.0),
        number::clamped(batch.to.position.0),
        batch.to.recorded_at.timestamp_micros(),
    ])?;
    Ok(moved == 1)
}

const INSERT_EVENT: &str = "
    insert into event (
        position, stream, version, event_id, kind, schema_version, recorded_at, occurred_at,
        actor, causation, correlation, payload, predecessor, hash
    ) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

fn insert_event(
    statement: &mut CachedStatement<'_>,
    event: &RecordedEvent,
) -> Result<(), StoreError> {
    let provenance = &event.provenance;
    statement.execute(params![
        number::clamped(event.position.0),
        event.stream.as_str(),
        number::clamped(event.version),
        &event.event_id.as_bytes()[..],
        &*event.kind,
        event.schema_version,
        event.recorded_at.timestamp_micros(),
        event.occurred_at.timestamp_micros(),
        &*provenance.actor,
        provenance.causation.as_ref().map(|id| &id.as_bytes()[..]),
        provenance.correlation.as_ref().map(|id| &id.as_bytes()[..]),
        &*event.payload,
        &event.predecessor[..],
        &event.hash[..],
    ])?;
    Ok(())
}

const INSERT_ANSWERED: &str = "
    insert into append_key (key, fingerprint, answer, first_position, last_position)
    values (?1, ?2, ?3, ?4, ?5)";

fn insert_answered(
    statement: &mut CachedStatement<'_>,
    key: &Hash,
    answered: &Answered,
) -> Result<(), StoreError> {
    statement.execute(params![
        &key[..],
        &answered.fingerprint[..],
        &*answered.answer,
        number::clamped(answered.first.0),
        number::clamped(answered.last.0),
    ])?;
    Ok(())
}
