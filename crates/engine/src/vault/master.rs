//! The master key: given by configuration, wraps the keys of persons, never stored beside them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::{hkdf, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::{Zeroize, Zeroizing};
use secrecy::{ExposeSecret, SecretBox};
use uuid::Uuid;

use super::ring::{DataKey, KEY_BYTES, NONCE_BYTES, TAG_BYTES};
use crate::ports::Random;

/// 256 secret bits from which everything else is derived.
#[derive(Clone)]
pub struct MasterKey(Arc<SecretBox<[u8; KEY_BYTES]>>);

/// The text is not a master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes in base64: `openssl rand -base64 32` makes one")]
pub struct InvalidMasterKey;

impl MasterKey {
    /// Makes a new one.
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = [0; KEY_BYTES];
        random.fill(&mut bytes);
        Self::from_bytes(bytes)
    }

    /// The key as text, for the configuration of a new installation.
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.expose_secret()))
    }

    pub(super) fn wrapper(&self) -> Wrapper {
        let mut id = [0; KEY_ID_BYTES];
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        self.derive("master key id", &mut id);
        self.derive("wrapping of data keys", &mut key[..]);
        Wrapper { id, key: DataKey::new(key) }
    }

    pub(super) fn index_key(&self) -> hmac::Key {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        self.derive("blind index", &mut key[..]);
        hmac::Key::new(hmac::HMAC_SHA256, &key[..])
    }

    fn from_bytes(mut bytes: [u8; KEY_BYTES]) -> Self {
        let secret = SecretBox::new(Box::new(bytes));
        bytes.zeroize();
        Self(Arc::new(secret))
    }

    fn derive(&self, purpose: &str, out: &mut [u8]) {
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"fanal vault 1")
            .extract(self.0.expose_secret())
            .expand(&[purpose.as_bytes()], Length(out.len()))
            .and_then(|okm| okm.fill(out))
            .expect("at most 32 bytes are asked for, far below the limit of HKDF");
    }
}

impl FromStr for MasterKey {
    type Err = InvalidMasterKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| InvalidMasterKey)?);
        <[u8; KEY_BYTES]>::try_from(&bytes[..]).map(Self::from_bytes).map_err(|_| InvalidMasterKey)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// How many bytes HKDF is to make.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

const KEY_ID_BYTES: usize = 8;

/// The first byte of a wrapped key: how the rest is laid out.
const LAYOUT: u8 = 1;

/// Wraps data keys: layout ‖ master key id ‖ nonce ‖ encrypted key and tag.
///
/// The id tells which master key wrapped it, so that an installation can move to a new one.
pub(super) struct Wrapper {
    id: [u8; KEY_ID_BYTES],
    key: DataKey,
}

impl Wrapper {
    pub(super) fn wrap(&self, subject: Uuid, key: &DataKey, random: &dyn Random) -> Vec<u8> {
        let mut wrapped =
            Vec::with_capacity(1 + KEY_ID_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES);
        wrapped.push(LAYOUT);
        wrapped.extend_from_slice(&self.id);
        self.key.encrypt(&self.bound_to(subject), key.expose(), random, &mut wrapped);
        wrapped
    }

    /// `None` if another master key wrapped it, or it was altered or belongs to somebody else.
    pub(super) fn unwrap(&self, subject: Uuid, wrapped: &[u8]) -> Option<DataKey> {
        let rest = wrapped.strip_prefix(&[LAYOUT])?.strip_prefix(&self.id[..])?;
        let clear = Zeroizing::new(self.key.decrypt(&self.bound_to(subject), rest)?);
        let bytes = <[u8; KEY_BYTES]>::try_from(&clear[..]).ok()?;
        Some(DataKey::new(Zeroizing::new(bytes)))
    }

    fn bound_to(&self, subject: Uuid) -> Vec<u8> {
        [subject.as_bytes(), &self.id[..], b"data key"].concat()
    }
}
