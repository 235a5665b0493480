//! Bounds on room and time: whoever is refused is told so, and may come again.

use std::time::Duration;

use axum::http::Method;
use fanal_api::Limits;
use insta::assert_snapshot;

use crate::app::{App, VIEWER, ask};

#[tokio::test(start_paused = true)]
async fn a_read_waits_for_its_position_but_not_for_ever() {
    let app = App::new().await;
    assert_snapshot!(app.get(VIEWER, "/v1/incidents?min_position=1").await.shown(), @r#"
    503 Service Unavailable
    retry-after: 1
    content-type: application/problem+json
    {
      "code": "position_not_reached",
      "detail": "position 1 was not reached in time",
      "field": "min_position",
      "reached": 0,
      "remedy": "Ask again a little later.",
      "rule": "reached",
      "status": 503,
      "title": "The position has not been reached yet",
      "type": "/docs#problem-position_not_reached"
    }
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_told_so() {
    let limits = Limits { position_wait_max: Duration::from_hours(1), ..Limits::default() };
    let app = App::with_limits(limits).await;
    assert_snapshot!(app.get(VIEWER, "/v1/incidents?min_position=1").await.shown(), @r#"
    504 Gateway Timeout
    content-type: application/problem+json
    {
      "code": "took_too_long",
      "detail": "the request was not done within 30 s",
      "remedy": "It may have taken effect: send it again with the same `Idempotency-Key`.",
      "status": 504,
      "title": "The request took too long",
      "type": "/docs#problem-took_too_long"
    }
    "#);
}

#[tokio::test(start_paused = true)]
async fn when_there_is_no_room_requests_are_turned_away_and_health_is_not() {
    let app = App::with_limits(Limits { requests_max: 0, ..Limits::default() }).await;
    assert_snapshot!(app.get(VIEWER, "/v1/incidents").await.shown(), @r#"
    503 Service Unavailable
    retry-after: 1
    content-type: application/problem+json
    {
      "code": "too_busy",
      "detail": "no place became free in time",
      "remedy": "Send the same request again a little later.",
      "status": 503,
      "title": "Too many requests are in progress",
      "type": "/docs#problem-too_busy"
    }
    "#);
    app.get("", "/health/live").await.expect(200);
    app.get("", "/metrics").await.expect(200);
}
#[tokio::test]
async fn webhooks_have_room_of_their_own() {
    let app = App::with_limits(Limits { requests_max: 0, ..Limits::default() }).await;
    let request =
        ask(Method::POST, "/webhooks/whatsapp").with("x-hub-signature-256", "sha256=good");
    app.send(request.raw("{\"odd\": 1}")).await.expect(200);
}
