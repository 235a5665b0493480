//! Opening a PostgreSQL database: the right version, durable, with the schema it should have.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use crate::Options;
use crate::durability::Durability;
use crate::error::ConnectError;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Connections for everything but the log's writer and the listener.
const POOL_MAX: u32 = 8;
/// The oldest major version that works.
const VERSION_MIN: u32 = 15;
/// How long a query waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Where to connect, and how sessions behave.
pub(crate) fn settings(url: &str, schema: Option<&str>) -> Result<PgConnectOptions, ConnectError> {
    let rule = "it looks like `postgres://user:password@host:5432/database`";
    // The cause is not kept: it may quote the URL.
    let settings =
        PgConnectOptions::from_str(url).map_err(|_| ConnectError::MalformedUrl { rule })?;
    // A session that waits for ever for a lock would hold up every append.
    let settings = settings
        .application_name("fanal")
        .options([("lock_timeout", "10s"), ("statement_timeout", "30s")]);
    match schema {
        Some(schema) if !is_plain_name(schema) => {
            let rule = "a schema's name is lower-case letters, digits and underscores";
            Err(ConnectError::MalformedUrl { rule })
        }
        Some(schema) => Ok(settings.options([("search_path", schema)])),
        None => Ok(settings),
    }
}

fn is_plain_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=63).contains(&name.len()) && name.bytes().all(is_plain) && !name.starts_with('_')
}

/// Checks the server and brings the schema up to date.
pub(crate) async fn prepare(
    settings: &PgConnectOptions,
    options: &Options,
) -> Result<Durability, ConnectError> {
    let mut connection = settings.connect().await?;
    let durability = durability(&mut connection).await?;
    if !options.accept_loss {
        durability.required()?;
    }
    if let Some(schema) = &options.schema {
        // The name was checked to be plain.
        let create = format!("create schema if not exists \"{schema}\"");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await?;
    }
    // A migration may take longer than any query should.
    sqlx::raw_sql("set statement_timeout = 0").execute(&mut connection).await?;
    // `run` would make this future unusable across threads: rust-lang/rust#100013.
    MIGRATIONS.run_direct(None, &mut connection, false).await?;
    connection.close().await?;
    Ok(durability)
}

/// Drops a schema with all it holds.
pub(crate) async fn drop_schema(url: &str, schema: &str) -> Result<(), ConnectError> {
    let mut connection = settings(url, Some(schema))?.connect().await?;
    // The name was checked to be plain.
    let drop = format!("drop schema if exists \"{schema}\" cascade");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

const DURABILITY: &str = "
    select name, setting
    from pg_settings
    where name in ('server_version', 'fsync', 'full_page_writes', 'synchronous_commit')
    order by name";

async fn durability(connection: &mut PgConnection) -> Result<Durability, ConnectError> {
    let number = connection.server_version_num().unwrap_or_default();
    let rows: Vec<(String, String)> = sqlx::query_as(DURABILITY).fetch_all(connection).await?;
    let (version, settings): (Vec<_>, _) =
        rows.into_iter().partition(|(name, _)| name == "server_version");
    let version = version.into_iter().map(|(_, version)| version).collect::<String>();
    if number / 10_000 < VERSION_MIN {
        return Err(ConnectError::TooOld { version });
    }
    Ok(Durability { engine: format!("PostgreSQL {version}"), settings })
}

/// Connections for everything but the log's writer and the listener.
pub(crate) async fn pool(settings: PgConnectOptions) -> Result<PgPool, ConnectError> {
    // A plan that must suit every stretch of the log reads all of it and sorts, on a log that was
    // never analysed; planning for the stretch at hand costs a tenth of a millisecond a page.
    // Every read goes along an index in its order, which a bitmap would lose.
    let settings =
        settings.options([("plan_cache_mode", "force_custom_plan"), ("enable_bitmapscan", "off")]);
    let pool = PgPoolOptions::new()
        .max_connections(POOL_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A broken connection is noticed by the query that meets it; asking first costs a round trip.
        .test_before_acquire(false)
        .connect_with(settings)
        .await?;
    Ok(pool)
}
