//! Who may call: bearer tokens, and one place where a route gets its role.
//!
//! The same call that mounts a route sets what it takes in the router and in the document.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use fanal_engine::authority::UseCase;
use fanal_engine::ports::AccessRole;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::UtoipaMethodRouter;
use uuid::Uuid;

use crate::problem::{Code, Problem};
use crate::state::Api;

/// The name of the bearer scheme in the document.
pub(crate) const SCHEME: &str = "bearer";

/// Mounts routes behind the role that their use case takes.
#[derive(Debug, Clone)]
pub(crate) struct Gate(pub(crate) Api);

impl Gate {
    /// These routes take the role of this use case.
    pub(crate) fn takes(
        &self,
        use_case: UseCase,
        routes: UtoipaMethodRouter<Api>,
    ) -> UtoipaMethodRouter<Api> {
        let (schemas, mut paths, methods) = routes;
        let role = use_case.needs();
        for operation in paths.paths.values_mut().flat_map(operations) {
            let requirement = SecurityRequirement::new(SCHEME, [role_word(role)]);
            operation.security = Some(vec![requirement]);
        }
        let needs = (self.0.clone(), role);
        (schemas, paths, methods.route_layer(from_fn_with_state(needs, admit)))
    }
}

/// Every operation of a path.
pub(crate) fn operations(
    path: &mut PathItem,
) -> impl Iterator<Item = &mut utoipa::openapi::path::Operation> {
    [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete]
        .into_iter()
        .flatten()
}

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Which token was presented.
    pub(crate) token_id: Uuid,
    /// What the log calls it.
    pub(crate) actor: Arc<str>,
    /// What it may do.
    pub(crate) role: AccessRole,
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _api: &Api) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!("a route that asks for its caller was mounted without a gate");
            Problem::of(Code::Internal, "the request could not be worked on")
        })
    }
}

/// Lets a known caller with enough of a role through.
async fn admit(
    State((api, needs)): State<(Api, AccessRole)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let secret = bearer(request.headers())?;
    let caller = authenticate(&api, secret).await?;
    if caller.role < needs {
        return Err(forbidden(needs));
    }
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unknown_caller("a bearer token is required"));
    };
    value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim())
        .filter(|secret| !secret.is_empty())
        .ok_or_else(|| unknown_caller("the `authorization` header must carry a bearer token"))
}

/// Finds the holder of a secret. Whether it is unknown or revoked is not told.
async fn authenticate(api: &Api, secret: &str) -> Result<Caller, Problem> {
    let token = api.engine.authenticate(secret).await?;
    let token = token.ok_or_else(|| unknown_caller("the bearer token is not in use"))?;
    let actor = format!("token:{}", token.name).into();
    Ok(Caller { token_id: token.token_id, actor, role: token.role })
}

fn unknown_caller(detail: &'static str) -> Problem {
    Problem::of(Code::Unauthenticated, detail).at("authorization").breaking("bearer_token")
}

/// The problem of a caller whose role is too small.
pub(crate) fn forbidden(needs: AccessRole) -> Problem {
    let role = role_word(needs);
    Problem::of(Code::Forbidden, format!("this takes the role `{role}` or more"))
        .breaking("role")
        .with("role_needed", role)
}

/// The role as everyone spells it.
pub(crate) fn role_word(role: AccessRole) -> &'static str {
    match role {
        AccessRole::Viewer => "viewer",
        AccessRole::Communicator => "communicator",
        AccessRole::Approver => "approver",
        AccessRole::Commander => "commander",
        AccessRole::Admin => "admin",
    }
}
