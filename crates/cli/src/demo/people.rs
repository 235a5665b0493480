//! Invented people for the demonstration and for tests: the same seed gives the same file.

use std::collections::HashSet;
use std::io;

use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How many of a thousand rows are of each awkward sort.
mod per_mille {
    /// No consent given.
    pub(super) const WITHOUT_CONSENT: u32 = 60;
    /// The same person again, on another line.
    pub(super) const DUPLICATE: u32 = 15;
    /// Something is wrong with the row.
    pub(super) const BAD: u32 = 10;
}

/// Where people live: language, the start of a valid mobile number, digits that follow, names.
struct Country {
    language: &'static str,
    mobile: &'static str,
    digits: usize,
    share: u32,
    first_names: &'static [&'static str],
    last_names: &'static [&'static str],
}

const COUNTRIES: &[Country] = &[
    Country {
        language: "fr",
        mobile: "+3361",
        digits: 7,
        share: 40,
        first_names: &["Camille", "Léa", "Hugo", "Inès", "Mathis", "Zoé", "Théo", "Élise"],
        last_names: &["Laurent", "Moreau", "Girard", "Fontaine", "Chevalier", "Perrin", "Dupré"],
    },
    Country {
        language: "en_GB",
        mobile: "+447712",
        digits: 6,
        share: 18,
        first_names: &["Olivia", "Harry", "Amelia", "George", "Isla", "Arthur", "Freya"],
        last_names: &["Whitaker", "Ashworth", "Pemberton", "Hargreaves", "Lockwood", "Sinclair"],
    },
    Country {
        language: "es",
        mobile: "+34612",
        digits: 6,
        share: 12,
        first_names: &["Lucía", "Martín", "Sofía", "Álvaro", "Carmen", "Iker", "Noa"],
        last_names: &["Navarro", "Iglesias", "Ortega", "Peñalver", "Cabrera", "Montero"],
    },
    Country {
        language: "pt_BR",
        mobile: "+551198",
        digits: 7,
        share: 8,
        first_names: &["João", "Beatriz", "Thiago", "Larissa", "Caio", "Antônia"],
        last_names: &["Figueiredo", "Barbosa", "Nascimento", "Teixeira", "Gonçalves"],
    },
    Country {
        language: "de",
        mobile: "+491512",
        digits: 7,
        share: 8,
        first_names: &["Jonas", "Mila", "Lukas", "Frieda", "Emil", "Greta"],
        last_names: &["Schönfeld", "Bergmann", "Hoffmeister", "Kirchner", "Wagenknecht"],
    },
    Country {
        language: "en",
        mobile: "+14152",
        digits: 6,
        share: 8,
        first_names: &["Ava", "Mason", "Harper", "Logan", "Ella", "Wyatt"],
        last_names: &["Caldwell", "Brewster", "Holloway", "Mercer", "Stanfield"],
    },
    Country {
        language: "hi",
        mobile: "+9198",
        digits: 8,
        share: 6,
        first_names: &["Aarav", "Diya", "Vihaan", "Ananya", "Kabir"],
        last_names: &["Chaturvedi", "Raghunathan", "Deshpande", "Malhotra"],
    },
];

const ZONES: &[&str] = &["riverside", "old-town", "harbour", "hillside"];
const RELATIONS: &[(&str, u32)] = &[("resident", 80), ("customer", 12), ("employee", 8)];

/// One invented person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// First and last name.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// As the provider spells it.
    pub language: &'static str,
    /// What the person is to us.
    pub relation: &'static str,
    /// Where the person lives.
    pub zone: &'static str,
    /// Whether the person agreed to be alerted.
    pub consents: bool,
}

/// What a file holds, known beforehand so that a run can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expectation {
    /// Lines after the header.
    pub rows: usize,
    /// People a right import ends up with.
    pub people: usize,
    /// Of these, without consent.
    pub without_consent: usize,
    /// Lines that repeat a person.
    pub duplicates: usize,
    /// Lines a right import refuses.
    pub bad: usize,
}

