//! A request that moves the world: who asks, under which conditions, once or not, and what.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use fanal_engine::{Context, OnceKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::{read_json, unread};
use super::params::Params;
use crate::access::Caller;
use crate::layers::RequestId;
use crate::problem::{Code, Problem};
use crate::state::Api;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request that moves the world.
#[derive(Debug)]
pub(crate) struct Command<T> {
    /// Who asks, under which conditions, once or not.
    pub(crate) context: Context,
    /// What.
    pub(crate) body: T,
}

impl<T: DeserializeOwned> FromRequest<Api> for Command<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, api).await?;
        let context = context_of(&caller, &parts, api);
        Params::of(&parts.uri)?.finish()?;
        let once = idempotency_key(&parts.headers)?;
        let if_version = if_match(&parts.headers)?;
        let request = Request::from_parts(parts.clone(), body);
        let body = Bytes::from_request(request, api)
            .await
            .map_err(|rejection| unread(&rejection, api.limits.body_bytes_max))?;
        let value = read_json(&parts.headers, &body)?;
        let once = once.map(|key| once_key(key, &parts, caller.token_id, &body));
        Ok(Self { context: Context { once, if_version, ..context }, body: value })
    }
}

/// Who asks, and in which request.
pub(crate) fn context_of(caller: &Caller, parts: &Parts, api: &Api) -> Context {
    let correlation = parts
        .extensions
        .get::<RequestId>()
        .map_or_else(|| api.engine.ports().ids.next(), |RequestId(id)| *id);
    Context::new(&caller.actor, caller.role, correlation)
}

/// The same key means the same request only from the same caller on the same path.
fn once_key(key: &str, parts: &Parts, token_id: Uuid, body: &[u8]) -> OnceKey {
    let mut scoped = Sha256::new();
    scoped.update(token_id);
    for field in [parts.method.as_str(), parts.uri.path(), key] {
        scoped.update((field.len() as u64).to_be_bytes());
        scoped.update(field);
    }
    OnceKey { key: scoped.finalize().into(), fingerprint: Sha256::digest(body).into() }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = only(headers, &IDEMPOTENCY_KEY)? else { return Ok(None) };
    let well_formed =
        (1..=128).contains(&value.len()) && value.bytes().all(|one| one.is_ascii_graphic());
    if well_formed {
        Ok(Some(value))
    } else {
        let detail = "`idempotency-key` must be 1 to 128 visible ASCII characters";
        Err(header_problem(&IDEMPOTENCY_KEY, "form", detail))
    }
}

/// The version the caller has seen; `*` only asks that the thing exists, as every route does.
fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    match only(headers, &header::IF_MATCH)? {
        None | Some("*") => Ok(None),
        Some(tag) => tag
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .filter(|version| version.bytes().all(|one| one.is_ascii_digit()))
            .and_then(|version| version.parse().ok())
            .map(Some)
            .ok_or_else(|| {
                let detail = "`if-match` must be one `ETag` as it was given, such as `\"7\"`";
                header_problem(&header::IF_MATCH, "etag", detail)
            }),
    }
}

/// The value of a header that may stand once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(header_problem(name, "once", format!("`{name}` may stand only once")));
    }
    first
        .map(|value| {
            value.to_str().map_err(|_| {
                header_problem(name, "form", format!("`{name}` must be visible ASCII characters"))
            })
        })
        .transpose()
}

fn header_problem(name: &HeaderName, rule: &'static str, detail: impl Into<String>) -> Problem {
    Problem::of(Code::InvalidHeader, detail).at(name.as_str()).breaking(rule)
}

/// A body without fields: nothing, or an empty object.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct Nothing {}

/// The headers every writing request takes, for the documents.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the headers; the extractor reads them itself")]
pub(crate) struct CommandHeaders {
    /// Names this request, 1 to 128 visible ASCII characters: sent again with the same key and
    /// body, it gives the same answer with `Idempotency-Replayed: true` and changes nothing.
    #[param(rename = "Idempotency-Key", max_length = 128)]
    idempotency_key: Option<String>,
    /// The `ETag` of what is to be changed, as it was read; if it has changed since: 412.
    #[param(rename = "If-Match", example = "\"7\"")]
    if_match: Option<String>,
}
