//! The HTTP API: REST under `/v1`, the provider's webhooks, event streams, OpenAPI, health.
//!
//! Invariants: handlers extract, call one use case and map; nothing here speaks SQL or WhatsApp's
//! words, decides about business, or writes a person's data into a log line or a problem.

mod access;
mod answer;
mod docs_page;
mod extract;
mod health;
mod layers;
mod openapi;
mod problem;
mod resources;
mod state;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use crate::access::Gate;
pub use crate::health::{Health, PartHealth};
use crate::problem::{Code, Problem};
use crate::state::Api;
pub use crate::state::{Limits, MetricsText, Setup};

/// Everything the process answers over HTTP.
///
/// # Panics
/// If two routes were mounted on the same path and method, which the first test would show.
pub fn router(setup: Setup) -> Router {
    let api = Api::from(setup);
    let (routes, document) = described(&api).split_for_parts();
    let document = openapi::complete(document);
    let json = serde_json::to_string(&document).expect("the document has string keys only");
    routes
        .merge(docs_page::routes())
        .route("/openapi.json", get(async || ([(header::CONTENT_TYPE, "application/json")], json)))
        .fallback(async || Problem::of(Code::NotFound, "there is nothing at this path"))
        .method_not_allowed_fallback(async |method: Method| {
            Problem::of(Code::MethodNotAllowed, format!("{method} is not possible here"))
        })
        .layer(DefaultBodyLimit::max(api.limits.body_bytes_max))
        .layer(from_fn_with_state(api.clone(), layers::give_room))
        .layer(from_fn(layers::catch_panics))
        .layer(from_fn_with_state(api.clone(), layers::log_request))
        .with_state(api)
}

/// The routes that the document describes.
fn described(api: &Api) -> OpenApiRouter<Api> {
    let gate = Gate(api.clone());
    OpenApiRouter::with_openapi(openapi::skeleton())
        .merge(resources::incidents::routes(&gate))
        .merge(resources::broadcasts::routes(&gate))
        .merge(resources::contacts::routes(&gate))
        .merge(resources::segments::routes(&gate))
        .merge(resources::templates::routes(&gate))
        .merge(resources::metrics::routes(&gate))
        .merge(resources::senders::routes(&gate))
        .merge(resources::tokens::routes(&gate))
        .merge(resources::webhooks::routes(api))
        .merge(health::routes())
}
