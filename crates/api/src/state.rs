//! What every handler may use, and the bounds it works within.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use fanal_engine::Engine;
use fanal_projections::cost::RateBook;
use tokio::sync::{Semaphore, watch};

use crate::health::Health;

/// Bounds that keep one caller from holding up all others.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest body of an ordinary request.
    pub body_bytes_max: usize,
    /// Largest file of contacts.
    pub import_bytes_max: usize,
    /// Largest webhook body.
    pub webhook_bytes_max: usize,
    /// Requests worked on at the same time, webhooks not counted.
    pub requests_max: usize,
    /// Webhooks worked on at the same time; room of their own, so that callers cannot crowd them out.
    pub webhooks_max: usize,
    /// Event streams open at the same time.
    pub streams_max: usize,
    /// How long a request may wait for its turn.
    pub queue_time_max: Duration,
    /// How long an ordinary request may take.
    pub request_time_max: Duration,
    /// How long an import may take.
    pub import_time_max: Duration,
    /// How long a read waits for its `min_position`.
    pub position_wait_max: Duration,
    /// How often a silent event stream says that it lives.
    pub heartbeat: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 1024 * 1024,
            import_bytes_max: 512 * 1024 * 1024,
            webhook_bytes_max: 3 * 1024 * 1024,
            requests_max: 512,
            webhooks_max: 2_048,
            streams_max: 256,
            queue_time_max: Duration::from_secs(2),
            request_time_max: Duration::from_secs(30),
            import_time_max: Duration::from_mins(10),
            position_wait_max: Duration::from_secs(5),
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// Renders the process's metrics as Prometheus text.
#[derive(Clone)]
pub struct MetricsText(Arc<dyn Fn() -> String + Send + Sync>);

impl MetricsText {
    /// Renders through this function.
    pub fn new(render: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(render))
    }

    pub(crate) fn render(&self) -> String {
        (self.0)()
    }
}

impl fmt::Debug for MetricsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MetricsText")
    }
}

/// What the binary gives to the API.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What all requests go to.
    pub engine: Engine,
    /// Tells whether this process can do its work.
    pub health: Arc<dyn Health>,
    /// Renders `/metrics`.
    pub metrics: MetricsText,
    /// What messages cost.
    pub prices: Arc<RateBook>,
    /// The bounds.
    pub limits: Limits,
    /// Becomes true when the process is about to stop: event streams end then.
    pub stopping: watch::Receiver<bool>,
}

/// What every handler may use. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) engine: Engine,
    pub(crate) health: Arc<dyn Health>,
    pub(crate) metrics: MetricsText,
    pub(crate) prices: Arc<RateBook>,
    pub(crate) limits: Limits,
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) requests: Arc<Semaphore>,
    pub(crate) webhooks: Arc<Semaphore>,
    pub(crate) streams: Arc<Semaphore>,
}

impl From<Setup> for Api {
    fn from(setup: Setup) -> Self {
        let Setup { engine, health, metrics, prices, limits, stopping } = setup;
        let room = |permits| Arc::new(Semaphore::new(permits));
        Self {
            engine,
            health,
            metrics,
            prices,
            limits,
            stopping,
            requests: room(limits.requests_max),
            webhooks: room(limits.webhooks_max),
            streams: room(limits.streams_max),
        }
    }
}
