//! What becomes of an accepted message: statuses, failures and silence.

use fanal_simulator::config::PeopleConfig;
use serde_json::{Value, json};

use super::harness::{FRENCH, Sim, alert_to, offer_to, text_to};
use super::receiver::words;

/// A number with a reserved ending.
fn ending(suffix: &str) -> String {
    format!("+33600{suffix}")
}

/// Sends the alert to a reserved number and waits for its statuses.
async fn statuses_of(suffix: &str, count: usize) -> Vec<Value> {
    let sim = Sim::plain().await;
    sim.alert(&ending(suffix)).await;
    sim.receiver.statuses(count).await
}

#[tokio::test]
async fn an_accepted_template_is_answered_and_then_told_of() {
    let sim = Sim::plain().await;
    let answer = sim.send(&alert_to(FRENCH, "ref-1")).await;
    let body = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(body["messaging_product"], "whatsapp");
    assert_eq!(body["contacts"][0]["input"], FRENCH);
    assert_eq!(body["contacts"][0]["wa_id"], "33612345678");
    assert_eq!(body["messages"][0]["message_status"], "accepted");
    let id = body["messages"][0]["id"].as_str().unwrap();
    assert!(id.starts_with("wamid."));

    let statuses = sim.receiver.statuses(3).await;
    assert_eq!(words(&statuses), ["sent", "delivered", "read"]);
    for status in &statuses {
        assert_eq!(status["id"], id);
        assert_eq!(status["recipient_id"], "33612345678");
        assert_eq!(status["biz_opaque_callback_data"], "ref-1");
        let timestamp = status["timestamp"].as_str().unwrap();
        assert_eq!(timestamp.len(), 10, "whole seconds, as a string");
        assert!(status.get("errors").is_none());
    }
}

#[tokio::test]
async fn pricing_comes_with_sent_and_one_of_the_others() {
    let statuses = statuses_of("990013", 3).await;
    let pricing = json!({
        "billable": true, "pricing_model": "PMP", "type": "regular", "category": "utility",
    });
    assert_eq!(statuses[0]["pricing"], pricing);
    assert_eq!(statuses[1]["pricing"], pricing);
    assert!(statuses[2].get("pricing").is_none());
    let direct = statuses_of("990014", 2).await;
    assert_eq!(words(&direct), ["sent", "read"]);
    assert_eq!(direct[1]["pricing"], pricing, "read without delivered carries it");
}

#[tokio::test]
async fn conversation_is_left_out_from_version_24_on() {
    assert!(statuses_of("990013", 1).await[0].get("conversation").is_none());
    let old = Sim::start(|config| config.webhooks.version = 23).await;
    old.alert(FRENCH).await;
    let statuses = old.receiver.statuses(3).await;
    assert_eq!(statuses[0]["conversation"]["origin"]["type"], "utility");
    assert!(statuses[0]["conversation"]["expiration_timestamp"].is_string());
    assert!(statuses[1]["conversation"].get("expiration_timestamp").is_none());
}

#[tokio::test]
async fn failures_come_later_as_a_status_with_an_error() {
    for (suffix, code) in [
        ("990001", 131_026),
        ("990003", 131_049),
        ("990004", 131_050),
        ("990005", 130_472),
        ("990006", 131_053),
        ("990007", 137_000),
        ("990008", 131_042),
    ] {
        let statuses = statuses_of(suffix, 1).await;
        let error = &statuses[0]["errors"][0];
        assert_eq!(words(&statuses), ["failed"], "{suffix}");
        assert_eq!(error["code"], code);
        assert_eq!(error["title"], error["message"]);
        assert!(error["error_data"]["details"].is_string());
        assert!(error["href"].as_str().unwrap().starts_with("https://"));
        assert!(statuses[0].get("pricing").is_none(), "failures are free");
    }
}

#[tokio::test]
async fn a_failure_can_come_after_sent() {
    let statuses = statuses_of("990009", 2).await;
    assert_eq!(words(&statuses), ["sent", "failed"]);
}

