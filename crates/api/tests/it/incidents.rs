//! The story of an incident over HTTP: written, watched live, looked at as it was.

use axum::body::Body;
use axum::http::{Method, Request};
use chrono::TimeDelta;
use http_body_util::BodyExt as _;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::app::{ADMIN, App, COMMANDER, COMMUNICATOR, VIEWER, ask};

/// Opens an incident and brings it to its end, a minute between two steps; returns its path.
async fn story(app: &App) -> String {
    let opening = json!({
        "title": "Drinking water unsafe",
        "kind": "water",
        "severity": "high",
        "mode": "live",
        "summary": "Bacteria found.",
    });
    let opened = app.post(COMMUNICATOR, "/v1/incidents", &opening).await.expect(201).json();
    let incident = format!("/v1/incidents/{}", opened["id"].as_str().unwrap());
    let promise = json!({"text": "Next result", "deadline": "2026-03-01T18:30:00Z"});
    step(app, &incident, "escalate", &json!({"to": "critical", "reason": "Hospitals."})).await;
    step(app, &incident, "roles/assign", &json!({"role": "commander", "holder": "anna.b"})).await;
    step(app, &incident, "situation", &json!({"text": "The reservoir is isolated."})).await;
    let promised = app.post(COMMUNICATOR, &format!("{incident}/promises"), &promise).await;
    let promise = promised.expect(201).json()["id"].as_str().unwrap().to_owned();
    step(app, &incident, &format!("promises/{promise}/keep"), &json!({"note": "Clean."})).await;
    step(app, &incident, "deescalate", &json!({"to": "low", "reason": "Clean."})).await;
    step(app, &incident, "roles/relieve", &json!({"role": "commander", "holder": "anna.b"})).await;
    step(app, &incident, "resolve", &json!({"summary": "Three clean samples."})).await;
    step(app, &incident, "close", &json!({})).await;
    incident
}

async fn step(app: &App, incident: &str, verb: &str, body: &Value) {
    app.stage.clock.advance(TimeDelta::minutes(1));
    app.post(COMMANDER, &format!("{incident}/{verb}"), body).await.expect(200);
}

