//! Contacts, tokens and keys as rows: words and JSON in the columns, types in the program.

use std::collections::BTreeMap;

use fanal_domain::Sealed;
use fanal_domain::contact::Relation;
use fanal_domain::id::ContactId;
use fanal_engine::ports::{AccessRole, BlindIndex, ContactRow, ContactState, StoredKey, Token};
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};
use uuid::Uuid;

use crate::error::StoreError;
use crate::number;

/// A contact as both engines store it, but for the copy it is in.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct StoredContact {
    pub(crate) contact_id: Uuid,
    pub(crate) profile: Vec<u8>,
    pub(crate) language: String,
    pub(crate) relation: String,
    pub(crate) state: String,
    pub(crate) merged_into: Option<Uuid>,
    pub(crate) consents: String,
    pub(crate) version: i64,
    pub(crate) addresses: Vec<u8>,
}

impl From<&ContactRow> for StoredContact {
    fn from(row: &ContactRow) -> Self {
        let (state, merged_into) = match row.state {
            ContactState::Active => ("active", None),
            ContactState::Merged(survivor) => ("merged", Some(survivor.0)),
            ContactState::Erased => ("erased", None),
        };
        let consents = serde_json::to_string(&row.consents);
        Self {
            contact_id: row.contact_id.0,
            profile: row.profile.as_bytes().to_vec(),
            language: row.language.as_str().to_owned(),
            relation: relation(row.relation).to_owned(),
            state: state.to_owned(),
            merged_into,
            consents: consents.expect("purposes are words and positions are numbers"),
            version: number::clamped(row.version),
            addresses: row.addresses.concat(),
        }
    }
}

impl TryFrom<StoredContact> for ContactRow {
    type Error = StoreError;

    fn try_from(stored: StoredContact) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::corrupt("contact", column, stored.contact_id);
        let state = match (stored.state.as_str(), stored.merged_into) {
            ("active", None) => ContactState::Active,
            ("merged", Some(survivor)) => ContactState::Merged(ContactId(survivor)),
            ("erased", None) => ContactState::Erased,
            _ => return Err(corrupt("state")),
        };
        let consents: BTreeMap<_, _> =
            serde_json::from_str(&stored.consents).map_err(|_| corrupt("consents"))?;
        Ok(Self {
            contact_id: ContactId(stored.contact_id),
            language: stored.language.parse().map_err(|_| corrupt("language"))?,
            relation: word(&stored.relation).ok_or_else(|| corrupt("relation"))?,
            state,
            consents,
            version: u64::try_from(stored.version).map_err(|_| corrupt("version"))?,
            addresses: addresses(&stored.addresses).ok_or_else(|| corrupt("addresses"))?,
            profile: Sealed::from_bytes(stored.profile),
        })
    }
}

/// The hashes of numbers that stand one after the other.
pub(crate) fn addresses(stored: &[u8]) -> Option<Vec<BlindIndex>> {
    let (addresses, rest) = stored.as_chunks();
    rest.is_empty().then(|| addresses.to_vec())
}

/// Reads a word the way the vocabulary spells it.
pub(crate) fn word<T: DeserializeOwned>(word: &str) -> Option<T> {
    T::deserialize(StrDeserializer::<WordError>::new(word)).ok()
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Employee => "employee",
        Relation::Customer => "customer",
        Relation::Supplier => "supplier",
        Relation::Resident => "resident",
        Relation::Patient => "patient",
        Relation::Stranger => "stranger",
        Relation::Other => "other",
    }
}

/// How a role is stored.
pub(crate) fn role(role: AccessRole) -> &'static str {
    match role {
        AccessRole::Viewer => "viewer",
        AccessRole::Communicator => "communicator",
        AccessRole::Approver => "approver",
        AccessRole::Commander => "commander",
        AccessRole::Admin => "admin",
    }
}

/// The last of the rows of each person.
pub(crate) fn latest(rows: &[ContactRow]) -> impl Iterator<Item = StoredContact> {
    let last: BTreeMap<_, _> = rows.iter().map(|row| (row.contact_id, row)).collect();
    last.into_values().map(StoredContact::from)
}

/// A token as both engines store it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct StoredToken {
    pub(crate) token_id: Uuid,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) hash: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) revoked_at: Option<i64>,
}

impl TryFrom<StoredToken> for Token {
    type Error = StoreError;

    fn try_from(stored: StoredToken) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::corrupt("api_token", column, stored.token_id);
        Ok(Self {
            token_id: stored.token_id,
            role: word(&stored.role).ok_or_else(|| corrupt("role"))?,
            hash: stored.hash.try_into().map_err(|_| corrupt("hash"))?,
            created_at: number::time(stored.created_at)?,
            revoked_at: stored.revoked_at.map(number::time).transpose()?,
            name: stored.name,
        })
    }
}

/// A key as both engines store it.
pub(crate) fn key(
    subject: Uuid,
    wrapped: Option<Vec<u8>>,
    destroyed_at: Option<i64>,
) -> Result<StoredKey, StoreError> {
    match (wrapped, destroyed_at) {
        (Some(wrapped), None) => Ok(StoredKey::Active(wrapped)),
        (None, Some(at)) => Ok(StoredKey::Destroyed(number::time(at)?)),
        _ => Err(StoreError::corrupt("person_key", "wrapped", subject)),
    }
}
