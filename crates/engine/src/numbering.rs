//! Phone numbers as people write them, made into the one form we keep.

use std::fmt;
use std::str::FromStr;

use fanal_domain::phone::PhoneNumber;
use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber as Parsed, PhoneNumberFormat, Region,
};

/// Longest text looked at: anything longer is no phone number.
const TEXT_CHARS_MAX: usize = 40;

/// The country whose national numbers are meant when no country code is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Country(Region);

/// The text is not a country code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a country is two letters of ISO 3166, such as `FR`")]
pub struct InvalidCountry;

/// The text is not a phone number; says which rule it breaks, never the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNumber {
    /// Not the form of one.
    #[error("this is not a phone number")]
    NotANumber,
    /// No country has this calling code.
    #[error("no country has this calling code")]
    UnknownCountry,
    /// Its country has no numbers of this length.
    #[error("its country has no numbers of this length")]
    WrongLength,
    /// It names an extension, which cannot receive messages.
    #[error("an extension cannot receive messages")]
    Extension,
}

impl Country {
    /// Where most of our first users are.
    pub const FRANCE: Self = Self(Region::FR);

    /// Reads a number written in any usual way: `+33 6 12 34 56 78`, `0033…`, `06 12 34 56 78`.
    ///
    /// # Errors
    /// [`InvalidNumber`]: its length must be one its country has, but whether anybody holds it
    /// only the provider knows.
    pub fn read(self, text: &str) -> Result<PhoneNumber, InvalidNumber> {
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(InvalidNumber::NotANumber);
        }
        let parsed = Parsed::parse(text, Some(self.0)).map_err(|error| match error {
            rlibphonenumber::ParseError::InvalidCountryCode => InvalidNumber::UnknownCountry,
            rlibphonenumber::ParseError::NotANumber(_) => InvalidNumber::NotANumber,
            _ => InvalidNumber::WrongLength,
        })?;
        if !parsed.extension().is_empty() {
            return Err(InvalidNumber::Extension);
        }
        match parsed.is_possible_with_reason() {
            Ok(NumberLengthType::IsPossible) => parsed
                .format_as(PhoneNumberFormat::E164)
                .parse()
                .map_err(|_| InvalidNumber::WrongLength),
            _ => Err(InvalidNumber::WrongLength),
        }
    }
}

impl FromStr for Country {
    type Err = InvalidCountry;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !two_letters {
            return Err(InvalidCountry);
        }
        Region::from_code(&text.to_ascii_uppercase())
            .ok()
            // The crate also knows codes that stand for no country; those have no calling code.
            .filter(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some())
            .map(Self)
            .ok_or(InvalidCountry)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_region_str().as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn france() -> Country {
        "fr".parse().unwrap()
    }

    #[test]
    fn reads_every_usual_spelling_as_one() {
        for given in [
            "+33612345678",
            "+33 6 12 34 56 78",
            "06.12.34.56.78",
            "0033 612345678",
            "(+33) 06 12 34 56 78",
            "+33 (0)6 12 34 56 78",
        ] {
            assert_eq!(france().read(given).unwrap().as_e164(), "+33612345678", "{given}");
        }
    }

    #[test]
    fn a_written_country_code_wins_over_the_default() {
        assert_eq!(france().read("+34 612 34 56 78").unwrap().as_e164(), "+34612345678");
    }

    #[test]
    fn says_which_rule_a_text_breaks() {
        for (given, rule) in [
            ("", InvalidNumber::NotANumber),
            ("call me", InvalidNumber::NotANumber),
            ("+999 123456789", InvalidNumber::UnknownCountry),
            ("+33612", InvalidNumber::WrongLength),
            ("+3361234567890123", InvalidNumber::WrongLength),
            ("+33612345678 ext. 5", InvalidNumber::Extension),
        ] {
            assert_eq!(france().read(given), Err(rule), "{given}");
        }
    }

    #[test]
    fn a_country_is_two_known_letters() {
        for given in ["", "F", "FRA", "XX", "f1", "001"] {
            assert_eq!(given.parse::<Country>(), Err(InvalidCountry), "{given}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            drop(france().read(&text));
        }
    }
}
