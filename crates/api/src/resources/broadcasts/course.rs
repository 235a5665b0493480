//! The course of a broadcast: drafted, revised, planned, launched, cancelled.

use axum::extract::State;
use axum::response::Response;
use fanal_domain::id::IncidentId;
use fanal_engine::plan::Planned;

use super::BroadcastPath;
use super::requests::{DraftBroadcast, ReviseBroadcast};
use super::views::PlanReceipt;
use crate::answer::{Done, Receipt};
use crate::extract::{Command, CommandHeaders, InPath, Nothing};
use crate::problem::Problem;
use crate::resources::incidents::Because;
use crate::state::Api;

/// Drafts a broadcast in an incident.
#[utoipa::path(post, path = "/v1/broadcasts", operation_id = "draft_broadcast", tag = "broadcasts",
    params(CommandHeaders), request_body = DraftBroadcast,
    responses((status = 201, description = "It is drafted.", body = Receipt)))]
pub(super) async fn draft_broadcast(
    State(api): State<Api>,
    Command { context, body }: Command<DraftBroadcast>,
) -> Result<Done, Problem> {
    let incident = IncidentId(body.incident_id);
    let written = api.engine.draft_broadcast(&context, incident, body.brief.into()).await?;
    Ok(Done::created(written, "/v1/broadcasts"))
}

/// Changes a draft, or takes a plan back to a draft.
#[utoipa::path(put, path = "/v1/broadcasts/{broadcast_id}", operation_id = "revise_broadcast",
    tag = "broadcasts", params(BroadcastPath, CommandHeaders), request_body = ReviseBroadcast,
    responses((status = 200, description = "It is changed.", body = Receipt)))]
pub(super) async fn revise_broadcast(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    Command { context, body }: Command<ReviseBroadcast>,
) -> Result<Done, Problem> {
    let (id, brief) = (path.broadcast_id, body.brief.into());
    let written = api.engine.revise_broadcast(&context, id, brief).await?;
    Ok(Done::changed(written))
}

/// Freezes the audience, and counts who will be told and who not and why.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/plan", operation_id = "plan_broadcast",
    tag = "broadcasts", params(BroadcastPath, CommandHeaders), request_body = Nothing,
    responses((status = 200, description = "It is planned.", body = PlanReceipt)))]
pub(super) async fn plan_broadcast(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    Command { context, body: Nothing {} }: Command<Nothing>,
) -> Result<Response, Problem> {
    let Planned { written, plan } = api.engine.plan_broadcast(&context, path.broadcast_id).await?;
    Ok(Done::changed(written).telling(|receipt| PlanReceipt::of(receipt, plan)))
}

/// Begins sending.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/launch",
    operation_id = "launch_broadcast", tag = "broadcasts",
    params(BroadcastPath, CommandHeaders), request_body = Nothing,
    responses((status = 200, description = "It runs.", body = Receipt)))]
pub(super) async fn launch_broadcast(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    Command { context, body: Nothing {} }: Command<Nothing>,
) -> Result<Done, Problem> {
    Ok(Done::changed(api.engine.launch_broadcast(&context, path.broadcast_id).await?))
}

/// Lets nothing more leave.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/cancel",
    operation_id = "cancel_broadcast", tag = "broadcasts",
    params(BroadcastPath, CommandHeaders), request_body = Because,
    responses((status = 200, description = "Nothing more will leave.", body = Receipt)))]
pub(super) async fn cancel_broadcast(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    Command { context, body }: Command<Because>,
) -> Result<Done, Problem> {
    let written = api.engine.cancel_broadcast(&context, path.broadcast_id, body.reason).await?;
    Ok(Done::changed(written))
}
