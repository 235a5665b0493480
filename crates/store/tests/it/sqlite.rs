//! The store in a SQLite file.

mod file;

use std::sync::Arc;

use async_trait::async_trait;
use fanal_engine::contract::{Connection, Subject, TestClock};
use fanal_store::{Options, Store, connect};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// A SQLite file in a folder of its own.
#[derive(Debug)]
pub(crate) struct Sqlite {
    folder: TempDir,
    clock: TestClock,
    /// A file has one writing process, so every connection is to the same store.
    store: Mutex<Option<Store>>,
}

impl Sqlite {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        Self { folder, clock: TestClock::default(), store: Mutex::default() }
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("fanal.db").display())
    }

    fn options(&self) -> Options {
        Options::new(Arc::new(self.clock.clone()))
    }
}

#[async_trait]
impl Subject for Sqlite {
    async fn connect(&self) -> Connection {
        let mut slot = self.store.lock().await;
        let store = match slot.take() {
            Some(store) => store,
            None => connect(&self.url(), self.options()).await.unwrap(),
        };
        let store = slot.insert(store).clone();
        let Store { log, directory, keys, tokens, .. } = store;
        Connection { log, directory, keys, tokens }
    }

    async fn shut_down(&self) {
        if let Some(store) = self.store.lock().await.take() {
            store.close().await;
        }
    }

    fn clock(&self) -> &TestClock {
        &self.clock
    }
}

mod contract {
    use super::Sqlite;

    fanal_engine::contract_tests!(Sqlite::new());
}