#[tokio::test]
async fn an_incident_from_open_to_closed() {
    let app = App::new().await;
    let incident = story(&app).await;
    assert_snapshot!(app.get(VIEWER, &incident).await.shown(), @r#"
    200 OK
    etag: "10"
    fanal-position: 10
    content-type: application/json
    {
      "as_of": {
        "at": "2026-03-01T12:08:00Z",
        "position": 10
      },
      "broadcasts": [],
      "closed_at": "2026-03-01T12:08:00Z",
      "incident_id": "01936d8e-0000-7000-8000-000000000002",
      "kind": "water",
      "mode": "live",
      "opened_at": "2026-03-01T12:00:00Z",
      "opened_by": "token:communicator",
      "promises": [
        {
          "broadcast_id": null,
          "deadline": "2026-03-01T18:30:00Z",
          "promise_id": "01936d8e-0000-7000-8000-00000000000b",
          "state": "kept",
          "text": "Next result"
        }
      ],
      "resolved_at": "2026-03-01T12:07:00Z",
      "roles": [],
      "severity": "low",
      "situation": "The reservoir is isolated.",
      "state": "closed",
      "title": "Drinking water unsafe",
      "version": 10
    }
    "#);
}

#[tokio::test]
async fn the_answer_to_a_write_says_where_it_stands() {
    let app = App::new().await;
    let opening = json!({
        "title": "Flood", "kind": "flood", "severity": "low", "mode": "exercise", "summary": "A drill.",
    });
    let opened = app.post(COMMUNICATOR, "/v1/incidents", &opening).await;
    assert_snapshot!(opened.shown(), @r#"
    201 Created
    etag: "1"
    fanal-position: 1
    location: /v1/incidents/01936d8e-0000-7000-8000-000000000002
    content-type: application/json
    {
      "id": "01936d8e-0000-7000-8000-000000000002",
      "position": 1,
      "version": 1
    }
    "#);
    let update = json!({"text": "It rises."});
    let path = format!("{}/situation", opened.header("location").unwrap());
    let request = ask(Method::POST, &path).by(COMMUNICATOR).with("if-match", "\"1\"");
    assert_snapshot!(app.send(request.json(&update)).await.shown(), @r#"
    200 OK
    etag: "2"
    fanal-position: 2
    content-type: application/json
    {
      "id": "01936d8e-0000-7000-8000-000000000002",
      "position": 2,
      "version": 2
    }
    "#);
}

#[tokio::test]
async fn the_timeline_reads_as_text_in_two_languages() {
    let app = App::new().await;
    let incident = story(&app).await;
    let text = |query: &str| format!("{incident}/timeline?format=text{query}");
    assert_snapshot!(app.get(VIEWER, &text("")).await.expect(200).text(), @r#"
     1  2026-03-01T12:00:00Z  token:communicator  Incident opened: Drinking water unsafe (water, severity high)
     2  2026-03-01T12:01:00Z  token:commander  Severity raised from high to critical: Hospitals.
     3  2026-03-01T12:02:00Z  token:commander  anna.b is now commander
     4  2026-03-01T12:03:00Z  token:commander  Situation: The reservoir is isolated.
     5  2026-03-01T12:03:00Z  token:communicator  Promised by 2026-03-01 18:30 UTC: Next result
     6  2026-03-01T12:04:00Z  token:commander  Promise kept: Next result (Clean.)
     7  2026-03-01T12:05:00Z  token:commander  Severity lowered from critical to low: Clean.
     8  2026-03-01T12:06:00Z  token:commander  anna.b is no longer commander
     9  2026-03-01T12:07:00Z  token:commander  Resolved: Three clean samples.
    10  2026-03-01T12:08:00Z  token:commander  Closed
    "#);
    assert_snapshot!(app.get(VIEWER, &text("&language=fr&as_of=3")).await.expect(200).text(), @r#"
    1  2026-03-01T12:00:00Z  token:communicator  Incident ouvert : Drinking water unsafe (water, gravité élevée)
    2  2026-03-01T12:01:00Z  token:commander  Gravité relevée (élevée → critique) : Hospitals.
    3  2026-03-01T12:02:00Z  token:commander  anna.b prend le rôle de commandant
    "#);
}

#[tokio::test]
async fn the_timeline_comes_in_parts() {
    let app = App::new().await;
    let incident = story(&app).await;
    let first = app.get(VIEWER, &format!("{incident}/timeline?limit=2")).await.expect(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("{incident}/timeline?limit=100&cursor={cursor}");
    let rest = app.get(VIEWER, &path).await.expect(200).json();
    assert_eq!(rest["next_cursor"], Value::Null);
    let positions = |part: &Value| -> Vec<u64> {
        let items = part["items"].as_array().unwrap().iter();
        items.map(|item| item["position"].as_u64().unwrap()).collect()
    };
    let all = [positions(&first), positions(&rest)].concat();
    assert_eq!(all, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_incident_can_be_seen_as_it_was() {
    let app = App::new().await;
    let incident = story(&app).await;
    let at = |moment: &str| format!("{incident}?as_of={moment}");
    let opened = app.get(VIEWER, &at("1")).await.expect(200);
    assert_eq!(opened.header("etag"), Some("\"1\""));
    assert_eq!(opened.json()["severity"], "high");
    let escalated = app.get(VIEWER, &at("2026-03-01T12:01:00Z")).await.expect(200).json();
    assert_eq!(escalated["severity"], "critical");
    assert_eq!(escalated["as_of"], json!({"position": 2, "at": "2026-03-01T12:01:00Z"}));
    let offset = app.get(VIEWER, &at("2026-03-01T13:01:30%2B01:00")).await.expect(200).json();
    assert_eq!(offset["as_of"]["position"], 2);
    app.get(VIEWER, &at("0")).await.expect(404);
}

#[tokio::test]
async fn incidents_are_listed_latest_first_in_parts() {
    let app = App::new().await;
    for _ in 0..3 {
        story(&app).await;
    }
    let list = app.get(VIEWER, "/v1/incidents?limit=2&state=closed").await.expect(200).json();
    let cursor = list["next_cursor"].as_str().unwrap();
    let rest = app.get(VIEWER, &format!("/v1/incidents?cursor={cursor}")).await.expect(200).json();
    let ids = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["incident_id"].as_str().unwrap().to_owned()).collect()
    };
    let mut all = [ids(&list), ids(&rest)].concat();
    assert_eq!((ids(&list).len(), ids(&rest).len()), (2, 1));
    assert!(all.is_sorted_by(|a, b| a > b));
    all.dedup();
    assert_eq!(all.len(), 3);
    let open = app.get(VIEWER, "/v1/incidents?state=open").await.expect(200).json();
    assert_eq!(open["items"], json!([]));
}

#[tokio::test]
async fn metrics_of_an_incident_without_broadcasts_are_empty_and_say_so() {
    let app = App::new().await;
    let incident = story(&app).await;
    let metrics = app.get(VIEWER, &format!("{incident}/metrics")).await.expect(200).json();
    assert_eq!(metrics["broadcasts"], 0);
    assert_eq!(metrics["delivery_rate"]["value"], json!({"part": 0, "whole": 0, "share": null}));
    assert_eq!(
        metrics["delivery_rate"]["goal"],
        json!({"at_least": 0.95, "verdict": "not_applicable"})
    );
    assert_eq!(metrics["delivery_rate"]["definition"]["version"], 1);
    assert_eq!(metrics["delivery_rate"]["as_of"]["position"], 10);
    let overall = app.get(VIEWER, "/v1/metrics?mode=exercise").await.expect(200).json();
    assert_eq!(overall["events_behind"], 0);
}

/// The ids of the messages that a stream gives at once.
async fn stream(app: &App, incident: &str, last_seen: Option<u64>, messages: usize) -> Vec<u64> {
    let request = ask(Method::GET, &format!("{incident}/events")).by(VIEWER);
    let request: Request<Body> = match last_seen {
        Some(id) => request.with("last-event-id", &id.to_string()).bare(),
        None => request.bare(),
    };
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let mut ids = Vec::new();
    while ids.len() < messages {
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        let text = String::from_utf8(frame.to_vec()).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("id: "));
        ids.extend(lines.map(|id| id.parse::<u64>().unwrap()));
    }
    ids
}

#[tokio::test]
async fn a_stream_taken_up_again_loses_and_repeats_nothing() {
    let app = App::new().await;
    let incident = story(&app).await;
    app.settle().await;
    let all = stream(&app, &incident, None, 10).await;
    assert_eq!(all, (1..=10).collect::<Vec<_>>());
    for broken_after in 1..10_u64 {
        let rest = usize::try_from(10 - broken_after).unwrap();
        let taken_up = stream(&app, &incident, Some(broken_after), rest).await;
        assert_eq!(taken_up, (broken_after + 1..=10).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_stream_goes_on_with_what_happens_and_ends_when_the_process_stops() {
    let app = App::new().await;
    let incident = story(&app).await;
    app.settle().await;
    let other = story(&app).await;
    let live = async {
        let ids = stream(&app, &incident, Some(9), 1).await;
        assert_eq!(ids, [10]);
        let request = ask(Method::GET, &format!("{other}/events?after=19")).by(VIEWER).bare();
        app.settle().await;
        let response = app.router.clone().oneshot(request).await.unwrap();
        response.into_body().collect().await.unwrap().to_bytes()
    };
    let stop = async {
        while app.engine.live().applied().0 < 20 {
            tokio::task::yield_now().await;
        }
        app.stop.send(true).unwrap();
    };
    let (bytes, ()) = tokio::join!(live, stop);
    assert_snapshot!(String::from_utf8_lossy(&bytes), @r#"
    event: happened
    id: 20
    retry: 1000
    data: {"position":20,"entries":[{"position":20,"occurred_at":"2026-03-01T12:16:00Z","recorded_at":"2026-03-01T12:16:00Z","actor":"token:commander","kind":"incident_closed","text":"Closed","details":{"reason":null}}]}
    "#);
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked() {
    let app = App::new().await;
    let body = json!({"name": "anna.b", "role": "viewer"});
    let made = app.post(ADMIN, "/v1/tokens", &body).await.expect(201).json();
    let secret = made["secret"].as_str().unwrap();
    app.get(secret, "/v1/incidents").await.expect(200);
    let list = app.get(ADMIN, "/v1/tokens").await.expect(200);
    assert!(!list.text().contains(secret));
    assert!(list.text().contains("anna.b"));
    let revoke = format!("/v1/tokens/{}/revoke", made["token_id"].as_str().unwrap());
    app.post(ADMIN, &revoke, &json!({})).await.expect(204);
    app.get(secret, "/v1/incidents").await.expect(401);
    app.post(ADMIN, &revoke, &json!({})).await.expect(404);
}
