//! Timeline entries as lines of text. A language is one file beside this one and one [`Locale`].

mod en;
mod fr;

use serde::{Deserialize, Serialize};

use super::entry::Fact;

/// A language that operators read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Locale {
    /// Every language there is.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// Its ISO 639-1 code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language for a code such as `fr`, `fr_CA` or `fr-CA`, if we speak it.
    pub fn of(code: &str) -> Option<Self> {
        let base = code.split(['_', '-']).next().unwrap_or(code);
        Self::ALL.into_iter().find(|locale| locale.as_str().eq_ignore_ascii_case(base))
    }
}

/// One line that says what happened; no time, no actor, no line break.
pub fn line(fact: &Fact, locale: Locale) -> String {
    let line = match locale {
        Locale::En => en::line(fact),
        Locale::Fr => fr::line(fact),
    };
    // What people write may contain line breaks.
    line.replace(char::is_control, " ")
}

/// A whole number in groups of three digits.
fn grouped(number: u32, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
