//! The keys of persons in memory.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

use super::lock;
use crate::ports::{KeyStore, StoredKey, Unavailable};

/// The keys of persons in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryKeys(Arc<Mutex<HashMap<Uuid, StoredKey>>>);

#[async_trait]
impl KeyStore for MemoryKeys {
    async fn load(&self, subjects: &[Uuid]) -> Result<Vec<(Uuid, StoredKey)>, Unavailable> {
        let keys = lock(&self.0);
        let subjects: BTreeSet<_> = subjects.iter().collect();
        let found = |subject: &Uuid| Some((*subject, keys.get(subject)?.clone()));
        Ok(subjects.into_iter().filter_map(found).collect())
    }

    async fn create(&self, keys: Vec<(Uuid, Vec<u8>)>) -> Result<(), Unavailable> {
        let mut stored = lock(&self.0);
        for (subject, wrapped) in keys {
            stored.entry(subject).or_insert(StoredKey::Active(wrapped));
        }
        Ok(())
    }

    async fn destroy(&self, subject: Uuid, at: DateTime<Utc>) -> Result<(), Unavailable> {
        let mut stored = lock(&self.0);
        if !matches!(stored.get(&subject), Some(StoredKey::Destroyed(_))) {
            stored.insert(subject, StoredKey::Destroyed(at.trunc_subsecs(6)));
        }
        Ok(())
    }
}
