//! People writing back, by themselves and when told to.

use serde_json::{Value, json};

use super::harness::{FRENCH, NUMBER, Sim, text_to};

#[tokio::test]
async fn a_template_button_comes_as_type_button_with_the_payload_given() {
    let sim = Sim::plain().await;
    let id = sim.alert(FRENCH).await;
    let pressed = sim.writes("33612345678", json!({ "button": "Je suis en sécurité" })).await;
    let message = &sim.receiver.messages(1).await[0];
    assert_eq!(message["id"], pressed.json()["id"]);
    assert_eq!(message["type"], "button");
    assert_eq!(message["button"]["payload"], "safe:42");
    assert_eq!(message["button"]["text"], "Je suis en sécurité");
    assert_eq!(message["from"], "33612345678");
    assert_eq!(message["context"], json!({ "from": "15550100042", "id": id }));
    assert!(message["timestamp"].is_string());
}

#[tokio::test]
async fn a_button_without_payload_carries_its_text() {
    let sim = Sim::plain().await;
    sim.alert(FRENCH).await;
    sim.writes("33612345678", json!({ "button": 1 })).await;
    let message = &sim.receiver.messages(1).await[0];
    assert_eq!(message["button"], json!({ "payload": "À l'aide", "text": "À l'aide" }));
}

#[tokio::test]
async fn an_interactive_button_comes_as_type_interactive() {
    let sim = Sim::plain().await;
    sim.writes("33612345678", json!({ "text": "hi" })).await;
    let buttons = json!([{ "type": "reply", "reply": { "id": "yes", "title": "Yes" } }]);
    let body = json!({
        "messaging_product": "whatsapp", "to": FRENCH, "type": "interactive",
        "interactive": { "type": "button", "body": { "text": "Safe?" }, "action": { "buttons": buttons } },
    });
    assert_eq!(sim.send(&body).await.status, 200);
    sim.writes("33612345678", json!({ "button": "yes" })).await;
    let message = &sim.receiver.messages(2).await[1];
    assert_eq!(message["type"], "interactive");
    assert_eq!(message["interactive"]["type"], "button_reply");
    assert_eq!(message["interactive"]["button_reply"], json!({ "id": "yes", "title": "Yes" }));
}

#[tokio::test]
async fn a_list_row_comes_as_list_reply() {
    let sim = Sim::plain().await;
    sim.writes("33612345678", json!({ "text": "hi" })).await;
    let rows = json!([{ "id": "a", "title": "Shelter A" }, { "id": "b", "title": "Shelter B" }]);
    let action = json!({ "button": "Choose", "sections": [{ "title": "Near you", "rows": rows }] });
    let body = json!({
        "messaging_product": "whatsapp", "to": FRENCH, "type": "interactive",
        "interactive": { "type": "list", "body": { "text": "Where?" }, "action": action },
    });
    assert_eq!(sim.send(&body).await.status, 200);
    sim.writes("33612345678", json!({ "button": "Shelter B" })).await;
    let message = &sim.receiver.messages(2).await[1];
    assert_eq!(message["interactive"]["list_reply"], json!({ "id": "b", "title": "Shelter B" }));
}

#[tokio::test]
async fn scripted_people_press_and_write_by_themselves() {
    let sim = Sim::plain().await;
    sim.alert("+33600990029").await;
    sim.alert("+33600990030").await;
    let messages = sim.receiver.messages(2).await;
    let of = |phone: &str| messages.iter().find(|message| message["from"] == phone).unwrap();
    assert_eq!(of("33600990029")["button"]["text"], "À l'aide");
    assert_eq!(of("33600990030")["text"]["body"], "STOP");
}

#[tokio::test]
async fn the_crowd_answers_in_its_language() {
    let sim = Sim::start(|config| {
        config.people.share_answering = 1.0;
        config.people.share_text = 1.0;
        config.people.share_stop = 0.0;
    })
    .await;
    sim.alert(FRENCH).await;
    let messages = sim.receiver.messages(1).await;
    let known = fanal_simulator::config::PeopleConfig::default().texts["fr"].clone();
    assert!(known.contains(&messages[0]["text"]["body"].as_str().unwrap().to_owned()));
    assert!(messages[0].get("context").is_none());
}

#[tokio::test]
async fn any_kind_of_message_can_be_written_by_hand() {
    let sim = Sim::plain().await;
    let location =
        json!({ "type": "location", "location": { "latitude": 45.7, "longitude": 4.8 } });
    sim.writes("4915112345678", json!({ "message": location })).await;
    let system = json!({ "type": "system", "system": { "type": "user_changed_number" } });
    sim.writes("4915112345678", json!({ "message": system })).await;
    let bodies = sim.receiver.until(|bodies| bodies.len() == 2).await;
    let value = |body: &Value| body["entry"][0]["changes"][0]["value"].clone();
    assert_eq!(value(&bodies[0])["messages"][0]["location"]["latitude"], 45.7);
    assert!(value(&bodies[0])["contacts"][0]["profile"]["name"].is_string());
    assert!(value(&bodies[1]).get("contacts").is_none(), "system messages have none");
}

#[tokio::test]
async fn impossible_answers_say_why() {
    let sim = Sim::plain().await;
    sim.alert(FRENCH).await;
    for (phone, answer) in [
        ("33612345678", json!({ "button": "no such" })),
        ("33612345678", json!({})),
        ("33699999999", json!({ "button": 0 })),
        ("33612345678", json!({ "text": "x", "context": "wamid.x" })),
        ("not-a-number", json!({ "text": "x" })),
    ] {
        let refused = sim.writes(phone, answer.clone()).await;
        assert_eq!(refused.status, 422, "{answer}");
        assert!(refused.json()["error"].is_string());
    }
}

#[tokio::test]
async fn mark_as_read_knows_its_messages_and_makes_no_status() {
    let sim = Sim::plain().await;
    let id = sim.writes("33612345678", json!({ "text": "hi" })).await.json()["id"].clone();
    let read = |id: &Value| {
        json!({ "messaging_product": "whatsapp", "status": "read", "message_id": id,
                "typing_indicator": { "type": "text" } })
    };
    let answer = sim.send(&read(&id)).await;
    assert_eq!(answer.json(), json!({ "success": true }));
    Sim::refused(&sim.send(&read(&json!("wamid.unknown"))).await, 131_009);
    let stats = sim.stats().await;
    assert_eq!((&stats["marked_read"], &stats["statuses"]), (&json!(1), &json!({})));
}

#[tokio::test]
async fn an_answer_goes_to_the_sender_that_is_named() {
    let sim = Sim::plain().await;
    let other = json!({ "phone_number_id": "777", "display_phone_number": "+33 1 99 00 00 01" });
    assert_eq!(sim.post("/_sim/senders", &other).await.status, 200);
    sim.writes("33612345678", json!({ "text": "hi", "sender": "777" })).await;
    let bodies = sim.receiver.until(|bodies| !bodies.is_empty()).await;
    let metadata = &bodies[0]["entry"][0]["changes"][0]["value"]["metadata"];
    assert_eq!(metadata["phone_number_id"], "777");
    assert_eq!(metadata["display_phone_number"], "33199000001");
    // The window is open for that number, not for the other one.
    sim.post("/777/messages", &text_to(FRENCH, "hello")).await;
    sim.post(&format!("/{NUMBER}/messages"), &text_to(FRENCH, "hello")).await;
    let statuses = sim.receiver.statuses(4).await;
    let failed = statuses.iter().filter(|status| status["status"] == "failed").count();
    assert_eq!(failed, 1);
}
