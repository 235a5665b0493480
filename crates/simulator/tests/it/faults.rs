//! Misfortune of the send call: broken connections, errors, delays, early webhooks.

use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};

use super::harness::{FRENCH, NUMBER, Sim, alert_to};
use super::receiver::words;

async fn plan(sim: &Sim, fault: Value, count: u32) {
    let planned = sim.post("/_sim/faults", &json!({ "fault": fault, "count": count })).await;
    assert_eq!(planned.status, 200, "{:?}", planned.body);
}

async fn try_send(sim: &Sim, to: &str) -> Option<u16> {
    let body = alert_to(to, "ref-1").to_string();
    let path = format!("/{NUMBER}/messages");
    let answer = sim.try_call(Method::POST, &path, body.as_bytes()).await;
    answer.ok().map(|answer| answer.status)
}

#[tokio::test]
async fn a_connection_can_break_after_acceptance_and_the_statuses_still_come() {
    let sim = Sim::plain().await;
    assert_eq!(try_send(&sim, "+33600990019").await, None);
    let statuses = sim.receiver.statuses(3).await;
    assert_eq!(words(&statuses), ["sent", "delivered", "read"]);
    assert_eq!(statuses[0]["biz_opaque_callback_data"], "ref-1", "how a client finds out");
    let stats = sim.stats().await;
    assert_eq!((&stats["accepted"], &stats["cut_after_acceptance"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn planned_faults_strike_the_next_sends_in_order_and_then_stop() {
    let sim = Sim::plain().await;
    plan(&sim, json!("cut"), 1).await;
    plan(&sim, json!("cut_before"), 1).await;
    plan(&sim, json!("server_error"), 2).await;
    plan(&sim, json!({ "refused": 130_429 }), 1).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(try_send(&sim, FRENCH).await);
    }
    assert_eq!(statuses, [None, None, Some(500), Some(500), Some(400), Some(200)]);
    let stats = sim.stats().await;
    assert_eq!(stats["accepted"], 2);
    assert_eq!(stats["cut_before_acceptance"], 1);
    assert_eq!(stats["repeated_references"], 1, "the cut one was taken, and sent again");
    assert_eq!(stats["refused"], json!({ "130429": 1, "131000": 2 }));
}

#[tokio::test]
async fn an_answer_can_be_slow() {
    let sim = Sim::plain().await;
    plan(&sim, json!({ "slow": 80 }), 1).await;
    let start = Instant::now();
    assert_eq!(try_send(&sim, FRENCH).await, Some(200));
    assert!(start.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_webhook_can_come_before_the_answer() {
    let sim = Sim::plain().await;
    assert_eq!(try_send(&sim, "+33600990018").await, Some(200));
    let already_there = sim.receiver.posts();
    assert!(!already_there.is_empty(), "sent was told before the answer");
    assert_eq!(words(&sim.receiver.statuses(3).await), ["sent", "delivered", "read"]);
}

#[tokio::test]
async fn reserved_numbers_are_refused_by_the_send_call() {
    let sim = Sim::plain().await;
    for (suffix, code) in
        [("990020", 131_000), ("990022", 131_056), ("990023", 130_429), ("990024", 131_057)]
    {
        let answer = sim.send(&alert_to(&format!("+33600{suffix}"), "r")).await;
        Sim::refused(&answer, code);
    }
    assert_eq!(sim.stats().await["accepted"], 0);
}

#[tokio::test]
async fn faults_by_chance_spare_the_repeated_try() {
    let sim = Sim::start(|config| config.faults.share_server_error = 0.5).await;
    for number in 0..20 {
        let to = format!("+336110000{number:02}");
        let mut tries = 1;
        while try_send(&sim, &to).await != Some(200) {
            tries += 1;
            assert!(tries < 20, "{to} never gets through");
        }
    }
    let stats = sim.stats().await;
    assert_eq!(stats["accepted"], 20);
    assert!(stats["refused"]["131000"].as_u64().unwrap() > 3);
}

#[tokio::test]
async fn a_fate_set_by_hand_goes_before_everything() {
    let sim = Sim::plain().await;
    let path = "/_sim/phones/33612345678/fate";
    sim.call(Method::PUT, path, &json!({ "fate": { "failed": 131_049 } })).await;
    sim.alert(FRENCH).await;
    assert_eq!(sim.receiver.statuses(1).await[0]["errors"][0]["code"], 131_049);
    sim.call(Method::PUT, path, &json!({ "fate": null })).await;
    sim.alert(FRENCH).await;
    assert_eq!(words(&sim.receiver.statuses(4).await)[1..], ["sent", "delivered", "read"]);
}

#[tokio::test]
async fn planned_faults_are_shown_and_can_be_forgotten() {
    let sim = Sim::plain().await;
    plan(&sim, json!("cut"), 3).await;
    let shown = sim.get("/_sim/faults").await.json();
    assert_eq!(shown["planned"], json!([{ "fault": "cut", "count": 3 }]));
    sim.call(Method::DELETE, "/_sim/faults", &Value::Null).await;
    assert_eq!(try_send(&sim, FRENCH).await, Some(200));
}
