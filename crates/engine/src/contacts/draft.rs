//! A person as somebody writes them down, before numbers are read and bounds checked.

use std::collections::BTreeMap;
use std::fmt;

use fanal_domain::Sealed;
use fanal_domain::contact::{Contact, Relation};
use fanal_domain::language::Language;
use fanal_domain::phone::PhoneNumber;
use serde::Deserialize;

use crate::error::UseCaseError;
use crate::numbering::Country;
use crate::person::{AttributeValue, Profile};
use crate::vault::KeyRing;

/// A person as somebody writes them down.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactDraft {
    /// What to call them.
    #[serde(default)]
    pub name: Option<String>,
    /// Their number on WhatsApp, in any usual spelling.
    #[serde(default)]
    pub whatsapp: Option<String>,
    /// Their number for text messages, in any usual spelling.
    #[serde(default)]
    pub sms: Option<String>,
    /// What another system calls them.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Anything else that rules and messages may use.
    #[serde(default)]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The language to write in.
    pub language: Language,
    /// What the person is to us.
    pub relation: Relation,
}

impl fmt::Debug for ContactDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContactDraft({}, {:?})", self.language, self.relation)
    }
}

/// A person within all bounds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Checked {
    pub(crate) profile: Profile,
    pub(crate) language: Language,
    pub(crate) relation: Relation,
}

impl ContactDraft {
    /// Reads the numbers and checks the bounds.
    pub(crate) fn check(self, country: Country) -> Result<Checked, UseCaseError> {
        let profile = Profile {
            name: trimmed(self.name),
            whatsapp: read("whatsapp", self.whatsapp.as_deref(), country)?,
            sms: read("sms", self.sms.as_deref(), country)?,
            external_id: trimmed(self.external_id),
            attributes: self.attributes,
        };
        profile.check()?;
        Ok(Checked { profile, language: self.language, relation: self.relation })
    }
}

impl Checked {
    /// The profile sealed anew, if it is not what is known already.
    pub(crate) fn resealed(
        &self,
        contact: &Contact,
        keys: &KeyRing,
    ) -> Result<Option<Sealed>, UseCaseError> {
        let id = contact.contact_id;
        match Profile::open(keys, id, &contact.profile)? {
            Some(known) if known != self.profile => Ok(Some(self.profile.seal(keys, id)?)),
            // Who was forgotten has no profile; the domain refuses the change with its own words.
            Some(_) | None => Ok(None),
        }
    }
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

fn read(
    field: &str,
    text: Option<&str>,
    country: Country,
) -> Result<Option<PhoneNumber>, UseCaseError> {
    text.map(|text| country.read(text))
        .transpose()
        .map_err(|rule| UseCaseError::invalid(field, rule.to_string(), "write it as +33612345678"))
}
