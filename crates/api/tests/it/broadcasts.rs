//! The story of a broadcast over HTTP: people brought in, told, counted, found one by one.

use axum::http::Method;
use fanal_domain::broadcast::BroadcastPhase;
use fanal_domain::id::BroadcastId;
use fanal_engine::fault::Faults;
use fanal_engine::testing::Driver;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::app::{ADMIN, Answer, App, COMMANDER, COMMUNICATOR, VIEWER, ask};

/// Four who can be told, one without consent, one who comes twice, one whose number is none.
const PEOPLE: &str = "\
phone,name,language,relation,consent,consent_basis,consent_method,consent_at,district
+33612345670,Léa Martin,fr,resident,alerts,consent,form,2026-02-11T09:12:00Z,Lyon 3e
+33612345671,Ana Silva,pt,resident,alerts,consent,form,2026-02-11T09:12:00Z,Lyon 3e
+33612345672,Jon Smith,en,resident,alerts,consent,form,2026-02-11T09:12:00Z,Lyon 3e
+33612345673,Mia Rossi,it,resident,,,,,Lyon 3e
+33612345671,Ana Silva,pt,resident,alerts,consent,form,2026-02-11T09:12:00Z,Lyon 3e
0612,Nobody,fr,resident,,,,,Lyon 3e
+33612345674,Far Away,fr,resident,alerts,consent,form,2026-02-11T09:12:00Z,Lyon 9e
";

async fn import(app: &App, file: &str) -> Answer {
    let request = ask(Method::POST, "/v1/contacts/import").by(ADMIN);
    app.send(request.with("content-type", "text/csv; charset=utf-8").raw(file.to_owned())).await
}

