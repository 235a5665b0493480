//! What a person agreed to, and took back.

use axum::extract::State;

use super::ContactPath;
use super::requests::{GiveConsent, WithdrawConsent};
use crate::answer::{Done, Receipt};
use crate::extract::{Command, CommandHeaders, InPath};
use crate::problem::Problem;
use crate::state::Api;

/// Records that a person may be told things of one purpose.
#[utoipa::path(post, path = "/v1/contacts/{contact_id}/consents/give",
    operation_id = "give_consent", tag = "contacts",
    params(ContactPath, CommandHeaders), request_body = GiveConsent,
    responses((status = 200, description = "It is recorded.", body = Receipt)))]
pub(super) async fn give_consent(
    State(api): State<Api>,
    InPath(path): InPath<ContactPath>,
    Command { context, body }: Command<GiveConsent>,
) -> Result<Done, Problem> {
    let written = api.engine.give_consent(&context, path.contact_id, body.into()).await?;
    Ok(Done::changed(written))
}

/// Records that a person may no longer be told things of some purposes.
///
/// Stops at once what has not been sent yet, also in broadcasts that run.
#[utoipa::path(post, path = "/v1/contacts/{contact_id}/consents/withdraw",
    operation_id = "withdraw_consent", tag = "contacts",
    params(ContactPath, CommandHeaders), request_body = WithdrawConsent,
    responses((status = 200, description = "It is recorded.", body = Receipt)))]
pub(super) async fn withdraw_consent(
    State(api): State<Api>,
    InPath(path): InPath<ContactPath>,
    Command { context, body }: Command<WithdrawConsent>,
) -> Result<Done, Problem> {
    let WithdrawConsent { purposes, method, evidence } = body;
    let purposes = purposes.into_iter().map(Into::into).collect();
    let id = path.contact_id;
    let written =
        api.engine.withdraw_consent(&context, id, purposes, method.into(), evidence).await?;
    Ok(Done::changed(written))
}
