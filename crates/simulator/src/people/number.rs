//! Phone numbers as the Cloud API reads them: what was dialled, whose phone that is, and the
//! `wa_id` it goes by.

use std::fmt;

use super::country::Country;
use crate::config::BareNumbers;
use crate::dice::Dice;

/// International number without `+`, as a number: at most 15 digits, never a leading zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PhoneNumber(u64);

impl PhoneNumber {
    /// Bare digits of an international number.
    pub(crate) fn from_digits(digits: &str) -> Option<Self> {
        let plausible = (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        plausible.then(|| digits.parse().ok().map(Self)).flatten()
    }

    /// Reads the `to` of a send: digits with optional `+`, spaces, dashes, dots and brackets.
    pub(crate) fn dialled(to: &str, own: Country, bare: BareNumbers) -> Option<Self> {
        let to = to.trim();
        let (plus, rest) = to.strip_prefix('+').map_or((false, to), |rest| (true, rest));
        if !rest.chars().all(|c| c.is_ascii_digit() || " -().\u{a0}".contains(c)) {
            return None;
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let international = plus
            || bare == BareNumbers::International
            || (digits.starts_with(own.calling_code) && digits.len() >= 10);
        if international {
            Self::from_digits(&digits)
        } else {
            Self::from_digits(&format!("{}{digits}", own.calling_code))
        }
    }

    pub(crate) fn value(self) -> u64 {
        self.0
    }

    pub(crate) fn from_value(value: u64) -> Option<Self> {
        (1_000_000..1_000_000_000_000_000).contains(&value).then_some(Self(value))
    }

    pub(crate) fn country(self) -> Country {
        Country::of(&self.to_string())
    }

    /// One form for all the ways to dial the same phone: Brazilian mobiles with their ninth
    /// digit, Mexican numbers without the 1, Argentinian ones with the 9.
    pub(crate) fn canonical(self) -> Self {
        let digits = self.to_string();
        let rewritten = match (digits.get(..2), digits.len()) {
            (Some("55"), 12) => {
                let (area, line) = digits.split_at(4);
                line.starts_with(['6', '7', '8', '9']).then(|| format!("{area}9{line}"))
            }
            (Some("52"), 13) => digits.strip_prefix("521").map(|line| format!("52{line}")),
            (Some("54"), 12) => digits.strip_prefix("54").map(|line| format!("549{line}")),
            _ => None,
        };
        rewritten.and_then(|digits| Self::from_digits(&digits)).unwrap_or(self)
    }

    /// The `wa_id` of a canonical number. Older Brazilian accounts keep eight digits.
    pub(crate) fn wa_id(self, seed: u64) -> Self {
        let digits = self.to_string();
        let rewritten = match (digits.get(..2), digits.len()) {
            (Some("55"), 13) if Dice::of(&[seed, self.0, 55]).share(0.5) => {
                let (area, line) = digits.split_at(4);
                line.strip_prefix('9').map(|line| format!("{area}{line}"))
            }
            (Some("52"), 12) => digits.strip_prefix("52").map(|line| format!("521{line}")),
            _ => None,
        };
        rewritten.and_then(|digits| Self::from_digits(&digits)).unwrap_or(self)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber(…{:02})", self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(to: &str, own: &str, expected: Option<&str>) {
        let number = PhoneNumber::dialled(to, Country::of(own), BareNumbers::OwnCountry);
        assert_eq!(number.map(|number| number.to_string()).as_deref(), expected, "{to}");
    }

    #[test]
    fn a_number_is_read_whatever_its_punctuation() {
        check("+33 6 12-34.56 (78)", "1", Some("33612345678"));
        check("1 (631) 555-1234", "91", Some("9116315551234"));
        check("16315551234", "1", Some("16315551234"));
        check("6315551234", "1", Some("16315551234"));
        check("", "1", None);
        check("+", "1", None);
        check("+33612x45678", "1", None);
        check("+0033612345678", "1", None);
        check("+1234567890123456", "1", None);
        check("\u{0663}\u{0663}612345678", "1", None);
    }

    #[test]
    fn all_ways_to_dial_a_phone_lead_to_the_same_person() {
        for (one, other) in [
            ("551187654321", "5511987654321"),
            ("5215512345678", "525512345678"),
            ("541112345678", "5491112345678"),
        ] {
            let canonical = |digits| PhoneNumber::from_digits(digits).map(PhoneNumber::canonical);
            assert_eq!(canonical(one), canonical(other));
        }
    }

    #[test]
    fn debug_does_not_show_the_number() {
        let number = PhoneNumber::from_digits("33612345678").unwrap();
        assert_eq!(format!("{number:?}"), "PhoneNumber(…78)");
    }
}
