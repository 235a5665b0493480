//! The torture of a database finds nothing lost, doubled or out of order, and says so.

use std::process::Command;

use crate::{databases, program};

fn nothing_is_lost(url: &str) {
    let output = Command::new(program())
        .args(["selftest", "log", "--seconds", "5", "--writers", "4", "--url", url])
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shown}{errors}");
    assert!(shown.contains("missed=0 duplicated=0 out_of_order=0"), "{shown}{errors}");
}

#[test]
fn nothing_is_lost_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    nothing_is_lost(&format!("sqlite:{}", folder.path().join("fanal.db").display()));
}

#[tokio::test]
async fn nothing_is_lost_on_postgres() {
    nothing_is_lost(&databases::postgres("story_selftest").await);
}
