//! Numbers as dialled, `wa_id` as told, and user ids.

use fanal_simulator::config::{BareNumbers, UserIds};
use serde_json::{Value, json};

use super::harness::{FRENCH, Sim, alert_to};

#[track_caller]
fn wa_id(answer: &super::client::Answer) -> String {
    answer.json()["contacts"][0]["wa_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_number_without_plus_belongs_to_the_senders_country() {
    let sim = Sim::plain().await;
    assert_eq!(wa_id(&sim.send(&alert_to("612345678", "r")).await), "1612345678");
    assert_eq!(wa_id(&sim.send(&alert_to("16315551234", "r")).await), "16315551234");
    let lenient =
        Sim::start(|config| config.people.bare_numbers = BareNumbers::International).await;
    assert_eq!(wa_id(&lenient.send(&alert_to("33612345678", "r")).await), "33612345678");
}

#[tokio::test]
async fn brazil_mexico_and_argentina_are_rewritten() {
    let sim = Sim::plain().await;
    assert_eq!(wa_id(&sim.send(&alert_to("+52 55 1234 5678", "r")).await), "5215512345678");
    assert_eq!(wa_id(&sim.send(&alert_to("+54 11 1234 5678", "r")).await), "5491112345678");
    let mut lengths = Vec::new();
    for number in 0..12 {
        let answer = sim.send(&alert_to(&format!("+55 11 98765-43{number:02}"), "r")).await;
        lengths.push(wa_id(&answer).len());
    }
    assert!(lengths.contains(&12) && lengths.contains(&13), "some accounts keep eight digits");
    let plain = Sim::start(|config| config.people.rewrite_wa_id = false).await;
    assert_eq!(wa_id(&plain.send(&alert_to("+52 55 1234 5678", "r")).await), "525512345678");
}

#[tokio::test]
async fn all_forms_of_a_number_are_one_phone() {
    let sim = Sim::plain().await;
    for form in ["+55 11 8765-4321", "+55 11 98765-4321"] {
        sim.send(&alert_to(form, form)).await;
    }
    let phone = sim.get("/_sim/phones/+5511987654321").await.json();
    assert_eq!(phone["accepted"], 2);
    let statuses = sim.receiver.statuses(6).await;
    assert!(statuses.iter().all(|status| status["recipient_id"] == phone["wa_id"]));
}

#[tokio::test]
async fn user_ids_can_be_sent_to_and_stand_in_for_hidden_numbers() {
    let sim = Sim::start(|config| {
        config.people.user_ids = UserIds::Hidden;
        config.people.share_number_hidden = 1.0;
    })
    .await;
    let answer = sim.send(&alert_to(FRENCH, "r")).await.json();
    let user = answer["contacts"][0]["user_id"].as_str().unwrap().to_owned();
    assert!(user.starts_with("FR."));
    let status = &sim.receiver.statuses(1).await[0];
    assert_eq!(status["recipient_user_id"], user);
    assert!(status.get("recipient_id").is_none());

    let mut by_user = alert_to("", "r");
    by_user["recipient"] = json!(user);
    by_user.as_object_mut().unwrap().remove("to");
    let answer = sim.send(&by_user).await.json();
    assert_eq!(answer["contacts"][0]["input"], user);
    assert!(answer["contacts"][0].get("wa_id").is_none());
    assert_eq!(sim.get("/_sim/phones/33612345678").await.json()["accepted"], 2);

    sim.writes("33612345678", json!({ "text": "hi" })).await;
    let message = &sim.receiver.messages(1).await[0];
    assert_eq!(message["from_user_id"], user);
    assert!(message.get("from").is_none());
}

#[tokio::test]
async fn user_ids_can_be_switched_off() {
    let sim = Sim::start(|config| config.people.user_ids = UserIds::Off).await;
    let answer = sim.send(&alert_to(FRENCH, "r")).await.json();
    assert_eq!(answer["contacts"][0].get("user_id"), None::<&Value>);
    assert!(sim.receiver.statuses(1).await[0].get("recipient_user_id").is_none());
}

#[tokio::test]
async fn impossible_recipients_are_refused() {
    let sim = Sim::plain().await;
    for to in ["12", "+33x", "+", "+00000000000", "++33612345678", "12345678901234567"] {
        Sim::refused(&sim.send(&alert_to(to, "r")).await, 131_009);
    }
    Sim::refused(&sim.send(&alert_to("", "r")).await, 100);
}
