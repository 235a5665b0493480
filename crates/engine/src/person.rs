//! What we know of a person by name: sealed wherever it is kept, masked wherever it is printed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use fanal_domain::Sealed;
use fanal_domain::contact::Relation;
use fanal_domain::id::ContactId;
use fanal_domain::phone::PhoneNumber;
use serde::{Deserialize, Serialize};

use crate::error::UseCaseError;
use crate::ports::BlindIndex;
use crate::vault::{KeyRing, Opened, Vault, VaultError};

/// The place a profile is sealed for: the person's latest event, and the directory's row.
const PLACE: &str = "contact.profile";

/// Bounds of what is kept of a person.
pub mod bounds {
    /// Longest name, in characters.
    pub const NAME_CHARS_MAX: usize = 200;
    /// Longest id in another system, in characters.
    pub const EXTERNAL_ID_CHARS_MAX: usize = 200;
    /// Most attributes.
    pub const ATTRIBUTES_MAX: usize = 64;
    /// Longest attribute name, in characters.
    pub const ATTRIBUTE_NAME_CHARS_MAX: usize = 64;
    /// Longest attribute text, in characters.
    pub const ATTRIBUTE_TEXT_CHARS_MAX: usize = 500;
}

/// What an attribute may not be called, since a rule reads these from elsewhere.
pub const RESERVED_NAMES: [&str; 6] =
    ["language", "relation", "name", "whatsapp", "sms", "external_id"];

/// What we know of a person by name.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What to call them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// Their number on WhatsApp.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub whatsapp: Option<PhoneNumber>,
    /// Their number for text messages.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sms: Option<PhoneNumber>,
    /// What another system calls them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub external_id: Option<String>,
    /// Anything else that rules and messages may use.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub attributes: BTreeMap<String, AttributeValue>,
}

/// The value of an attribute.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// Yes or no.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// Words.
    Text(String),
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({} attributes)", self.attributes.len())
    }
}

impl fmt::Debug for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool(_) => "Bool(…)",
            Self::Number(_) => "Number(…)",
            Self::Text(_) => "Text(…)",
        })
    }
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

impl Profile {
    /// Whether everything is within bounds and well formed.
    ///
    /// # Errors
    /// [`UseCaseError::Invalid`] naming the field and the rule, never the value.
    pub fn check(&self) -> Result<(), UseCaseError> {
        check_line("name", self.name.as_deref(), bounds::NAME_CHARS_MAX)?;
        check_line("external_id", self.external_id.as_deref(), bounds::EXTERNAL_ID_CHARS_MAX)?;
        if self.attributes.len() > bounds::ATTRIBUTES_MAX {
            return Err(UseCaseError::invalid(
                "attributes",
                format!("at most {} attributes", bounds::ATTRIBUTES_MAX),
                "leave out what neither rules nor messages use",
            ));
        }
        self.attributes.iter().try_for_each(|(name, value)| check_attribute(name, value))
    }

    /// What a message may say of the person: the name, the external id, or an attribute.
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        match name {
            "name" => self.name.as_deref().map(Cow::Borrowed),
            "external_id" => self.external_id.as_deref().map(Cow::Borrowed),
            _ => self.attributes.get(name).map(|value| match value {
                AttributeValue::Text(text) => Cow::Borrowed(text.as_str()),
                other => Cow::Owned(other.to_string()),
            }),
        }
    }

    /// Keyed hashes of the person's numbers: the WhatsApp number first, each once.
    pub fn addresses(&self, vault: &Vault) -> Vec<BlindIndex> {
        let second = self.sms.as_ref().filter(|sms| Some(*sms) != self.whatsapp.as_ref());
        self.whatsapp.iter().chain(second).map(|number| vault.blind_index(number)).collect()
    }

    /// Seals it for its person.
    ///
    /// # Errors
    /// [`VaultError::Erased`] if the person was forgotten or the ring lacks the key.
    pub fn seal(&self, keys: &KeyRing, id: ContactId) -> Result<Sealed, VaultError> {
        keys.seal(id.0, PLACE, &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("text keys, text, numbers and booleans are always JSON")
    }

    /// Opens a person's profile; `None` if the person was forgotten.
    ///
    /// # Errors
    /// [`VaultError::Altered`] if it is not a profile that was sealed for this person.
    pub fn open(
        keys: &KeyRing,
        id: ContactId,
        sealed: &Sealed,
    ) -> Result<Option<Self>, VaultError> {
        match keys.open(id.0, PLACE, sealed)? {
            Opened::Erased => Ok(None),
            Opened::Clear(clear) => serde_json::from_slice(&clear)
                .map(Some)
                .map_err(|_| VaultError::Altered { subject: id.0, place: PLACE.to_owned() }),
        }
    }
}

