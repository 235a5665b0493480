//! The people of a broadcast: who stands where, and what became of one person.

use axum::extract::State;
use fanal_domain::ladder::Status as Ladder;
use fanal_engine::authority::UseCase;
use fanal_engine::query::Scope;
use fanal_projections::broadcast::Filter;
use utoipa::IntoParams;

use super::BroadcastPath;
use super::people::Recipient;
use super::watch::incident_of;
use crate::answer::{List, Shown};
use crate::extract::{Command, Cursor, FromParams, InPath, Page, Params, View, ViewParams};
use crate::problem::Problem;
use crate::resources::contacts::FindByNumber;
use crate::resources::missing;
use crate::state::Api;
use crate::words::{AnswerKind, Status, SuppressionReason};

/// Which people, and which part of their list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RecipientParams {
    /// Only those who stand there.
    #[param(inline)]
    status: Option<Status>,
    /// Only those who are not told for this reason.
    #[param(inline)]
    suppressed: Option<SuppressionReason>,
    /// Only those who failed with this code of the provider.
    failure_code: Option<u32>,
    /// Only those who have ever answered so.
    #[param(inline)]
    answered: Option<AnswerKind>,
    #[param(ignore)]
    page: Page,
}

impl FromParams for RecipientParams {
    const LOOKS_BACK: bool = true;

    fn take(params: &mut Params) -> Result<Self, Problem> {
        Ok(Self {
            status: params.word("status")?,
            suppressed: params.word("suppressed")?,
            failure_code: params.parse("failure_code", "range", "must be a provider's code")?,
            answered: params.word("answered")?,
            page: Page::take(params)?,
        })
    }
}

/// The people of a broadcast: recipients in the order of the audience, then those not told.
#[utoipa::path(get, path = "/v1/broadcasts/{broadcast_id}/recipients",
    operation_id = "list_recipients", tag = "broadcasts",
    params(BroadcastPath, RecipientParams, Page, ViewParams),
    responses((status = 200, description = "A part of them.", body = List<Recipient>)))]
pub(super) async fn list_recipients(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    view: View<RecipientParams>,
) -> Result<Shown<List<Recipient>>, Problem> {
    let RecipientParams { status, suppressed, failure_code, answered, page } = view.params;
    let filter = Filter {
        status: status.map(Ladder::from),
        suppressed: suppressed.map(Into::into),
        failure_code,
        answered: answered.map(Into::into),
    };
    let from = page.cursor.map(|Cursor(from)| u64::try_from(from).unwrap_or(u64::MAX));
    let id = path.broadcast_id;
    let scope = (Scope::Incident(incident_of(&api, id)?), view.as_of);
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewRecipient, scope, |world| {
            Some(world.broadcast(id)?.page(&filter, from, page.limit))
        })
        .await?;
    let found = looked.value.ok_or_else(|| missing("broadcast"))?;
    let items = found.people.into_iter().map(Recipient::from).collect();
    let next_cursor = found.next.map(|next| Cursor(next.into()).to_string());
    Ok(Shown { body: List { items, next_cursor }, version: None, position: looked.position })
}

/// Finds one person in a broadcast by number: what, when, why not.
///
/// The number is in the body, since addresses end up in access logs.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/recipients/find",
    operation_id = "find_recipient", tag = "broadcasts",
    params(BroadcastPath), request_body = FindByNumber,
    responses((status = 200, description = "The person.", body = Recipient)))]
pub(super) async fn find_recipient(
    State(api): State<Api>,
    InPath(path): InPath<BroadcastPath>,
    Command { context, body }: Command<FindByNumber>,
) -> Result<Shown<Recipient>, Problem> {
    let id = path.broadcast_id;
    let found = api.engine.find_contact(&context, body.number.as_e164()).await?;
    let contact_id = found.ok_or_else(|| missing("contact"))?;
    let scope = (Scope::Incident(incident_of(&api, id)?), None);
    let looked = api
        .engine
        .look(&context, UseCase::ViewRecipient, scope, |world| {
            world.broadcast(id)?.find(contact_id)
        })
        .await?;
    let person = looked.value.ok_or_else(|| missing("recipient"))?;
    Ok(Shown { body: person.into(), version: None, position: looked.position })
}
