//! What can be asked about persons: who they are, how to reach them, what they agreed to.

mod consents;
mod draft;
mod erase;
mod merge;
#[cfg(test)]
mod tests;
mod view;

use fanal_domain::Event;
use fanal_domain::contact::{Contact, ContactCommand};
use fanal_domain::decider::Decider as _;
use fanal_domain::id::ContactId;

pub use self::consents::NewConsent;
pub(crate) use self::draft::Checked;
pub use self::draft::ContactDraft;
pub use self::view::{ContactEntry, ContactView};
use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Answer, Context, Written};
use crate::envelope::{Position, StreamId};
use crate::error::UseCaseError;
use crate::execute::{Loaded, Subject, Tries, rejected};
use crate::person::Profile;
use crate::ports::BlindIndex;
use crate::vault::KeyRing;

impl Engine {
    /// Makes a person known, with what they agreed to.
    ///
    /// # Errors
    /// [`UseCaseError::Rejected`] with the code `number_taken` if somebody has the number already.
    pub async fn register_contact(
        &self,
        context: &Context,
        draft: ContactDraft,
        consents: Vec<NewConsent>,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteContact)?;
        let checked = draft.check(self.config.default_country)?;
        let id = ContactId(self.ports.ids.next());
        self.once(context, async {
            self.check_numbers_are_free(&checked.profile, id).await?;
            let keys = self.vault.ensure(&[id.0]).await?;
            let events = self.registration(id, &checked, &consents, &keys)?;
            let version = events.len() as u64;
            let loaded = Loaded {
                stream: StreamId::contact(id),
                state: (),
                version: 0,
                position: Position(0),
            };
            let part = loaded.then(self.envelopes(&events));
            self.append(context, Answer { id: id.0, version }, vec![part]).await
        })
        .await
    }

    /// Brings what is known of a person up to date; the whole new state.
    ///
    /// # Errors
    /// [`UseCaseError::Rejected`] with the code `number_taken` if somebody else has the number.
    pub async fn change_contact(
        &self,
        context: &Context,
        id: ContactId,
        draft: ContactDraft,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteContact)?;
        let checked = draft.check(self.config.default_country)?;
        self.once(context, async {
            self.check_numbers_are_free(&checked.profile, id).await?;
            let mut count = Tries::of(context);
            loop {
                let tried = self.try_change(context, id, &checked).await;
                if count.are_over(&tried) {
                    return tried;
                }
            }
        })
        .await
    }

    async fn try_change(
        &self,
        context: &Context,
        id: ContactId,
        checked: &Checked,
    ) -> Result<Written, UseCaseError> {
        let loaded = self.load_contact(id).await?;
        context.check_version(loaded.version)?;
        let contact = loaded.state.as_ref().ok_or(UseCaseError::NotFound { what: "contact" })?;
        let keys = self.vault.load(&[id.0]).await?;
        let command = ContactCommand::Change {
            profile: checked.resealed(contact, &keys)?,
            language: checked.language.clone(),
            relation: checked.relation,
        };
        let events =
            Contact::decide(&loaded.state, command).map_err(|rejection| rejected(&rejection))?;
        self.append_to(context, id.0, &loaded, &events).await
    }

    /// The events that make a person known.
    pub(crate) fn registration(
        &self,
        id: ContactId,
        checked: &Checked,
        consents: &[NewConsent],
        keys: &KeyRing,
    ) -> Result<Vec<Event>, UseCaseError> {
        let register = ContactCommand::Register {
            contact_id: id,
            profile: checked.profile.seal(keys, id)?,
            language: checked.language.clone(),
            relation: checked.relation,
        };
        let mut commands = vec![register];
        for consent in consents {
            commands.push(self.giving(consent, id, keys)?);
        }
        decide_all(&mut None, commands)
    }

    /// Whether nobody else has these numbers.
    async fn check_numbers_are_free(
        &self,
        profile: &Profile,
        id: ContactId,
    ) -> Result<(), UseCaseError> {
        let addresses = profile.addresses(&self.vault);
        match self.owners(&addresses).await?.into_iter().find(|(_, owner)| *owner != id) {
            Some((_, owner)) => Err(UseCaseError::Rejected {
                code: "number_taken",
                field: Some("whatsapp"),
                message: format!("contact {owner} has this number: change that one, or merge"),
            }),
            None => Ok(()),
        }
    }

    /// Who has these numbers, by everything the log says.
    async fn owners(
        &self,
        addresses: &[BlindIndex],
    ) -> Result<Vec<(BlindIndex, ContactId)>, UseCaseError> {
        if addresses.is_empty() {
            return Ok(Vec::new());
        }
        self.catch_up_directory().await?;
        Ok(self.ports.directory.owners(addresses).await?)
    }

    /// Brings the directory to where the log is now.
    pub(crate) async fn catch_up_directory(&self) -> Result<Position, UseCaseError> {
        let head = self.ports.log.head().await?;
        self.project_directory_to(head).await?;
        Ok(head)
    }

    pub(crate) async fn load_contact(
        &self,
        id: ContactId,
    ) -> Result<Loaded<Option<Contact>>, UseCaseError> {
        self.load::<Contact>(StreamId::contact(id)).await
    }

    async fn on_contact(
        &self,
        context: &Context,
        id: ContactId,
        command: ContactCommand,
    ) -> Result<Written, UseCaseError> {
        let subject = Subject::known("contact", id.0, StreamId::contact(id));
        self.execute::<Contact>(context, subject, command).await
    }
}

/// What several commands in a row make happen.
pub(crate) fn decide_all(
    state: &mut Option<Contact>,
    commands: Vec<ContactCommand>,
) -> Result<Vec<Event>, UseCaseError> {
    let mut events = Vec::new();
    for command in commands {
        let next = Contact::decide(state, command).map_err(|rejection| rejected(&rejection))?;
        *state = next.iter().fold(state.take(), Contact::evolve);
        events.extend(next);
    }
    Ok(events)
}
