//! What only a file can do: be locked, be read by others, be tampered with, be something else.

use fanal_engine::contract::{Subject as _, append_to};
use fanal_engine::envelope::{Expected, Position};
use fanal_engine::ports::{AppendError, Filter};
use fanal_store::{Access, ConnectError, Options, Store, connect};
use rusqlite::Connection;

use super::Sqlite;

impl Sqlite {
    async fn open(&self, access: Access) -> Result<Store, ConnectError> {
        connect(&self.url(), Options { access, ..self.options() }).await
    }

    /// The file, as somebody with another program opens it.
    fn tamper(&self) -> Connection {
        Connection::open(self.folder.path().join("fanal.db")).unwrap()
    }
}

#[tokio::test]
async fn a_second_writing_process_is_refused() {
    let file = Sqlite::new();
    let store = file.open(Access::Write).await.unwrap();

    let refused = file.open(Access::Write).await.unwrap_err();

    assert!(refused.to_string().contains("is in use by another process"), "{refused}");
    store.close().await;
    file.open(Access::Write).await.unwrap().close().await;
}

#[tokio::test]
async fn other_processes_may_read_and_follow() {
    let file = Sqlite::new();
    let store = file.open(Access::Write).await.unwrap();
    store.log.append(append_to(&["a"])).await.unwrap();

    let reader = file.open(Access::Read).await.unwrap();
    let (head, _) =
        futures::join!(reader.log.wait_past(Position(1)), store.log.append(append_to(&["b"])));
    let page = reader.log.read_all(Position(0), 10, &Filter::default()).await.unwrap();
    let refused = reader.log.append(append_to(&["a"])).await;

    assert_eq!(head.unwrap(), Position(2));
    assert_eq!(page.events.len(), 2);
    assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    assert!(reader.keys.destroy(uuid::Uuid::nil(), chrono::DateTime::UNIX_EPOCH).await.is_err());
    reader.ping().await.unwrap();
    reader.close().await;
    store.close().await;
}

#[tokio::test]
async fn the_file_itself_refuses_to_change_events() {
    let file = Sqlite::new();
    let store = file.open(Access::Write).await.unwrap();
    store.log.append(append_to(&["a", "b"])).await.unwrap();
    let before = store.log.read_all(Position(0), 10, &Filter::default()).await.unwrap();
    let connection = file.tamper();
    for statement in [
        "update event set payload = x'00'",
        "update event set position = position + 1 where position = 2",
        "delete from event",
        "delete from event where position = 2",
        "insert or replace into event select * from event where position = 1",
        "insert or replace into event select 9, stream, version, event_id, kind, schema_version,
            recorded_at, occurred_at, actor, causation, correlation, x'00', predecessor, hash
         from event where position = 1",
    ] {
        let refused = connection.execute(statement, []).unwrap_err();

        assert_eq!(refused.to_string(), "events are never changed", "{statement}");
    }
    let after = store.log.read_all(Position(0), 10, &Filter::default()).await.unwrap();
    assert_eq!(after, before);
    store.close().await;
}

#[tokio::test]
async fn what_is_acknowledged_is_synced() {
    let file = Sqlite::new();
    let store = file.open(Access::Write).await.unwrap();

    let durability = store.durability();

    assert!(durability.engine.starts_with("SQLite 3."), "{durability:?}");
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [setting("journal_mode", "wal"), setting("synchronous", "full")];
    assert_eq!(durability.settings, expected);
    assert!(durability.is_durable());
    store.close().await;
}

#[tokio::test]
async fn the_writer_recovers_from_a_failure() {
    let file = Sqlite::new();
    let store = file.open(Access::Write).await.unwrap();
    store.log.append(append_to(&["a"])).await.unwrap();
    let connection = file.tamper();
    let broken = "create trigger broken before insert on event begin
        select raise(abort, 'the disk is on fire'); end";
    connection.execute(broken, []).unwrap();

    let failed = store.log.append(append_to(&["a"])).await;
    connection.execute("drop trigger broken", []).unwrap();
    let mut next = append_to(&["a"]);
    next.streams[0].expected = Expected::Exact(1);
    let appended = store.log.append(next).await.unwrap();

    assert!(matches!(failed, Err(AppendError::Unavailable(_))), "{failed:?}");
    assert_eq!(appended.first, Position(2));
    store.close().await;
}

#[tokio::test]
async fn a_closed_store_refuses_everything() {
    let file = Sqlite::new();
    let store = file.open(Access::Write).await.unwrap();
    store.close().await;

    assert!(store.log.append(append_to(&["a"])).await.is_err());
    assert!(store.directory.count().await.is_err());
    assert!(store.ping().await.is_err());
    store.close().await;
}

#[tokio::test]
async fn a_newer_file_is_refused() {
    let file = Sqlite::new();
    file.open(Access::Write).await.unwrap().close().await;
    let newer = "insert into _sqlx_migrations
        select 9999, description, installed_on, success, checksum, execution_time
        from _sqlx_migrations where version = 1";
    file.tamper().execute(newer, []).unwrap();

    for access in [Access::Write, Access::Read] {
        let refused = file.open(access).await.unwrap_err();

        assert!(matches!(refused, ConnectError::Newer { version: 9999 }), "{refused:?}");
    }
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_refused() {
    let file = Sqlite::new();
    let missing = file.open(Access::Read).await.unwrap_err();
    assert!(matches!(missing, ConnectError::NotOurs { .. }), "{missing:?}");

    std::fs::write(file.folder.path().join("fanal.db"), "a letter to the mayor ".repeat(100))
        .unwrap();
    assert!(file.open(Access::Read).await.is_err());
    assert!(file.open(Access::Write).await.is_err());

    let nowhere = format!("sqlite:{}/no/such/folder/fanal.db", file.folder.path().display());
    let refused = connect(&nowhere, file.options()).await.unwrap_err();
    assert!(matches!(refused, ConnectError::File { .. }), "{refused:?}");
    file.shut_down().await;
}
