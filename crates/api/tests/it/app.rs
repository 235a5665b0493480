//! The whole API on stores in memory, and callers of every role.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode};
use bytes::Bytes;
use chrono::TimeDelta;
use fanal_api::{Limits, MetricsText, PartHealth, Setup, router};
use fanal_engine::ports::{AccessRole, Clock as _, Token};
use fanal_engine::step::Step;
use fanal_engine::testing::Stage;
use fanal_engine::{Engine, Ports};
use fanal_projections::cost::RateBook;
use http_body_util::BodyExt as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::outside::{PlainWebhook, ToldHealth};

/// The whole API.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) engine: Engine,
    pub(crate) stage: Stage,
    pub(crate) health: Arc<ToldHealth>,
    pub(crate) stop: watch::Sender<bool>,
}

// The secrets of one token per role.
pub(crate) const VIEWER: &str = "fnl_viewerAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const COMMUNICATOR: &str = "fnl_communicatorAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const APPROVER: &str = "fnl_approverAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const COMMANDER: &str = "fnl_commanderAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const ADMIN: &str = "fnl_adminAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Every role with the secret of a token that has it.
pub(crate) const ROLES: [(AccessRole, &str); 5] = [
    (AccessRole::Viewer, VIEWER),
    (AccessRole::Communicator, COMMUNICATOR),
    (AccessRole::Approver, APPROVER),
    (AccessRole::Commander, COMMANDER),
    (AccessRole::Admin, ADMIN),
];

impl App {
    pub(crate) async fn new() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        let stage = Stage::default();
        stage.clock.advance(TimeDelta::days(59) + TimeDelta::hours(12));
        let ports = Ports { webhook: Arc::new(PlainWebhook), ..stage.ports() };
        let engine = Engine::new(ports, stage.config());
        for (number, (role, secret)) in ROLES.into_iter().enumerate() {
            let token = Token {
                token_id: Uuid::from_u128(number as u128 + 1),
                name: format!("{role:?}").to_lowercase(),
                role,
                hash: Sha256::digest(secret).into(),
                created_at: stage.clock.now(),
                revoked_at: None,
            };
            engine.ports().tokens.create(token).await.unwrap();
        }
        let part = PartHealth {
            part: "log".to_owned(),
            well: true,
            detail: "last commit took 1 ms".to_owned(),
            events_behind: None,
        };
        let health = Arc::new(ToldHealth(Mutex::new(vec![part])));
        let (stop, stopping) = watch::channel(false);
        let router = router(Setup {
            engine: engine.clone(),
            health: health.clone(),
            metrics: MetricsText::new(|| "fanal_up 1\n".to_owned()),
            prices: Arc::new(RateBook::default()),
            limits,
            stopping,
        });
        Self { router, engine, stage, health, stop }
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Brings the views up to the log, as the loops of a server do.
    pub(crate) async fn settle(&self) {
        while self.engine.follow().await.unwrap() == Step::Worked {}
        while self.engine.project_directory().await.unwrap() == Step::Worked {}
    }

    /// A GET by a caller, once the views have come up to the log.
    pub(crate) async fn get(&self, secret: &str, path: &str) -> Answer {
        self.settle().await;
        self.send(ask(Method::GET, path).by(secret).bare()).await
    }

    /// A POST with JSON by a caller.
    pub(crate) async fn post(&self, secret: &str, path: &str, body: &Value) -> Answer {
        self.send(ask(Method::POST, path).by(secret).json(body)).await
    }

    /// The position of the last event.
    pub(crate) async fn head(&self) -> u64 {
        self.engine.ports().log.head().await.unwrap().0
    }
}

/// A request on its way.
pub(crate) struct Ask(axum::http::request::Builder);

/// Starts a request.
pub(crate) fn ask(method: Method, path: &str) -> Ask {
    Ask(Request::builder().method(method).uri(path))
}

impl Ask {
    pub(crate) fn by(self, secret: &str) -> Self {
        self.with("authorization", &format!("Bearer {secret}"))
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub(crate) fn bare(self) -> Request<Body> {
        self.0.body(Body::empty()).unwrap()
    }

    pub(crate) fn json(self, body: &Value) -> Request<Body> {
        self.with("content-type", "application/json").raw(body.to_string())
    }

    pub(crate) fn raw(self, body: impl Into<Body>) -> Request<Body> {
        self.0.body(body.into()).unwrap()
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Headers that tests look at.
const SHOWN: [&str; 8] = [
    "etag",
    "fanal-position",
    "idempotency-replayed",
    "location",
    "www-authenticate",
    "allow",
    "retry-after",
    "content-type",
];

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(HeaderName::try_from(name).unwrap()).map(|value| value.to_str().unwrap())
    }

    /// Asserts the status and passes the answer on.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Status, headers of note and body, for snapshots.
    pub(crate) fn shown(&self) -> String {
        let mut lines = vec![self.status.to_string()];
        for name in SHOWN {
            if let Some(value) = self.header(name) {
                lines.push(format!("{name}: {value}"));
            }
        }
        let body = serde_json::from_slice::<Value>(&self.body)
            .map_or_else(|_| self.text(), |json| serde_json::to_string_pretty(&json).unwrap());
        lines.push(body);
        lines.join("\n")
    }
}
