//! Whether this process lives, and whether it can do its work.

use std::fmt::Debug;

use async_trait::async_trait;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Api;

/// Tells the truth about the parts a process stands on. The binary knows them.
#[async_trait]
pub trait Health: Debug + Send + Sync {
    /// Looks at every part now. Returns within a second or so: a part that does not answer is not
    /// well.
    async fn look(&self) -> Vec<PartHealth>;
}

/// How one part is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartHealth {
    /// Which: `log`, `live_view`, `directory`, `dispatcher`, `sender:<id>`, …
    pub part: String,
    /// Whether the process can do its work as far as this part goes.
    pub well: bool,
    /// What there is to say: no personal data.
    pub detail: String,
    /// How many events it is behind the log's head, if it follows the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub events_behind: Option<u64>,
}

/// Whether the process can do its work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"ready": true, "parts": [
    {"part": "log", "well": true, "detail": "last commit took 2 ms"},
    {"part": "live_view", "well": true, "detail": "follows the log", "events_behind": 0},
]}))]
pub(crate) struct Readiness {
    /// Whether every part is well.
    ready: bool,
    /// Each part.
    parts: Vec<PartHealth>,
}

/// Whether the process lives.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Liveness {
    /// Always true: a dead process does not answer.
    alive: bool,
}

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_liveness))
        .routes(routes!(get_readiness))
        .routes(routes!(get_metrics_text))
}

/// Whether the process lives.
#[utoipa::path(get, path = "/health/live", operation_id = "get_liveness", tag = "operation",
    responses((status = 200, description = "It does.", body = Liveness)))]
async fn get_liveness() -> Json<Liveness> {
    Json(Liveness { alive: true })
}

/// Whether the process can do its work: writes to the log reach the disk, views follow it.
#[utoipa::path(get, path = "/health/ready", operation_id = "get_readiness", tag = "operation",
    responses(
        (status = 200, description = "It can.", body = Readiness),
        (status = 503, description = "It cannot; the parts say why.", body = Readiness),
    ))]
async fn get_readiness(State(api): State<Api>) -> impl IntoResponse {
    let parts = api.health.look().await;
    let ready = parts.iter().all(|part| part.well) && !*api.stopping.borrow();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, parts }))
}

/// Counters and durations of this process, as Prometheus reads them.
#[utoipa::path(get, path = "/metrics", operation_id = "get_metrics_text", tag = "operation",
    responses((status = 200, description = "Prometheus text.", body = String,
        content_type = "text/plain")))]
async fn get_metrics_text(State(api): State<Api>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], api.metrics.render())
}
