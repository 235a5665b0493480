//! Forgetting a person for good.

use fanal_domain::contact::{Contact, ContactCommand, ContactStanding};
use fanal_domain::decider::Decider as _;
use fanal_domain::id::ContactId;

use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Context, Written};
use crate::error::UseCaseError;
use crate::execute::rejected;

impl Engine {
    /// Forgets a person: first the key is destroyed, then the log says so.
    ///
    /// In this order, since a person of whom the log says that they are forgotten must be; a crash
    /// between the two is mended by asking again, which is always harmless.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn erase_contact(
        &self,
        context: &Context,
        id: ContactId,
        reason: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::EraseContact)?;
        self.once(context, async {
            let loaded = self.load_contact(id).await?;
            let contact =
                loaded.state.as_ref().ok_or(UseCaseError::NotFound { what: "contact" })?;
            if contact.standing == ContactStanding::Erased {
                // Whatever a crash left behind.
                self.vault.destroy(id.0, self.ports.clock.now()).await?;
                let (position, version) = (loaded.position, loaded.version);
                return Ok(Written { id: id.0, position, version, replayed: true });
            }
            context.check_version(loaded.version)?;
            let command = ContactCommand::Erase { reason };
            // What would be refused must not destroy anything.
            Contact::decide(&loaded.state, command.clone())
                .map_err(|rejection| rejected(&rejection))?;
            self.vault.destroy(id.0, self.ports.clock.now()).await?;
            self.on_contact(context, id, command).await
        })
        .await
    }
}
