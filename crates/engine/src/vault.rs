//! The vault: personal data is sealed with a key per person; destroying the key forgets the person.
//!
//! A person's key is 256 random bits, wrapped by a key derived from the master key and kept in a
//! table of its own. What is sealed is bound to the person and to the place it belongs, so that it
//! cannot be moved. The nil subject stands for the installation itself.

mod cache;
mod master;
mod ring;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use fanal_domain::Sealed;
use fanal_domain::phone::PhoneNumber;
use uuid::Uuid;

use self::cache::KeyCache;
use self::master::Wrapper;
pub use self::master::{InvalidMasterKey, MasterKey};
use self::ring::{DataKey, SubjectKey};
pub use self::ring::{KeyRing, Opened};
use crate::ports::{BlindIndex, KeyStore, Random, StoredKey, Unavailable};

/// The subject whose key seals what belongs to nobody in particular.
pub const INSTALLATION: Uuid = Uuid::nil();

/// Something sealed cannot be trusted, or its key not be had.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Altered, moved from another place, or sealed for somebody else.
    #[error("what was sealed for subject {subject} as `{place}` was altered or moved")]
    Altered {
        /// For whom.
        subject: Uuid,
        /// As what.
        place: String,
    },
    /// The subject's key was wrapped by another master key, or altered.
    #[error("the key of subject {subject} cannot be unwrapped with this master key")]
    Foreign {
        /// Whose.
        subject: Uuid,
    },
    /// The subject's key was destroyed: nothing new can be sealed for it.
    #[error("subject {subject} was erased")]
    Erased {
        /// Whose.
        subject: Uuid,
    },
    /// The keys cannot be read or written.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Seals and opens personal data. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    wrapper: Wrapper,
    index_key: hmac::Key,
    store: Arc<dyn KeyStore>,
    random: Arc<dyn Random>,
    cache: Mutex<KeyCache>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// A vault over these keys.
    pub fn new(master: &MasterKey, store: Arc<dyn KeyStore>, random: Arc<dyn Random>) -> Self {
        Self(Arc::new(Inner {
            wrapper: master.wrapper(),
            index_key: master.index_key(),
            store,
            random,
            cache: Mutex::default(),
        }))
    }

    /// Finds a person by number without storing the number.
    pub fn blind_index(&self, number: &PhoneNumber) -> BlindIndex {
        let tag = hmac::sign(&self.0.index_key, number.as_e164().as_bytes());
        let mut index = BlindIndex::default();
        index.copy_from_slice(&tag.as_ref()[..size_of::<BlindIndex>()]);
        index
    }

    /// The keys these subjects have; what was never sealed for cannot be opened either.
    ///
    /// # Errors
    /// [`VaultError`] if keys cannot be read or unwrapped.
    pub async fn load(&self, subjects: &[Uuid]) -> Result<KeyRing, VaultError> {
        let mut ring = KeyRing::new(Arc::clone(&self.0.random));
        let unknown = self.cache().fill(&mut ring, subjects);
        self.fetch(&mut ring, &unknown).await?;
        Ok(ring)
    }

    /// The keys of these subjects; those who never had one get one now, durably.
    ///
    /// # Errors
    /// [`VaultError`] if keys cannot be read, unwrapped or written.
    pub async fn ensure(&self, subjects: &[Uuid]) -> Result<KeyRing, VaultError> {
        let mut ring = self.load(subjects).await?;
        let missing: BTreeSet<Uuid> =
            subjects.iter().copied().filter(|subject| !ring.knows(*subject)).collect();
        if missing.is_empty() {
            return Ok(ring);
        }
        let wrapped = missing
            .iter()
            .map(|subject| {
                let key = DataKey::generate(&*self.0.random);
                (*subject, self.0.wrapper.wrap(*subject, &key, &*self.0.random))
            })
            .collect();
        self.0.store.create(wrapped).await?;
        // Read back: another process may have made a key for the same subject first, or destroyed it.
        let missing: Vec<Uuid> = missing.into_iter().collect();
        self.fetch(&mut ring, &missing).await?;
        Ok(ring)
    }

    /// Seals one value for one subject. For many, take a [`KeyRing`].
    ///
    /// # Errors
    /// [`VaultError`] if the subject was erased or its key cannot be had.
    pub async fn seal(
        &self,
        subject: Uuid,
        place: &str,
        clear: &[u8],
    ) -> Result<Sealed, VaultError> {
        self.ensure(&[subject]).await?.seal(subject, place, clear)
    }

    /// Opens one value of one subject. For many, take a [`KeyRing`].
    ///
    /// # Errors
    /// [`VaultError`] if the value was altered or its key cannot be had; not if it was erased.
    pub async fn open(
        &self,
        subject: Uuid,
        place: &str,
        sealed: &Sealed,
    ) -> Result<Opened, VaultError> {
        self.load(&[subject]).await?.open(subject, place, sealed)
    }

    /// Destroys a subject's key for good. When this returns, it is gone from the disk's table.
    ///
    /// # Errors
    /// [`Unavailable`] if the keys cannot be written; the key may then live or be gone.
    pub async fn destroy(&self, subject: Uuid, at: DateTime<Utc>) -> Result<(), Unavailable> {
        self.0.store.destroy(subject, at).await?;
        self.forget(subject);
        Ok(())
    }

    /// Drops a subject's key from memory: another process destroyed it.
    pub fn forget(&self, subject: Uuid) {
        self.cache().evict(subject);
    }

    async fn fetch(&self, ring: &mut KeyRing, subjects: &[Uuid]) -> Result<(), VaultError> {
        if subjects.is_empty() {
            return Ok(());
        }
        for (subject, stored) in self.0.store.load(subjects).await? {
            let key = match stored {
                StoredKey::Active(wrapped) => SubjectKey::Active(
                    self.0
                        .wrapper
                        .unwrap(subject, &wrapped)
                        .ok_or(VaultError::Foreign { subject })?,
                ),
                StoredKey::Destroyed(_) => SubjectKey::Destroyed,
            };
            ring.insert(subject, key);
        }
        self.cache().keep(ring, subjects);
        Ok(())
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, KeyCache> {
        // A panic while the lock was held cannot leave the cache half-changed in a harmful way:
        // each entry is inserted whole.
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
