//! Looking at broadcasts: now, or as they were.

use axum::extract::State;
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_engine::authority::UseCase;
use fanal_engine::query::Scope;
use utoipa::IntoParams;

use super::BroadcastPath;
use super::views::Broadcast;
use crate::answer::{List, Shown};
use crate::extract::{
    Cursor, FreshParams, FromParams, InPath, NoParams, Page, Params, View, ViewParams,
    query_problem,
};
use crate::problem::Problem;
use crate::resources::metrics::{Metrics, report_of};
use crate::resources::missing;
use crate::state::Api;

/// Which incident's broadcasts, and which part of their list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BroadcastListParams {
    /// The incident.
    #[param(value_type = Uuid)]
    incident_id: IncidentId,
    #[param(ignore)]
    page: Page,
}

impl FromParams for BroadcastListParams {
    const LOOKS_BACK: bool = false;

    fn take(params: &mut Params) -> Result<Self, Problem> {
        let incident_id = params.parse("incident_id", "uuid", "must be a UUID")?;
        let incident_id =
            incident_id.ok_or_else(|| query_problem("incident_id", "required", "is required"))?;
        Ok(Self { incident_id, page: Page::take(params)? })
    }
}

/// The incident a broadcast belongs to; a broadcast never moves.
pub(super) fn incident_of(api: &Api, id: BroadcastId) -> Result<IncidentId, Problem> {
    let incident = api.engine.live().read(|world| world.incident_of(id));
    incident.ok_or_else(|| missing("broadcast"))
}

/// The broadcasts of an incident, the oldest first.
#[utoipa::path(get, path = "/v1/broadcasts", operation_id = "list_broadcasts", tag = "broadcasts",
    params(BroadcastListParams, Page, FreshParams),
    responses((status = 200, description = "A part of them.", body = List<Broadcast>)))]
pub(super) async fn list_broadcasts(
    State(api): State<Api>,
    view: View<BroadcastListParams>,
) -> Result<Shown<List<Broadcast>>, Problem> {
    let BroadcastListParams { incident_id, page: Page { cursor, limit } } = view.params;
    let looked = api
        .engine
        .look(
            &view.context,
            UseCase::ViewBroadcast,
            (Scope::Incident(incident_id), None),
            |world| {
                let all = world.incident(incident_id)?.broadcasts();
                let after = all.filter(|one| {
                    let id = one.course().state.broadcast_id.0.as_u128();
                    cursor.is_none_or(|Cursor(last)| id > last)
                });
                Some(after.take(limit + 1).map(Broadcast::of).collect())
            },
        )
        .await?;
    let found = looked.value.ok_or_else(|| missing("incident"))?;
    let body = List::cut(found, limit, Broadcast::place);
    Ok(Shown { body, version: None, position: looked.position })
}

/// A broadcast, now or as it was.
#[utoipa::path(get, path = "/v1/broadcasts/{broadcast_id}", operation_id = "get_broadcast",
    tag = "broadcasts", params(BroadcastPath, ViewParams),
    responses((status = 200, description = "The broadcast.", body = Broadcast)))]
pub(super) async fn get_broadcast(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    view: View<NoParams>,
) -> Result<Shown<Broadcast>, Problem> {
    let id = path.broadcast_id;
    let scope = (Scope::Incident(incident_of(&api, id)?), view.as_of);
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewBroadcast, scope, |world| {
            world.broadcast(id).map(Broadcast::of)
        })
        .await?;
    let body = looked.value.ok_or_else(|| missing("broadcast"))?;
    Ok(Shown { version: Some(body.version()), body, position: looked.position })
}

/// The figures of a broadcast.
#[utoipa::path(get, path = "/v1/broadcasts/{broadcast_id}/metrics",
    operation_id = "get_broadcast_metrics", tag = "metrics",
    params(BroadcastPath, ViewParams),
    responses((status = 200, description = "Every figure.", body = Metrics)))]
pub(super) async fn get_broadcast_metrics(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    view: View<NoParams>,
) -> Result<Shown<Metrics>, Problem> {
    let id = path.broadcast_id;
    let scope = (Scope::Incident(incident_of(&api, id)?), view.as_of);
    let (book, yardstick) = report_of(&api);
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewMetrics, scope, |world| {
            world.broadcast_report(id, book, yardstick)
        })
        .await?;
    Metrics::shown(looked).ok_or_else(|| missing("broadcast"))
}
