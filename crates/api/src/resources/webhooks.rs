//! What the provider calls us with: raw bytes, trusted by signature only.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use fanal_engine::intake::IntakeError;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::answer::FANAL_POSITION;
use crate::extract::{Params, too_large, unread};
use crate::problem::{Code, Problem};
use crate::state::Api;

/// The header that carries the signature.
const SIGNATURE: &str = "x-hub-signature-256";

pub(crate) fn routes(api: &Api) -> OpenApiRouter<Api> {
    let limit = DefaultBodyLimit::max(api.limits.webhook_bytes_max);
    OpenApiRouter::new()
        .routes(routes!(answer_challenge))
        .routes(routes!(receive_webhook).layer(limit))
}

/// Answers the provider's question whether this is the right place.
#[utoipa::path(get, path = "/webhooks/whatsapp", operation_id = "answer_challenge",
    tag = "webhooks",
    params(
        ("hub.mode" = String, Query, description = "`subscribe`."),
        ("hub.verify_token" = String, Query, description = "What both sides know."),
        ("hub.challenge" = String, Query, description = "What to answer."),
    ),
    responses(
        (status = 200, description = "The challenge.", body = String, content_type = "text/plain"),
        (status = 403, description = "The token is not ours."),
    ))]
async fn answer_challenge(State(api): State<Api>, uri: Uri) -> Result<Response, Problem> {
    let mut params = Params::of(&uri)?;
    let mut take = |name| params.text(name).unwrap_or_default();
    let (mode, token) = (take("hub.mode"), take("hub.verify_token"));
    let challenge = take("hub.challenge");
    let answer = api.engine.ports().webhook.answer_challenge(&mode, &token, &challenge);
    let answer = answer
        .ok_or_else(|| Problem::of(Code::BadChallenge, "the verification token is not ours"))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], answer).into_response())
}

/// Takes in what the provider tells. On disk when it is answered.
///
/// Duplicates, disorder and content that is not understood are normal: only a wrong signature and
/// a body that is no JSON are refused.
#[utoipa::path(post, path = "/webhooks/whatsapp", operation_id = "receive_webhook",
    tag = "webhooks",
    params(("X-Hub-Signature-256" = String, Header,
        description = "`sha256=` and the HMAC over the raw body.")),
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses(
        (status = 200, description = "Everything is on disk."),
        (status = 400, description = "The body is no JSON of the provider's."),
        (status = 401, description = "The signature is missing or wrong."),
        (status = 413, description = "The body is larger than the provider sends."),
        (status = 503, description = "Not everything is on disk: send it again."),
    ))]
async fn receive_webhook(
    State(api): State<Api>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let bytes_max = api.limits.webhook_bytes_max;
    let body = body.map_err(|rejection| unread(&rejection, bytes_max))?;
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    let received = api.engine.receive(&body, signature).await;
    let received = received.map_err(|error| refused(error, bytes_max))?;
    Ok(match received.position {
        Some(position) => [(FANAL_POSITION, position.to_string())].into_response(),
        None => StatusCode::OK.into_response(),
    })
}

fn refused(error: IntakeError, bytes_max: usize) -> Problem {
    match error {
        IntakeError::BadSignature => {
            Problem::of(Code::BadSignature, "the signature is not that of the body")
                .at(SIGNATURE)
                .breaking("hmac_sha256")
        }
        IntakeError::Malformed(malformed) => {
            let (line, column) = (malformed.line, malformed.column);
            let detail = format!("not the provider's JSON at line {line}, column {column}");
            Problem::of(Code::MalformedWebhook, detail)
                .breaking("json")
                .with("line", line)
                .with("column", column)
        }
        IntakeError::TooLarge => too_large(bytes_max),
        IntakeError::Unavailable(cause) => {
            tracing::warn!(error = %cause, "a webhook could not be written down");
            Problem::of(Code::Unavailable, "not everything could be written down")
        }
    }
}
