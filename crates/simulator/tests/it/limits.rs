//! Throughput, pairs, unique users, maintenance and registration.

use hyper::Method;
use serde_json::{Value, json};

use super::harness::{FRENCH, NUMBER, Sim, alert_to, text_to};
use super::receiver::words;

/// Sends to that many different phones; returns how many were accepted.
async fn accepted(sim: &Sim, count: usize, first: usize) -> usize {
    let mut accepted = 0;
    for number in first..first + count {
        let answer = sim.send(&alert_to(&format!("+3361000{number:04}"), "r")).await;
        match answer.code() {
            None => accepted += 1,
            Some(code) => {
                assert_eq!((code, answer.status), (130_429, 400));
                assert_eq!(answer.json()["error"]["error_subcode"], 2_494_055);
            }
        }
    }
    accepted
}

fn slow_sender(mps: u32) -> impl FnOnce(&mut fanal_simulator::SimulatorConfig) {
    move |config| config.senders[0].throughput_mps = mps
}

#[tokio::test]
async fn throughput_is_a_bucket_per_sender() {
    let sim = Sim::start(slow_sender(20)).await;
    assert_eq!(accepted(&sim, 30, 0).await, 20);
    sim.skip(500).await;
    assert_eq!(accepted(&sim, 30, 100).await, 10);
    let stats = sim.stats().await;
    assert_eq!((&stats["accepted"], &stats["throttled"]), (&json!(30), &json!(30)));
}

#[tokio::test]
async fn messages_from_people_count_too() {
    let sim = Sim::start(slow_sender(20)).await;
    for number in 0..15 {
        sim.writes(&format!("3362000{number:04}"), json!({ "text": "hi" })).await;
    }
    assert_eq!(accepted(&sim, 10, 0).await, 5);
}

#[tokio::test]
async fn throughput_can_be_raised_while_it_runs_and_the_upgrade_is_told() {
    let sim = Sim::start(slow_sender(20)).await;
    let path = format!("/_sim/senders/{NUMBER}");
    let upgrade = json!({ "throughput_mps": 1_000 });
    assert_eq!(sim.call(Method::PATCH, &path, &upgrade).await.status, 200);
    assert_eq!(accepted(&sim, 60, 0).await, 60);
    let level = sim.get(&format!("/{NUMBER}?fields=throughput")).await.json();
    assert_eq!(level["throughput"]["level"], "HIGH");
    let told = sim.receiver.change("phone_number_quality_update").await;
    assert_eq!(told["event"], "THROUGHPUT_UPGRADE");
}

#[tokio::test]
async fn a_pair_may_burst_and_must_pay_back_while_others_are_free() {
    let sim = Sim::plain().await;
    for nth in 0..45 {
        assert_eq!(sim.send(&alert_to(FRENCH, "r")).await.status, 200, "{nth}");
    }
    Sim::refused(&sim.send(&alert_to(FRENCH, "r")).await, 131_056);
    assert_eq!(sim.send(&alert_to("+33687654321", "r")).await.status, 200);
    sim.skip(6_000).await;
    assert_eq!(sim.send(&alert_to(FRENCH, "r")).await.status, 200);
    Sim::refused(&sim.send(&alert_to(FRENCH, "r")).await, 131_056);
    assert_eq!(sim.stats().await["pair_limited"], 2);
}

#[tokio::test]
async fn the_messaging_limit_counts_people_outside_the_window_over_a_sliding_day() {
    let sim = Sim::start(|config| config.limits.unique_users_per_day = Some(2)).await;
    let people = ["+33610000001", "+33610000002", "+33610000003"];
    for person in people {
        assert_eq!(sim.send(&alert_to(person, "r")).await.status, 200);
    }
    let statuses = sim.receiver.statuses(7).await;
    let failed: Vec<&Value> = statuses.iter().filter(|s| s["status"] == "failed").collect();
    assert_eq!(failed[0]["errors"][0]["code"], 131_048);
    assert_eq!(failed[0]["recipient_id"], "33610000003");

    sim.alert(people[0]).await;
    sim.writes("33610000003", json!({ "text": "hi" })).await;
    sim.alert(people[2]).await;
    let statuses = sim.receiver.statuses(13).await;
    assert!(!words(&statuses[7..]).contains(&"failed"), "known people and open windows pass");

    sim.skip(86_400_001).await;
    sim.alert("+33610000004").await;
    assert!(!words(&sim.receiver.statuses(16).await[13..]).contains(&"failed"));
    let limit = sim.get(&format!("/{NUMBER}")).await.json();
    assert_eq!(limit["whatsapp_business_manager_messaging_limit"], "TIER_250");
}

#[tokio::test]
async fn maintenance_and_missing_registration_refuse_at_once() {
    let sim = Sim::plain().await;
    let path = format!("/_sim/senders/{NUMBER}");
    sim.call(Method::PATCH, &path, &json!({ "maintenance_ms": 60_000 })).await;
    let answer = sim.send(&alert_to(FRENCH, "r")).await;
    assert_eq!((answer.code(), answer.status), (Some(131_057), 500));
    sim.skip(60_000).await;
    sim.alert(FRENCH).await;
    sim.call(Method::PATCH, &path, &json!({ "registered": false })).await;
    Sim::refused(&sim.send(&alert_to(FRENCH, "r")).await, 133_010);
}

#[tokio::test]
async fn the_sender_cannot_write_to_itself() {
    let sim = Sim::plain().await;
    let own = fanal_simulator::demo::DISPLAY_PHONE_NUMBER;
    Sim::refused(&sim.send(&alert_to(own, "r")).await, 131_021);
}

#[tokio::test]
async fn service_messages_beyond_the_monthly_allowance_are_charged() {
    let sim = Sim::start(|config| config.billing.service_free_per_month = 1).await;
    sim.writes("33612345678", json!({ "text": "hi" })).await;
    sim.send(&text_to(FRENCH, "one")).await;
    sim.send(&text_to(FRENCH, "two")).await;
    let statuses = sim.receiver.statuses(6).await;
    let sent: Vec<&Value> = statuses.iter().filter(|status| status["status"] == "sent").collect();
    assert_eq!(sent[0]["pricing"]["billable"], false);
    assert_eq!(sent[1]["pricing"]["billable"], true);
    assert_eq!(sent[1]["pricing"]["category"], "service");
}
