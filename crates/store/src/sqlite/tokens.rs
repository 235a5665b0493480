//! Tokens on SQLite.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use fanal_engine::envelope::Hash;
use fanal_engine::ports::{Token, TokenStore, Unavailable};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::threads::{Readers, Verdict, WriteThread};
use crate::error::StoreError;
use crate::row::{self, StoredToken};

const PART: &str = "the token store";

/// Tokens on SQLite.
#[derive(Debug)]
pub(crate) struct SqliteTokens {
    pub(crate) writer: WriteThread,
    pub(crate) readers: Readers,
}

const CREATE: &str = "
    insert into api_token (token_id, name, role, hash, created_at, revoked_at)
    values (?1, ?2, ?3, ?4, ?5, ?6)";
const FIND: &str = "
    select token_id, name, role, hash, created_at, revoked_at from api_token where hash = ?1";
const LIST: &str = "
    select token_id, name, role, hash, created_at, revoked_at
    from api_token
    order by created_at, token_id";
const REVOKE: &str =
    "update api_token set revoked_at = ?2 where token_id = ?1 and revoked_at is null";

#[async_trait]
impl TokenStore for SqliteTokens {
    async fn create(&self, token: Token) -> Result<(), Unavailable> {
        let create = move |transaction: &Transaction<'_>| {
            transaction.prepare_cached(CREATE)?.execute(params![
                &token.token_id.as_bytes()[..],
                token.name,
                row::role(token.role),
                &token.hash[..],
                token.created_at.timestamp_micros(),
                token.revoked_at.map(|at| at.timestamp_micros()),
            ])?;
            Ok(Verdict::Commit(()))
        };
        self.writer.transact(create).await.map_err(|error| error.of(PART))
    }

    async fn find(&self, hash: &Hash) -> Result<Option<Token>, Unavailable> {
        let hash = *hash;
        let find = move |transaction: &Transaction<'_>| {
            let mut statement = transaction.prepare_cached(FIND)?;
            let found = statement.query_row([hash], token).optional()?;
            found.map(Token::try_from).transpose()
        };
        self.readers.read(find).await.map_err(|error| error.of(PART))
    }

    async fn list(&self) -> Result<Vec<Token>, Unavailable> {
        let list = |transaction: &Transaction<'_>| {
            let mut statement = transaction.prepare_cached(LIST)?;
            let tokens = statement.query_map([], token)?;
            tokens.map(|token| Token::try_from(token?)).collect::<Result<_, StoreError>>()
        };
        self.readers.read(list).await.map_err(|error| error.of(PART))
    }

    async fn revoke(&self, token_id: Uuid, at: DateTime<Utc>) -> Result<bool, Unavailable> {
        let revoke = move |transaction: &Transaction<'_>| {
            let mut statement = transaction.prepare_cached(REVOKE)?;
            let revoked =
                statement.execute(params![&token_id.as_bytes()[..], at.timestamp_micros()])?;
            Ok(Verdict::Commit(revoked == 1))
        };
        self.writer.transact(revoke).await.map_err(|error| error.of(PART))
    }
}

fn token(row: &Row<'_>) -> rusqlite::Result<StoredToken> {
    Ok(StoredToken {
        token_id: Uuid::from_bytes(row.get(0)?),
        name: row.get(1)?,
        role: row.get(2)?,
        hash: row.get(3)?,
        created_at: row.get(4)?,
        revoked_at: row.get(5)?,
    })
}
