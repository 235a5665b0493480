//! Arrows between crates, migrations in step, and what every file must have.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Rank of each crate: it may use lower ranks only.
const RANKS: &[(&str, u8)] = &[
    ("fanal-domain", 0),
    ("fanal-projections", 1),
    ("fanal-engine", 2),
    ("fanal-store", 3),
    ("fanal-whatsapp", 3),
    ("fanal-api", 3),
    ("fanal-simulator", 4),
    ("fanal-cli", 5),
    ("fanal-tests", 6),
];

/// Heavy dependencies and the only crates that may name them.
const OWNERS: &[(&str, &[&str])] = &[
    ("sqlx", &["fanal-store", "fanal-tests"]),
    ("rusqlite", &["fanal-store"]),
    ("axum", &["fanal-api", "fanal-simulator", "fanal-cli"]),
    ("hyper", &["fanal-whatsapp", "fanal-simulator"]),
    ("reqwest", &["fanal-cli", "fanal-tests"]),
];

/// Lines after which a file holds more than one idea.
const FILE_LINES_MAX: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn normal_dependencies(package: &Value) -> Vec<String> {
    let all = package["dependencies"].as_array().unwrap();
    let normal = all.iter().filter(|dependency| dependency["kind"].is_null());
    normal.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn arrows_point_down() {
    let ranks: BTreeMap<_, _> = RANKS.iter().copied().collect();
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let rank = ranks.get(name).unwrap_or_else(|| panic!("{name} has no rank"));
        for dependency in normal_dependencies(&package) {
            if let Some(lower) = ranks.get(dependency.as_str()) {
                assert!(lower < rank, "{name} must not depend on {dependency}");
            }
        }
    }
}

#[test]
fn heavy_dependencies_have_one_owner() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let used = normal_dependencies(&package);
        for (dependency, owners) in OWNERS {
            let allowed = owners.contains(&name) || !used.iter().any(|one| one == dependency);
            assert!(allowed, "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn the_domain_knows_nothing_of_the_world() {
    let allowed = ["base64", "chrono", "serde", "serde_json", "thiserror", "uuid"];
    for package in packages() {
        if package["name"] == "fanal-domain" {
            for dependency in normal_dependencies(&package) {
                assert!(allowed.contains(&dependency.as_str()), "{dependency}");
            }
        }
    }
}

#[test]
fn migrations_are_in_step() {
    let names = |engine: &str| {
        let mut names: Vec<_> = fs::read_dir(root().join("migrations").join(engine))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

#[test]
fn every_file_says_what_it_is_for_and_holds_one_idea() {
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        let head = text.lines().next().unwrap_or_default();
        let says = head.starts_with("//!") || head == "#![doc = include_str!(\"../README.md\")]";
        assert!(says, "{} does not say what it is for", path.display());
        let lines = text.lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", path.display());
    }
}

#[test]
fn there_are_no_mod_files() {
    let offender = rust_files().into_iter().find(|path| path.ends_with("mod.rs"));
    assert_eq!(offender, None);
}
