//! The control API under `/_sim`: looking into people's phones, and meddling with the world.

mod knobs;
mod messages;
mod misfortune;
mod phones;
mod problem;
mod senders;
mod stats;
mod templates;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, patch, post, put};

use crate::world::World;

/// All routes. None of them needs a token: who reaches the simulator may play with it.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/_sim", get(stats::index))
        .route("/_sim/stats", get(stats::show))
        .route("/_sim/phones", get(phones::list))
        .route("/_sim/phones/{phone}", get(phones::show))
        .route("/_sim/phones/{phone}/answers", post(phones::answer))
        .route("/_sim/phones/{phone}/fate", put(phones::set_fate))
        .route("/_sim/messages/{id}/statuses", post(messages::tell))
        .route(
            "/_sim/faults",
            get(misfortune::list).post(misfortune::plan).delete(misfortune::clear),
        )
        .route("/_sim/webhooks", post(misfortune::tell).put(misfortune::set_outage))
        .route("/_sim/tokens", put(misfortune::set_token))
        .route("/_sim/templates/{id}", post(templates::change))
        .route("/_sim/senders", post(senders::add))
        .route("/_sim/senders/{id}", patch(senders::change))
        .route("/_sim/config", get(knobs::show).patch(knobs::change))
        .route("/_sim/time", get(knobs::time).post(knobs::skip))
        .route("/_sim/reset", post(knobs::reset))
        .fallback(problem::not_found)
        .with_state(world)
}
