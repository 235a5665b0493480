//! `fanal serve`: the API, the webhooks and the sending, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use fanal_api::{Limits, MetricsText, Setup};
use fanal_engine::Engine;
use fanal_engine::step::Step;
use fanal_projections::cost::RateBook;
use fanal_store::{Access, Store};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::child::{FIRST_TOKEN, LISTENING};
use crate::config::Config;
use crate::health::Parts;
use crate::loops::{dispatch, keep};
use crate::terminal::print_line;
use crate::wiring;

/// How often Prometheus' histograms are tidied.
const UPKEEP: Duration = Duration::from_secs(5);

/// Run the engine: the API, the webhooks and the sending.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to listen instead of the configured address; port 0 takes a free one.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

/// Runs until it is told to stop, then finishes what is in flight.
///
/// # Errors
/// If the database or the address cannot be had; the message says what to do.
pub(crate) async fn run(
    args: Args,
    config: &Config,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let address = args.listen.unwrap_or(config.server.listen);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("setting `server.listen`: cannot listen on {address}"))?;
    let store = wiring::store(config, Access::Write).await?;
    let engine = wiring::engine_of(config, &store, &machine(&listener)?).await?;
    wiring::check_master_key(&engine).await?;
    catch_up(&engine, &shutdown).await?;
    if let Some(token) = engine.create_first_token().await? {
        print_line(&format!("{FIRST_TOKEN}{}", token.secret));
    }
    let metrics = PrometheusBuilder::new()
        .install_recorder()
        .context("metrics are collected by something else already")?;
    let work = start_loops(&engine, config, &metrics, &shutdown);
    serve(listener, &store, &engine, (config, metrics), shutdown.clone()).await?;
    shutdown.cancel();
    work.wait().await;
    store.close().await;
    Ok(())
}

/// Names this host and port: nobody else can have both at the same time, and the next run will.
fn machine(listener: &TcpListener) -> anyhow::Result<String> {
    let system = rustix::system::uname();
    let host = system.nodename().to_string_lossy();
    Ok(format!("{host}:{}", listener.local_addr()?.port()))
}

/// Reads the whole log before anybody may ask, so that nobody is shown half of it.
async fn catch_up(engine: &Engine, shutdown: &CancellationToken) -> anyhow::Result<()> {
    let head = engine.ports().log.head().await?;
    tracing::info!(head = head.0, "reading the log");
    while !shutdown.is_cancelled() && engine.follow().await? == Step::Worked {}
    Ok(())
}

/// Starts everything that works in the background.
fn start_loops(
    engine: &Engine,
    config: &Config,
    metrics: &PrometheusHandle,
    stop: &CancellationToken,
) -> TaskTracker {
    let work = TaskTracker::new();
    let with = || (engine.clone(), stop.clone());
    let (of, stopped) = with();
    work.spawn(keep("view", of, stopped, |engine| async move { engine.follow().await }));
    let (of, stopped) = with();
    work.spawn(keep(
        "directory",
        of,
        stopped,
        |engine| async move { engine.project_directory().await },
    ));
    let (of, stopped) = with();
    work.spawn(keep("settle", of, stopped, |engine| async move { engine.settle().await }));
    for _ in 0..config.dispatch.lanes {
        work.spawn(dispatch(engine.clone(), stop.clone()));
    }
    let (metrics, stop) = (metrics.clone(), stop.clone());
    work.spawn(async move {
        while !stop.is_cancelled() {
            metrics.run_upkeep();
            tokio::select! {
                () = tokio::time::sleep(UPKEEP) => {}
                () = stop.cancelled() => {}
            }
        }
    });
    work.close();
    work
}

/// Answers requests until told to stop, then lets those in progress finish.
async fn serve(
    listener: TcpListener,
    store: &Store,
    engine: &Engine,
    (config, metrics): (&Config, PrometheusHandle),
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let (stopping, is_stopping) = watch::channel(false);
    let setup = Setup {
        engine: engine.clone(),
        health: Arc::new(Parts::new(engine.clone(), store.clone())),
        prices: Arc::new(RateBook::default()),
        metrics: MetricsText::new(move || metrics.render()),
        limits: Limits { requests_max: config.server.requests_max, ..Limits::default() },
        stopping: is_stopping,
    };
    print_line(&format!("{LISTENING}http://{}", listener.local_addr()?));
    axum::serve(listener, fanal_api::router(setup))
        .with_graceful_shutdown(async move {
            shutdown.cancelled().await;
            stopping.send_replace(true);
        })
        .await
        .context("the API failed")
}
