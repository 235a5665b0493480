//! Incidents: from open to closed, and what was known when.

mod course;
mod promises;
mod requests;
mod stream;
mod views;
mod watch;

use fanal_domain::id::{IncidentId, PromiseId};
use fanal_engine::authority::UseCase;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::requests::Because;
pub(crate) use self::views::AsOf;
use crate::access::Gate;
use crate::state::Api;

/// The path of an incident.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct IncidentPath {
    /// The incident.
    #[param(value_type = Uuid)]
    pub(crate) incident_id: IncidentId,
}

/// The path of a promise.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct PromisePath {
    /// The incident.
    #[param(value_type = Uuid)]
    incident_id: IncidentId,
    /// The promise.
    #[param(value_type = Uuid)]
    promise_id: PromiseId,
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(gate.takes(UseCase::OpenIncident, routes!(course::open_incident)))
        .routes(gate.takes(UseCase::ViewIncident, routes!(watch::list_incidents)))
        .routes(gate.takes(UseCase::ViewIncident, routes!(watch::get_incident)))
        .routes(gate.takes(UseCase::ChangeSeverity, routes!(course::escalate_incident)))
        .routes(gate.takes(UseCase::ChangeSeverity, routes!(course::deescalate_incident)))
        .routes(gate.takes(UseCase::AssignRole, routes!(course::assign_role)))
        .routes(gate.takes(UseCase::AssignRole, routes!(course::relieve_role)))
        .routes(gate.takes(UseCase::UpdateSituation, routes!(course::update_situation)))
        .routes(gate.takes(UseCase::HandlePromise, routes!(promises::make_promise)))
        .routes(gate.takes(UseCase::HandlePromise, routes!(promises::keep_promise)))
        .routes(gate.takes(UseCase::HandlePromise, routes!(promises::break_promise)))
        .routes(gate.takes(UseCase::ResolveIncident, routes!(course::resolve_incident)))
        .routes(gate.takes(UseCase::ReopenIncident, routes!(course::reopen_incident)))
        .routes(gate.takes(UseCase::CloseIncident, routes!(course::close_incident)))
        .routes(gate.takes(UseCase::ViewIncident, routes!(watch::get_timeline)))
        .routes(gate.takes(UseCase::ViewMetrics, routes!(watch::get_incident_metrics)))
        .routes(gate.takes(UseCase::ViewIncident, routes!(stream::stream_incident)))
}
