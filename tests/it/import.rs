//! Importing a file at the command line, once and again.

use std::fs;
use std::process::Command;

use fanal_cli::demo::people::write_csv;
use serde_json::Value;

use crate::program;

#[test]
fn a_second_import_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut csv = Vec::new();
    let held = write_csv(2_000, 5, &mut csv).unwrap();
    fs::write(folder.path().join("people.csv"), csv).unwrap();
    let import = || -> Value {
        let output = Command::new(program())
            .args(["contacts", "import", "people.csv", "--json"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        serde_json::from_slice(&output.stdout).unwrap()
    };

    let first = import();
    assert_eq!(first["registered"], held.people);
    assert_eq!(first["repeated"], held.duplicates);
    assert_eq!(first["refused"], held.bad);

    let second = import();
    assert_eq!(second["registered"], 0);
    assert_eq!(second["changed"], 0);
    assert_eq!(second["refused"], held.bad);
}
