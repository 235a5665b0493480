//! Connections to the provider: opened when needed, kept while trusted, never retried.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tower::ServiceExt;

use super::connection::{Broken, Connection, Exchanged};
use super::retry_after::retry_after;
use crate::config::{CloudApiConfig, ConfigError};

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// The one way to the provider.
#[derive(Debug)]
pub(super) struct Transport {
    origin: Uri,
    connector: HttpsConnector<HttpConnector>,
    connect_timeout: Duration,
    idle_timeout: Duration,
    idle_max: usize,
    /// The longest unused first.
    idle: Mutex<Vec<Idle>>,
}

#[derive(Debug)]
struct Idle {
    connection: Connection<Stream>,
    since: Instant,
}

/// How long an exchange may take and how much may come back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) timeout: Duration,
    pub(super) body_bytes_max: usize,
}

/// What the provider answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
    /// Nothing if the body broke off or was too long.
    pub(super) body: Option<Bytes>,
}

/// An exchange that brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ExchangeError {
    /// Nothing has left us.
    #[error("no connection to the provider")]
    NotSent,
    /// The provider may have the request.
    #[error("the connection broke before the provider's answer came")]
    Broken,
    /// The provider may have the request.
    #[error("the provider did not answer in time")]
    TimedOut,
}

impl Transport {
    pub(super) fn new(config: &CloudApiConfig) -> Result<Self, ConfigError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            // Named, since a process with two providers linked has no default one.
            .with_provider_and_webpki_roots(rustls::crypto::aws_lc_rs::default_provider())
            .expect("the provider supports the default protocol versions")
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self {
            origin: config.origin()?,
            connector,
            connect_timeout: config.connect_timeout(),
            idle_timeout: config.idle_timeout(),
            idle_max: config.connections_idle_max,
            idle: Mutex::default(),
        })
    }

    /// Sends a request once.
    pub(super) async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        bounds: Bounds,
    ) -> Result<Answer, ExchangeError> {
        let deadline = Instant::now() + bounds.timeout;
        let mut connection = self.connection(deadline).await?;
        let exchange = connection.exchange(request, bounds.body_bytes_max);
        let Exchanged { answer, body } = match timeout_at(deadline, exchange).await {
            Ok(Ok(exchanged)) => exchanged,
            Ok(Err(Broken::Before)) => return Err(ExchangeError::NotSent),
            Ok(Err(Broken::After)) => return Err(ExchangeError::Broken),
            Err(_) => return Err(ExchangeError::TimedOut),
        };
        if body.is_some() {
            self.keep(connection);
        }
        let retry_after = retry_after(answer.headers());
        Ok(Answer { status: answer.status(), retry_after, body })
    }

    /// A connection that can take a request at once: the last one used, or a new one.
    async fn connection(&self, deadline: Instant) -> Result<Connection<Stream>, ExchangeError> {
        while let Some(mut connection) = self.take() {
            if connection.is_ready().await {
                return Ok(connection);
            }
        }
        let patience = self.connect_timeout.min(deadline.saturating_duration_since(Instant::now()));
        let connect = async {
            let stream = self.connector.clone().oneshot(self.origin.clone()).await.ok()?;
            let mut connection = Connection::open(stream).await.ok()?;
            connection.is_ready().await.then_some(connection)
        };
        match timeout(patience, connect).await {
            Ok(Some(connection)) => Ok(connection),
            Ok(None) | Err(_) => Err(ExchangeError::NotSent),
        }
    }

    fn take(&self) -> Option<Connection<Stream>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let last = idle.pop()?;
        if last.since.elapsed() < self.idle_timeout {
            return Some(last.connection);
        }
        // Those below it have been unused for longer.
        idle.clear();
        None
    }

    fn keep(&self, connection: Connection<Stream>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.idle_max {
            idle.push(Idle { connection, since: Instant::now() });
        }
    }
}