/// Every relation with the word everyone uses for it.
pub const RELATIONS: [(Relation, &str); 7] = [
    (Relation::Employee, "employee"),
    (Relation::Customer, "customer"),
    (Relation::Supplier, "supplier"),
    (Relation::Resident, "resident"),
    (Relation::Patient, "patient"),
    (Relation::Stranger, "stranger"),
    (Relation::Other, "other"),
];

/// The word for a relation.
pub fn relation_word(relation: Relation) -> &'static str {
    RELATIONS.iter().find(|(one, _)| *one == relation).map_or("other", |(_, word)| word)
}

/// The relation a word stands for.
pub fn parse_relation(word: &str) -> Option<Relation> {
    RELATIONS.iter().find(|(_, one)| *one == word).map(|(relation, _)| *relation)
}

/// Whether a name can be an attribute's: lower snake case, and none that means something else.
pub fn is_attribute_name(name: &str) -> bool {
    (1..=bounds::ATTRIBUTE_NAME_CHARS_MAX).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !RESERVED_NAMES.contains(&name)
}

fn check_attribute(name: &str, value: &AttributeValue) -> Result<(), UseCaseError> {
    if !is_attribute_name(name) {
        return Err(UseCaseError::invalid(
            "attributes",
            "an attribute's name is lower snake case, at most 64 characters, and none of the \
             person's own fields",
            "rename it, such as `shoe_size`",
        ));
    }
    match value {
        AttributeValue::Number(number) if !number.is_finite() => Err(UseCaseError::invalid(
            format!("attributes.{name}"),
            "a number is finite",
            "leave it out if there is no value",
        )),
        AttributeValue::Text(text) => {
            check_line(&format!("attributes.{name}"), Some(text), bounds::ATTRIBUTE_TEXT_CHARS_MAX)
        }
        AttributeValue::Number(_) | AttributeValue::Bool(_) => Ok(()),
    }
}

fn check_line(field: &str, text: Option<&str>, chars_max: usize) -> Result<(), UseCaseError> {
    let Some(text) = text else { return Ok(()) };
    let rule = if text.trim().is_empty() {
        "it is not empty".to_owned()
    } else if text.chars().count() > chars_max {
        format!("at most {chars_max} characters")
    } else if text.chars().any(char::is_control) {
        "one line, without control characters".to_owned()
    } else {
        return Ok(());
    };
    Err(UseCaseError::invalid(field, rule, "shorten or clean it, or leave it out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_attribute(name: &str, value: AttributeValue) -> Profile {
        Profile { attributes: BTreeMap::from([(name.to_owned(), value)]), ..Profile::default() }
    }

    #[track_caller]
    fn check_refused(profile: &Profile, field: &str) {
        match profile.check() {
            Err(UseCaseError::Invalid { field: found, .. }) => assert_eq!(found, field),
            other => panic!("expected {field} to be refused, got {other:?}"),
        }
    }

    #[test]
    fn refuses_what_is_out_of_bounds_and_names_the_field() {
        let text = |chars| AttributeValue::Text("a".repeat(chars));
        check_refused(&Profile { name: Some("a".repeat(201)), ..Profile::default() }, "name");
        check_refused(&Profile { name: Some("  ".to_owned()), ..Profile::default() }, "name");
        check_refused(&Profile { name: Some("a\nb".to_owned()), ..Profile::default() }, "name");
        check_refused(&with_attribute("site", text(501)), "attributes.site");
        check_refused(&with_attribute("site", AttributeValue::Number(f64::NAN)), "attributes.site");
        for name in ["", "Site", "1st", "with space", "name", "é"] {
            check_refused(&with_attribute(name, text(1)), "attributes");
        }
    }

    #[test]
    fn words_for_relations_are_those_of_the_log() {
        for (relation, word) in RELATIONS {
            assert_eq!(serde_json::to_value(relation).unwrap(), word);
            assert_eq!((relation_word(relation), parse_relation(word)), (word, Some(relation)));
        }
    }

    #[test]
    fn never_prints_who_it_is() {
        let profile = Profile {
            name: Some("Ada Lovelace".to_owned()),
            whatsapp: Some("+33612345678".parse().unwrap()),
            ..with_attribute("site", AttributeValue::Text("Bourges".to_owned()))
        };
        let printed = format!("{profile:?} {:?}", profile.attributes);
        for secret in ["Ada", "Lovelace", "0612345678", "Bourges"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
