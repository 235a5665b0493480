//! Keys in hand: seals and opens many values without asking the store each time.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use fanal_domain::Sealed;
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

use super::VaultError;
use crate::ports::Random;

pub(super) const KEY_BYTES: usize = 32;
pub(super) const NONCE_BYTES: usize = 12;
pub(super) const TAG_BYTES: usize = 16;

/// The first byte of a sealed value: how the rest is laid out.
const LAYOUT: u8 = 1;

/// A sealed value, opened.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened {
    /// What was sealed.
    Clear(Vec<u8>),
    /// The key was destroyed: the value is forgotten.
    Erased,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clear(_) => "Clear(…)",
            Self::Erased => "Erased",
        })
    }
}

/// The keys of some subjects, taken from the vault together.
pub struct KeyRing {
    keys: HashMap<Uuid, SubjectKey>,
    random: Arc<dyn Random>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} subjects)", self.keys.len())
    }
}

impl KeyRing {
    pub(super) fn new(random: Arc<dyn Random>) -> Self {
        Self { keys: HashMap::new(), random }
    }

    pub(super) fn insert(&mut self, subject: Uuid, key: SubjectKey) {
        self.keys.insert(subject, key);
    }

    pub(super) fn get(&self, subject: Uuid) -> Option<&SubjectKey> {
        self.keys.get(&subject)
    }

    pub(super) fn knows(&self, subject: Uuid) -> bool {
        self.keys.contains_key(&subject)
    }

    /// Seals a value for a subject, as what stands at a place such as `contact_registered.profile`.
    ///
    /// # Errors
    /// [`VaultError::Erased`] if the subject has no key any more, or none was asked for.
    pub fn seal(&self, subject: Uuid, place: &str, clear: &[u8]) -> Result<Sealed, VaultError> {
        let Some(SubjectKey::Active(key)) = self.keys.get(&subject) else {
            return Err(VaultError::Erased { subject });
        };
        let mut bytes = Vec::with_capacity(1 + NONCE_BYTES + clear.len() + TAG_BYTES);
        bytes.push(LAYOUT);
        key.encrypt(&bound_to(subject, place), clear, &*self.random, &mut bytes);
        Ok(Sealed::from_bytes(bytes))
    }

    /// Opens a value that was sealed for a subject at a place.
    ///
    /// # Errors
    /// [`VaultError::Altered`] if it is not what was sealed there.
    pub fn open(&self, subject: Uuid, place: &str, sealed: &Sealed) -> Result<Opened, VaultError> {
        let altered = || VaultError::Altered { subject, place: place.to_owned() };
        match self.keys.get(&subject) {
            Some(SubjectKey::Destroyed) => Ok(Opened::Erased),
            Some(SubjectKey::Active(key)) => sealed
                .as_bytes()
                .strip_prefix(&[LAYOUT])
                .and_then(|rest| key.decrypt(&bound_to(subject, place), rest))
                .map(Opened::Clear)
                .ok_or_else(altered),
            // Nothing was ever sealed for a subject without a key: the value is somebody else's.
            None => Err(altered()),
        }
    }
}

fn bound_to(subject: Uuid, place: &str) -> Vec<u8> {
    [subject.as_bytes(), place.as_bytes()].concat()
}

/// Where the key of a subject stands.
#[derive(Clone)]
pub(super) enum SubjectKey {
    Active(DataKey),
    Destroyed,
}

/// A key that encrypts data: AES-256-GCM with random nonces.
#[derive(Clone)]
pub(super) struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

impl DataKey {
    pub(super) fn new(bytes: Zeroizing<[u8; KEY_BYTES]>) -> Self {
        Self(bytes)
    }

    pub(super) fn generate(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        random.fill(&mut bytes[..]);
        Self(bytes)
    }

    pub(super) fn expose(&self) -> &[u8] {
        &self.0[..]
    }

    /// Appends nonce ‖ ciphertext ‖ tag to `out`.
    pub(super) fn encrypt(
        &self,
        bound_to: &[u8],
        clear: &[u8],
        random: &dyn Random,
        out: &mut Vec<u8>,
    ) {
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce);
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(clear);
        let tag = self
            .cipher()
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(bound_to),
                &mut out[start..],
            )
            .expect("AES-GCM seals anything below 64 GiB");
        out.extend_from_slice(tag.as_ref());
    }

    /// Reads nonce ‖ ciphertext ‖ tag; `None` if it was not encrypted so.
    pub(super) fn decrypt(&self, bound_to: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let mut clear = rest.to_vec();
        let length = self
            .cipher()
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(bound_to), &mut clear)
            .ok()?
            .len();
        clear.truncate(length);
        Some(clear)
    }

    fn cipher(&self) -> LessSafeKey {
        let key =
            UnboundKey::new(&AES_256_GCM, &self.0[..]).expect("a key of AES-256 has 32 bytes");
        LessSafeKey::new(key)
    }
}
