#![doc = include_str!("../README.md")]

pub mod config;
pub mod demo;

mod clock;
mod control;
mod dice;
mod graph;
mod limits;
mod messages;
mod people;
mod server;
mod templates;
mod webhooks;
mod world;

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use self::config::SimulatorConfig;
use self::world::World;

/// Why the simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    #[error("the callback is not an http URL")]
    Callback,
    #[error("a sender's display_phone_number is not an international phone number")]
    DisplayNumber,
    #[error("template {name:?} is invalid (error {code})")]
    Template { name: String, code: u32 },
}

/// Serves until `shutdown` completes, then drops everything: what was promised and not yet
/// delivered is lost, as with any outage of a provider.
///
/// # Errors
/// Only when `config` makes no sense; once it serves it does not fail.
pub async fn run(
    listener: TcpListener,
    config: SimulatorConfig,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), SimulatorError> {
    let connections = config.webhooks.connections.max(1);
    let world = Arc::new(World::new(config)?);
    let mut tasks = JoinSet::new();
    let keeper = Arc::clone(&world);
    tasks.spawn(async move { keeper.keep_agenda().await });
    for _ in 0..connections {
        let poster = Arc::clone(&world);
        tasks.spawn(async move { poster.keep_posting().await });
    }
    let control = control::router(Arc::clone(&world));
    tokio::select! {
        () = server::serve(listener, world, control) => {}
        () = shutdown => {}
    }
    Ok(())
}
