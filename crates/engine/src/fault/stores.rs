//! A directory and keys that fail when told.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use fanal_domain::id::ContactId;
use uuid::Uuid;

use super::Faults;
use crate::envelope::Position;
use crate::ports::{BlindIndex, ContactRow, Directory, KeyStore, StoredKey, Unavailable};

const DIRECTORY: &str = "the directory";
const KEYS: &str = "the keys";

/// A directory that fails when told.
#[derive(Debug, Clone)]
pub struct FaultyDirectory {
    pub inner: Arc<dyn Directory>,
    pub faults: Faults,
}

#[async_trait]
impl Directory for FaultyDirectory {
    async fn checkpoint(&self) -> Result<Position, Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.checkpoint()).await?
    }

    async fn save(
        &self,
        rows: Vec<ContactRow>,
        from: Position,
        to: Position,
    ) -> Result<bool, Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.save(rows, from, to)).await?
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Vec<ContactRow>, Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.contacts(ids)).await?
    }

    async fn owners(
        &self,
        addresses: &[BlindIndex],
    ) -> Result<Vec<(BlindIndex, ContactId)>, Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.owners(addresses)).await?
    }

    async fn page(
        &self,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactRow>, Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.page(after, limit)).await?
    }

    async fn count(&self) -> Result<u64, Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.count()).await?
    }

    async fn begin_rebuild(&self) -> Result<Box<dyn Directory>, Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.begin_rebuild()).await?
    }

    async fn finish_rebuild(&self) -> Result<(), Unavailable> {
        self.faults.pass(DIRECTORY, self.inner.finish_rebuild()).await?
    }
}

/// Keys that fail when told.
#[derive(Debug, Clone)]
pub struct FaultyKeys {
    pub inner: Arc<dyn KeyStore>,
    pub faults: Faults,
}

#[async_trait]
impl KeyStore for FaultyKeys {
    async fn load(&self, subjects: &[Uuid]) -> Result<Vec<(Uuid, StoredKey)>, Unavailable> {
        self.faults.pass(KEYS, self.inner.load(subjects)).await?
    }

    async fn create(&self, keys: Vec<(Uuid, Vec<u8>)>) -> Result<(), Unavailable> {
        self.faults.pass(KEYS, self.inner.create(keys)).await?
    }

    async fn destroy(&self, subject: Uuid, at: DateTime<Utc>) -> Result<(), Unavailable> {
        self.faults.pass(KEYS, self.inner.destroy(subject, at)).await?
    }
}
