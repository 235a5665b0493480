//! Tokens in memory.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

use super::lock;
use crate::envelope::Hash;
use crate::ports::{Token, TokenStore, Unavailable};

/// Tokens in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryTokens(Arc<Mutex<Vec<Token>>>);

#[async_trait]
impl TokenStore for MemoryTokens {
    async fn create(&self, token: Token) -> Result<(), Unavailable> {
        let mut tokens = lock(&self.0);
        tokens.push(token);
        tokens.sort_by_key(|token| (token.created_at, token.token_id));
        Ok(())
    }

    async fn find(&self, hash: &Hash) -> Result<Option<Token>, Unavailable> {
        Ok(lock(&self.0).iter().find(|token| token.hash == *hash).cloned())
    }

    async fn list(&self) -> Result<Vec<Token>, Unavailable> {
        Ok(lock(&self.0).clone())
    }

    async fn revoke(&self, token_id: Uuid, at: DateTime<Utc>) -> Result<bool, Unavailable> {
        let mut tokens = lock(&self.0);
        let in_use = tokens
            .iter_mut()
            .find(|token| token.token_id == token_id && token.revoked_at.is_none());
        match in_use {
            Some(token) => {
                token.revoked_at = Some(at.trunc_subsecs(6));
                Ok(true)
            }
            None => Ok(false),
        }
    }
}
