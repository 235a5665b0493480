//! Both engines have the same migrations.

use std::collections::BTreeSet;
use std::path::Path;

fn migrations(engine: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(engine);
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_engines_have_the_same_migrations() {
    assert_eq!(migrations("sqlite"), migrations("postgres"));
}

#[test]
fn migrations_are_numbered_without_gaps() {
    for (number, name) in (1..).zip(migrations("sqlite")) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name}");
    }
}
