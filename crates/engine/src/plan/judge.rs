//! Who of those meant is told, in which language and on which consent; and why the others are not.

use std::collections::{HashMap, HashSet};

use chrono::FixedOffset;
use fanal_domain::broadcast::{Brief, FrozenRecipient, SuppressedPerson};
use fanal_domain::ladder::SuppressionReason;
use fanal_domain::language::Language;
use fanal_domain::phone::PhoneNumber;
use fanal_domain::template::Template;
use fanal_projections::cost::market_of;

use crate::compose::Script;
use crate::person::Profile;
use crate::ports::{ConsentState, ContactRow, ContactState};
use crate::segments::walk::Meant;

/// Judges people one after another, in the order of their ids.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    brief: &'a Brief,
    template: &'a Template,
    script: Script,
    /// In which language people are told who read another.
    languages: HashMap<Language, Option<Language>>,
    /// Numbers that somebody is told on already, or that want to hear nothing.
    taken: HashSet<u64>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(brief: &'a Brief, template: &'a Template, offset: FixedOffset) -> Self {
        Self {
            brief,
            template,
            script: Script::new(brief, template, offset),
            languages: HashMap::new(),
            taken: HashSet::new(),
        }
    }

    /// Judges the next person.
    pub(super) fn judge(&mut self, meant: Meant<'_>) -> Result<FrozenRecipient, SuppressedPerson> {
        let contact_id = meant.row.contact_id;
        self.told(meant).map_err(|reason| SuppressedPerson { contact_id, reason })
    }

    fn told(
        &mut self,
        Meant { row, profile }: Meant<'_>,
    ) -> Result<FrozenRecipient, SuppressionReason> {
        let profile = match (row.state, profile) {
            (ContactState::Merged(_), _) => return Err(SuppressionReason::Merged),
            // Of a person whose key is gone, the directory may not know yet.
            (ContactState::Erased, _) | (_, None) => return Err(SuppressionReason::Erased),
            (ContactState::Active, Some(profile)) => profile,
        };
        let number = profile.whatsapp.as_ref().ok_or(SuppressionReason::NoAddress)?;
        let consent = self.consent(row, number)?;
        if self.taken.contains(&as_digits(number)) {
            return Err(SuppressionReason::Duplicate);
        }
        let language = self.language(&row.language, profile)?;
        self.taken.insert(as_digits(number));
        Ok(FrozenRecipient {
            contact_id: row.contact_id,
            consent,
            language,
            market: market_of(number.digits()).to_owned(),
        })
    }

    /// The position of the consent it rests on. Who withdrew it withdrew it for the number: that
    /// another contact has the same one does not make it welcome there.
    fn consent(
        &mut self,
        row: &ContactRow,
        number: &PhoneNumber,
    ) -> Result<u64, SuppressionReason> {
        match row.consents.get(&self.brief.purpose) {
            Some(ConsentState::Given(position)) => Ok(position.0),
            Some(ConsentState::Withdrawn(_)) => {
                self.taken.insert(as_digits(number));
                Err(SuppressionReason::OptedOut)
            }
            None => Err(SuppressionReason::NoConsent),
        }
    }

    /// The language in which the person can be told everything.
    fn language(
        &mut self,
        reads: &Language,
        profile: &Profile,
    ) -> Result<Language, SuppressionReason> {
        if !self.languages.contains_key(reads) {
            let found = self.template.translation_for(reads, &self.brief.fallback_language);
            let told = found.map(|(language, _)| language.clone());
            self.languages.insert(reads.clone(), told);
        }
        let told = self.languages.get(reads).and_then(Option::as_ref);
        let told = told.ok_or(SuppressionReason::NoTranslation)?;
        self.script.check(told, profile)?;
        Ok(told.clone())
    }
}

/// A number in eight bytes, since a million of them are kept: its 15 digits at most never begin
/// with a zero, so no two numbers are the same.
fn as_digits(number: &PhoneNumber) -> u64 {
    number.digits().bytes().fold(0, |all, digit| all * 10 + u64::from(digit - b'0'))
}
