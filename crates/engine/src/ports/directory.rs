//! The directory of contacts: the read model that finds people by id, by number, or one by one.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use fanal_domain::Sealed;
use fanal_domain::consent::Purpose;
use fanal_domain::contact::Relation;
use fanal_domain::id::ContactId;
use fanal_domain::language::Language;
use serde::{Deserialize, Serialize};

use super::Unavailable;
use crate::envelope::Position;

/// A keyed hash of a phone number: finds a person without storing the number.
pub type BlindIndex = [u8; 16];

/// What the directory knows of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The person.
    pub contact_id: ContactId,
    /// Name, numbers and attributes, sealed; as in the person's latest event.
    pub profile: Sealed,
    /// The language to write in.
    pub language: Language,
    /// What the person is to us.
    pub relation: Relation,
    /// Whether the person can still be told anything.
    pub state: ContactState,
    /// Where each purpose stands; absent means never given.
    pub consents: BTreeMap<Purpose, ConsentState>,
    /// The version of the person's stream this row stands at.
    pub version: u64,
    /// Keyed hashes of the person's numbers: the WhatsApp number first.
    pub addresses: Vec<BlindIndex>,
}

/// Whether a person can still be told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// Yes.
    Active,
    /// Lives on as another contact.
    Merged(ContactId),
    /// Was forgotten.
    Erased,
}

/// Where consent to one purpose stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Given, by the event at this position.
    Given(Position),
    /// Withdrawn, by the event at this position.
    Withdrawn(Position),
}

/// The directory of contacts.
#[async_trait]
pub trait Directory: Debug + Send + Sync {
    /// The position up to which it has seen the log.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn checkpoint(&self) -> Result<Position, Unavailable>;

    /// Replaces rows, drops addresses that are no longer in them, and moves the checkpoint, in one
    /// transaction. Does nothing if the checkpoint is not at `from`: another process was faster.
    /// Returns whether it did.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    async fn save(
        &self,
        rows: Vec<ContactRow>,
        from: Position,
        to: Position,
    ) -> Result<bool, Unavailable>;

    /// The rows of these people, in any order; unknown ids are left out.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn contacts(&self, ids: &[ContactId]) -> Result<Vec<ContactRow>, Unavailable>;

    /// Who has these numbers; unknown ones are left out.
    /// If several contacts claim a number, the one registered first.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn owners(
        &self,
        addresses: &[BlindIndex],
    ) -> Result<Vec<(BlindIndex, ContactId)>, Unavailable>;

    /// The rows after `after` in id order, at most `limit`.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn page(
        &self,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactRow>, Unavailable>;

    /// How many people it holds, by state: active, merged, erased.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be read.
    async fn count(&self) -> Result<u64, Unavailable>;

    /// Opens an empty copy beside this one, to be filled from position 0 while this one serves.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    async fn begin_rebuild(&self) -> Result<Box<dyn Directory>, Unavailable>;

    /// Puts the filled copy in this one's place, in one transaction.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    async fn finish_rebuild(&self) -> Result<(), Unavailable>;
}
