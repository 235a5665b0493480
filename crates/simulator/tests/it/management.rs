//! Accounts, phone numbers and registration.

use hyper::Method;
use serde_json::{Value, json};

use super::harness::{ACCOUNT, FRENCH, NUMBER, Sim, alert_to};

#[tokio::test]
async fn account_and_numbers_can_be_read() {
    let sim = Sim::plain().await;
    let account = sim.get(&format!("/{ACCOUNT}?fields=name,currency")).await.json();
    assert_eq!(account, json!({ "id": ACCOUNT, "name": "Fanal Demo", "currency": "USD" }));
    let numbers = sim.get(&format!("/{ACCOUNT}/phone_numbers")).await.json();
    assert_eq!(numbers["data"][0]["id"], NUMBER);
    assert_eq!(numbers["data"][0]["display_phone_number"], "+1 555-010-0042");
    let fields = "quality_rating,throughput,whatsapp_business_manager_messaging_limit";
    let number = sim.get(&format!("/{NUMBER}?fields={fields}")).await.json();
    assert_eq!(
        number,
        json!({ "id": NUMBER, "quality_rating": "GREEN", "throughput": { "level": "HIGH" },
                "whatsapp_business_manager_messaging_limit": "TIER_UNLIMITED" })
    );
}

#[tokio::test]
async fn an_account_without_payment_method_shows_it_by_absence() {
    let sim = Sim::start(|config| config.billing.payment_method = false).await;
    let account = sim.get(&format!("/{ACCOUNT}")).await.json();
    assert!(account.get("primary_funding_id").is_none());
}

#[tokio::test]
async fn a_number_is_added_verified_registered_and_used() {
    let sim = Sim::plain().await;
    let body = json!({ "cc": "33", "phone_number": "199000002", "verified_name": "Mairie" });
    let added = sim.post(&format!("/{ACCOUNT}/phone_numbers"), &body).await.json();
    let id = added["id"].as_str().unwrap().to_owned();
    let send = format!("/{id}/messages");
    Sim::refused(&sim.post(&send, &alert_to(FRENCH, "r")).await, 133_010);
    let ask = json!({ "code_method": "SMS", "language": "fr" });
    assert_eq!(sim.post(&format!("/{id}/request_code"), &ask).await.status, 200);
    assert_eq!(sim.post(&format!("/{id}/verify_code"), &json!({ "code": "1" })).await.status, 200);
    let register = format!("/{id}/register");
    let pin = |pin: &str| json!({ "messaging_product": "whatsapp", "pin": pin });
    Sim::refused(&sim.post(&register, &pin("12")).await, 100);
    assert_eq!(sim.post(&register, &pin("123456")).await.json(), json!({ "success": true }));
    assert_eq!(sim.post(&send, &alert_to(FRENCH, "r")).await.status, 200);
    sim.post(&format!("/{id}/deregister"), &Value::Null).await;
    Sim::refused(&sim.post(&send, &alert_to(FRENCH, "r")).await, 133_010);
    Sim::refused(&sim.post(&register, &pin("654321")).await, 133_005);
}

#[tokio::test]
async fn registrations_are_limited_to_ten_in_three_days() {
    let sim = Sim::plain().await;
    let path = format!("/{NUMBER}/deregister");
    for _ in 0..10 {
        assert_eq!(sim.post(&path, &Value::Null).await.status, 200);
    }
    Sim::refused(&sim.post(&path, &Value::Null).await, 133_016);
    sim.skip(72 * 3_600_000).await;
    assert_eq!(sim.post(&path, &Value::Null).await.status, 200);
}

#[tokio::test]
async fn methods_that_make_no_sense_are_refused() {
    let sim = Sim::plain().await;
    for (method, path) in [
        (Method::DELETE, format!("/{NUMBER}")),
        (Method::PUT, format!("/{ACCOUNT}/message_templates")),
        (Method::POST, format!("/{ACCOUNT}")),
        (Method::GET, format!("/{NUMBER}/messages")),
    ] {
        let answer = sim.call(method.clone(), &path, &Value::Null).await;
        assert!(answer.code().is_some(), "{method} {path}: {answer:?}");
    }
}
