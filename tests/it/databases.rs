//! A database of its own for each story, on the PostgreSQL that the test command started.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Makes a new database and returns its address.
pub(crate) async fn postgres(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "tells where the test command's database is")]
    let server = std::env::var("FANAL_TEST_POSTGRES_URL")
        .expect("FANAL_TEST_POSTGRES_URL is missing: run tests/run, which starts a PostgreSQL");
    let mut connection = PgConnection::connect(&server).await.unwrap();
    let drop = AssertSqlSafe(format!("drop database if exists {name}"));
    connection.execute(sqlx::raw_sql(drop)).await.unwrap();
    let create = AssertSqlSafe(format!("create database {name}"));
    connection.execute(sqlx::raw_sql(create)).await.unwrap();
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}
