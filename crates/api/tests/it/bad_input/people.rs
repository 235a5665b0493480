//! Bad input about people: nothing is registered, and nothing sent is repeated.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{NOBODY, post, refused};
use crate::app::{ADMIN, App, COMMUNICATOR, ask};

fn person(number: &str) -> Value {
    json!({"name": "Léa Martin", "whatsapp": number, "language": "fr", "relation": "resident"})
}

async fn registered(app: &App) -> String {
    let answer = app.post(COMMUNICATOR, "/v1/contacts", &person("+33612345678")).await;
    answer.expect(201).json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_number_that_is_not_e164() {
    let app = App::new().await;
    let mut body = person("+33612345678");
    body["whatsapp"] = json!("06 12 34 56 78");
    assert_snapshot!(refused(&app, post("/v1/contacts").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`whatsapp` is refused: a phone number is `+` and 8 to 15 digits with its country code, such as `+33612345678`",
      "field": "whatsapp",
      "remedy": "Correct the field and send the request again; nothing was changed.",
      "rule": "form",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn a_consent_from_the_future() {
    let app = App::new().await;
    let id = registered(&app).await;
    let body = json!({"purpose": "alerts", "basis": "consent", "method": "form",
        "given_at": "2026-03-01T12:00:01Z"});
    let request = post(&format!("/v1/contacts/{id}/consents/give")).json(&body);
    assert_snapshot!(refused(&app, request).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`given_at` lies in the future",
      "field": "given_at",
      "remedy": "Give the time when consent was given.",
      "rule": "given_in_future",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn a_number_that_somebody_has() {
    let app = App::new().await;
    registered(&app).await;
    let request = post("/v1/contacts").json(&person("+33612345678"));
    assert_snapshot!(refused(&app, request).await, @r#"
    409 Conflict
    content-type: application/problem+json
    {
      "code": "rejected",
      "detail": "contact 01936d8e-0000-7000-8000-000000000002 has this number",
      "field": "whatsapp",
      "remedy": "Change that one, or merge.",
      "rule": "number_taken",
      "status": 409,
      "title": "A rule forbids this now",
      "type": "/docs#problem-rejected"
    }
    "#);
}

#[tokio::test]
async fn a_language_that_is_none() {
    let app = App::new().await;
    let mut body = person("+33612345678");
    body["language"] = json!("french");
    assert_snapshot!(refused(&app, post("/v1/contacts").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`language` is refused: a language is two or three letters with an optional region, such as `fr` or `pt_BR`",
      "field": "language",
      "remedy": "Correct the field and send the request again; nothing was changed.",
      "rule": "form",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn an_attribute_that_means_something_else_or_is_too_long() {
    let app = App::new().await;
    let mut body = person("+33612345678");
    body["attributes"] = json!({"name": "+33612345678"});
    assert_snapshot!(refused(&app, post("/v1/contacts").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`attributes`: an attribute's name is lower snake case, at most 64 characters, and none of the person's own fields",
      "field": "attributes",
      "remedy": "Rename it, such as `shoe_size`.",
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    body["attributes"] = json!({"district": "x".repeat(501)});
    assert_snapshot!(refused(&app, post("/v1/contacts").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`attributes.district`: at most 500 characters",
      "field": "attributes.district",
      "remedy": "Shorten or clean it, or leave it out.",
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    body["attributes"] = json!({"district": ["+33612345678"]});
    assert_snapshot!(refused(&app, post("/v1/contacts").json(&body)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`attributes.district` is refused: an attribute is a text, a number, true or false",
      "field": "attributes.district",
      "remedy": "Correct the field and send the request again; nothing was changed.",
      "rule": "form",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn a_person_who_was_forgotten() {
    let app = App::new().await;
    let id = registered(&app).await;
    let path = format!("/v1/contacts/{id}/erase");
    app.post(ADMIN, &path, &json!({"reason": "Asked for it."})).await.expect(200);
    let consent = json!({"purpose": "alerts", "basis": "consent", "method": "form",
        "given_at": "2026-02-11T09:12:00Z"});
    let request = post(&format!("/v1/contacts/{id}/consents/give")).json(&consent);
    assert_snapshot!(refused(&app, request).await, @r#"
    410 Gone
    content-type: application/problem+json
    {
      "code": "erased",
      "detail": "the contact was erased for good",
      "remedy": "Register the person anew if they agree.",
      "rule": "contact_erased",
      "status": 410,
      "title": "The person was erased",
      "type": "/docs#problem-erased"
    }
    "#);
}

#[tokio::test]
async fn a_merge_with_nobody_or_with_oneself() {
    let app = App::new().await;
    let id = registered(&app).await;
    let merge = |into: &str| {
        let path = format!("/v1/contacts/{id}/merge");
        ask(Method::POST, &path).by(ADMIN).json(&json!({"into": into}))
    };
    assert_snapshot!(refused(&app, merge(NOBODY)).await, @r#"
    404 Not Found
    content-type: application/problem+json
    {
      "code": "not_found",
      "detail": "there is no such contact",
      "status": 404,
      "title": "There is no such thing",
      "type": "/docs#problem-not_found",
      "what": "contact"
    }
    "#);
    assert_snapshot!(refused(&app, merge(&id)).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`into` is the contact itself",
      "field": "into",
      "remedy": "Name another.",
      "rule": "merged_into_itself",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn an_empty_rule_never_means_everyone() {
    let app = App::new().await;
    let define = |rule: Value| post("/v1/segments").json(&json!({"name": "All", "rule": rule}));
    assert_snapshot!(refused(&app, define(json!({"contacts": []}))).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`contacts` is empty and would select nobody",
      "field": "contacts",
      "remedy": "List at least one contact.",
      "rule": "contacts_empty",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    assert_snapshot!(refused(&app, define(json!({"expression": "  "}))).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`rule.expression`: an empty rule selects nobody",
      "field": "rule.expression",
      "remedy": "Say who is meant.",
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    assert_snapshot!(refused(&app, define(json!({"everyone": true}))).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`rule` must be one of `contacts` or `expression`",
      "field": "rule",
      "remedy": "Correct the field and send the request again; nothing was changed.",
      "rule": "one_of",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}

#[tokio::test]
async fn a_rule_that_cannot_be_read_or_reads_what_nobody_has() {
    let app = App::new().await;
    registered(&app).await;
    let preview =
        |rule: &str| post("/v1/segments/preview").json(&json!({"rule": {"expression": rule}}));
    assert_snapshot!(refused(&app, preview("contact.language ==")).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`rule.expression`: line 1, column 20: something is missing here",
      "field": "rule.expression",
      "remedy": "Complete the condition.",
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    assert_snapshot!(refused(&app, preview("contact.shoe_size > 40")).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`rule.expression`: nobody has the attribute `shoe_size` as a number",
      "field": "rule.expression",
      "remedy": "Check its spelling and type, or import it first.",
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    assert_snapshot!(refused(&app, preview(&"(".repeat(5_000))).await, @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`rule.expression`: a rule has at most 4096 bytes",
      "field": "rule.expression",
      "remedy": "Define several segments; a broadcast takes their union.",
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
}