#[tokio::test]
async fn statuses_can_be_reordered_doubled_or_missing() {
    assert_eq!(words(&statuses_of("990015", 3).await), ["read", "delivered", "sent"]);
    let doubled = statuses_of("990016", 6).await;
    assert_eq!(words(&doubled), ["sent", "sent", "delivered", "delivered", "read", "read"]);
    assert_eq!(words(&statuses_of("990017", 2).await), ["delivered", "read"]);
    assert_eq!(words(&statuses_of("990012", 2).await), ["sent", "delivered"]);
}

#[tokio::test]
async fn some_messages_are_never_heard_of_again() {
    let sim = Sim::plain().await;
    sim.alert(&ending("990010")).await;
    sim.skip(40 * 86_400_000).await;
    sim.alert(FRENCH).await;
    let statuses = sim.receiver.statuses(3).await;
    assert!(statuses.iter().all(|status| status["recipient_id"] == "33612345678"));
    assert_eq!(sim.stats().await["pending"]["steps"], 0);
}

#[tokio::test]
async fn a_phone_that_is_off_gets_the_message_when_it_is_on_again() {
    let sim = Sim::plain().await;
    sim.alert(&ending("990011")).await;
    assert_eq!(words(&sim.receiver.statuses(1).await), ["sent"]);
    assert_eq!(sim.stats().await["pending"]["steps"], 1);
    sim.skip(60_000).await;
    assert_eq!(words(&sim.receiver.statuses(2).await), ["sent", "delivered"]);
}

#[tokio::test]
async fn a_message_past_its_validity_is_dropped_without_a_word() {
    let sim = Sim::start(|config| {
        config.templates[0]["message_send_ttl_seconds"] = json!(1);
    })
    .await;
    sim.alert(&ending("990011")).await;
    assert_eq!(words(&sim.receiver.statuses(1).await), ["sent"]);
    assert_eq!(sim.stats().await["pending"]["steps"], 0);
}

#[tokio::test]
async fn marketing_meets_its_caps_and_utility_does_not() {
    let sim = Sim::start(|config| config.people.share_marketing_capped = 1.0).await;
    assert_eq!(sim.send(&offer_to(FRENCH)).await.status, 200, "the answer is 200 all the same");
    let statuses = sim.receiver.statuses(1).await;
    assert_eq!(statuses[0]["errors"][0]["code"], 131_049);
    sim.alert(FRENCH).await;
    assert_eq!(words(&sim.receiver.statuses(4).await), ["failed", "sent", "delivered", "read"]);
}

#[tokio::test]
async fn free_form_outside_the_window_fails_later_and_inside_it_arrives() {
    let sim = Sim::plain().await;
    let answer = sim.send(&text_to(FRENCH, "hello")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.json()["messages"][0].get("message_status").is_none());
    let statuses = sim.receiver.statuses(1).await;
    assert_eq!(statuses[0]["errors"][0]["code"], 131_047);

    sim.writes("33612345678", json!({ "text": "help" })).await;
    sim.send(&text_to(FRENCH, "hello")).await;
    assert_eq!(words(&sim.receiver.statuses(4).await)[1..], ["sent", "delivered", "read"]);

    sim.skip(86_400_000).await;
    sim.send(&text_to(FRENCH, "hello again")).await;
    let statuses = sim.receiver.statuses(5).await;
    assert_eq!(statuses[4]["errors"][0]["code"], 131_047, "the window closed after a day");
}

#[tokio::test]
async fn codes_can_be_made_synchronous() {
    let sim = Sim::start(|config| config.limits.synchronous_codes = vec![131_047, 131_026]).await;
    Sim::refused(&sim.send(&text_to(FRENCH, "hello")).await, 131_047);
    Sim::refused(&sim.send(&alert_to(&ending("990001"), "r")).await, 131_026);
    assert_eq!(sim.stats().await["accepted"], 0);
}

#[tokio::test]
async fn a_wrong_identity_hash_fails_later() {
    let sim = Sim::plain().await;
    let mut body = alert_to(FRENCH, "r");
    body["recipient_identity_key_hash"] = json!("DF2lS5v2W6x=");
    assert_eq!(sim.send(&body).await.status, 200);
    assert_eq!(sim.receiver.statuses(1).await[0]["errors"][0]["code"], 137_000);
}

