//! Tokens: who may call. A secret is shown once, when it is made, and kept nowhere.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use fanal_engine::authority::UseCase;
use fanal_engine::ports::Token as Stored;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::access::Gate;
use crate::answer::List;
use crate::extract::{Command, FreshParams, InPath, Nothing, Present, View};
use crate::problem::Problem;
use crate::state::Api;
use crate::words::AccessRole;

/// The path of a token.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct TokenPath {
    /// The token.
    token_id: Uuid,
}

/// Makes a token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "anna.b", "role": "communicator"}))]
struct CreateToken {
    /// The holder's handle; becomes the actor of what is done with it.
    #[schema(pattern = "^[a-z0-9._-]{1,64}$")]
    name: String,
    /// What it allows.
    role: AccessRole,
}

/// A token just made, with the only copy of its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "token_id": "01936d8e-0000-7000-8000-000000000001", "secret": "fnl_…"
}))]
struct CreatedToken {
    /// The token.
    token_id: Uuid,
    /// What its holder sends. It cannot be shown again.
    secret: String,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
struct Token {
    /// The token.
    token_id: Uuid,
    /// The holder's handle.
    name: String,
    /// What it allows.
    role: AccessRole,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it stopped being good; null if it is.
    revoked_at: Option<DateTime<Utc>>,
}

impl From<Stored> for Token {
    fn from(token: Stored) -> Self {
        let Stored { token_id, name, role, created_at, revoked_at, hash: _ } = token;
        Self { token_id, name, role: role.into(), created_at, revoked_at }
    }
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(gate.takes(UseCase::ManageTokens, routes!(create_token)))
        .routes(gate.takes(UseCase::ManageTokens, routes!(list_tokens)))
        .routes(gate.takes(UseCase::ManageTokens, routes!(revoke_token)))
}

/// Makes a token.
///
/// The secret is in this answer and nowhere else, so the request cannot be replayed: if the answer
/// is lost, revoke the token and make another.
#[utoipa::path(post, path = "/v1/tokens", operation_id = "create_token", tag = "tokens",
    request_body = CreateToken,
    responses((status = 201, description = "It is made.", body = CreatedToken)))]
async fn create_token(
    State(api): State<Api>,
    Command { context, body }: Command<CreateToken>,
) -> Result<impl IntoResponse, Problem> {
    let made = api.engine.create_token(&context, &body.name, body.role.into()).await?;
    let created = CreatedToken { token_id: made.token_id, secret: made.secret };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(created)))
}

/// Every token, the oldest first, without secrets.
#[utoipa::path(get, path = "/v1/tokens", operation_id = "list_tokens", tag = "tokens",
    params(FreshParams),
    responses((status = 200, description = "All of them.", body = List<Token>)))]
async fn list_tokens(
    State(api): State<Api>,
    view: View<Present>,
) -> Result<Json<List<Token>>, Problem> {
    let tokens = api.engine.list_tokens(&view.context).await?;
    Ok(Json(List::whole(tokens.into_iter().map(Token::from).collect())))
}

/// Makes a token worthless at once.
#[utoipa::path(post, path = "/v1/tokens/{token_id}/revoke", operation_id = "revoke_token",
    tag = "tokens", params(TokenPath), request_body = Nothing,
    responses((status = 204, description = "It is worthless.")))]
async fn revoke_token(
    State(api): State<Api>,
    InPath(path): InPath<TokenPath>,
    Command { context, body: Nothing {} }: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    api.engine.revoke_token(&context, path.token_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
