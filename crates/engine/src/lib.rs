//! Use cases and ports: the only place that sequences work.
//!
//! Invariants: steps, not loops: nothing here spawns tasks, sleeps or subscribes; nothing here
//! speaks SQL, HTTP or WhatsApp's words; time, ids and randomness come in through ports.
#![warn(missing_docs)]

pub mod authority;
pub mod broadcasts;
pub mod compose;
pub mod config;
pub mod contacts;
pub mod context;
pub mod dispatch;
pub mod envelope;
pub mod error;
mod execute;
pub mod expression;
pub mod import;
pub mod incidents;
pub mod intake;
pub mod live;
pub mod numbering;
pub mod pacing;
pub mod person;
pub mod plan;
pub mod ports;
pub mod project;
pub mod query;
pub mod reference;
pub mod retry;
pub mod segments;
pub mod settle;
pub mod step;
pub mod templates;
pub mod tokens;
pub mod vault;

pub mod memory;

#[cfg(any(test, feature = "testing"))]
pub mod contract;
#[cfg(any(test, feature = "testing"))]
pub mod fault;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod whole;

use std::sync::Arc;

pub use config::EngineConfig;
pub use context::{Context, OnceKey, Written};
pub use error::UseCaseError;

use crate::dispatch::desk::Desk;
use crate::intake::Intake;
use crate::live::Live;
use crate::ports::{
    Clock, Directory, EventLog, IdSource, KeyStore, Messenger, Provider, Random, TokenStore,
    Webhook,
};
use crate::vault::Vault;

/// The outside world, as the binary introduces it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each field is documented at its trait")]
pub struct Ports {
    pub log: Arc<dyn EventLog>,
    pub directory: Arc<dyn Directory>,
    pub keys: Arc<dyn KeyStore>,
    pub tokens: Arc<dyn TokenStore>,
    pub messenger: Arc<dyn Messenger>,
    pub provider: Arc<dyn Provider>,
    pub webhook: Arc<dyn Webhook>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
    pub random: Arc<dyn Random>,
}

/// Everything a caller can ask for. Cheap to clone: all clones are the same engine.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(crate) ports: Arc<Ports>,
    pub(crate) config: Arc<EngineConfig>,
    pub(crate) vault: Vault,
    pub(crate) live: Live,
    pub(crate) desk: Desk,
    pub(crate) intake: Arc<Intake>,
}

impl Engine {
    /// Puts an engine together. Touches nothing yet.
    pub fn new(ports: Ports, config: EngineConfig) -> Self {
        let vault =
            Vault::new(&config.master_key, Arc::clone(&ports.keys), Arc::clone(&ports.random));
        Self {
            ports: Arc::new(ports),
            config: Arc::new(config),
            vault,
            live: Live::default(),
            desk: Desk::default(),
            intake: Arc::default(),
        }
    }

    /// What the engine was told at the start.
    pub fn config(&self) -> &EngineConfig {
        &self.config
    }

    /// Seals and opens personal data.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The outside world.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }
}
