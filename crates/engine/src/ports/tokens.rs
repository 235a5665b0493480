//! Who may call: bearer tokens, stored as hashes.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Unavailable;
use crate::envelope::Hash;

/// What a caller may do; each role may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessRole {
    /// Look.
    Viewer,
    /// Open incidents, prepare and launch broadcasts, answer people.
    Communicator,
    /// Approve.
    Approver,
    /// Decide: cancel, close in spite of open promises.
    Commander,
    /// Manage tokens, import and erase people.
    Admin,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token.
    pub token_id: Uuid,
    /// The holder's handle; becomes the actor of what is done with it.
    pub name: String,
    /// What it allows.
    pub role: AccessRole,
    /// SHA-256 of the secret; the secret has 256 random bits, so no slow hash is needed.
    pub hash: Hash,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stopped being good, if it did.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Keeps tokens.
#[async_trait]
pub trait TokenStore: Debug + Send + Sync {
    /// Stores a new token.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    async fn create(&self, token: Token) -> Result<(), Unavailable>;

    /// Finds a token by the hash of its secret.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn find(&self, hash: &Hash) -> Result<Option<Token>, Unavailable>;

    /// Every token, oldest first.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn list(&self) -> Result<Vec<Token>, Unavailable>;

    /// Makes a token worthless; returns whether there was one in use.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    async fn revoke(&self, token_id: Uuid, at: DateTime<Utc>) -> Result<bool, Unavailable>;
}
