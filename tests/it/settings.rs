//! Settings: the printed defaults are a configuration file, and a wrong one says what to do.

use std::fs;
use std::process::{Command, Output};

use crate::program;

fn fanal(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let defaults = Command::new(program()).arg("config").output().unwrap().stdout;
    fs::write(folder.path().join("fanal.toml"), defaults).unwrap();
    Command::new(program())
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(folder.path())
        .output()
        .unwrap()
}

#[test]
fn the_printed_defaults_are_a_configuration() {
    let listed = fanal(&["--config", "fanal.toml", "tokens", "list"], &[]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
}

#[test]
fn a_wrong_setting_is_named() {
    let refused = fanal(&["tokens", "list"], &[("FANAL_DISPATCH__LANES", "0")]);
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{errors}");
    assert!(errors.contains("dispatch.lanes"), "{errors}");
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    assert_eq!(fanal(&["no-such-command"], &[]).status.code(), Some(2));
}
