//! Promises: made with a deadline, kept or broken.

use axum::extract::State;

use super::requests::{Because, KeepPromise, MakePromise};
use super::{IncidentPath, PromisePath};
use crate::answer::{Done, Receipt};
use crate::extract::{Command, CommandHeaders, InPath};
use crate::problem::Problem;
use crate::state::Api;

/// Promises something by a deadline.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/promises",
    operation_id = "make_promise", tag = "incidents",
    params(IncidentPath, CommandHeaders), request_body = MakePromise,
    responses((status = 201, description = "It is made; `id` is the promise's.", body = Receipt)))]
pub(super) async fn make_promise(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    Command { context, body }: Command<MakePromise>,
) -> Result<Done, Problem> {
    let MakePromise { text, deadline } = body;
    let id = path.incident_id;
    let written = api.engine.make_promise(&context, id, text, deadline).await?;
    Ok(Done::created(written, &format!("/v1/incidents/{id}/promises")))
}

/// Notes that a promise was kept.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/promises/{promise_id}/keep",
    operation_id = "keep_promise", tag = "incidents",
    params(PromisePath, CommandHeaders), request_body = KeepPromise,
    responses((status = 200, description = "It is kept.", body = Receipt)))]
pub(super) async fn keep_promise(
    State(api): State<Api>,
    InPath(PromisePath { incident_id, promise_id }): InPath<PromisePath>,
    Command { context, body }: Command<KeepPromise>,
) -> Result<Done, Problem> {
    let written = api.engine.keep_promise(&context, incident_id, promise_id, body.note).await?;
    Ok(Done::changed(written))
}

/// Notes that a promise was broken.
#[utoipa::path(post, path = "/v1/incidents/{incident_id}/promises/{promise_id}/break",
    operation_id = "break_promise", tag = "incidents",
    params(PromisePath, CommandHeaders), request_body = Because,
    responses((status = 200, description = "It is broken.", body = Receipt)))]
pub(super) async fn break_promise(
    State(api): State<Api>,
    InPath(PromisePath { incident_id, promise_id }): InPath<PromisePath>,
    Command { context, body }: Command<Because>,
) -> Result<Done, Problem> {
    let written = api.engine.break_promise(&context, incident_id, promise_id, body.reason).await?;
    Ok(Done::changed(written))
}
