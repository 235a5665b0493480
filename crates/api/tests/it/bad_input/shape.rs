//! What is wrong with the request itself.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::json;

use super::{open, opened, post, refused};
use crate::app::{App, VIEWER, ask};

#[tokio::test]
async fn an_oversized_body() {
    let app = App::new().await;
    let mut body = open("high");
    body["summary"] = "x".repeat(1024 * 1024).into();
    assert_snapshot!(refused(&app, post("/v1/incidents").json(&body)).await, @r#"
    413 Payload Too Large
    content-type: application/problem+json
    {
      "bytes_max": 1048576,
      "code": "too_large",
      "detail": "the body may have at most 1048576 bytes",
      "remedy": "Send less at a time; nothing was changed.",
      "rule": "body_bytes_max",
      "status": 413,
      "title": "The body is too large",
      "type": "/docs#problem-too_large"
    }
    "#);
}

#[tokio::test]
async fn a_malformed_body() {
    let app = App::new().await;
    let request = post("/v1/incidents")
        .with("content-type", "application/json")
        .raw("{\"title\": \"+33612345678\",,");
    assert_snapshot!(refused(&app, request).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "malformed_body",
      "column": 26,
      "detail": "not JSON at line 1, column 26",
      "line": 1,
      "remedy": "Send well-formed JSON; nothing was changed.",
      "rule": "json",
      "status": 400,
      "title": "The body cannot be read",
      "type": "/docs#problem-malformed_body"
    }
    "#);
}

#[tokio::test]
async fn a_body_of_another_type() {
    let app = App::new().await;
    let request = post("/v1/incidents").with("content-type", "text/plain").raw("title=Water");
    assert_snapshot!(refused(&app, request).await, @r#"
    415 Unsupported Media Type
    content-type: application/problem+json
    {
      "code": "unsupported_media_type",
      "detail": "the body must be `application/json`",
      "field": "content-type",
      "remedy": "Set `Content-Type` to what the operation takes; nothing was changed.",
      "rule": "media_type",
      "status": 415,
      "title": "The body is of the wrong type",
      "type": "/docs#problem-unsupported_media_type"
    }
    "#);
}

#[tokio::test]
async fn a_field_of_the_wrong_type() {
    let app = App::new().await;
    let mut body = open("high");
    body["title"] = json!(["Water"]);
    assert_snapshot!(refused(&app, post("/v1/incidents").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`title` must be a string",
      "field": "title",
      "remedy": "Correct the field and send the request again; nothing was changed.",
      "rule": "type",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn an_unknown_field() {
    let app = App::new().await;
    let mut body = open("high");
    body["sevrity"] = json!("low");
    assert_snapshot!(refused(&app, post("/v1/incidents").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`sevrity` is not known here; known: `title`, `kind`, `severity`, `mode`, `summary`",
      "field": "sevrity",
      "remedy": "Correct the field and send the request again; nothing was changed.",
      "rule": "unknown_field",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn a_word_that_is_not_in_the_list() {
    let app = App::new().await;
    assert_snapshot!(refused(&app, post("/v1/incidents").json(&open("enormous"))).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`severity` must be one of `low`, `moderate`, `high`, `critical`",
      "field": "severity",
      "remedy": "Correct the field and send the request again; nothing was changed.",
      "rule": "one_of",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn a_text_that_is_too_long() {
    let app = App::new().await;
    let mut body = open("high");
    body["title"] = "x".repeat(121).into();
    assert_snapshot!(refused(&app, post("/v1/incidents").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`title` has 121 characters",
      "field": "title",
      "remedy": "Shorten it to 120.",
      "rule": "text_too_long",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn a_deadline_that_has_passed() {
    let app = App::new().await;
    let incident = opened(&app).await;
    let body = json!({"text": "News", "deadline": "2026-03-01T11:59:59Z"});
    let request = post(&format!("{incident}/promises")).json(&body);
    assert_snapshot!(refused(&app, request).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`deadline` has passed already",
      "field": "deadline",
      "remedy": "Name a later time.",
      "rule": "deadline_passed",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn an_id_that_is_none() {
    let app = App::new().await;
    let request = ask(Method::GET, "/v1/incidents/the-flood").by(VIEWER).bare();
    assert_snapshot!(refused(&app, request).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_path",
      "detail": "`incident_id` must be a UUID",
      "field": "incident_id",
      "remedy": "Correct the path.",
      "rule": "uuid",
      "status": 400,
      "title": "A part of the path breaks a rule",
      "type": "/docs#problem-invalid_path"
    }
    "#);
}

#[tokio::test]
async fn a_parameter_out_of_range_or_unknown_or_doubled() {
    let app = App::new().await;
    let list = |query: &str| ask(Method::GET, &format!("/v1/incidents?{query}")).by(VIEWER).bare();
    assert_snapshot!(refused(&app, list("limit=1001")).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`limit` must be a whole number from 1 to 1000",
      "field": "limit",
      "remedy": "Correct the parameter.",
      "rule": "range",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
    assert_snapshot!(refused(&app, list("limti=10")).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`limti` is not known here; known: `min_position`, `state`, `cursor`, `limit`",
      "field": "limti",
      "remedy": "Correct the parameter.",
      "rule": "unknown_parameter",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
    assert_snapshot!(refused(&app, list("limit=10&limit=20")).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`limit` may stand only once",
      "field": "limit",
      "remedy": "Correct the parameter.",
      "rule": "once",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
    assert_snapshot!(refused(&app, list("cursor=%2B33612345678")).await, @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`cursor` must be a `next_cursor` as it was given",
      "field": "cursor",
      "remedy": "Correct the parameter.",
      "rule": "cursor",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
}