async fn id(app: &App, path: &str, body: &Value) -> String {
    let answer = app.post(COMMUNICATOR, path, body).await.expect(201);
    app.settle().await;
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn approved_template(app: &App) -> String {
    let template = json!({
        "name": "water_alert",
        "category": "utility",
        "variables": [
            {"name": "district", "type": "text", "example": "Lyon 3e"},
            {"name": "next_update", "type": "time", "commitment": true,
                "example": "2026-12-01T18:30:00Z"},
        ],
    });
    let template = id(app, "/v1/templates", &template).await;
    let path = format!("/v1/templates/{template}");
    let body = "Ne buvez pas l'eau à {{district}}. Nouvelles avant {{next_update}}, promis.";
    let content = json!({
        "body": body,
        "buttons": [{"quick_reply": {"text": "Bien reçu", "answer": "received"}}],
    });
    let translation = json!({"language": "fr", "content": content});
    app.post(COMMUNICATOR, &format!("{path}/translations"), &translation).await.expect(200);
    let language = json!({"language": "fr"});
    app.post(COMMUNICATOR, &format!("{path}/submit"), &language).await.expect(200);
    template
}

/// Imports the people, opens an exercise, and drafts a broadcast to Lyon 3e; returns both paths.
async fn drafted(app: &App) -> (String, String) {
    import(app, PEOPLE).await.expect(200);
    let rule = json!({"expression": "contact.district == \"Lyon 3e\""});
    let segment = id(app, "/v1/segments", &json!({"name": "Lyon 3e", "rule": rule})).await;
    let template = approved_template(app).await;
    let opening = json!({
        "title": "Water", "kind": "water", "severity": "high", "mode": "exercise",
        "summary": "Bacteria found.",
    });
    let incident = id(app, "/v1/incidents", &opening).await;
    let draft = json!({"incident_id": incident, "brief": {
        "title": "Do not drink the water",
        "template_id": template,
        "fallback_language": "fr",
        "purpose": "alerts",
        "segments": [segment],
        "variables": {
            "district": {"attribute": {"name": "district", "otherwise": "votre quartier"}},
            "next_update": {"time": "2026-03-01T18:30:00Z"},
        },
        "rules": {"expires_after_s": 3600, "settles_after_s": 7200, "unknown": "leave",
            "answer_within_s": 1800},
    }});
    let broadcast = id(app, "/v1/broadcasts", &draft).await;
    (format!("/v1/incidents/{incident}"), format!("/v1/broadcasts/{broadcast}"))
}

/// Lets the engine work until the broadcast is completed.
async fn complete(app: &App, broadcast: &str) {
    let id = BroadcastId(broadcast.rsplit('/').next().unwrap().parse().unwrap());
    let mut driver = Driver::new(app.engine.clone(), &app.stage.clock, &Faults::default(), 7);
    let is_done = |engine: &fanal_engine::Engine| {
        engine.live().read(|world| {
            let course = world.broadcast(id).unwrap().course();
            course.state.phase == BroadcastPhase::Completed
        })
    };
    assert!(driver.run(is_done).await);
}

async fn launched(app: &App) -> (String, String) {
    let (incident, broadcast) = drafted(app).await;
    for verb in ["plan", "launch"] {
        let path = format!("{broadcast}/{verb}");
        app.post(COMMUNICATOR, &path, &json!({})).await.expect(200);
        app.settle().await;
    }
    (incident, broadcast)
}

#[tokio::test]
async fn a_file_of_people_is_taken_in_and_every_other_row_told() {
    let app = App::new().await;
    assert_snapshot!(import(&app, PEOPLE).await.shown(), @r#"
    200 OK
    fanal-position: 9
    content-type: application/json
    {
      "changed": 0,
      "problems": [
        {
          "field": "phone",
          "line": 6,
          "rule": "the number stands in line 3 already"
        },
        {
          "field": "phone",
          "line": 7,
          "rule": "its country has no numbers of this length"
        }
      ],
      "problems_left_out": 0,
      "refused": 1,
      "registered": 5,
      "repeated": 1,
      "rows": 7,
      "unchanged": 0
    }
    "#);
    let head = app.head().await;
    let again = import(&app, PEOPLE).await.expect(200).json();
    assert_eq!((&again["registered"], &again["unchanged"]), (&json!(0), &json!(5)));
    assert_eq!(app.head().await, head, "a second run changes nothing");
}

#[tokio::test]
async fn a_file_that_cannot_be_used_changes_nothing() {
    let app = App::new().await;
    assert_snapshot!(import(&app, "name,language\nLéa,fr\n").await.shown(), @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`header`: neither `phone` nor `sms` is a column",
      "field": "header",
      "remedy": "People are recognised by their numbers: add one.",
      "rows_done": 0,
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    let request = ask(Method::POST, "/v1/contacts/import").by(ADMIN).json(&json!({"phone": 1}));
    assert_snapshot!(app.send(request).await.shown(), @r#"
    415 Unsupported Media Type
    content-type: application/problem+json
    {
      "code": "unsupported_media_type",
      "detail": "the body must be `text/csv`",
      "field": "content-type",
      "remedy": "Set `Content-Type` to what the operation takes; nothing was changed.",
      "rule": "media_type",
      "status": 415,
      "title": "The body is of the wrong type",
      "type": "/docs#problem-unsupported_media_type"
    }
    "#);
    assert_eq!(app.head().await, 0);
}

#[tokio::test]
async fn planning_says_who_will_be_told_and_who_not() {
    let app = App::new().await;
    let (_, broadcast) = drafted(&app).await;
    assert_snapshot!(app.post(COMMUNICATOR, &format!("{broadcast}/plan"), &json!({})).await.shown(), @r#"
    200 OK
    etag: "2"
    fanal-position: 17
    content-type: application/json
    {
      "audience_hash": "4b70989a7659933d0abac65cc386ad7fbf08b944bb6af4498755cfff520d1855",
      "id": "01936d8e-0000-7000-8000-000000000022",
      "position": 17,
      "recipients": 3,
      "suppressed": {
        "no_consent": 1
      },
      "version": 2
    }
    "#);
    let shown = app.get(VIEWER, &broadcast).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["recipients"]), (&json!("planned"), &json!(3)));
}

#[tokio::test]
async fn a_broadcast_from_draft_to_completed() {
    let app = App::new().await;
    let (incident, broadcast) = launched(&app).await;
    let promises = app.get(VIEWER, &incident).await.expect(200).json()["promises"].clone();
    assert_eq!(promises[0]["deadline"], "2026-03-01T18:30:00Z");
    complete(&app, &broadcast).await;

    let shown = app.get(VIEWER, &broadcast).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["open"]), (&json!("completed"), &json!(0)));
    assert_eq!(app.stage.provider.sent().len(), 3);
    let list = format!("/v1/broadcasts?incident_id={}", incident.rsplit('/').next().unwrap());
    let list = app.get(VIEWER, &list).await.expect(200).json();
    assert_eq!(list["items"][0]["state"], "completed");

    let then = app.get(VIEWER, &format!("{broadcast}?as_of=12")).await.expect(404);
    assert_eq!(then.json()["what"], "broadcast");
    let planned = app.get(VIEWER, &format!("{broadcast}/metrics")).await.expect(200).json();
    assert_eq!(planned["recipients"], 3);
}

#[tokio::test]
async fn recipients_are_listed_by_where_they_stand_and_found_by_number() {
    let app = App::new().await;
    let (_, broadcast) = launched(&app).await;
    complete(&app, &broadcast).await;
    app.settle().await;
    let list = |query: &str| format!("{broadcast}/recipients?{query}");
    let count = |answer: Answer| answer.expect(200).json()["items"].as_array().unwrap().len();
    assert_eq!(count(app.get(COMMUNICATOR, &list("status=suppressed")).await), 1);
    assert_eq!(count(app.get(COMMUNICATOR, &list("suppressed=no_consent")).await), 1);
    let part = app.get(COMMUNICATOR, &list("limit=3")).await.expect(200).json();
    let cursor = part["next_cursor"].as_str().unwrap();
    assert_eq!(count(app.get(COMMUNICATOR, &list(&format!("cursor={cursor}"))).await), 1);
    assert_snapshot!(app.get(COMMUNICATOR, &list("status=unreached")).await.shown(), @r#"
    400 Bad Request
    content-type: application/problem+json
    {
      "code": "invalid_query",
      "detail": "`status` must be one of `in_scope`, `eligible`, `queued`, `started`, `accepted`, `sent`, `delivered`, `read`, `answered`, `acknowledged`, `suppressed`, `failed`, `unknown`, `expired`, `cancelled`",
      "field": "status",
      "remedy": "Correct the parameter.",
      "rule": "one_of",
      "status": 400,
      "title": "A query parameter breaks a rule",
      "type": "/docs#problem-invalid_query"
    }
    "#);
    app.get(VIEWER, &list("status=failed")).await.expect(403);

    let find = format!("{broadcast}/recipients/find");
    let number = json!({"number": "+33612345671"});
    assert_snapshot!(app.post(COMMUNICATOR, &find, &number).await.shown(), @r#"
    200 OK
    fanal-position: 24
    content-type: application/json
    {
      "contact_id": "01936d8e-0000-7000-8000-000000000003",
      "failure": null,
      "status": "failed",
      "suppressed": null,
      "told": {
        "accepted_at": "2026-03-01T12:00:00Z",
        "acknowledged_at": null,
        "answered_at": null,
        "answers": [],
        "billable": false,
        "category": null,
        "consent_position": 4,
        "delivered_at": null,
        "failed_at": null,
        "index": 1,
        "language": "fr",
        "market": "FR",
        "read_at": null,
        "sent_at": null
      },
      "undelivered": true
    }
    "#);
    let elsewhere = json!({"number": "+33612345674"});
    let answer = app.post(COMMUNICATOR, &find, &elsewhere).await.expect(404);
    assert_eq!(answer.json()["what"], "recipient");
}

#[tokio::test]
async fn a_cancelled_broadcast_tells_nobody() {
    let app = App::new().await;
    let (incident, broadcast) = launched(&app).await;
    let close = app.post(COMMANDER, &format!("{incident}/close"), &json!({})).await.expect(409);
    assert_eq!(close.json()["rule"], "broadcast_running");
    let reason = json!({"reason": "False alarm."});
    let path = format!("{broadcast}/cancel");
    app.post(COMMUNICATOR, &path, &reason).await.expect(403);
    app.post(COMMANDER, &path, &reason).await.expect(200);
    let shown = app.get(VIEWER, &broadcast).await.expect(200).json();
    assert_eq!(shown["cancelled_because"], "False alarm.");
    let again = app.post(COMMUNICATOR, &format!("{broadcast}/launch"), &json!({})).await;
    assert_snapshot!(again.shown(), @r#"
    409 Conflict
    content-type: application/problem+json
    {
      "code": "rejected",
      "detail": "the broadcast is cancelled",
      "remedy": "It can be launched only while planned.",
      "rule": "broadcast_wrong_phase",
      "status": 409,
      "title": "A rule forbids this now",
      "type": "/docs#problem-rejected"
    }
    "#);
    assert_eq!(app.stage.provider.sent().len(), 0);
}

#[tokio::test]
async fn a_brief_that_makes_no_sense_is_refused_field_by_field() {
    let app = App::new().await;
    let (_, broadcast) = drafted(&app).await;
    let brief = app.get(VIEWER, &broadcast).await.expect(200).json()["brief"].clone();
    let head = app.head().await;
    let revise = |field: &str, value: Value| {
        let mut brief = brief.clone();
        brief[field] = value;
        app.send(ask(Method::PUT, &broadcast).by(COMMUNICATOR).json(&json!({"brief": brief})))
    };
    assert_snapshot!(revise("segments", json!([])).await.shown(), @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`segments` is empty and would reach nobody",
      "field": "segments",
      "remedy": "Name at least one segment.",
      "rule": "segments_empty",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    assert_snapshot!(revise("variables", json!({})).await.shown(), @r#"
    422 Unprocessable Entity
    content-type: application/problem+json
    {
      "code": "invalid_field",
      "detail": "`brief.variables.district`: the template needs a value for it",
      "field": "brief.variables.district",
      "remedy": "Give it one such as `Lyon 3e`.",
      "rule": "value",
      "status": 422,
      "title": "A field breaks a rule",
      "type": "/docs#problem-invalid_field"
    }
    "#);
    assert_eq!(app.head().await, head);
    revise("title", json!("Do not drink it")).await.expect(200);
}
