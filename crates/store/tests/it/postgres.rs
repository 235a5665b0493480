//! The store in PostgreSQL. The server to test on is named by `FANAL_TEST_POSTGRES_URL`.

mod server;

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use async_trait::async_trait;
use fanal_engine::contract::{Connection, Subject, TestClock};
use fanal_store::{Options, Store, connect};
use tokio::sync::Mutex;

/// A name nobody has used before, by chance: process ids come again.
fn unique_name() -> String {
    format!("test_{:016x}", RandomState::new().hash_one(0))
}

/// A schema of its own in the server's database.
#[derive(Debug)]
pub(crate) struct Postgres {
    schema: String,
    clock: TestClock,
    stores: Mutex<Vec<Store>>,
}

impl Postgres {
    pub(crate) fn new() -> Self {
        Self { schema: unique_name(), clock: TestClock::default(), stores: Mutex::default() }
    }

    pub(crate) fn url() -> String {
        #[expect(clippy::disallowed_methods, reason = "the one place that names the test server")]
        let url = std::env::var("FANAL_TEST_POSTGRES_URL");
        url.expect("FANAL_TEST_POSTGRES_URL names a PostgreSQL server; tests/run starts one")
    }

    fn options(&self) -> Options {
        let schema = Some(self.schema.clone());
        Options { schema, ..Options::new(Arc::new(self.clock.clone())) }
    }
}

#[async_trait]
impl Subject for Postgres {
    async fn connect(&self) -> Connection {
        let store = connect(&Self::url(), self.options()).await.unwrap();
        self.stores.lock().await.push(store.clone());
        let Store { log, directory, keys, tokens, .. } = store;
        Connection { log, directory, keys, tokens }
    }

    async fn shut_down(&self) {
        for store in self.stores.lock().await.drain(..) {
            store.close().await;
        }
    }

    fn clock(&self) -> &TestClock {
        &self.clock
    }
}

mod contract {
    use super::Postgres;

    fanal_engine::contract_tests!(Postgres::new());
}
