//! What only a server can do: cut connections, be shared, be set up badly.

use std::error::Error;
use std::sync::Arc;

use fanal_engine::contract::{TestClock, append_to};
use fanal_engine::envelope::Position;
use fanal_engine::ports::Filter;
use fanal_store::{Access, ConnectError, Options, Store, connect};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection};

use super::{Postgres, unique_name};

/// A database of its own, for what would disturb the other tests.
#[derive(Debug)]
struct Database {
    name: String,
    admin: PgConnection,
}

impl Database {
    async fn new() -> Self {
        let settings: PgConnectOptions = Postgres::url().parse().unwrap();
        let mut admin = settings.connect().await.unwrap();
        let name = unique_name();
        run(&mut admin, &format!("create database {name}")).await.unwrap();
        Self { name, admin }
    }

    fn url(&self) -> String {
        let (server, parameters) = Postgres::url().split_once('?').map_or_else(
            || (Postgres::url(), String::new()),
            |(server, parameters)| (server.to_owned(), format!("?{parameters}")),
        );
        let (server, _) = server.rsplit_once('/').unwrap();
        format!("{server}/{}{parameters}", self.name)
    }

    async fn open(&self) -> Result<Store, ConnectError> {
        connect(&self.url(), options()).await
    }

    /// Cuts every connection to it.
    async fn cut(&mut self) {
        let name = &self.name;
        let cut = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        );
        run(&mut self.admin, &cut).await.unwrap();
    }

    async fn remove(mut self) {
        let name = &self.name;
        run(&mut self.admin, &format!("drop database {name} with (force)")).await.unwrap();
    }
}

fn options() -> Options {
    Options::new(Arc::new(TestClock::default()))
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

#[tokio::test]
async fn the_writer_and_its_readers_survive_cut_connections() {
    let mut database = Database::new().await;
    let (one, other) = (database.open().await.unwrap(), database.open().await.unwrap());
    let (mut written, mut failed) = (0, 0);
    for round in 0..20 {
        if round % 5 == 0 {
            database.cut().await;
        }
        match one.log.append(append_to(&["a", "b"])).await {
            Ok(_) => written += 1,
            Err(_) => failed += 1,
        }
        // Whoever waits hears of it, although the notification may have been lost.
        let head = one.log.head().await;
        if let Ok(head) = head
            && head > Position(0)
        {
            other.log.wait_past(Position(head.0 - 1)).await.unwrap();
        }
    }

    assert!(written >= 12, "{written} written, {failed} failed");
    let page = one.log.read_all(Position(0), 1000, &Filter::default()).await.unwrap();
    let positions = page.events.iter().map(|event| event.position.0);
    assert!(positions.eq(1..=page.events.len() as u64));
    assert!(page.events.len() >= 2 * written, "{written} written, {failed} failed");
    assert!(page.events.iter().all(|event| event.hash == event.compute_hash()));
    one.close().await;
    other.close().await;
    database.remove().await;
}

#[tokio::test]
async fn the_server_itself_refuses_to_change_events() {
    let database = Database::new().await;
    let store = database.open().await.unwrap();
    store.log.append(append_to(&["a", "b"])).await.unwrap();
    let settings: PgConnectOptions = database.url().parse().unwrap();
    let mut connection = settings.connect().await.unwrap();
    for statement in [
        "update event set payload = ''",
        "update event set position = position + 1 where position = 2",
        "delete from event where position = 2",
        "truncate event",
        "insert into event select * from event on conflict (position) do update set payload = ''",
    ] {
        let refused = run(&mut connection, statement).await.unwrap_err();

        assert!(refused.to_string().contains("events are never changed"), "{statement}: {refused}");
    }
    let page = store.log.read_all(Position(0), 10, &Filter::default()).await.unwrap();
    assert_eq!(page.events.len(), 2);
    store.close().await;
    database.remove().await;
}

#[tokio::test]
async fn a_server_that_may_lose_events_is_refused_unless_told() {
    let mut database = Database::new().await;
    let name = database.name.clone();
    let weak = format!("alter database {name} set synchronous_commit = off");
    run(&mut database.admin, &weak).await.unwrap();

    let refused = database.open().await.unwrap_err();
    let told = Options { accept_loss: true, ..options() };
    let store = connect(&database.url(), told).await.unwrap();

    assert!(refused.to_string().contains("synchronous_commit is off"), "{refused}");
    assert!(!store.durability().is_durable());
    store.close().await;
    database.remove().await;
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let database = Database::new().await;
    database.open().await.unwrap().close().await;
    let settings: PgConnectOptions = database.url().parse().unwrap();
    let mut connection = settings.connect().await.unwrap();
    let newer = "insert into _sqlx_migrations
        select 9999, description, installed_on, success, checksum, execution_time
        from _sqlx_migrations where version = 1";
    run(&mut connection, newer).await.unwrap();

    let refused = database.open().await.unwrap_err();

    assert!(matches!(refused, ConnectError::Newer { version: 9999 }), "{refused:?}");
    database.remove().await;
}

#[tokio::test]
async fn a_store_opened_for_reading_appends_nothing() {
    let database = Database::new().await;
    let store = database.open().await.unwrap();
    store.log.append(append_to(&["a"])).await.unwrap();
    let reading = Options { access: Access::Read, ..options() };

    let reader = connect(&database.url(), reading).await.unwrap();

    assert_eq!(reader.log.head().await.unwrap(), Position(1));
    assert!(reader.log.append(append_to(&["a"])).await.is_err());
    reader.close().await;
    store.close().await;
    database.remove().await;
}

#[tokio::test]
async fn errors_never_show_the_password() {
    for url in [
        "postgres://fanal:hush@localhost:1/nowhere",
        "postgres://fanal:hush@[broken/nowhere",
        "postgres://fanal:hush@localhost/nowhere?sslmode=hush",
    ] {
        let refused = connect(url, options()).await.unwrap_err();

        let mut told = format!("{refused:?}");
        let mut cause: Option<&dyn Error> = Some(&refused);
        while let Some(error) = cause {
            told = format!("{told}: {error}");
            cause = error.source();
        }
        assert!(!told.contains("hush"), "{told}");
    }
}
