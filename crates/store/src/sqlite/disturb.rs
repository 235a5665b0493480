//! Other programs on the same SQLite file that behave badly, as far as they can.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::connection::open_writer;

/// How long each one keeps the file.
const HOLD: Duration = Duration::from_millis(5);
/// How long each one leaves it alone.
const REST: Duration = Duration::from_millis(50);
/// How many times an old reader looks on before it lets go.
const LOOKS: u32 = 40;

const UNCOMMITTED: &str = "
    insert into append_key (key, fingerprint, answer, first_position, last_position)
    values (randomblob(32), x'', x'', 1, 1)";

/// Writes and rolls back; makes the writer wait.
pub(crate) fn roll_back(path: &Path, stop: &AtomicBool) -> rusqlite::Result<()> {
    let mut connection = open_writer(path)?;
    while !stop.load(Ordering::Relaxed) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(UNCOMMITTED, [])?;
        std::thread::sleep(HOLD);
        transaction.rollback()?;
        std::thread::sleep(REST);
    }
    Ok(())
}

/// Reads an old state for long; keeps the write-ahead log from being taken over.
pub(crate) fn read_long(path: &Path, stop: &AtomicBool) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    while !stop.load(Ordering::Relaxed) {
        let transaction = connection.transaction()?;
        for _ in 0..LOOKS {
            transaction.query_row("select count(*) from log_head", [], |_| Ok(()))?;
            if stop.load(Ordering::Relaxed) {
                break;
            }
            std::thread::sleep(REST);
        }
    }
    Ok(())
}
