//! What happens when somebody wants something of a contact.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    Consent, ConsentGiven, ConsentWithdrawn, Contact, ContactChanged, ContactCommand,
    ContactErased, ContactMerged, ContactRegistered, ContactRejection, ContactStanding, Relation,
    state,
};
use crate::consent::Purpose;
use crate::decider::Decider;
use crate::event::Event;
use crate::id::ContactId;
use crate::language::Language;
use crate::sealed::Sealed;
use crate::text::prose;

/// Longest reason for an erasure, in characters.
const REASON_CHARS_MAX: usize = 500;

type Decision = Result<Vec<Event>, ContactRejection>;

impl Decider for Contact {
    type State = Option<Self>;
    type Command = ContactCommand;
    type Rejection = ContactRejection;

    fn decide(state: &Option<Self>, command: ContactCommand) -> Decision {
        use ContactCommand as C;
        match (state, command) {
            (None, C::Register { contact_id, profile, language, relation }) => {
                Ok(vec![ContactRegistered { contact_id, profile, language, relation }.into()])
            }
            (None, _) => Err(ContactRejection::NotRegistered),
            (Some(contact), command) => contact.carry_out(command),
        }
    }

    fn evolve(state: Option<Self>, event: &Event) -> Option<Self> {
        state::evolve(state, event)
    }
}

impl Contact {
    fn carry_out(&self, command: ContactCommand) -> Decision {
        use ContactCommand as C;
        match (self.standing, command) {
            (ContactStanding::Erased, _) => Err(ContactRejection::Erased),
            // Whoever was merged may still ask to be forgotten: their old key is their own.
            (_, C::Erase { reason }) => {
                let reason = prose("reason", &reason, REASON_CHARS_MAX)?;
                Ok(vec![ContactErased { reason }.into()])
            }
            (ContactStanding::Merged(into), _) => Err(ContactRejection::Merged { into }),
            (ContactStanding::Active, C::Register { profile, language, relation, .. }) => {
                self.register_again(&profile, &language, relation)
            }
            (ContactStanding::Active, C::Change { profile, language, relation }) => {
                Ok(self.change(profile, language, relation))
            }
            (ContactStanding::Active, C::MergeInto { into }) => self.merge(into),
            (ContactStanding::Active, C::GiveConsent { consent, now }) => self.give(consent, now),
            (ContactStanding::Active, C::WithdrawConsent { withdrawal, now }) => {
                self.withdraw(withdrawal, now)
            }
        }
    }

    /// The very same registration twice is one; anything else is a mistake.
    fn register_again(
        &self,
        profile: &Sealed,
        language: &Language,
        relation: Relation,
    ) -> Decision {
        if (profile, language, relation) == (&self.profile, &self.language, self.relation) {
            return Ok(Vec::new());
        }
        Err(ContactRejection::AlreadyRegistered)
    }

    fn change(
        &self,
        profile: Option<Sealed>,
        language: Language,
        relation: Relation,
    ) -> Vec<Event> {
        if profile.is_none() && language == self.language && relation == self.relation {
            return Vec::new();
        }
        let profile = profile.unwrap_or_else(|| self.profile.clone());
        vec![ContactChanged { profile, language, relation }.into()]
    }

    fn merge(&self, into: ContactId) -> Decision {
        if into == self.contact_id {
            return Err(ContactRejection::MergedIntoItself);
        }
        Ok(vec![ContactMerged { into }.into()])
    }

    /// The same consent brought in again, say by a second import, is no new fact; and no consent
    /// undoes an opt-out that came after it.
    fn give(&self, consent: ConsentGiven, now: DateTime<Utc>) -> Decision {
        if consent.given_at > now {
            return Err(ContactRejection::GivenInFuture);
        }
        match self.consents.get(&consent.purpose) {
            Some(Consent::Withdrawn { withdrawn_at }) if consent.given_at < *withdrawn_at => {
                Err(ContactRejection::OlderThanOptOut { withdrawn_at: *withdrawn_at })
            }
            Some(Consent::Given { basis, method, given_at, .. })
                if (*basis, *method, *given_at)
                    == (consent.basis, consent.method, consent.given_at) =>
            {
                Ok(Vec::new())
            }
            _ => Ok(vec![consent.into()]),
        }
    }

    /// An opt-out is never refused: not for a clock that runs ahead of ours, not for want of a
    /// consent. Withdrawing what was never given is an objection and blocks as well.
    fn withdraw(&self, withdrawal: ConsentWithdrawn, now: DateTime<Utc>) -> Decision {
        if withdrawal.purposes.is_empty() {
            return Err(ContactRejection::NoPurposes);
        }
        let stands = |purpose: &Purpose| {
            !matches!(self.consents.get(purpose), Some(Consent::Withdrawn { .. }))
        };
        let purposes: BTreeSet<Purpose> =
            withdrawal.purposes.iter().copied().filter(stands).collect();
        if purposes.is_empty() {
            return Ok(Vec::new());
        }
        let withdrawn = ConsentWithdrawn {
            purposes: purposes.into_iter().collect(),
            withdrawn_at: withdrawal.withdrawn_at.min(now),
            ..withdrawal
        };
        Ok(vec![withdrawn.into()])
    }
}
