//! Persons as they are shown.

use std::collections::BTreeMap;

use fanal_domain::consent::Purpose;
use fanal_domain::contact::{Consent, Contact, ContactStanding, Relation};
use fanal_domain::id::ContactId;
use fanal_domain::language::Language;
use uuid::Uuid;

use crate::Engine;
use crate::authority::UseCase;
use crate::context::Context;
use crate::envelope::{Position, StreamId};
use crate::error::UseCaseError;
use crate::person::Profile;
use crate::ports::{ConsentState, ContactRow, ContactState};

/// Most persons on one page.
const PAGE_MAX: usize = 1_000;

/// A person as the log had them at some position.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactView {
    /// The person.
    pub contact_id: ContactId,
    /// Name, numbers and attributes; `None` once forgotten.
    pub profile: Option<Profile>,
    /// The language to write in.
    pub language: Language,
    /// What the person is to us.
    pub relation: Relation,
    /// Whether the person can still be told anything.
    pub standing: ContactStanding,
    /// Where each purpose stands; absent means never given and never objected to.
    pub consents: BTreeMap<Purpose, Consent>,
    /// The version of the person's stream.
    pub version: u64,
    /// The position of the person's latest event shown.
    pub position: Position,
}

/// A person in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactEntry {
    /// The person.
    pub contact_id: ContactId,
    /// Name, numbers and attributes; `None` once forgotten.
    pub profile: Option<Profile>,
    /// The language to write in.
    pub language: Language,
    /// What the person is to us.
    pub relation: Relation,
    /// Whether the person can still be told anything.
    pub state: ContactState,
    /// Where each purpose stands.
    pub consents: BTreeMap<Purpose, ConsentState>,
    /// The version of the person's stream.
    pub version: u64,
}

impl Engine {
    /// A person, now or as of an earlier moment. What was forgotten since is forgotten then too.
    ///
    /// # Errors
    /// [`UseCaseError::NotFound`] if there was no such person.
    pub async fn contact(
        &self,
        context: &Context,
        id: ContactId,
        as_of: Option<Position>,
    ) -> Result<ContactView, UseCaseError> {
        context.may(UseCase::ViewContact)?;
        let loaded = self.load_until::<Contact>(StreamId::contact(id), as_of).await?;
        let contact = loaded.state.ok_or(UseCaseError::NotFound { what: "contact" })?;
        let keys = self.vault.load(&[id.0]).await?;
        Ok(ContactView {
            contact_id: id,
            profile: Profile::open(&keys, id, &contact.profile)?,
            language: contact.language,
            relation: contact.relation,
            standing: contact.standing,
            consents: contact.consents,
            version: loaded.version,
            position: loaded.position,
        })
    }

    /// Who has this number, in any usual spelling.
    ///
    /// # Errors
    /// [`UseCaseError::Invalid`] if it is no number.
    pub async fn find_contact(
        &self,
        context: &Context,
        number: &str,
    ) -> Result<Option<ContactId>, UseCaseError> {
        context.may(UseCase::ViewContact)?;
        let number = self.config.default_country.read(number).map_err(|rule| {
            UseCaseError::invalid("phone", rule.to_string(), "write it as +33612345678")
        })?;
        let owners = self.owners(&[self.vault.blind_index(&number)]).await?;
        Ok(owners.first().map(|(_, owner)| *owner))
    }

    /// Persons in the order they were registered, after one of them.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn contacts(
        &self,
        context: &Context,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<ContactEntry>, UseCaseError> {
        context.may(UseCase::ViewContact)?;
        let rows = self.ports.directory.page(after, limit.clamp(1, PAGE_MAX)).await?;
        self.open_rows(rows).await
    }

    async fn open_rows(&self, rows: Vec<ContactRow>) -> Result<Vec<ContactEntry>, UseCaseError> {
        let subjects: Vec<Uuid> = rows.iter().map(|row| row.contact_id.0).collect();
        let keys = self.vault.load(&subjects).await?;
        rows.into_iter()
            .map(|row| {
                Ok(ContactEntry {
                    contact_id: row.contact_id,
                    profile: Profile::open(&keys, row.contact_id, &row.profile)?,
                    language: row.language,
                    relation: row.relation,
                    state: row.state,
                    consents: row.consents,
                    version: row.version,
                })
            })
            .collect()
    }
}
