//! What is true of every address: problems of one shape, ids of requests, open pages, health.

use axum::http::Method;
use insta::assert_snapshot;

use crate::app::{App, VIEWER, ask};

#[tokio::test]
async fn an_address_that_does_not_exist_is_a_problem() {
    let app = App::new().await;
    assert_snapshot!(app.get(VIEWER, "/v1/nothing?number=%2B33612345678").await.shown(), @r#"
    404 Not Found
    content-type: application/problem+json
    {
      "code": "not_found",
      "detail": "there is nothing at this path",
      "status": 404,
      "title": "There is no such thing",
      "type": "/docs#problem-not_found"
    }
    "#);
}

#[tokio::test]
async fn a_method_that_does_not_exist_is_a_problem() {
    let app = App::new().await;
    assert_snapshot!(app.send(ask(Method::DELETE, "/health/live").bare()).await.shown(), @r#"
    405 Method Not Allowed
    allow: GET,HEAD
    content-type: application/problem+json
    {
      "code": "method_not_allowed",
      "detail": "DELETE is not possible here",
      "remedy": "Use one of the methods in the `Allow` header.",
      "status": 405,
      "title": "This cannot be done here",
      "type": "/docs#problem-method_not_allowed"
    }
    "#);
}

#[tokio::test]
async fn a_request_keeps_the_id_it_came_with() {
    let app = App::new().await;
    let id = "01936d8e-aaaa-7000-8000-000000000001";
    let answer = app.send(ask(Method::GET, "/health/live").with("x-request-id", id).bare()).await;
    assert_eq!(answer.header("x-request-id"), Some(id));
    let answer =
        app.send(ask(Method::GET, "/health/live").with("x-request-id", "+336").bare()).await;
    assert_eq!(answer.header("x-request-id"), Some("01936d8e-0000-7000-8000-000000000001"));
}

#[tokio::test]
async fn readiness_tells_which_part_is_not_well() {
    let app = App::new().await;
    app.get("", "/health/ready").await.expect(200);
    app.health.0.lock().unwrap()[0].well = false;
    app.health.0.lock().unwrap()[0].detail = "the disk is full".to_owned();
    assert_snapshot!(app.get("", "/health/ready").await.shown(), @r#"
    503 Service Unavailable
    content-type: application/json
    {
      "parts": [
        {
          "detail": "the disk is full",
          "part": "log",
          "well": false
        }
      ],
      "ready": false
    }
    "#);
    assert_eq!(app.get("", "/health/live").await.expect(200).json()["alive"], true);
}

#[tokio::test]
async fn a_process_that_stops_is_not_ready() {
    let app = App::new().await;
    app.stop.send(true).unwrap();
    app.get("", "/health/ready").await.expect(503);
}

#[tokio::test]
async fn metrics_are_prometheus_text() {
    let answer = App::new().await.get("", "/metrics").await.expect(200);
    assert_eq!(answer.text(), "fanal_up 1\n");
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
}

#[tokio::test]
async fn the_page_of_the_api_needs_no_other_server() {
    let app = App::new().await;
    for path in ["/docs", "/docs/page.css", "/docs/page.js", "/docs/problems.json"] {
        let answer = app.get("", path).await.expect(200);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}");
        assert!(!answer.text().contains("https://"), "{path} names another server");
    }
}
