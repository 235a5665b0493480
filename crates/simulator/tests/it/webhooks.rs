//! Delivery of webhooks: bytes, batches, retries, duplicates, outages, subscriptions.

use hyper::Method;
use serde_json::{Value, json};

use super::harness::{ACCOUNT, FRENCH, NUMBER, Sim, alert_to};
use super::receiver::{Receiver, statuses, words};

#[tokio::test]
async fn bodies_are_ascii_with_escaped_unicode_and_slashes() {
    let sim = Sim::plain().await;
    sim.send(&alert_to(FRENCH, "réf/🦊")).await;
    sim.receiver.statuses(1).await;
    let body = String::from_utf8(sim.receiver.posts()[0].to_vec()).unwrap();
    assert!(body.is_ascii());
    assert!(body.contains(r"r\u00e9f\/\ud83e\udd8a"), "{body}");
}

#[tokio::test]
async fn the_envelope_names_account_and_number() {
    let sim = Sim::plain().await;
    sim.alert(FRENCH).await;
    let body = &sim.receiver.until(|bodies| !bodies.is_empty()).await[0];
    assert_eq!(body["object"], "whatsapp_business_account");
    assert_eq!(body["entry"][0]["id"], ACCOUNT);
    assert!(body["entry"][0].get("time").is_none(), "absent for messages");
    let change = &body["entry"][0]["changes"][0];
    assert_eq!(change["field"], "messages");
    assert_eq!(change["value"]["metadata"]["phone_number_id"], NUMBER);
    assert_eq!(change["value"]["metadata"]["display_phone_number"], "15550100042");
    assert_eq!(change["value"]["contacts"][0]["wa_id"], "33612345678");
}

#[tokio::test]
async fn one_status_in_a_post_unless_batching_is_asked_for() {
    let single = Sim::plain().await;
    single.alert(FRENCH).await;
    single.receiver.statuses(3).await;
    assert_eq!(single.receiver.posts().len(), 3);

    let batched = Sim::start(|config| config.webhooks.batch_max = 1_000).await;
    batched.call(Method::PUT, "/_sim/webhooks", &json!({ "outage": "held" })).await;
    for number in 0..10 {
        batched.alert(&format!("+3361000000{number}")).await;
    }
    batched.writes("33610000001", json!({ "text": "hi" })).await;
    batched.until(|stats| stats["pending"] == json!({ "steps": 0, "updates": 31 })).await;
    batched.call(Method::PUT, "/_sim/webhooks", &json!({ "outage": "none" })).await;
    assert_eq!(batched.receiver.statuses(30).await.len(), 30);
    assert_eq!(batched.receiver.messages(1).await.len(), 1);
    assert_eq!(batched.receiver.posts().len(), 1);
}

#[tokio::test]
async fn what_is_not_answered_200_comes_again_with_the_same_bytes_among_newer_ones() {
    let sim = Sim::plain().await;
    sim.receiver.answer_next(&[500, 200, 200]);
    sim.alert(FRENCH).await;
    assert_eq!(words(&sim.receiver.statuses(3).await), ["sent", "delivered", "read"]);
    sim.receiver.answer_next(&[503]);
    sim.skip(10).await;
    sim.receiver.statuses(4).await;
    sim.skip(10).await;
    assert_eq!(sim.receiver.posts().len(), 4, "the second pause is twice the first");
    sim.skip(10).await;
    sim.receiver.statuses(5).await;
    let posts = sim.receiver.posts();
    assert_eq!((&posts[3], &posts[4]), (&posts[0], &posts[0]));
    let stats = sim.until(|stats| stats["webhooks"]["posts_accepted"] == 3).await;
    assert_eq!(stats["webhooks"]["posts_failed"], 2);
    assert_eq!(stats["webhooks"]["dropped"], 0);
}

#[tokio::test]
async fn updates_are_given_up_after_seven_days() {
    let sim = Sim::start(|config| config.webhooks.retry_longest_ms = 86_400_000).await;
    sim.receiver.answer_next(&[500; 400]);
    sim.alert(FRENCH).await;
    sim.receiver.statuses(3).await;
    for _ in 0..60 {
        sim.skip(86_400_000).await;
        if sim.stats().await["webhooks"]["dropped"] == 3 {
            return;
        }
    }
    panic!("never given up: {}", sim.stats().await);
}

#[tokio::test]
async fn posts_can_be_doubled_on_purpose() {
    let sim = Sim::start(|config| config.webhooks.share_duplicated = 1.0).await;
    sim.alert(FRENCH).await;
    sim.receiver.statuses(6).await;
    let mut posts = sim.receiver.posts();
    posts.sort_unstable();
    let copies: Vec<bool> = posts.chunks(2).map(|two| two[0] == two[1]).collect();
    assert_eq!(copies, [true, true, true]);
}

