//! What a person shows of themselves: name, `wa_id`, user id.

use std::fmt::Write as _;

use super::number::PhoneNumber;
use crate::config::{PeopleConfig, UserIds};
use crate::dice::Dice;

const NAMES: &[&str] = &[
    "Camille", "Zoë", "André", "Inès", "João", "Łukasz", "Maria", "Nguyễn", "Omar", "Priya",
    "Quentin", "Renée", "Sofía", "Tomáš", "Ümit", "Yara", "Alex/Sam", "李伟", "Анна", "🦊 Fox",
];

const USER_SALT: u64 = 0x75;

/// The identity of one person in webhooks and answers.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) name: &'static str,
    /// Absent for those who hide their number.
    pub(crate) wa_id: Option<PhoneNumber>,
    pub(crate) user_id: Option<String>,
}

impl Profile {
    pub(crate) fn of(number: PhoneNumber, people: &PeopleConfig, seed: u64) -> Self {
        let mut dice = Dice::of(&[seed, number.value(), 0x0070_726f]);
        let name = dice.pick(NAMES).copied().unwrap_or("Alex");
        let hidden = people.user_ids == UserIds::Hidden && dice.share(people.share_number_hidden);
        let wa_id = if people.rewrite_wa_id { number.wa_id(seed) } else { number };
        Self {
            name,
            wa_id: (!hidden).then_some(wa_id),
            user_id: (people.user_ids != UserIds::Off).then(|| user_id(number, seed)),
        }
    }
}

/// Business-scoped user id: the country and a number that only this portfolio can read.
fn user_id(number: PhoneNumber, seed: u64) -> String {
    let mut text = String::with_capacity(20);
    text.push_str(number.country().iso);
    let scrambled = number.value() ^ Dice::of(&[seed, USER_SALT]).next() >> 8;
    // Writing to a String cannot fail.
    let _infallible = write!(text, ".{scrambled:016}");
    text
}

/// The number behind a user id of this portfolio.
pub(crate) fn number_of_user(user_id: &str, seed: u64) -> Option<PhoneNumber> {
    let (country, digits) = user_id.split_once('.')?;
    let scrambled: u64 = digits.parse().ok()?;
    let number = PhoneNumber::from_value(scrambled ^ Dice::of(&[seed, USER_SALT]).next() >> 8)?;
    (number.country().iso == country).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_leads_back_to_its_number_for_the_same_portfolio_only() {
        let number = PhoneNumber::from_digits("33612345678").unwrap();
        let id = user_id(number, 7);
        assert!(id.starts_with("FR."), "{id}");
        assert!(!id.contains("33612345678"));
        assert_eq!(number_of_user(&id, 7), Some(number));
        assert_eq!(number_of_user(&id, 8), None);
        for nonsense in ["", "FR", "FR.", "FR.x", "US.1", ".5"] {
            assert_eq!(number_of_user(nonsense, 7), None, "{nonsense}");
        }
    }
}
