//! Tokens on PostgreSQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use fanal_engine::envelope::Hash;
use fanal_engine::ports::{Token, TokenStore, Unavailable};
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::StoreError;
use crate::row::{self, StoredToken};

const PART: &str = "the token store";

/// Tokens on PostgreSQL.
#[derive(Debug)]
pub(crate) struct PostgresTokens(pub(crate) PgPool);

const CREATE: &str = "
    insert into api_token (token_id, name, role, hash, created_at, revoked_at)
    values ($1, $2, $3, $4, $5, $6)";
const FIND: &str = "
    select token_id, name, role, hash, created_at, revoked_at from api_token where hash = $1";
const LIST: &str = "
    select token_id, name, role, hash, created_at, revoked_at
    from api_token
    order by created_at, token_id";
const REVOKE: &str =
    "update api_token set revoked_at = $2 where token_id = $1 and revoked_at is null";

#[async_trait]
impl TokenStore for PostgresTokens {
    async fn create(&self, token: Token) -> Result<(), Unavailable> {
        let create = sqlx::query(CREATE)
            .bind(token.token_id)
            .bind(token.name)
            .bind(row::role(token.role))
            .bind(&token.hash[..])
            .bind(token.created_at.timestamp_micros())
            .bind(token.revoked_at.map(|at| at.timestamp_micros()));
        let created = create.execute(&self.0).await;
        created.map(drop).map_err(|error| StoreError::from(error).of(PART))
    }

    async fn find(&self, hash: &Hash) -> Result<Option<Token>, Unavailable> {
        let find = async {
            let query = sqlx::query_as::<_, StoredToken>(FIND).bind(&hash[..]);
            query.fetch_optional(&self.0).await?.map(Token::try_from).transpose()
        };
        find.await.map_err(|error: StoreError| error.of(PART))
    }

    async fn list(&self) -> Result<Vec<Token>, Unavailable> {
        let list = async {
            let stored = sqlx::query_as::<_, StoredToken>(LIST).fetch_all(&self.0).await?;
            stored.into_iter().map(Token::try_from).collect::<Result<_, StoreError>>()
        };
        list.await.map_err(|error| error.of(PART))
    }

    async fn revoke(&self, token_id: Uuid, at: DateTime<Utc>) -> Result<bool, Unavailable> {
        let revoke = sqlx::query(REVOKE).bind(token_id).bind(at.timestamp_micros());
        let revoked = revoke.execute(&self.0).await;
        let revoked = revoked.map_err(|error| StoreError::from(error).of(PART))?;
        Ok(revoked.rows_affected() == 1)
    }
}
