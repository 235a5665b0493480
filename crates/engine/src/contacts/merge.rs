//! Two contacts that are one person become one.

use fanal_domain::Event;
use fanal_domain::consent::{Method, Purpose};
use fanal_domain::contact::{
    Consent, ConsentWithdrawn, Contact, ContactCommand, ContactRejection, ContactStanding,
};
use fanal_domain::decider::Decider as _;
use fanal_domain::id::ContactId;

use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Answer, Context, Written};
use crate::error::UseCaseError;
use crate::execute::{Tries, rejected};

impl Engine {
    /// Notes that `id` is the same person as `into`, which lives on with its own numbers.
    ///
    /// An opt-out of the one is an opt-out of the person, unless the other agreed after it; what
    /// the one agreed to is not carried over, since the evidence stays with it.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn merge_contacts(
        &self,
        context: &Context,
        id: ContactId,
        into: ContactId,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::MergeContacts)?;
        self.once(context, async {
            let mut count = Tries::of(context);
            loop {
                let tried = self.try_merge(context, id, into).await;
                if count.are_over(&tried) {
                    return tried;
                }
            }
        })
        .await
    }

    async fn try_merge(
        &self,
        context: &Context,
        id: ContactId,
        into: ContactId,
    ) -> Result<Written, UseCaseError> {
        let merged = self.load_contact(id).await?;
        let from = merged.state.as_ref().ok_or(UseCaseError::NotFound { what: "contact" })?;
        context.check_version(merged.version)?;
        let command = ContactCommand::MergeInto { into };
        let events =
            Contact::decide(&merged.state, command).map_err(|rejection| rejected(&rejection))?;
        let survivor = self.load_contact(into).await?;
        let kept = survivor.state.as_ref().ok_or(UseCaseError::NotFound { what: "contact" })?;
        check_active(kept)?;

        let version = merged.version + events.len() as u64;
        let mut parts = vec![merged.then(self.envelopes(&events))];
        let opt_outs: Vec<Event> = opt_outs(from, kept);
        if !opt_outs.is_empty() {
            parts.push(survivor.then(self.envelopes(&opt_outs)));
        }
        self.append(context, Answer { id: id.0, version }, parts).await
    }
}

fn check_active(contact: &Contact) -> Result<(), UseCaseError> {
    match contact.standing {
        ContactStanding::Active => Ok(()),
        ContactStanding::Merged(into) => Err(rejected(&ContactRejection::Merged { into })),
        ContactStanding::Erased => Err(rejected(&ContactRejection::Erased)),
    }
}

/// What the one opted out of and the other did not agree to since.
fn opt_outs(from: &Contact, into: &Contact) -> Vec<Event> {
    let stands = |purpose: &Purpose, withdrawn| match into.consents.get(purpose) {
        Some(Consent::Given { given_at, .. }) => *given_at < withdrawn,
        Some(Consent::Withdrawn { .. }) => false,
        None => true,
    };
    let withdrawn = from.consents.iter().filter_map(|(purpose, consent)| match consent {
        Consent::Withdrawn { withdrawn_at } if stands(purpose, *withdrawn_at) => {
            Some((*purpose, *withdrawn_at))
        }
        _ => None,
    });
    withdrawn
        .map(|(purpose, withdrawn_at)| {
            let method = Method::Operator;
            ConsentWithdrawn { purposes: vec![purpose], method, withdrawn_at, evidence: None }
                .into()
        })
        .collect()
}
