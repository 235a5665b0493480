//! The course of an incident: opening, severity, roles, situation, resolution, closing.

use axum::extract::State;
use fanal_engine::incidents::NewIncident;

use super::IncidentPath;
use super::requests::{
    Because, ChangeRole, ChangeSeverity, CloseIncident, OpenIncident, ResolveIncident,
    UpdateSituation,
};
use crate::answer::{Done, Receipt};
use crate::extract::{Command, CommandHeaders, InPath};
use crate::problem::Problem;
use crate::state::Api;

/// Opens an incident.
#[utoipa::path(post, path = "/v1/incidents", operation_id = "open_incident", tag = "incidents",
    params(CommandHeaders), request_body = OpenIncident,
    responses((status = 201, description = "It is open.", body = Receipt)))]
pub(super) async fn open_incident(
    State(api): State<Api>,
    Command { context, body }: Command<OpenIncident>,
) -> Result<Done, Problem> {
    let OpenIncident { title, kind, severity, mode, summary } = body;
    let (severity, mode) = (severity.into(), mode.into());
    let incident = NewIncident { title, kind, severity, mode, summary };
    let written = api.engine.open_incident(&context, incident).await?;
    Ok(Done::created(written, "/v1/incidents"))
}

/// Raises the severity.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/escalate",
    operation_id = "escalate_incident", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = ChangeSeverity,
    responses((status = 200, description = "It is raised.", body = Receipt)))]
pub(super) async fn escalate_incident(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<ChangeSeverity>,
) -> Result<Done, Problem> {
    let ChangeSeverity { to, reason } = body;
    let written = api.engine.escalate(&context, path.incident_id, to.into(), reason).await?;
    Ok(Done::changed(written))
}

/// Lowers the severity.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/deescalate",
    operation_id = "deescalate_incident", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = ChangeSeverity,
    responses((status = 200, description = "It is lowered.", body = Receipt)))]
pub(super) async fn deescalate_incident(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<ChangeSeverity>,
) -> Result<Done, Problem> {
    let ChangeSeverity { to, reason } = body;
    let written = api.engine.deescalate(&context, path.incident_id, to.into(), reason).await?;
    Ok(Done::changed(written))
}

/// Gives somebody a role.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/roles/assign",
    operation_id = "assign_role", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = ChangeRole,
    responses((status = 200, description = "It is theirs.", body = Receipt)))]
pub(super) async fn assign_role(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<ChangeRole>,
) -> Result<Done, Problem> {
    let ChangeRole { role, holder } = body;
    let written = api.engine.assign_role(&context, path.incident_id, role.into(), holder).await?;
    Ok(Done::changed(written))
}

/// Takes a role from somebody.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/roles/relieve",
    operation_id = "relieve_role", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = ChangeRole,
    responses((status = 200, description = "It is free.", body = Receipt)))]
pub(super) async fn relieve_role(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<ChangeRole>,
) -> Result<Done, Problem> {
    let ChangeRole { role, holder } = body;
    let written = api.engine.relieve_role(&context, path.incident_id, role.into(), holder).await?;
    Ok(Done::changed(written))
}

/// Describes the situation anew.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/situation",
    operation_id = "update_situation", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = UpdateSituation,
    responses((status = 200, description = "It is noted.", body = Receipt)))]
pub(super) async fn update_situation(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<UpdateSituation>,
) -> Result<Done, Problem> {
    let written = api.engine.update_situation(&context, path.incident_id, body.text).await?;
    Ok(Done::changed(written))
}

/// Notes that the cause is dealt with.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/resolve",
    operation_id = "resolve_incident", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = ResolveIncident,
    responses((status = 200, description = "It is resolved.", body = Receipt)))]
pub(super) async fn resolve_incident(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<ResolveIncident>,
) -> Result<Done, Problem> {
    let written = api.engine.resolve_incident(&context, path.incident_id, body.summary).await?;
    Ok(Done::changed(written))
}

/// Takes it up again.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/reopen",
    operation_id = "reopen_incident", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = Because,
    responses((status = 200, description = "It is open again.", body = Receipt)))]
pub(super) async fn reopen_incident(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<Because>,
) -> Result<Done, Problem> {
    let written = api.engine.reopen_incident(&context, path.incident_id, body.reason).await?;
    Ok(Done::changed(written))
}

/// Completes the record.
///
/// Refused while a broadcast runs or a promise is open, unless a reason is given.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/close",
    operation_id = "close_incident", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = CloseIncident,
    responses((status = 200, description = "It is closed for good.", body = Receipt)))]
pub(super) async fn close_incident(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<CloseIncident>,
) -> Result<Done, Problem> {
    let written = api.engine.close_incident(&context, path.incident_id, body.reason).await?;
    Ok(Done::changed(written))
}
