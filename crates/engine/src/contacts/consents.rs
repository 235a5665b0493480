//! What a person agreed to, and took back.

use std::fmt;

use chrono::{DateTime, Utc};
use fanal_domain::Sealed;
use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{ConsentGiven, ConsentWithdrawn, ContactCommand};
use fanal_domain::id::{ConsentId, ContactId};
use serde::Deserialize;

use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Context, Written};
use crate::error::UseCaseError;
use crate::vault::{KeyRing, VaultError};

/// The place evidence is sealed for.
const EVIDENCE: &str = "consent.evidence";

/// Longest evidence, in characters.
const EVIDENCE_CHARS_MAX: usize = 2_000;

/// A consent as somebody notes it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// For what.
    pub purpose: Purpose,
    /// On which legal ground.
    pub basis: Basis,
    /// How it was given.
    pub method: Method,
    /// When it was given.
    pub given_at: DateTime<Utc>,
    /// What proves it: a form number, the words written.
    #[serde(default)]
    pub evidence: Option<String>,
}

impl fmt::Debug for NewConsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewConsent({:?}, {:?}, {:?})", self.purpose, self.basis, self.method)
    }
}

impl Engine {
    /// Notes that a person may be told things of one purpose.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn give_consent(
        &self,
        context: &Context,
        id: ContactId,
        consent: NewConsent,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteConsent)?;
        let keys = self.vault.load(&[id.0]).await?;
        let command = self.giving(&consent, id, &keys)?;
        self.on_contact(context, id, command).await
    }

    /// Notes that a person may no longer be told things of some purposes.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn withdraw_consent(
        &self,
        context: &Context,
        id: ContactId,
        purposes: Vec<Purpose>,
        method: Method,
        evidence: Option<String>,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteConsent)?;
        let keys = self.vault.load(&[id.0]).await?;
        let now = self.ports.clock.now();
        let evidence = seal_evidence(evidence.as_deref(), id, &keys)?;
        let withdrawal = ConsentWithdrawn { purposes, method, withdrawn_at: now, evidence };
        self.on_contact(context, id, ContactCommand::WithdrawConsent { withdrawal, now }).await
    }

    /// The command that notes a consent.
    pub(crate) fn giving(
        &self,
        consent: &NewConsent,
        id: ContactId,
        keys: &KeyRing,
    ) -> Result<ContactCommand, UseCaseError> {
        let consent = ConsentGiven {
            consent_id: ConsentId(self.ports.ids.next()),
            purpose: consent.purpose,
            basis: consent.basis,
            method: consent.method,
            given_at: consent.given_at,
            evidence: seal_evidence(consent.evidence.as_deref(), id, keys)?,
        };
        Ok(ContactCommand::GiveConsent { consent, now: self.ports.clock.now() })
    }
}

fn seal_evidence(
    evidence: Option<&str>,
    id: ContactId,
    keys: &KeyRing,
) -> Result<Option<Sealed>, UseCaseError> {
    let Some(evidence) = evidence else { return Ok(None) };
    if evidence.chars().count() > EVIDENCE_CHARS_MAX {
        return Err(UseCaseError::invalid(
            "evidence",
            format!("at most {EVIDENCE_CHARS_MAX} characters"),
            "name where the proof is kept",
        ));
    }
    match keys.seal(id.0, EVIDENCE, evidence.as_bytes()) {
        Ok(sealed) => Ok(Some(sealed)),
        // Who has no key is unknown or forgotten: the domain refuses with its own words.
        Err(VaultError::Erased { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
