//! Room and time: how many requests are worked on at once, and for how long.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::problem::{Code, Problem};
use crate::state::Api;

/// The route whose requests may take long, since they carry a whole file.
pub(crate) const IMPORT_PATH: &str = "/v1/contacts/import";

/// Waits for a place, then lets the request work for a bounded time.
pub(crate) async fn give_room(State(api): State<Api>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let Some((room, time_max)) = room_of(&api, route) else {
        return next.run(request).await;
    };
    let Ok(Ok(_place)) = timeout(api.limits.queue_time_max, room.acquire()).await else {
        return Problem::of(Code::TooBusy, "no place became free in time").into_response();
    };
    match timeout(time_max, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::of(
            Code::TookTooLong,
            format!("the request was not done within {} s", time_max.as_secs()),
        )
        .into_response(),
    }
}

/// Health and metrics always have room: they are asked most urgently when all else is full.
fn room_of<'a>(api: &'a Api, route: Option<&str>) -> Option<(&'a Arc<Semaphore>, Duration)> {
    match route {
        Some("/health/live" | "/health/ready" | "/metrics") => None,
        Some("/webhooks/whatsapp") => Some((&api.webhooks, api.limits.request_time_max)),
        Some(IMPORT_PATH) => Some((&api.requests, api.limits.import_time_max)),
        _ => Some((&api.requests, api.limits.request_time_max)),
    }
}
