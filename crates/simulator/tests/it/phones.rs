//! Looking into phones, counting, paging, resetting, knobs.

use hyper::Method;
use serde_json::{Value, json};

use super::harness::{FRENCH, Sim, alert_to, offer_to};

#[tokio::test]
async fn a_phone_shows_what_it_received() {
    let sim = Sim::plain().await;
    let id = sim.alert(FRENCH).await;
    sim.receiver.statuses(3).await;
    let phone = sim.get("/_sim/phones/33612345678").await.json();
    assert_eq!((&phone["wa_id"], &phone["language"]), (&json!("33612345678"), &json!("fr")));
    let message = &phone["messages"][0];
    assert_eq!(message["id"], id);
    assert_eq!(message["template"], "alert");
    assert_eq!(message["text"], "Alerte crue à Lyon/2ᵉ, restez chez vous.\nVille de Lyon");
    assert_eq!(message["buttons"], json!(["Je suis en sécurité", "À l'aide"]));
    assert_eq!(message["reference"], "ref-1");
    assert_eq!(message["statuses"], json!(["sent", "delivered", "read"]));
    assert_eq!(sim.get("/_sim/phones/33600000000").await.status, 404);
}

#[tokio::test]
async fn whoever_is_written_to_twice_is_counted() {
    let sim = Sim::plain().await;
    for reference in ["a", "a", "b"] {
        sim.send(&alert_to(FRENCH, reference)).await;
    }
    sim.send(&offer_to(FRENCH)).await;
    sim.send(&alert_to("+33687654321", "a")).await;
    let listed = sim.get("/_sim/phones").await.json();
    assert_eq!(
        listed["phones"][0],
        json!({ "phone": "33612345678", "accepted": 4, "references": 2, "repeated_references": 1,
                "repeated_templates": 2, "without_reference": 1, "answers": 0 })
    );
    let stats = sim.stats().await;
    for (key, expected) in [
        ("accepted", 5),
        ("phones", 2),
        ("phones_with_repeated_references", 1),
        ("repeated_references", 1),
        ("repeated_templates", 2),
        ("without_reference", 1),
    ] {
        assert_eq!(stats[key], expected, "{key}");
    }
}

#[tokio::test]
async fn phones_are_listed_page_by_page_and_nobody_is_left_out() {
    let sim = Sim::plain().await;
    for number in 0..25 {
        sim.alert(&format!("+336100000{number:02}")).await;
    }
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let cursor = after.as_u64().map(|after| format!("&after={after}")).unwrap_or_default();
        let page = sim.get(&format!("/_sim/phones?limit=10{cursor}")).await.json();
        let phones = page["phones"].as_array().unwrap();
        assert!(phones.len() <= 10);
        found.extend(phones.iter().map(|phone| phone["phone"].as_str().unwrap().to_owned()));
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    let expected: Vec<String> = (0..25).map(|number| format!("336100000{number:02}")).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn old_messages_are_forgotten_and_their_counts_are_not() {
    let sim = Sim::start(|config| config.memory.messages_max = 2).await;
    for reference in ["a", "b", "c"] {
        sim.send(&alert_to(FRENCH, reference)).await;
    }
    let phone = sim.get("/_sim/phones/33612345678").await.json();
    assert_eq!(phone["accepted"], 3);
    assert_eq!(phone["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_reset_forgets_people_and_never_reuses_an_id() {
    let sim = Sim::plain().await;
    let before = sim.alert(FRENCH).await;
    sim.receiver.statuses(3).await;
    sim.post("/_sim/reset", &Value::Null).await;
    assert_eq!(sim.stats().await["accepted"], 0);
    assert_eq!(sim.get("/_sim/phones").await.json()["phones"], json!([]));
    assert_ne!(sim.alert(FRENCH).await, before);
    let path = format!("/_sim/messages/{before}/statuses");
    assert_eq!(sim.post(&path, &json!({ "status": "read" })).await.status, 404);
}

#[tokio::test]
async fn knobs_are_shown_and_patched_and_nonsense_is_refused() {
    let sim = Sim::plain().await;
    assert_eq!(sim.get("/_sim/config").await.json()["limits"]["pair_capacity"], 45);
    sim.patch(json!({ "limits": { "pair_capacity": 1 } })).await;
    sim.alert(FRENCH).await;
    Sim::refused(&sim.send(&alert_to(FRENCH, "r")).await, 131_056);
    for nonsense in [
        json!({ "limits": { "pair_capacity": "many" } }),
        json!({ "limits": { "no_such_knob": 1 } }),
        json!({ "senders": [] }),
        json!([1]),
    ] {
        let answer = sim.call(Method::PATCH, "/_sim/config", &nonsense).await;
        assert_eq!(answer.status, 422, "{nonsense}");
    }
    assert_eq!(sim.get("/_sim/config").await.json()["limits"]["pair_capacity"], 1);
}

#[tokio::test]
async fn the_control_api_says_what_it_offers() {
    let sim = Sim::plain().await;
    assert!(sim.get("/_sim").await.json()["GET /_sim/stats"].is_string());
    assert_eq!(sim.get("/_sim/nonsense").await.status, 404);
}
