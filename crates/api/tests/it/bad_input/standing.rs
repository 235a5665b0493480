//! What is wrong with who asks, or with how things stand.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{NOBODY, open, opened, post, refused};
use crate::app::{Answer, App, COMMANDER, COMMUNICATOR, VIEWER, ask};

#[tokio::test]
async fn a_look_at_the_future() {
    let app = App::new().await;
    let incident = opened(&app).await;
    let look =
        |query: &str| ask(Method::GET, &format!("{incident}?as_of={query}")).by(VIEWER).bare();
    assert_snapshot!(refused(&app, look("2026-03-01T12:00:01Z")).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`as_of` must not lie in the future",
      "field": "as_of",
      "remedy": "Correct the parameter.",
      "rule": "future",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
    assert_snapshot!(refused(&app, look("99")).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`as_of` must not be after the log's last position, 1",
      "field": "as_of",
      "head": 1,
      "remedy": "Correct the parameter.",
      "rule": "future",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
    assert_snapshot!(refused(&app, look("yesterday")).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`as_of` must be a log position or an RFC 3339 time",
      "field": "as_of",
      "remedy": "Correct the parameter.",
      "rule": "as_of",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
}

#[tokio::test]
async fn an_unknown_id() {
    let app = App::new().await;
    let request = ask(Method::GET, &format!("/v1/incidents/{NOBODY}")).by(VIEWER).bare();
    assert_snapshot!(refused(&app, request).await, @r#"
    404 Not Found
    content-type: application/problem+json
    {
      "code": "not_found",
      "detail": "there is no such incident",
      "status": 404,
      "title": "There is no such thing",
      "type": "/docs#problem-not_found",
      "what": "incident"
    }
    "#);
    let body = json!({"reason": "No reason"});
    let request = post(&format!("/v1/incidents/{NOBODY}/reopen")).json(&body);
    assert_snapshot!(refused(&app, request).await, @r#"
    404 Not Found
    content-type: application/problem+json
    {
      "code": "not_found",
      "detail": "there is no such incident",
      "status": 404,
      "title": "There is no such thing",
      "type": "/docs#problem-not_found",
      "what": "incident"
    }
    "#);
}

#[tokio::test]
async fn no_token_and_an_unknown_token() {
    let app = App::new().await;
    let bare = ask(Method::POST, "/v1/incidents").json(&open("high"));
    assert_snapshot!(refused(&app, bare).await, @r#"
    401 Unauthorized
    www-authenticate: Bearer realm="fanal"
    content-type: application/problem+json
    {
      "code": "unauthenticated",
      "detail": "a bearer token is required",
      "field": "authorization",
      "remedy": "Send `Authorization: Bearer <token>` with a token that is in use.",
      "rule": "bearer_token",
      "status": 401,
      "title": "The caller is not known",
      "type": "/docs#problem-unauthenticated"
    }
    "#);
    let unknown = ask(Method::POST, "/v1/incidents").by("guess").json(&open("high"));
    assert_snapshot!(refused(&app, unknown).await, @r#"
    401 Unauthorized
    www-authenticate: Bearer realm="fanal"
    content-type: application/problem+json
    {
      "code": "unauthenticated",
      "detail": "the bearer token is not in use",
      "field": "authorization",
      "remedy": "Send `Authorization: Bearer <token>` with a token that is in use.",
      "rule": "bearer_token",
      "status": 401,
      "title": "The caller is not known",
      "type": "/docs#problem-unauthenticated"
    }
    "#);
}

#[tokio::test]
async fn the_wrong_role() {
    let app = App::new().await;
    let request = ask(Method::POST, "/v1/incidents").by(VIEWER).json(&open("high"));
    assert_snapshot!(refused(&app, request).await, @r#"
    403 Forbidden
    content-type: application/problem+json
    {
      "code": "forbidden",
      "detail": "this takes the role `communicator` or more",
      "remedy": "Ask for a token with the role that is needed.",
      "role_needed": "communicator",
      "rule": "role",
      "status": 403,
      "title": "The caller may not do this",
      "type": "/docs#problem-forbidden"
    }
    "#);
}

#[tokio::test]
async fn a_stale_version() {
    let app = App::new().await;
    let incident = opened(&app).await;
    let update = json!({"text": "It spreads."});
    app.post(COMMUNICATOR, &format!("{incident}/situation"), &update).await.expect(200);
    let request = post(&format!("{incident}/situation"))
        .with("if-match", "\"1\"")
        .json(&json!({"text": "It stopped."}));
    assert_snapshot!(refused(&app, request).await, @r#"
    412 Precondition Failed
    content-type: application/problem+json
    {
      "code": "stale_version",
      "current_version": 2,
      "detail": "it is at version 2, not at 1",
      "field": "if-match",
      "remedy": "Read it again and decide anew; nothing was changed.",
      "rule": "current_version",
      "status": 412,
      "title": "It has changed since it was read",
      "type": "/docs#problem-stale_version"
    }
    "#);
}

#[tokio::test]
async fn a_version_or_a_key_that_is_none() {
    let app = App::new().await;
    let incident = opened(&app).await;
    let situation = format!("{incident}/situation");
    let update = json!({"text": "It spreads."});
    let request = post(&situation).with("if-match", "W/\"1\"").json(&update);
    assert_snapshot!(refused(&app, request).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_header",
      "detail": "`if-match` must be one `ETag` as it was given, such as `\"7\"`",
      "field": "if-match",
      "remedy": "Correct the header; nothing was changed.",
      "rule": "etag",
      "status": 400,
      "title": "A header breaks a rule",
      "type": "/docs#problem-invalid_header"
    }
    "#);
    let request = post(&situation).with("idempotency-key", &"k".repeat(129)).json(&update);
    assert_snapshot!(refused(&app, request).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_header",
      "detail": "`idempotency-key` must be 1 to 128 visible ASCII characters",
      "field": "idempotency-key",
      "remedy": "Correct the header; nothing was changed.",
      "rule": "form",
      "status": 400,
      "title": "A header breaks a rule",
      "type": "/docs#problem-invalid_header"
    }
    "#);
}

#[tokio::test]
async fn a_replay_gives_the_first_answer_and_another_body_is_refused() {
    let app = App::new().await;
    let send = |body: Value| {
        let request = post("/v1/incidents").with("idempotency-key", "try-1").json(&body);
        app.send(request)
    };
    let first: Answer = send(open("high")).await.expect(201);
    let head = app.head().await;
    let second = send(open("high")).await.expect(201);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!((second.text(), second.header("etag")), (first.text(), first.header("etag")));
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(app.head().await, head);

    let request = post("/v1/incidents").with("idempotency-key", "try-1").json(&open("low"));
    assert_snapshot!(refused(&app, request).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "key_reused",
      "detail": "another request was sent with this key, by the same caller to the same path",
      "field": "idempotency-key",
      "remedy": "Use a new key for a new request; nothing was changed.",
      "rule": "same_request",
      "status": 422,
      "title": "The idempotency key was used for another request",
      "type": "/docs#problem-key_reused"
    }
    "#);

    let other = ask(Method::POST, "/v1/incidents").by(COMMANDER);
    let other = app.send(other.with("idempotency-key", "try-1").json(&open("low"))).await;
    assert_eq!(other.expect(201).header("idempotency-replayed"), None, "keys belong to callers");
}

#[tokio::test]
async fn a_replay_is_recognised_even_when_it_could_not_be_done_again() {
    let app = App::new().await;
    let incident = opened(&app).await;
    let resolve = || {
        let request = post(&format!("{incident}/resolve")).with("idempotency-key", "end");
        let request = request.with("if-match", "\"1\"").json(&json!({"summary": "All is well."}));
        app.send(request)
    };
    let first = resolve().await.expect(200);
    let second = resolve().await.expect(200);
    assert_eq!(second.text(), first.text());
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
}

#[tokio::test]
async fn what_the_rules_forbid_now() {
    let app = App::new().await;
    let incident = opened(&app).await;
    let request = post(&format!("{incident}/reopen")).json(&json!({"reason": "It is back."}));
    assert_snapshot!(refused(&app, request).await, @r#"
    409 Conflict
    content-type: application/problem+json
    {
      "code": "rejected",
      "detail": "the incident is not resolved",
      "remedy": "Only a resolved one can be reopened.",
      "rule": "incident_not_resolved",
      "status": 409,
      "title": "A rule forbids this now",
      "type": "/docs#problem-rejected"
    }
    "#);
    let request = post(&format!("{incident}/escalate")).json(&json!({"to": "low", "reason": "?"}));
    assert_snapshot!(refused(&app, request).await, @r#"
    409 Conflict
    content-type: application/problem+json
    {
      "code": "rejected",
      "detail": "`to` does not raise the severity",
      "field": "to",
      "remedy": "Choose one above `high`.",
      "rule": "severity_not_higher",
      "status": 409,
      "title": "A rule forbids this now",
      "type": "/docs#problem-rejected"
    }
    "#);
    let request =
        post(&format!("{incident}/promises/{NOBODY}/keep")).json(&json!({"note": "Done."}));
    assert_snapshot!(refused(&app, request).await, @r#"
    404 Not Found
    content-type: application/problem+json
    {
      "code": "not_found",
      "detail": "`promise_id` names no promise of this incident",
      "field": "promise_id",
      "remedy": "See its promises.",
      "rule": "promise_unknown",
      "status": 404,
      "title": "There is no such thing",
      "type": "/docs#problem-not_found"
    }
    "#);
}
