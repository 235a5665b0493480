//! What the provider calls us with: signature first, durable before 200, never a 500.

use axum::http::Method;
use insta::assert_snapshot;

use crate::app::{Answer, App, ask};

const PATH: &str = "/webhooks/whatsapp";

async fn call(app: &App, signature: Option<&str>, body: &str) -> Answer {
    let request = ask(Method::POST, PATH).with("content-type", "application/json");
    let request = match signature {
        Some(signature) => request.with("x-hub-signature-256", signature),
        None => request,
    };
    app.send(request.raw(body.to_owned())).await
}

#[tokio::test]
async fn what_is_signed_is_in_the_log_before_it_is_answered() {
    let app = App::new().await;
    call(&app, Some("sha256=good"), r#"{"account_alerts": {"a": 1}}"#).await.expect(200);
    assert_eq!(app.head().await, 1);
}

#[tokio::test]
async fn a_wrong_signature_changes_nothing() {
    let app = App::new().await;
    assert_snapshot!(call(&app, Some("sha256=bad"), "{}").await.shown(), @r#"
    401 Unauthorized
    content-type: application/problem+json
    {
      "code": "bad_signature",
      "detail": "the signature is not that of the body",
      "field": "x-hub-signature-256",
      "remedy": "Check that both sides hold the same app secret.",
      "rule": "hmac_sha256",
      "status": 401,
      "title": "The signature is missing or wrong",
      "type": "/docs#problem-bad_signature"
    }
    "#);
    call(&app, None, r#"{"account_alerts": {}}"#).await.expect(401);
    assert_eq!(app.head().await, 0);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let app = App::new().await;
    assert_snapshot!(call(&app, Some("sha256=good"), "+33612345678").await.shown(), @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "malformed_webhook",
      "column": 1,
      "detail": "not the provider's JSON at line 1, column 1",
      "line": 1,
      "rule": "json",
      "status": 400,
      "title": "The webhook body cannot be read",
      "type": "/docs#problem-malformed_webhook"
    }
    "#);
    assert_eq!(app.head().await, 0);
}

#[tokio::test]
async fn a_body_may_be_larger_than_elsewhere_but_not_endless() {
    let app = App::new().await;
    let body = |bytes: usize| format!(r#"{{"odd": "{}"}}"#, "x".repeat(bytes));
    call(&app, Some("sha256=good"), &body(2 * 1024 * 1024)).await.expect(200);
    let head = app.head().await;
    let answer = call(&app, Some("sha256=good"), &body(3 * 1024 * 1024)).await;
    assert_snapshot!(answer.shown(), @r#"
    413 Payload Too Large
    content-type: application/problem+json
    {
      "bytes_max": 3145728,
      "code": "too_large",
      "detail": "the body may have at most 3145728 bytes",
      "remedy": "Send less at a time; nothing was changed.",
      "rule": "body_bytes_max",
      "status": 413,
      "title": "The body is too large",
      "type": "/docs#problem-too_large"
    }
    "#);
    assert_eq!(app.head().await, head);
}

#[tokio::test]
async fn the_challenge_is_echoed_to_whoever_knows_the_token() {
    let app = App::new().await;
    let question = |token: &str| {
        format!("{PATH}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444")
    };
    let answer = app.send(ask(Method::GET, &question("let-me-in")).bare()).await.expect(200);
    assert_eq!(answer.text(), "1158201444");
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    let answer = app.send(ask(Method::GET, &question("let-me-out")).bare()).await;
    assert_snapshot!(answer.shown(), @r#"
    403 Forbidden
    content-type: application/problem+json
    {
      "code": "bad_challenge",
      "detail": "the verification token is not ours",
      "remedy": "Check that both sides hold the same verification token.",
      "status": 403,
      "title": "The verification token is wrong",
      "type": "/docs#problem-bad_challenge"
    }
    "#);
    app.send(ask(Method::GET, PATH).bare()).await.expect(403);
}
