//! Templates: texts the provider approves, per language.

mod requests;
mod views;

use axum::Json;
use axum::extract::State;
use fanal_domain::id::TemplateId;
use fanal_engine::authority::UseCase;
use fanal_engine::query::Scope;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::requests::{AddTranslation, RegisterTemplate, SubmitTranslation};
use self::views::{Synced, Template};
use crate::access::Gate;
use crate::answer::{Done, List, Receipt, Shown};
use crate::extract::{
    Command, CommandHeaders, Cursor, FreshParams, InPath, NoParams, Nothing, Page, View, ViewParams,
};
use crate::problem::Problem;
use crate::resources::missing;
use crate::state::Api;

/// The path of a template.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct TemplatePath {
    /// The template.
    #[param(value_type = Uuid)]
    template_id: TemplateId,
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(gate.takes(UseCase::WriteTemplate, routes!(register_template)))
        .routes(gate.takes(UseCase::ViewTemplate, routes!(list_templates)))
        .routes(gate.takes(UseCase::WriteTemplate, routes!(sync_templates)))
        .routes(gate.takes(UseCase::ViewTemplate, routes!(get_template)))
        .routes(gate.takes(UseCase::WriteTemplate, routes!(add_translation)))
        .routes(gate.takes(UseCase::WriteTemplate, routes!(submit_translation)))
        .routes(gate.takes(UseCase::WriteTemplate, routes!(retire_template)))
}

/// Registers a template, without a text yet.
#[utoipa::path(post, path = "/v1/templates", operation_id = "register_template", tag = "templates",
    params(CommandHeaders), request_body = RegisterTemplate,
    responses((status = 201, description = "It is registered.", body = Receipt)))]
async fn register_template(
    State(api): State<Api>,
    Command { context, body }: Command<RegisterTemplate>,
) -> Result<Done, Problem> {
    let RegisterTemplate { name, category, variables } = body;
    let variables = variables.into_iter().map(Into::into).collect();
    let written = api.engine.register_template(&context, name, category.into(), variables).await?;
    Ok(Done::created(written, "/v1/templates"))
}

/// Templates, the oldest first.
#[utoipa::path(get, path = "/v1/templates", operation_id = "list_templates", tag = "templates",
    params(Page, FreshParams),
    responses((status = 200, description = "A part of them.", body = List<Template>)))]
async fn list_templates(
    State(api): State<Api>,
    view: View<Page>,
) -> Result<Shown<List<Template>>, Problem> {
    let Page { cursor, limit } = view.params;
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewTemplate, (Scope::Catalogue, None), |world| {
            let all = world.catalogue().templates();
            let after = all.filter(|kept| {
                cursor.is_none_or(|Cursor(last)| kept.state.template_id.0.as_u128() > last)
            });
            after.take(limit + 1).map(Template::of).collect()
        })
        .await?;
    let body = List::cut(looked.value, limit, Template::place);
    Ok(Shown { body, version: None, position: looked.position })
}

/// Asks the provider where every translation stands.
#[utoipa::path(post, path = "/v1/templates/sync", operation_id = "sync_templates",
    tag = "templates", request_body = Nothing,
    responses((status = 200, description = "What was learnt.", body = Synced)))]
async fn sync_templates(
    State(api): State<Api>,
    Command { context, body: Nothing {} }: Command<Nothing>,
) -> Result<Json<Synced>, Problem> {
    Ok(Json(api.engine.sync_templates(&context).await?.into()))
}

/// A template with its translations, now or as it was.
#[utoipa::path(get, path = "/v1/templates/{template_id}", operation_id = "get_template",
    tag = "templates", params(TemplatePath, ViewParams),
    responses((status = 200, description = "The template.", body = Template)))]
async fn get_template(
    State(api): State<Api>,
    InPath(path): InPath<TemplatePath>,
    view: View<NoParams>,
) -> Result<Shown<Template>, Problem> {
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewTemplate, (Scope::Catalogue, view.as_of), |world| {
            world.catalogue().template(path.template_id).map(Template::of)
        })
        .await?;
    let body = looked.value.ok_or_else(|| missing("template"))?;
    Ok(Shown { version: Some(body.version()), body, position: looked.position })
}

/// Writes a translation, or writes it anew.
#[utoipa::path(post, path = "/v1/templates/{template_id}/translations",
    operation_id = "add_translation", tag = "templates",
    params(TemplatePath, CommandHeaders), request_body = AddTranslation,
    responses((status = 200, description = "It is written.", body = Receipt)))]
async fn add_translation(
    State(api): State<Api>,
    InPath(path): InPath<TemplatePath>,
    Command { context, body }: Command<AddTranslation>,
) -> Result<Done, Problem> {
    let AddTranslation { language, content } = body;
    let id = path.template_id;
    let written = api.engine.translate_template(&context, id, language, content.into()).await?;
    Ok(Done::changed(written))
}

/// Submits a translation to the provider for review.
#[utoipa::path(post, path = "/v1/templates/{template_id}/submit",
    operation_id = "submit_translation", tag = "templates",
    params(TemplatePath, CommandHeaders), request_body = SubmitTranslation,
    responses((status = 200, description = "The provider has it.", body = Receipt)))]
async fn submit_translation(
    State(api): State<Api>,
    InPath(path): InPath<TemplatePath>,
    Command { context, body }: Command<SubmitTranslation>,
) -> Result<Done, Problem> {
    let written = api.engine.submit_template(&context, path.template_id, &body.language).await?;
    Ok(Done::changed(written))
}

/// Uses a template no more. It stays at the provider.
#[utoipa::path(post, path = "/v1/templates/{template_id}/retire",
    operation_id = "retire_template", tag = "templates",
    params(TemplatePath, CommandHeaders), request_body = Nothing,
    responses((status = 200, description = "It is retired.", body = Receipt)))]
async fn retire_template(
    State(api): State<Api>,
    InPath(path): InPath<TemplatePath>,
    Command { context, body: Nothing {} }: Command<Nothing>,
) -> Result<Done, Problem> {
    Ok(Done::changed(api.engine.retire_template(&context, path.template_id).await?))
}
