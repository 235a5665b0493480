//! Broadcasts: one message to one audience in one incident.

mod course;
mod people;
mod recipients;
mod requests;
mod views;
mod watch;

use fanal_domain::id::BroadcastId;
use fanal_engine::authority::UseCase;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::Gate;
use crate::state::Api;

/// The path of a broadcast.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct BroadcastPath {
    /// The broadcast.
    #[param(value_type = Uuid)]
    broadcast_id: BroadcastId,
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(gate.takes(UseCase::DraftBroadcast, routes!(course::draft_broadcast)))
        .routes(gate.takes(UseCase::ViewBroadcast, routes!(watch::list_broadcasts)))
        .routes(gate.takes(UseCase::ViewBroadcast, routes!(watch::get_broadcast)))
        .routes(gate.takes(UseCase::DraftBroadcast, routes!(course::revise_broadcast)))
        .routes(gate.takes(UseCase::PlanBroadcast, routes!(course::plan_broadcast)))
        .routes(gate.takes(UseCase::LaunchBroadcast, routes!(course::launch_broadcast)))
        .routes(gate.takes(UseCase::CancelBroadcast, routes!(course::cancel_broadcast)))
        .routes(gate.takes(UseCase::ViewRecipient, routes!(recipients::list_recipients)))
        .routes(gate.takes(UseCase::ViewRecipient, routes!(recipients::find_recipient)))
        .routes(gate.takes(UseCase::ViewMetrics, routes!(watch::get_broadcast_metrics)))
}
