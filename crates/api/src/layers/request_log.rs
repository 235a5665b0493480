//! One line in the log and one point in the metrics per request, and an id that ties them together.
//!
//! The line names the route's template, never the address as called, nor what was sent.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use uuid::Uuid;

use crate::answer::FANAL_POSITION;
use crate::state::Api;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a request in the log, in the events it leads to, and to its caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

/// Names the request, passes it on, and reports what came of it.
pub(crate) async fn log_request(
    State(api): State<Api>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = request
        .headers()
        .get(X_REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Uuid::try_parse(text).ok())
        .unwrap_or_else(|| api.engine.ports().ids.next());
    request.extensions_mut().insert(RequestId(id));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(none)".to_owned(), |path| path.as_str().to_owned());

    let mut response = next.run(request).await;

    let value = HeaderValue::try_from(id.to_string()).expect("a UUID is visible ASCII");
    response.headers_mut().insert(X_REQUEST_ID, value);
    let position = response.headers().get(FANAL_POSITION).and_then(|value| value.to_str().ok());
    let (status, took) = (response.status(), started.elapsed());
    let ms = took.as_secs_f64() * 1_000.0;
    tracing::info!(
        http.method = method.as_str(),
        http.route = route,
        http.status = status.as_u16(),
        ms,
        log.position = position,
        request.id = %id,
        "request answered",
    );
    measure(method.as_str(), &route, status, took);
    response
}

fn measure(method: &str, route: &str, status: StatusCode, took: Duration) {
    // Methods are the caller's own text: unknown ones share a name, or they would fill the memory.
    let method = match method {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => method.to_owned(),
        _ => "other".to_owned(),
    };
    let labels =
        [("method", method), ("route", route.to_owned()), ("status", status.as_u16().to_string())];
    metrics::counter!("fanal_http_requests_total", &labels).increment(1);
    metrics::histogram!("fanal_http_request_duration_seconds", &labels[..2])
        .record(took.as_secs_f64());
}
