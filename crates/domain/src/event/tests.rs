//! What was written stays readable, and what is documented is what is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::{fmt, fs};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::*;
use crate::arbitrary::either;
use crate::broadcast::Broadcast;
use crate::broadcast::chunk::Chunk;
use crate::contact::Contact;
use crate::decider::Decider;
use crate::incident::Incident;
use crate::segment::Segment;
use crate::template::Template;

fn events() -> impl Strategy<Value = Event> {
    either(vec![
        crate::incident::arbitrary::events().boxed(),
        crate::contact::arbitrary::events().boxed(),
        crate::segment::arbitrary::events().boxed(),
        crate::template::arbitrary::events().boxed(),
        crate::sender::arbitrary::events().boxed(),
        crate::broadcast::arbitrary::events().boxed(),
    ])
}

fn decoded(event: &Event) -> Event {
    Event::decode(event.kind(), event.schema_version(), &event.encode()).unwrap()
}

proptest! {
    #[test]
    fn every_event_is_read_as_it_was_written(event in events()) {
        prop_assert_eq!(decoded(&event).encode(), event.encode());
        prop_assert_eq!(decoded(&event), event);
    }

    #[test]
    fn no_history_however_odd_stops_a_fold(history in vec(events(), 0..12)) {
        Incident::fold(&history);
        Contact::fold(&history);
        Segment::fold(&history);
        Template::fold(&history);
        Broadcast::fold(&history);
        if let Some(chunk) = Chunk::fold(&history) {
            prop_assert!(chunk.next(100).len() <= 100);
        }
    }

    #[test]
    fn bytes_of_another_shape_are_an_error_and_no_panic(
        kind in proptest::sample::select(Event::KINDS),
        bytes in vec(any::<u8>(), 0..40),
    ) {
        prop_assert!(Event::decode(kind.0, kind.1, &bytes).is_err());
    }
}

#[test]
fn the_strategies_make_every_kind() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let events = events();
    let made: BTreeSet<&str> =
        (0..2_000).map(|_| events.new_tree(&mut runner).unwrap().current().kind()).collect();
    let all: BTreeSet<&str> = Event::KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(made, all);
}

#[test]
fn a_kind_or_version_of_a_newer_build_is_told_so() {
    for (kind, version) in [("siren_sounded", 1), ("role_assigned", 2), ("role_assigned", 0)] {
        let error = Event::decode(kind, version, b"{}").unwrap_err();
        assert!(matches!(error, DecodeError::UnknownKind { .. }), "{error}");
    }
}

#[test]
fn no_kind_is_named_twice() {
    let names: BTreeSet<&str> = Event::KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(names.len(), Event::KINDS.len());
}

/// The bodies in `golden/`, by kind and version. Files there are only ever added.
fn golden() -> BTreeMap<(String, u16), String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/event/golden");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let body = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (kind, rest) = name.split_once(".v").unwrap();
        let version = rest.strip_suffix(".json").unwrap().parse().unwrap();
        ((kind.to_owned(), version), fs::read_to_string(path).unwrap().trim_end().to_owned())
    };
    files.map(body).collect()
}

#[test]
fn every_version_of_every_kind_ever_written_has_a_golden_file() {
    let golden: BTreeSet<(String, u16)> = golden().into_keys().collect();
    let written = Event::KINDS
        .iter()
        .flat_map(|(kind, newest)| (1..=*newest).map(|version| ((*kind).to_owned(), version)));
    assert_eq!(golden, written.collect());
}

#[test]
fn every_golden_file_is_still_read_and_the_newest_is_written_so() {
    for ((kind, version), body) in golden() {
        let event = Event::decode(&kind, version, body.as_bytes())
            .unwrap_or_else(|error| panic!("{kind}.v{version}: {error:?}"));
        assert_eq!(event.kind(), kind);
        if event.schema_version() == version {
            assert_eq!(String::from_utf8(event.encode()).unwrap(), body, "{kind}.v{version}");
        }
    }
}

/// The rows of `docs/events.md`: kind, version, fields without the mark of optional ones.
fn documented() -> Vec<(String, u16, Vec<String>)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/events.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let fields = cells[3].split(',').map(|field| field.trim().trim_matches(['`', '?']));
        let fields = fields.filter(|field| *field != "–").map(str::to_owned).collect();
        (cells[1].trim_matches('`').to_owned(), cells[2].parse().unwrap(), fields)
    };
    rows.map(row).collect()
}

/// The names of an object's fields, in the order they are written.
struct FieldNames(Vec<String>);

impl<'de> Deserialize<'de> for FieldNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldNamesVisitor).map(Self)
    }
}

struct FieldNamesVisitor;

impl<'de> Visitor<'de> for FieldNamesVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
        let mut names = Vec::new();
        while let Some((name, IgnoredAny)) = map.next_entry()? {
            names.push(name);
        }
        Ok(names)
    }
}

#[test]
fn the_catalogue_in_the_documents_is_that_of_the_code() {
    let golden = golden();
    let coded = Event::KINDS.iter().map(|(kind, version)| {
        let body = &golden[&((*kind).to_owned(), *version)];
        let FieldNames(fields) = serde_json::from_str(body).unwrap();
        ((*kind).to_owned(), *version, fields)
    });
    assert_eq!(documented(), coded.collect::<Vec<_>>());
}
