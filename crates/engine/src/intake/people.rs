//! Whose number it is: a person we know, or from now on a stranger.

use fanal_domain::contact::Relation;
use fanal_domain::id::ContactId;
use fanal_domain::phone::PhoneNumber;

use super::variants::variants;
use crate::Engine;
use crate::contacts::Checked;
use crate::context::{Answer, Context};
use crate::envelope::{Expected, StreamAppend, StreamId};
use crate::error::UseCaseError;
use crate::person::{Profile, bounds};

impl Engine {
    /// The person with this number; somebody unknown is registered as a stranger.
    pub(super) async fn person_of(
        &self,
        context: &Context,
        number: &PhoneNumber,
        shown_name: Option<&str>,
    ) -> Result<ContactId, UseCaseError> {
        if let Some(id) = self.owner_of(number).await? {
            return Ok(id);
        }
        // One stranger at a time, so that two messages of one person make one contact.
        let _turn = self.intake.strangers.lock().await;
        self.catch_up_directory().await?;
        if let Some(id) = self.owner_of(number).await? {
            return Ok(id);
        }
        let id = ContactId(self.ports.ids.next());
        let checked = Checked {
            profile: Profile {
                name: shown_name.and_then(presentable),
                whatsapp: Some(number.clone()),
                ..Profile::default()
            },
            language: self.config.stranger_language.clone(),
            relation: Relation::Stranger,
        };
        let keys = self.vault.ensure(&[id.0]).await?;
        let events = self.envelopes(&self.registration(id, &checked, &[], &keys)?);
        let stream = StreamId::contact(id);
        let part = StreamAppend { stream, expected: Expected::NoStream, events };
        let written = self.append(context, Answer { id: id.0, version: 1 }, vec![part]).await?;
        self.project_directory_to(written.position).await?;
        Ok(id)
    }

    async fn owner_of(&self, number: &PhoneNumber) -> Result<Option<ContactId>, UseCaseError> {
        let forms = variants(number);
        let addresses: Vec<_> = forms.iter().map(|form| self.vault.blind_index(form)).collect();
        let owners = self.ports.directory.owners(&addresses).await?;
        // The form that came counts first.
        let find = |address| owners.iter().find(|(owned, _)| owned == address).map(|(_, id)| *id);
        Ok(addresses.iter().find_map(find))
    }
}

/// The name a person shows, if it can be kept as one.
fn presentable(shown: &str) -> Option<String> {
    let name: String =
        shown.chars().filter(|letter| !letter.is_control()).take(bounds::NAME_CHARS_MAX).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_of_a_shown_name_what_can_be_a_name() {
        assert_eq!(presentable(" Ada\u{7} \n"), Some("Ada".to_owned()));
        assert_eq!(presentable("\n\t "), None);
        let long = presentable(&"é".repeat(10_000)).unwrap();
        assert_eq!(long.chars().count(), bounds::NAME_CHARS_MAX);
    }
}
