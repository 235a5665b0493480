//! Bad neighbours for a log to break: sessions that roll back, sit idle in transactions, hold locks
//! and keep old snapshots, as long as this is alive.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::connect::Engine;
use crate::error::ConnectError;
use crate::follow::Follower;
use crate::{postgres, sqlite};

/// Bad neighbours, as long as this is alive.
#[derive(Debug)]
pub struct Disturbance {
    stop: Arc<AtomicBool>,
    _sessions: Vec<Follower>,
}

impl Drop for Disturbance {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Disturbance {
    pub(crate) fn start(url: &str, schema: Option<&str>) -> Result<Self, ConnectError> {
        let stop = Arc::<AtomicBool>::default();
        let sessions = match Engine::of(url)? {
            Engine::Sqlite(path) => {
                disturb_file(path, &stop);
                Vec::new()
            }
            Engine::Postgres => {
                let settings = postgres::settings(url, schema)?;
                let session = |kind| postgres::disturb::again_and_again(settings.clone(), kind);
                let kinds = postgres::disturb::Kind::ALL;
                kinds.into_iter().map(|kind| Follower::spawn(session(kind))).collect()
            }
        };
        Ok(Self { stop, _sessions: sessions })
    }
}

fn disturb_file(path: &Path, stop: &Arc<AtomicBool>) {
    for behave in [sqlite::disturb::roll_back, sqlite::disturb::read_long] {
        let (path, stop) = (path.to_owned(), Arc::clone(stop));
        // A neighbour that fails has done its part; the log must not mind.
        std::thread::spawn(move || drop(behave(&path, &stop)));
    }
}
