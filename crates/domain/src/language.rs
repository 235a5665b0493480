//! Language codes as the provider spells them: `fr`, `pt_BR`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A language, lower case, with an optional upper-case region after an underscore.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// The text is not a language code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a language is two or three letters with an optional region, such as `fr` or `pt_BR`")]
pub struct InvalidLanguage;

impl Language {
    /// English, whichever.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without its region: `pt` for `pt_BR`.
    pub fn base(&self) -> &str {
        self.0.split('_').next().unwrap_or(&self.0)
    }
}

impl FromStr for Language {
    type Err = InvalidLanguage;

    /// Accepts `pt_BR`, `pt-br` and `PT_br`, and spells them `pt_BR`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (base, region) = match text.split_once(['_', '-']) {
            Some((base, region)) => (base, Some(region)),
            None => (text, None),
        };
        let letters = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
            lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
        };
        if !letters(base, 2..=3) || !region.is_none_or(|region| letters(region, 2..=2)) {
            return Err(InvalidLanguage);
        }
        let base = base.to_ascii_lowercase();
        Ok(Self(match region {
            Some(region) => format!("{base}_{}", region.to_ascii_uppercase()),
            None => base,
        }))
    }
}

impl TryFrom<String> for Language {
    type Error = InvalidLanguage;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_a_language_one_way() {
        for (given, expected) in
            [("fr", "fr"), ("pt-br", "pt_BR"), ("PT_br", "pt_BR"), ("fil", "fil")]
        {
            assert_eq!(given.parse::<Language>().unwrap().as_str(), expected);
        }
    }

    #[test]
    fn refuses_what_is_no_language() {
        for given in ["", "f", "french", "fr_", "fr_FRA", "f1", "fr_F1", "é"] {
            assert_eq!(given.parse::<Language>(), Err(InvalidLanguage), "{given}");
        }
    }
}
