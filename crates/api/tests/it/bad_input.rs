//! Bad input gets a precise problem, and changes nothing.

mod people;
mod shape;
mod standing;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::app::{App, Ask, COMMUNICATOR, ask};

const NOBODY: &str = "01936d8e-0000-7000-8000-0000000000ff";

/// Sends a request that must be refused, and makes sure that the log is as it was.
async fn refused(app: &App, request: Request<Body>) -> String {
    let head = app.head().await;
    let answer = app.send(request).await;
    assert!(answer.status.is_client_error(), "{}", answer.shown());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(app.head().await, head, "something was changed");
    answer.shown()
}

fn open(severity: &str) -> Value {
    json!({
        "title": "Water unsafe",
        "kind": "water",
        "severity": severity,
        "mode": "live",
        "summary": "Bacteria found.",
    })
}

async fn opened(app: &App) -> String {
    let answer = app.post(COMMUNICATOR, "/v1/incidents", &open("high")).await.expect(201);
    format!("/v1/incidents/{}", answer.json()["id"].as_str().unwrap())
}

fn post(path: &str) -> Ask {
    ask(Method::POST, path).by(COMMUNICATOR)
}