#[tokio::test]
async fn an_outage_holds_webhooks_or_loses_them() {
    let sim = Sim::plain().await;
    let outage = |outage: &str| json!({ "outage": outage });
    sim.call(Method::PUT, "/_sim/webhooks", &outage("lost")).await;
    sim.alert(FRENCH).await;
    sim.until(|stats| stats["webhooks"]["dropped"] == 3).await;
    sim.call(Method::PUT, "/_sim/webhooks", &outage("held")).await;
    sim.alert(FRENCH).await;
    sim.until(|stats| stats["pending"]["updates"] == 3).await;
    assert_eq!(sim.receiver.posts().len(), 0);
    sim.call(Method::PUT, "/_sim/webhooks", &outage("none")).await;
    assert_eq!(sim.receiver.statuses(3).await.len(), 3);
}

#[tokio::test]
async fn waiting_updates_are_bounded() {
    let sim = Sim::start(|config| config.memory.updates_max = 2).await;
    sim.call(Method::PUT, "/_sim/webhooks", &json!({ "outage": "held" })).await;
    sim.alert(FRENCH).await;
    sim.until(|stats| stats["webhooks"]["dropped"] == 1).await;
    assert_eq!(sim.stats().await["pending"]["updates"], 2);
}

#[tokio::test]
async fn any_change_can_be_told_by_hand_with_its_time() {
    let sim = Sim::plain().await;
    let value = json!({ "decision": "APPROVED" });
    let change = json!({ "field": "account_review_update", "value": value });
    assert_eq!(sim.post("/_sim/webhooks", &change).await.status, 200);
    let body = &sim.receiver.until(|bodies| !bodies.is_empty()).await[0];
    assert!(body["entry"][0]["time"].is_u64());
    assert_eq!(body["entry"][0]["changes"][0]["value"], value);
    let unknown = json!({ "field": "no_such_field", "value": {} });
    assert_eq!(sim.post("/_sim/webhooks", &unknown).await.status, 422);
}

#[tokio::test]
async fn an_app_subscribes_with_a_handshake_and_then_to_the_account() {
    let sim = Sim::start(|config| {
        config.account.callback_url = None;
        config.account.subscribed = false;
    })
    .await;
    sim.alert(FRENCH).await;
    sim.until(|stats| stats["webhooks"]["unsubscribed"] == 3).await;

    let app = fanal_simulator::demo::APP_ID;
    let path = format!("/{app}/subscriptions");
    let form = format!(
        "object=whatsapp_business_account&fields=messages&verify_token=t%20k&callback_url={}",
        sim.receiver.url
    );
    let answer = sim.try_call(Method::POST, &path, form.as_bytes()).await.unwrap();
    assert_eq!(answer.json(), json!({ "success": true }), "{:?}", answer.body);
    assert_eq!(sim.receiver.verified(), ["t k"]);
    let shown = sim.get(&path).await.json();
    assert_eq!(shown["data"][0]["callback_url"], sim.receiver.url);

    let apps = format!("/{ACCOUNT}/subscribed_apps");
    assert_eq!(sim.get(&apps).await.json()["data"], json!([]));
    assert_eq!(sim.post(&apps, &Value::Null).await.json(), json!({ "success": true }));
    assert_eq!(sim.get(&apps).await.json()["data"][0]["whatsapp_business_api_data"]["id"], app);
    sim.alert(FRENCH).await;
    sim.receiver.statuses(3).await;

    sim.call(Method::DELETE, &apps, &Value::Null).await;
    sim.alert(FRENCH).await;
    sim.until(|stats| stats["webhooks"]["unsubscribed"] == 6).await;
}

#[tokio::test]
async fn a_callback_that_does_not_echo_the_challenge_is_refused() {
    let sim = Sim::plain().await;
    let path = format!("/{}/subscriptions", fanal_simulator::demo::APP_ID);
    let subscribe = |url: &str| json!({ "object": "whatsapp_business_account", "callback_url": url, "verify_token": "t" });
    // The simulator itself answers, but with JSON and 404.
    for url in [format!("http://{}/nowhere", sim.address), "https://x.example/".to_owned()] {
        let answer = sim.post(&path, &subscribe(&url)).await;
        assert_eq!(answer.status, 400, "{url}");
    }
    let unknown = json!({ "object": "whatsapp_business_account", "fields": "gossip",
                          "callback_url": sim.receiver.url });
    Sim::refused(&sim.post(&path, &unknown).await, 100);
}

#[tokio::test]
async fn a_number_can_have_a_callback_of_its_own() {
    let sim = Sim::plain().await;
    let own = Receiver::start().await;
    let configuration = json!({ "override_callback_uri": own.url, "verify_token": "own" });
    let body = json!({ "webhook_configuration": configuration });
    assert_eq!(sim.post(&format!("/{NUMBER}"), &body).await.json(), json!({ "success": true }));
    assert_eq!(own.verified(), ["own"]);
    sim.alert(FRENCH).await;
    assert_eq!(own.statuses(3).await.len(), 3);
    assert!(sim.receiver.posts().is_empty());

    let removal = json!({ "webhook_configuration": { "override_callback_uri": "" } });
    sim.post(&format!("/{NUMBER}"), &removal).await;
    sim.alert(FRENCH).await;
    assert_eq!(statuses(&sim.receiver.until(|bodies| bodies.len() == 3).await).len(), 3);
}
