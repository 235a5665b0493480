//! People over HTTP: known, found, changed, forgotten; and texts for them.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::app::{ADMIN, App, COMMUNICATOR, VIEWER, ask};

fn person(name: &str, number: &str) -> Value {
    json!({
        "name": name,
        "whatsapp": number,
        "language": "fr",
        "relation": "resident",
        "attributes": {"district": "Lyon 3e", "household": 4, "wheelchair": false},
        "consents": [{
            "purpose": "alerts",
            "basis": "consent",
            "method": "form",
            "given_at": "2026-02-11T09:12:00Z",
            "evidence": "Form 4471",
        }],
    })
}

async fn register(app: &App, name: &str, number: &str) -> String {
    let answer = app.post(COMMUNICATOR, "/v1/contacts", &person(name, number)).await.expect(201);
    format!("/v1/contacts/{}", answer.json()["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_person_is_registered_and_shown() {
    let app = App::new().await;
    let path = register(&app, "Léa Martin", "+33612345678").await;
    assert_snapshot!(app.get(COMMUNICATOR, &path).await.shown(), @r#"
    200 OK
    etag: "2"
    fanal-position: 2
    content-type: application/json
    {
      "consents": [
        {
          "at": "2026-02-11T09:12:00Z",
          "basis": "consent",
          "method": "form",
          "purpose": "alerts",
          "state": "given"
        }
      ],
      "contact_id": "01936d8e-0000-7000-8000-000000000002",
      "language": "fr",
      "merged_into": null,
      "profile": {
        "attributes": {
          "district": "Lyon 3e",
          "household": 4.0,
          "wheelchair": false
        },
        "external_id": null,
        "name": "Léa Martin",
        "sms": null,
        "whatsapp": "+33612345678"
      },
      "relation": "resident",
      "standing": "active",
      "version": 2
    }
    "#);
    app.get(VIEWER, &path).await.expect(403);
}

#[tokio::test]
async fn a_person_is_found_by_number_and_no_number_stands_in_an_address() {
    let app = App::new().await;
    let path = register(&app, "Léa Martin", "+33612345678").await;
    let find = |number: &str| {
        let body = json!({"number": number});
        async { app.post(COMMUNICATOR, "/v1/contacts/find", &{ body }).await }
    };
    let found = find("+33612345678").await.expect(200).json();
    assert_eq!(found["contact_id"], path.rsplit('/').next().unwrap());
    find("+33612345679").await.expect(404);
}

#[tokio::test]
async fn a_change_replaces_the_whole_and_the_past_is_kept() {
    let app = App::new().await;
    let path = register(&app, "Léa Martin", "+33612345678").await;
    let before = app.get(COMMUNICATOR, &path).await.expect(200);
    let change = json!({"name": "Léa Durand", "language": "en", "relation": "employee"});
    let request = ask(Method::PUT, &path).by(COMMUNICATOR);
    let request = request.with("if-match", before.header("etag").unwrap()).json(&change);
    app.send(request).await.expect(200);

    let now = app.get(COMMUNICATOR, &path).await.expect(200).json();
    assert_eq!(
        (&now["profile"]["name"], &now["profile"]["whatsapp"]),
        (&json!("Léa Durand"), &Value::Null)
    );
    let then = app.get(COMMUNICATOR, &format!("{path}?as_of=2")).await.expect(200).json();
    assert_eq!(then["profile"]["name"], "Léa Martin");
}

#[tokio::test]
async fn opting_out_is_recorded() {
    let app = App::new().await;
    let path = register(&app, "Léa Martin", "+33612345678").await;
    let body = json!({"purposes": ["alerts", "marketing"], "method": "verbal"});
    let withdraw = format!("{path}/consents/withdraw");
    app.post(COMMUNICATOR, &withdraw, &body).await.expect(200);
    let shown = app.get(COMMUNICATOR, &path).await.expect(200).json();
    let at = "2026-03-01T12:00:00Z";
    assert_eq!(
        shown["consents"],
        json!([
            {"purpose": "alerts", "state": "withdrawn", "at": at},
            {"purpose": "marketing", "state": "withdrawn", "at": at},
        ])
    );
}

#[tokio::test]
async fn two_contacts_become_one() {
    let app = App::new().await;
    let one = register(&app, "Léa Martin", "+33612345678").await;
    let two = register(&app, "L. Martin", "+33612345679").await;
    let into = two.rsplit('/').next().unwrap();
    app.post(ADMIN, &format!("{one}/merge"), &json!({"into": into})).await.expect(200);
    let shown = app.get(COMMUNICATOR, &one).await.expect(200).json();
    assert_eq!((&shown["standing"], &shown["merged_into"]), (&json!("merged"), &json!(into)));
}

#[tokio::test]
async fn a_forgotten_person_is_erased_and_no_error() {
    let app = App::new().await;
    let path = register(&app, "Léa Martin", "+33612345678").await;
    app.post(ADMIN, &format!("{path}/erase"), &json!({"reason": "Asked."})).await.expect(200);
    for moment in ["", "?as_of=1"] {
        let shown = app.get(COMMUNICATOR, &format!("{path}{moment}")).await.expect(200);
        assert_eq!(shown.json()["profile"], Value::Null);
        assert!(!shown.text().contains("Martin"));
    }
}

#[tokio::test]
async fn people_are_listed_in_parts() {
    let app = App::new().await;
    for number in 0..5 {
        register(&app, "Somebody", &format!("+3361234567{number}")).await;
    }
    let first = app.get(COMMUNICATOR, "/v1/contacts?limit=3").await.expect(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/v1/contacts?limit=3&cursor={cursor}");
    let rest = app.get(COMMUNICATOR, &path).await.expect(200).json();
    let count = |part: &Value| part["items"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&rest), &rest["next_cursor"]), (3, 2, &Value::Null));
}

#[tokio::test]
async fn a_template_is_written_submitted_and_approved() {
    let app = App::new().await;
    let template = json!({
        "name": "water_alert",
        "category": "utility",
        "variables": [{"name": "district", "type": "text", "example": "Lyon 3e"}],
    });
    let made = app.post(COMMUNICATOR, "/v1/templates", &template).await.expect(201).json();
    let path = format!("/v1/templates/{}", made["id"].as_str().unwrap());
    let translation = json!({"language": "fr", "content": {
        "body": "Ne buvez pas l'eau à {{district}}, s'il vous plaît.",
        "buttons": [{"quick_reply": {"text": "Bien reçu", "answer": "received"}}],
    }});
    let language = json!({"language": "fr"});
    app.post(COMMUNICATOR, &format!("{path}/translations"), &translation).await.expect(200);
    app.post(COMMUNICATOR, &format!("{path}/submit"), &language).await.expect(200);
    assert_snapshot!(app.get(VIEWER, &path).await.shown(), @r#"
    200 OK
    etag: "3"
    fanal-position: 3
    content-type: application/json
    {
      "category": "utility",
      "name": "water_alert",
      "retired": false,
      "template_id": "01936d8e-0000-7000-8000-000000000002",
      "translations": [
        {
          "content": {
            "body": "Ne buvez pas l'eau à {{district}}, s'il vous plaît.",
            "buttons": [
              {
                "quick_reply": {
                  "answer": "received",
                  "text": "Bien reçu"
                }
              }
            ]
          },
          "language": "fr",
          "provider_id": "water_alert-fr",
          "reason": null,
          "status": "approved"
        }
      ],
      "variables": [
        {
          "commitment": false,
          "example": "Lyon 3e",
          "name": "district",
          "type": "text"
        }
      ],
      "version": 3
    }
    "#);

    let synced = app.post(COMMUNICATOR, "/v1/templates/sync", &json!({})).await.expect(200);
    assert_eq!(synced.json(), json!({"changed": 0, "unchanged": 1, "foreign": 0}));
    app.post(COMMUNICATOR, &format!("{path}/retire"), &json!({})).await.expect(200);
    let list = app.get(VIEWER, "/v1/templates").await.expect(200).json();
    assert_eq!(list["items"][0]["retired"], true);
}

#[tokio::test]
async fn senders_are_those_we_are_set_up_with() {
    let app = App::new().await;
    let senders = app.get(VIEWER, "/v1/senders").await.expect(200).json();
    assert_eq!(senders["items"][0]["sender"], "106540352242922");
    assert_eq!(senders["items"][0]["configured"], true);
}

#[tokio::test]
async fn a_segment_is_previewed_defined_counted_redefined_and_retired() {
    let app = App::new().await;
    register(&app, "Léa Martin", "+33612345678").await;
    let rule = json!({"expression": "contact.district == \"Lyon 3e\""});
    let preview = json!({"rule": rule});
    let count = app.post(VIEWER, "/v1/segments/preview", &preview).await.expect(200).json();
    assert_eq!((&count["people"], &count["reachable"]), (&json!(1), &json!(1)));

    let define = json!({"name": "Lyon 3e", "rule": rule});
    let made = app.post(COMMUNICATOR, "/v1/segments", &define).await.expect(201).json();
    let path = format!("/v1/segments/{}", made["id"].as_str().unwrap());
    let count = app.get(VIEWER, &format!("{path}/count")).await.expect(200).json();
    assert_eq!(count["people"], 1);
    let redefine = json!({"name": "Lyon", "rule": {"expression": "contact.language == \"fr\""}});
    let request = ask(Method::PUT, &path).by(COMMUNICATOR).with("if-match", "\"1\"");
    app.send(request.json(&redefine)).await.expect(200);
    app.post(COMMUNICATOR, &format!("{path}/retire"), &json!({})).await.expect(200);
    assert_snapshot!(app.get(VIEWER, &path).await.shown(), @r#"
    200 OK
    etag: "3"
    fanal-position: 5
    content-type: application/json
    {
      "name": "Lyon",
      "retired": true,
      "rule": {
        "expression": "contact.language == \"fr\""
      },
      "segment_id": "01936d8e-0000-7000-8000-000000000008",
      "version": 3
    }
    "#);
    let first = app.get(VIEWER, &format!("{path}?as_of=3")).await.expect(200).json();
    assert_eq!(first["name"], "Lyon 3e");
    let list = app.get(VIEWER, "/v1/segments").await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}