/// Writes a CSV of `rows` lines and says what it holds.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_csv(rows: usize, seed: u64, out: impl io::Write) -> io::Result<Expectation> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "name",
        "phone",
        "language",
        "relation",
        "zone",
        "consent",
        "consent_basis",
        "consent_method",
        "consent_at",
    ])?;
    let mut numbers = HashSet::new();
    let mut people: Vec<Person> = Vec::new();
    let mut expectation = Expectation { rows, ..Expectation::default() };
    for _ in 0..rows {
        let chance = random.random_range(0..1000);
        if chance < per_mille::BAD {
            expectation.bad += 1;
            csv.write_record(bad_row(&mut random))?;
        } else if chance < per_mille::BAD + per_mille::DUPLICATE
            && let Some(again) = people.choose(&mut random)
        {
            expectation.duplicates += 1;
            csv.write_record(row(again))?;
        } else {
            let person = person(&mut random, &mut numbers);
            expectation.people += 1;
            expectation.without_consent += usize::from(!person.consents);
            csv.write_record(row(&person))?;
            people.push(person);
        }
    }
    csv.flush()?;
    Ok(expectation)
}

fn person(random: &mut ChaCha8Rng, numbers: &mut HashSet<String>) -> Person {
    let country = weighted(random, COUNTRIES, |country| country.share);
    let phone = loop {
        let range = 10_u64.pow(u32::try_from(country.digits).unwrap_or(0));
        let rest = random.random_range(0..range);
        let phone = format!("{}{rest:0width$}", country.mobile, width = country.digits);
        if numbers.insert(phone.clone()) {
            break phone;
        }
    };
    let first = country.first_names.choose(random).copied().unwrap_or_default();
    let last = country.last_names.choose(random).copied().unwrap_or_default();
    Person {
        name: format!("{first} {last}"),
        phone,
        language: country.language,
        relation: weighted(random, RELATIONS, |relation| relation.1).0,
        zone: ZONES.choose(random).copied().unwrap_or_default(),
        consents: random.random_range(0..1000) >= per_mille::WITHOUT_CONSENT,
    }
}

fn weighted<'a, T>(random: &mut ChaCha8Rng, all: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
    all.choose_weighted(random, weight).expect("the tables above are not empty and have weights")
}

fn row(person: &Person) -> [&str; 9] {
    let consent = if person.consents {
        ["alerts", "consent", "form", "2026-03-01T09:00:00Z"]
    } else {
        [""; 4]
    };
    [
        &person.name,
        &person.phone,
        person.language,
        person.relation,
        person.zone,
        consent[0],
        consent[1],
        consent[2],
        consent[3],
    ]
}

fn bad_row(random: &mut ChaCha8Rng) -> [&'static str; 9] {
    let mut row = [
        "Unreadable Row",
        "+33612345678",
        "fr",
        "resident",
        "harbour",
        "alerts",
        "consent",
        "form",
        "2026-03-01T09:00:00Z",
    ];
    let (column, content) = *[
        (1, "12"),
        (1, "call me"),
        (2, "martian"),
        (3, "friend of a friend"),
        (5, "everything"),
        (8, "yesterday"),
        (8, "2999-01-01T00:00:00Z"),
    ]
    .choose(random)
    .expect("the table above is not empty");
    row[column] = content;
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_file() {
        let write = |seed| {
            let mut out = Vec::new();
            let expectation = write_csv(2000, seed, &mut out).unwrap();
            (expectation, out)
        };
        assert_eq!(write(7), write(7));
        assert_ne!(write(7).1, write(8).1);
    }

    #[test]
    fn every_sort_of_row_occurs() {
        let expectation = write_csv(2000, 7, io::sink()).unwrap();
        assert!(expectation.bad > 0 && expectation.duplicates > 0);
        assert!(
            expectation.without_consent > 0 && expectation.without_consent < expectation.people
        );
        assert_eq!(expectation.rows, expectation.people + expectation.duplicates + expectation.bad);
    }
}
