//! Tokens, unknown ids and the shape of errors.

use hyper::Method;
use serde_json::json;

use super::client::{exchange, request};
use super::harness::{ACCOUNT, FRENCH, NUMBER, Sim, alert_to};

#[tokio::test]
async fn an_error_has_the_documented_shape() {
    let sim = Sim::plain().await;
    let answer = sim.send(&json!({ "to": FRENCH })).await;
    let error = &answer.json()["error"];
    assert_eq!(answer.status, 400);
    assert_eq!(error["message"], "(#100) The parameter messaging_product is required.");
    assert_eq!(error["type"], "OAuthException");
    assert_eq!(error["code"], 100);
    assert!(error["fbtrace_id"].as_str().unwrap().len() > 10);
    let other = sim.send(&json!({ "to": FRENCH })).await.json();
    assert_ne!(other["error"]["fbtrace_id"], error["fbtrace_id"]);
}

#[tokio::test]
async fn details_are_told_where_a_client_looks_for_them() {
    let sim = Sim::plain().await;
    let mut body = alert_to(FRENCH, "r");
    body["template"]["components"] = json!([]);
    let error = sim.send(&body).await.json()["error"].clone();
    assert_eq!(error["code"], 132_000);
    assert_eq!(error["error_data"]["messaging_product"], "whatsapp");
    let details = error["error_data"]["details"].as_str().unwrap();
    assert!(details.contains("localizable_params (0)"), "{details}");
}

#[tokio::test]
async fn every_standing_of_a_token_has_its_code() {
    let sim = Sim::plain().await;
    for (standing, code, status) in
        [("expired", 190, 401), ("invalidated", 0, 401), ("powerless", 10, 403)]
    {
        let token = json!({ "token": standing, "standing": standing });
        sim.call(Method::PUT, "/_sim/tokens", &token).await;
        let path = format!("/v26.0/{NUMBER}");
        let asked = request(Method::GET, &path, standing, b"");
        let answer = exchange(&sim.address, asked).await.unwrap();
        assert_eq!((answer.code(), answer.status), (Some(code), status), "{standing}");
    }
    let unknown = request(Method::GET, "/v26.0/1", "never-issued", b"");
    assert_eq!(exchange(&sim.address, unknown).await.unwrap().code(), Some(190));
    let mut none = request(Method::GET, "/v26.0/1", "x", b"");
    none.headers_mut().remove("authorization");
    assert_eq!(exchange(&sim.address, none).await.unwrap().code(), Some(104));
}

#[tokio::test]
async fn a_token_may_also_come_in_the_query() {
    let sim = Sim::plain().await;
    let path = format!("/{NUMBER}?access_token={}", fanal_simulator::demo::ACCESS_TOKEN);
    let mut asked = request(Method::GET, &path, "x", b"");
    asked.headers_mut().remove("authorization");
    assert_eq!(exchange(&sim.address, asked).await.unwrap().status, 200);
}

#[tokio::test]
async fn unknown_ids_are_told_apart_from_unknown_names() {
    let sim = Sim::plain().await;
    let numeric = sim.get("/99999").await;
    assert_eq!((numeric.code(), numeric.status), (Some(100), 400));
    assert_eq!(numeric.json()["error"]["error_subcode"], 33);
    assert_eq!(numeric.json()["error"]["type"], "GraphMethodException");
    let named = sim.get("/nobody").await;
    assert_eq!((named.code(), named.status), (Some(803), 404));
    let send = sim.post("/99999/messages", &alert_to(FRENCH, "r")).await;
    assert_eq!(send.json()["error"]["error_subcode"], 33);
    assert_eq!(sim.get(&format!("/{ACCOUNT}/no_such_edge")).await.code(), Some(2500));
}

#[tokio::test]
async fn the_version_in_the_path_is_optional() {
    let sim = Sim::plain().await;
    let token = fanal_simulator::demo::ACCESS_TOKEN;
    for path in [format!("/{NUMBER}"), format!("/v19.0/{NUMBER}")] {
        let answer = exchange(&sim.address, request(Method::GET, &path, token, b"")).await.unwrap();
        assert_eq!(answer.json()["id"], NUMBER, "{path}");
        let content_type = answer.headers["content-type"].to_str().unwrap();
        assert!(content_type.starts_with("application/json"));
    }
}

#[tokio::test]
async fn management_calls_are_limited_by_the_hour_and_sends_are_not() {
    let sim = Sim::start(|config| config.limits.management_calls_per_hour = 2).await;
    let path = format!("/{ACCOUNT}/phone_numbers");
    assert_eq!(sim.get(&path).await.status, 200);
    assert_eq!(sim.get(&path).await.status, 200);
    Sim::refused(&sim.get(&path).await, 80_007);
    sim.alert(FRENCH).await;
    sim.skip(3_600_000).await;
    assert_eq!(sim.get(&path).await.status, 200);
}
