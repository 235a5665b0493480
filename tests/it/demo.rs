//! The demonstration works, what it says to try works, and what it leaves names nobody.

use std::fs;
use std::path::Path;
use std::process::Command;

use aho_corasick::AhoCorasick;

use crate::program;

fn run(arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(program()).args(arguments).current_dir(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn plays_to_the_end_and_leaves_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let shown = run(&["demo", "--people", "600", "--data", "left"], folder.path());

    for figure in ["delivery rate", "response time", "engagement rate", "cost avoided"] {
        assert!(shown.contains(figure), "{figure} is missing: {shown}");
    }
    assert!(shown.contains("completed:") && shown.contains("escalated to critical"), "{shown}");
    let replay = shown.lines().find(|line| line.contains(" replay ")).unwrap();
    let arguments: Vec<&str> = replay.split_whitespace().skip(1).collect();
    let timeline = run(&arguments, folder.path());
    assert!(timeline.lines().count() > 8, "{timeline}");
    let as_of = timeline.lines().nth(2).unwrap().split_whitespace().next().unwrap();
    let earlier = run(&[arguments.as_slice(), &["--as-of", as_of]].concat(), folder.path());
    assert_eq!(earlier.lines().count(), 3, "{earlier}");

    names_nobody(&folder.path().join("left"));
}

/// Neither the database nor a log holds a name or a number of the imported people.
fn names_nobody(left: &Path) {
    let people = fs::read_to_string(left.join("people.csv")).unwrap();
    let mut personal = Vec::new();
    for row in people.lines().skip(1) {
        let mut columns = row.split(',');
        let (name, phone) = (columns.next().unwrap(), columns.next().unwrap());
        personal.extend([name, phone.trim_start_matches('+')]);
    }
    // What is as short as this stands anywhere by chance.
    personal.retain(|words| words.len() > 6);
    let search = AhoCorasick::new(&personal).unwrap();
    let mut searched = 0;
    for entry in fs::read_dir(left).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            let bytes = fs::read(&path).unwrap();
            let found = search.find(&bytes).map(|found| personal[found.pattern().as_usize()]);
            assert_eq!(found, None, "{}", path.display());
            searched += 1;
        }
    }
    assert!(searched >= 3, "the database and two logs are searched");
}
