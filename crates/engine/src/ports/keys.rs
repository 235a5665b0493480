//! Where the keys of persons live: in a table of their own, never in the log.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Unavailable;

/// Where the key of a subject stands. A subject that is not found was never given one.
#[derive(Clone, PartialEq, Eq)]
pub enum StoredKey {
    /// In use, wrapped by the master key.
    Active(Vec<u8>),
    /// Destroyed for good; no other key may take its place.
    Destroyed(DateTime<Utc>),
}

impl Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Active(_) => f.write_str("Active(…)"),
            Self::Destroyed(at) => write!(f, "Destroyed({at})"),
        }
    }
}

/// Keeps wrapped keys by subject: a person, or the installation itself (the nil id).
#[async_trait]
pub trait KeyStore: Debug + Send + Sync {
    /// The keys of these subjects; subjects that never had one are left out.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn load(&self, subjects: &[Uuid]) -> Result<Vec<(Uuid, StoredKey)>, Unavailable>;

    /// Stores keys of subjects that never had one; leaves the others as they are.
    /// When this returns, the keys are on disk.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    async fn create(&self, keys: Vec<(Uuid, Vec<u8>)>) -> Result<(), Unavailable>;

    /// Destroys a key for good, whether or not there was one.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    async fn destroy(&self, subject: Uuid, at: DateTime<Utc>) -> Result<(), Unavailable>;
}
