//! A phone number in E.164 form, masked wherever it could be printed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A phone number: `+` and 8 to 15 digits (ITU-T E.164), the first not zero.
///
/// `Debug` and `Display` show only the last two digits; [`PhoneNumber::as_e164`] gives all.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// The text is not a phone number in E.164 form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a phone number is `+` and 8 to 15 digits with its country code, such as `+33612345678`")]
pub struct InvalidPhoneNumber;

impl PhoneNumber {
    /// The number with its leading `+`.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// The number without its `+`, as the provider writes it in webhooks.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

impl FromStr for PhoneNumber {
    type Err = InvalidPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('+').ok_or(InvalidPhoneNumber)?;
        let well_formed = (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidPhoneNumber) }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidPhoneNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.0.chars().skip(self.0.len() - 2).collect();
        write!(f, "+…{shown}")
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_e164_only() {
        assert_eq!("+33612345678".parse::<PhoneNumber>().unwrap().digits(), "33612345678");
        for given in [
            "",
            "33612345678",
            "+0612345678",
            "+336",
            "+3361234567890123",
            "+33 612345678",
            "+३३६१२३४५",
        ] {
            assert_eq!(given.parse::<PhoneNumber>(), Err(InvalidPhoneNumber), "{given}");
        }
    }

    #[test]
    fn never_prints_the_number() {
        let number: PhoneNumber = "+33612345678".parse().unwrap();
        assert_eq!(format!("{number} {number:?}"), "+…78 PhoneNumber(+…78)");
    }
}