#[tokio::test]
async fn an_unreachable_media_link_fails_later_and_an_unknown_media_id_at_once() {
    let sim = Sim::plain().await;
    sim.writes("33612345678", json!({ "text": "hi" })).await;
    let image = |image: Value| json!({ "messaging_product": "whatsapp", "to": FRENCH, "type": "image", "image": image });
    assert_eq!(sim.send(&image(json!({ "link": "https://cdn.invalid/a.png" }))).await.status, 200);
    assert_eq!(sim.receiver.statuses(1).await[0]["errors"][0]["code"], 131_053);
    Sim::refused(&sim.send(&image(json!({ "id": "12345" }))).await, 131_009);
    sim.send(&image(json!({ "link": "https://cdn.example/a.png" }))).await;
    assert_eq!(words(&sim.receiver.statuses(4).await)[1..], ["sent", "delivered", "read"]);
}

#[tokio::test]
async fn without_a_payment_method_what_costs_money_fails() {
    let sim = Sim::start(|config| config.billing.payment_method = false).await;
    sim.alert(FRENCH).await;
    assert_eq!(sim.receiver.statuses(1).await[0]["errors"][0]["code"], 131_042);
    sim.writes("33612345678", json!({ "text": "hi" })).await;
    sim.send(&text_to(FRENCH, "still within the free allowance")).await;
    assert_eq!(sim.receiver.statuses(4).await[1]["pricing"]["type"], "free_customer_service");
}

#[tokio::test]
async fn a_reaction_is_only_sent_and_a_voice_message_is_also_played() {
    let sim = Sim::plain().await;
    let id = sim.writes("33612345678", json!({ "text": "hi" })).await.json()["id"].clone();
    let reaction = |id: &Value| {
        json!({ "messaging_product": "whatsapp", "to": FRENCH, "type": "reaction",
                "reaction": { "message_id": id, "emoji": "👍" } })
    };
    sim.send(&reaction(&id)).await;
    let voice = json!({ "messaging_product": "whatsapp", "to": FRENCH, "type": "audio",
                        "audio": { "link": "https://cdn.example/a.ogg", "voice": true } });
    sim.send(&voice).await;
    let statuses = sim.receiver.statuses(5).await;
    assert_eq!(words(&statuses), ["sent", "sent", "delivered", "read", "played"]);
    assert!(statuses[0].get("pricing").is_none());

    sim.send(&reaction(&json!("wamid.unknown"))).await;
    assert_eq!(sim.receiver.statuses(6).await[5]["errors"][0]["code"], 131_009);
}

#[tokio::test]
async fn a_status_can_be_told_by_hand_days_later() {
    let sim = Sim::plain().await;
    let id = sim.alert(&ending("990010")).await;
    sim.skip(3 * 86_400_000).await;
    let path = format!("/_sim/messages/{id}/statuses");
    assert_eq!(sim.post(&path, &json!({ "status": "failed", "code": 131_026 })).await.status, 200);
    let statuses = sim.receiver.statuses(1).await;
    assert_eq!((words(&statuses), &statuses[0]["id"]), (vec!["failed"], &json!(id)));
}

#[tokio::test]
async fn the_same_seed_gives_every_phone_the_same_fate_whatever_the_order() {
    let numbers: Vec<u32> = (0..40).collect();
    let backwards: Vec<u32> = (0..40).rev().collect();
    assert_eq!(outcome(&numbers).await, outcome(&backwards).await);
}

/// Who ended how, in a world full of chance.
async fn outcome(numbers: &[u32]) -> Vec<String> {
    let sim = Sim::start(|config| {
        config.people =
            PeopleConfig { share_not_on_whatsapp: 0.3, share_silent: 0.1, ..Default::default() };
    })
    .await;
    for number in numbers {
        sim.alert(&format!("+336120000{number:02}")).await;
    }
    sim.skip(10 * 86_400_000).await;
    sim.until(|stats| stats["pending"]["steps"] == 0).await;
    let mut outcome = Vec::new();
    for number in 0..40 {
        let phone = sim.get(&format!("/_sim/phones/336120000{number:02}")).await.json();
        outcome.push(phone["messages"][0]["statuses"].to_string());
    }
    outcome
}
