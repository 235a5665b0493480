//! People: who they are, what they agreed to, and forgetting them.

mod consents;
mod import;
mod people;
mod requests;
mod views;

use fanal_domain::id::ContactId;
use fanal_engine::authority::UseCase;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::requests::FindByNumber;
use crate::access::Gate;
use crate::state::Api;

/// The path of a person.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ContactPath {
    /// The person.
    #[param(value_type = Uuid)]
    contact_id: ContactId,
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(gate.takes(UseCase::WriteContact, routes!(people::register_contact)))
        .routes(gate.takes(UseCase::ViewContact, routes!(people::list_contacts)))
        .routes(gate.takes(UseCase::ViewContact, routes!(people::find_contact)))
        .routes(gate.takes(UseCase::ImportContacts, routes!(import::import_contacts)))
        .routes(gate.takes(UseCase::ViewContact, routes!(people::get_contact)))
        .routes(gate.takes(UseCase::WriteContact, routes!(people::change_contact)))
        .routes(gate.takes(UseCase::MergeContacts, routes!(people::merge_contact)))
        .routes(gate.takes(UseCase::EraseContact, routes!(people::erase_contact)))
        .routes(gate.takes(UseCase::WriteConsent, routes!(consents::give_consent)))
        .routes(gate.takes(UseCase::WriteConsent, routes!(consents::withdraw_consent)))
}
