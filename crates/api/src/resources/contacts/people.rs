//! Persons: made known, changed, merged, forgotten, found.

use std::mem::take;

use axum::extract::State;
use fanal_domain::id::ContactId;
use uuid::Uuid;

use super::ContactPath;
use super::requests::{ContactProfile, FindByNumber, MergeContact};
use super::views::Contact;
use crate::answer::{Done, List, Receipt, Shown};
use crate::extract::{
    Command, CommandHeaders, Cursor, FreshParams, InPath, NoParams, Page, View, ViewParams,
};
use crate::problem::Problem;
use crate::resources::incidents::Because;
use crate::resources::missing;
use crate::state::Api;

/// Makes a person known, with what they agreed to.
#[utoipa::path(post, path = "/v1/contacts", operation_id = "register_contact", tag = "contacts",
    params(CommandHeaders), request_body = ContactProfile,
    responses((status = 201, description = "The person is known.", body = Receipt)))]
pub(super) async fn register_contact(
    State(api): State<Api>,
    Command { context, mut body }: Command<ContactProfile>,
) -> Result<Done, Problem> {
    let consents = take(&mut body.consents).into_iter().map(Into::into).collect();
    let written = api.engine.register_contact(&context, body.into(), consents).await?;
    Ok(Done::created(written, "/v1/contacts"))
}

/// People, in the order they became known.
#[utoipa::path(get, path = "/v1/contacts", operation_id = "list_contacts", tag = "contacts",
    params(Page, FreshParams),
    responses((status = 200, description = "A part of them.", body = List<Contact>)))]
pub(super) async fn list_contacts(
    State(api): State<Api>,
    view: View<Page>,
) -> Result<Shown<List<Contact>>, Problem> {
    let Page { cursor, limit } = view.params;
    let after = cursor.map(|Cursor(last)| ContactId(Uuid::from_u128(last)));
    let position = api.engine.ports().directory.checkpoint().await?;
    // One more than asked for tells whether there is more; the directory gives 1,000 at most.
    let limit = limit.min(999);
    let entries = api.engine.contacts(&view.context, after, limit + 1).await?;
    let people = entries.into_iter().map(Contact::from).collect();
    Ok(Shown { body: List::cut(people, limit, Contact::place), version: None, position })
}

/// Finds who has a number.
///
/// The number is in the body, since addresses end up in access logs.
#[utoipa::path(post, path = "/v1/contacts/find", operation_id = "find_contact", tag = "contacts",
    request_body = FindByNumber,
    responses((status = 200, description = "The person.", body = Contact)))]
pub(super) async fn find_contact(
    State(api): State<Api>,
    Command { context, body }: Command<FindByNumber>,
) -> Result<Shown<Contact>, Problem> {
    let found = api.engine.find_contact(&context, body.number.as_e164()).await?;
    let id = found.ok_or_else(|| missing("contact"))?;
    let view = api.engine.contact(&context, id, None).await?;
    Ok(shown(view))
}

/// A person, now or as they were.
#[utoipa::path(get, path = "/v1/contacts/{contact_id}", operation_id = "get_contact",
    tag = "contacts", params(ContactPath, ViewParams),
    responses((status = 200, description = "The person.", body = Contact)))]
pub(super) async fn get_contact(
    State(api): State<Api>,
    InPath(path): InPath<ContactPath>,
    view: View<NoParams>,
) -> Result<Shown<Contact>, Problem> {
    let contact = api.engine.contact(&view.context, path.contact_id, view.as_of).await?;
    Ok(shown(contact))
}

fn shown(view: fanal_engine::contacts::ContactView) -> Shown<Contact> {
    let position = view.position;
    let body = Contact::from(view);
    Shown { version: Some(body.version()), body, position }
}

/// Brings what is known of a person up to date.
///
/// The body is the whole profile: what it leaves out is known no more.
#[utoipa::path(put, path = "/v1/contacts/{contact_id}", operation_id = "change_contact",
    tag = "contacts", params(ContactPath, CommandHeaders),
    request_body(content = ContactProfile, example = json!({
        "name": "Léa Durand", "whatsapp": "+33612345678", "language": "fr", "relation": "resident",
    })),
    responses((status = 200, description = "It is changed.", body = Receipt)))]
pub(super) async fn change_contact(
    State(api): State<Api>,
    InPath(path): InPath<ContactPath>,
    Command { context, body }: Command<ContactProfile>,
) -> Result<Done, Problem> {
    if !body.consents.is_empty() {
        let detail = "`consents` is changed by giving and withdrawing";
        return Err(Problem::field("consents", "unknown_field", detail));
    }
    let written = api.engine.change_contact(&context, path.contact_id, body.into()).await?;
    Ok(Done::changed(written))
}

/// Makes two contacts one: this one lives on as the other, and opt-outs are kept.
#[utoipa::path(post, path = "/v1/contacts/{contact_id}/merge", operation_id = "merge_contact",
    tag = "contacts", params(ContactPath, CommandHeaders), request_body = MergeContact,
    responses((status = 200, description = "They are one.", body = Receipt)))]
pub(super) async fn merge_contact(
    State(api): State<Api>,
    InPath(path): InPath<ContactPath>,
    Command { context, body }: Command<MergeContact>,
) -> Result<Done, Problem> {
    let into = ContactId(body.into);
    let written = api.engine.merge_contacts(&context, path.contact_id, into).await?;
    Ok(Done::changed(written))
}

/// Forgets a person for good: their key is destroyed, so nothing about them can be read again.
#[utoipa::path(post, path = "/v1/contacts/{contact_id}/erase", operation_id = "erase_contact",
    tag = "contacts", params(ContactPath, CommandHeaders), request_body = Because,
    responses((status = 200, description = "They are forgotten.", body = Receipt)))]
pub(super) async fn erase_contact(
    State(api): State<Api>,
    InPath(path): InPath<ContactPath>,
    Command { context, body }: Command<Because>,
) -> Result<Done, Problem> {
    let written = api.engine.erase_contact(&context, path.contact_id, body.reason).await?;
    Ok(Done::changed(written))
}
