//! Templates: creation and its rules, review, quality, pausing, pacing, sending.

use fanal_simulator::config::ReviewMode;
use hyper::Method;
use serde_json::{Value, json};

use super::harness::{ACCOUNT, FRENCH, Sim, alert_to, offer_to};
use super::receiver::words;

fn edge() -> String {
    format!("/{ACCOUNT}/message_templates")
}

/// A valid template with this body.
fn template(name: &str, body: &str, examples: &[&str]) -> Value {
    json!({
        "name": name, "language": "en_US", "category": "UTILITY",
        "components": [
            { "type": "BODY", "text": body, "example": { "body_text": [examples] } },
        ],
    })
}

fn send(name: &str, language: &str, components: Value) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": FRENCH, "type": "template",
        "template": { "name": name, "language": { "code": language }, "components": components },
    })
}

#[tokio::test]
async fn a_new_template_is_reviewed_and_the_verdict_is_told() {
    let sim = Sim::start(|config| config.review.mode = ReviewMode::AfterMs(60_000)).await;
    let created = sim.post(&edge(), &template("news", "Be calm, {{1}}!", &["Ann"])).await.json();
    assert_eq!((&created["status"], &created["category"]), (&json!("PENDING"), &json!("UTILITY")));
    let body = json!([{ "type": "body", "parameters": [{ "type": "text", "text": "Bo" }] }]);
    Sim::refused(&sim.send(&send("news", "en_US", body.clone())).await, 132_001);
    sim.skip(60_000).await;
    let told = sim.receiver.change("message_template_status_update").await;
    assert_eq!(told["event"], "APPROVED");
    assert_eq!(told["message_template_language"], "en-US");
    assert_eq!(told["message_template_id"].as_u64().unwrap().to_string(), created["id"]);
    assert_eq!(sim.send(&send("news", "en_US", body)).await.status, 200);
}

#[tokio::test]
async fn review_can_be_immediate_or_by_hand() {
    let sim = Sim::start(|config| config.review.mode = ReviewMode::Immediate).await;
    let created = sim.post(&edge(), &template("quick", "Be calm.", &[])).await.json();
    assert_eq!(created["status"], "APPROVED");
    sim.patch(json!({ "review": { "mode": "manual" } })).await;
    let created = sim.post(&edge(), &template("slow", "Be calm.", &[])).await.json();
    let id = created["id"].as_str().unwrap().to_owned();
    let verdict = json!({ "status": "REJECTED", "reason": "PROMOTIONAL" });
    sim.post(&format!("/_sim/templates/{id}"), &verdict).await;
    let told = sim.receiver.change("message_template_status_update").await;
    assert_eq!((&told["event"], &told["reason"]), (&json!("REJECTED"), &json!("PROMOTIONAL")));
    let node = sim.get(&format!("/{id}?fields=status,rejected_reason")).await.json();
    assert_eq!(node, json!({ "id": id, "status": "REJECTED", "rejected_reason": "PROMOTIONAL" }));
}

#[tokio::test]
async fn the_rules_of_creation_are_enforced() {
    let sim = Sim::plain().await;
    let long = "x".repeat(1_025);
    let mut no_example = template("a", "Hi {{1}} there", &[]);
    no_example["components"][0].as_object_mut().unwrap().remove("example");
    let with = |key: &str, value: Value| {
        let mut body = template("a", "Be calm.", &[]);
        body[key] = value;
        body
    };
    let also = |component: Value| {
        let mut body = template("a", "Be calm.", &[]);
        body["components"].as_array_mut().unwrap().push(component);
        body
    };
    let reply = |text: &str| json!({ "type": "QUICK_REPLY", "text": text });
    let url = json!({ "type": "URL", "text": "See", "url": "https://a.example" });
    for (body, subcode) in [
        (template("Bad Name", "Be calm.", &[]), None),
        (with("category", json!("GOSSIP")), None),
        (with("language", json!("xx_XX")), None),
        (with("components", json!([])), None),
        (template("a", &long, &[]), Some(2_388_040)),
        (template("a", "{{1}} is here", &["x"]), Some(2_388_299)),
        (template("a", "Hello {{1}}{{2}} there", &["x", "y"]), Some(2_388_072)),
        (template("a", "Hello {{2}} there", &["x"]), Some(2_388_072)),
        (template("a", "a{{1}}b{{2}}c{{3}}d", &["x", "y", "z"]), Some(2_388_293)),
        (no_example, Some(2_388_043)),
        (also(json!({ "type": "FOOTER", "text": "x".repeat(61) })), Some(2_388_040)),
        (also(json!({ "type": "FOOTER", "text": "by {{1}}." })), Some(2_388_073)),
        (
            also(json!({ "type": "HEADER", "format": "TEXT", "text": "x".repeat(61) })),
            Some(2_388_040),
        ),
        (also(json!({ "type": "HEADER", "format": "IMAGE" })), Some(2_388_043)),
        (also(json!({ "type": "BUTTONS", "buttons": [] })), None),
        (also(json!({ "type": "BUTTONS", "buttons": vec![reply("a"); 11] })), None),
        (also(json!({ "type": "BUTTONS", "buttons": [reply("a"), url, reply("b")] })), None),
        (also(json!({ "type": "BUTTONS", "buttons": [reply(&"x".repeat(26))] })), None),
    ] {
        let error = sim.post(&edge(), &body).await.json()["error"].clone();
        assert_eq!(error["code"], 100, "{body}");
        assert_eq!(error["error_subcode"].as_u64(), subcode, "{body}");
        assert_eq!(error["error_user_msg"].is_string(), subcode.is_some());
    }
}

#[tokio::test]
async fn a_name_and_language_exist_once_and_stay_blocked_after_deletion() {
    let sim = Sim::plain().await;
    let news = template("news", "Be calm.", &[]);
    assert_eq!(sim.post(&edge(), &news).await.status, 200);
    assert_eq!(sim.post(&edge(), &news).await.json()["error"]["error_subcode"], 2_388_024);
    let gone = sim.call(Method::DELETE, &format!("{}?name=news", edge()), &Value::Null).await;
    assert_eq!(gone.json(), json!({ "success": true }));
    assert_eq!(sim.post(&edge(), &news).await.json()["error"]["error_subcode"], 2_388_023);
    sim.skip(30 * 86_400_000).await;
    assert_eq!(sim.post(&edge(), &news).await.status, 200);
    let missing = sim.call(Method::DELETE, &format!("{}?name=none", edge()), &Value::Null).await;
    Sim::refused(&missing, 100);
}

#[tokio::test]
async fn lists_are_filtered_and_paged_by_cursor() {
    let sim = Sim::plain().await;
    for name in ["one", "two", "three"] {
        sim.post(&edge(), &template(name, "Be calm.", &[])).await;
    }
    let page = sim.get(&format!("{}?limit=2&fields=name", edge())).await.json();
    let names = |page: &Value| -> Vec<String> {
        let data = page["data"].as_array().unwrap();
        data.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&page), ["alert", "offer"]);
    assert!(page["paging"]["next"].as_str().unwrap().contains("after="));
    let after = page["paging"]["cursors"]["after"].as_str().unwrap();
    let rest = sim.get(&format!("{}?limit=10&after={after}", edge())).await.json();
    assert_eq!(names(&rest), ["one", "two", "three"]);
    assert!(rest["paging"].get("next").is_none());
    let marketing = sim.get(&format!("{}?category=marketing", edge())).await.json();
    assert_eq!(names(&marketing), ["offer"]);
    let matching = sim.get(&format!("{}?name=thr", edge())).await.json();
    assert_eq!(names(&matching), ["three"]);
    Sim::refused(&sim.get(&format!("{}?after=stale", edge())).await, 131_059);
}

#[tokio::test]
async fn an_approved_template_takes_one_edit_a_day() {
    let sim = Sim::plain().await;
    let shown = sim.get(&format!("{}?name=offer", edge())).await.json();
    let path = format!("/{}", shown["data"][0]["id"].as_str().unwrap());
    let edit = json!({ "components": [{ "type": "BODY", "text": "A better offer." }] });
    assert_eq!(sim.post(&path, &edit).await.json(), json!({ "success": true }));
    sim.receiver.change("message_template_status_update").await;
    assert_eq!(sim.post(&path, &edit).await.json()["error"]["error_subcode"], 2_388_039);
    sim.skip(86_400_000).await;
    assert_eq!(sim.post(&path, &edit).await.status, 200);
    sim.send(&offer_to(FRENCH)).await;
    let phone = sim.get("/_sim/phones/33612345678").await.json();
    assert_eq!(phone["messages"][0]["text"], "A better offer.");
    let broken = json!({ "components": [{ "type": "BODY", "text": "" }] });
    sim.skip(86_400_000).await;
    assert_eq!(sim.post(&path, &broken).await.code(), Some(100));
}

#[tokio::test]
async fn a_template_is_paused_twice_and_then_disabled() {
    let sim = Sim::plain().await;
    let pause = json!({ "pause": true });
    for (code, length) in [(132_015, 10_800_000), (132_015, 21_600_000)] {
        sim.post("/_sim/templates/alert", &pause).await;
        Sim::refused(&sim.send(&alert_to(FRENCH, "r")).await, code);
        sim.skip(length).await;
        sim.until(|stats| stats["pending"]["steps"] == 0).await;
        sim.alert(FRENCH).await;
    }
    sim.post("/_sim/templates/alert", &pause).await;
    Sim::refused(&sim.send(&alert_to(FRENCH, "r")).await, 132_016);
    let bodies = sim.receiver.until(|bodies| {
        bodies.iter().any(|body| body["entry"][0]["changes"][0]["value"]["event"] == "DISABLED")
    });
    let events: Vec<Value> = bodies
        .await
        .iter()
        .map(|body| body["entry"][0]["changes"][0]["value"]["event"].clone())
        .filter(|event| !event.is_null())
        .collect();
    assert_eq!(events, ["PAUSED", "REINSTATED", "PAUSED", "REINSTATED", "DISABLED"]);
}

#[tokio::test]
async fn a_paused_template_can_be_unpaused_over_the_api() {
    let sim = Sim::plain().await;
    let id = sim.get(&format!("{}?name=alert", edge())).await.json()["data"][0]["id"].clone();
    let path = format!("/{}/unpause", id.as_str().unwrap());
    assert_eq!(sim.post(&path, &Value::Null).await.status, 400, "it is not paused");
    sim.post("/_sim/templates/alert", &json!({ "pause": true })).await;
    assert_eq!(sim.post(&path, &Value::Null).await.json(), json!({ "success": true }));
    sim.alert(FRENCH).await;
}

#[tokio::test]
async fn quality_and_category_changes_are_told() {
    let sim = Sim::plain().await;
    sim.post("/_sim/templates/alert", &json!({ "quality": "YELLOW" })).await;
    let told = sim.receiver.change("message_template_quality_update").await;
    assert_eq!(told["previous_quality_score"], "UNKNOWN");
    assert_eq!(told["new_quality_score"], "YELLOW");
    sim.post("/_sim/templates/alert", &json!({ "category": "MARKETING" })).await;
    let told = sim.receiver.change("template_category_update").await;
    assert_eq!(
        (&told["previous_category"], &told["new_category"]),
        (&json!("UTILITY"), &json!("MARKETING"))
    );
    sim.alert(FRENCH).await;
    assert_eq!(sim.receiver.statuses(1).await[0]["pricing"]["category"], "marketing");
}

#[tokio::test]
async fn pacing_holds_messages_until_the_verdict() {
    let sim = Sim::start(|config| config.review.paced_after = Some(1)).await;
    let status = |answer: &Value| answer["messages"][0]["message_status"].clone();
    let first = sim.send(&alert_to("+33610000001", "r")).await.json();
    let held = sim.send(&alert_to("+33610000002", "r")).await.json();
    assert_eq!(status(&first), "accepted");
    assert_eq!(status(&held), "held_for_quality_assessment");
    assert_eq!(sim.receiver.statuses(3).await.len(), 3);
    sim.skip(3_600_000).await;
    assert_eq!(words(&sim.receiver.statuses(6).await)[3..], ["sent", "delivered", "read"]);
    let told = sim.receiver.change("message_template_quality_update").await;
    assert_eq!(told["new_quality_score"], "GREEN");
}

#[tokio::test]
async fn a_bad_verdict_fails_what_was_held_and_pauses_the_template() {
    let sim = Sim::start(|config| config.review.paced_after = Some(0)).await;
    sim.alert(FRENCH).await;
    sim.post("/_sim/templates/alert", &json!({ "release": false })).await;
    let statuses = sim.receiver.statuses(1).await;
    assert_eq!(statuses[0]["errors"][0]["code"], 132_015);
    Sim::refused(&sim.send(&alert_to(FRENCH, "r")).await, 132_015);
}

#[tokio::test]
async fn reserved_numbers_are_held_and_released_or_dropped() {
    let sim = Sim::plain().await;
    sim.alert("+33600990026").await;
    sim.alert("+33600990027").await;
    assert_eq!(sim.stats().await["held"], 2);
    sim.skip(3_600_000).await;
    let statuses = sim.receiver.statuses(4).await;
    let dropped: Vec<&Value> =
        statuses.iter().filter(|status| status["status"] == "failed").collect();
    assert_eq!(dropped.len(), 1);
    assert_eq!(dropped[0]["recipient_id"], "33600990027");
}

#[tokio::test]
async fn parameters_are_checked_when_sending() {
    let sim = Sim::plain().await;
    let texts = |texts: &[&str]| {
        let parameters = texts.iter().map(|text| json!({ "type": "text", "text": text }));
        json!([{ "type": "body", "parameters": parameters.collect::<Vec<_>>() }])
    };
    let button = |index: Value, payload: Value| {
        let mut components = texts(&["a", "b"]);
        let parameters = json!([{ "type": "payload", "payload": payload }]);
        let button = json!({ "type": "button", "sub_type": "quick_reply", "index": index,
                             "parameters": parameters });
        components.as_array_mut().unwrap().push(button);
        components
    };
    let long = "x".repeat(1_020);
    for (components, code) in [
        (texts(&["a"]), 132_000),
        (texts(&["a", "b", "c"]), 132_000),
        (texts(&["a", "b\nc"]), 132_018),
        (texts(&["a", "b\tc"]), 132_018),
        (texts(&["a", "b     c"]), 132_018),
        (texts(&["a", ""]), 131_008),
        (texts(&["a", &long]), 132_005),
        (
            json!([{ "type": "body", "parameters": [{ "type": "image" }, { "type": "text", "text": "b" }] }]),
            132_012,
        ),
        (json!([{ "type": "head" }]), 132_012),
        (json!({ "type": "body" }), 132_012),
        (button(json!(7), json!("x")), 132_000),
        (button(json!("0"), json!(5)), 132_012),
        (button(json!("0"), json!("x".repeat(257))), 131_009),
    ] {
        let answer = sim.send(&send("alert", "fr", components.clone())).await;
        assert_eq!(answer.code(), Some(code), "{components} {:?}", answer.json());
    }
    Sim::refused(&sim.send(&send("alert", "en_US", texts(&["a", "b"]))).await, 132_001);
    Sim::refused(&sim.send(&send("none", "fr", texts(&["a", "b"]))).await, 132_001);
    assert_eq!(sim.send(&send("alert", "fr", button(json!(1), json!("x")))).await.status, 200);
}

#[tokio::test]
async fn headers_named_variables_and_urls_are_filled() {
    let sim = Sim::start(|config| config.review.mode = ReviewMode::Immediate).await;
    let created = json!({
        "name": "rich", "language": "en", "category": "UTILITY", "parameter_format": "NAMED",
        "components": [
            { "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4::x"] } },
            { "type": "BODY", "text": "Hello {{first_name}}, meet at {{place}} please.",
              "example": { "body_text_named_params": [
                  { "param_name": "first_name", "example": "Ann" },
                  { "param_name": "place", "example": "the hall" } ] } },
            { "type": "BUTTONS", "buttons": [
                { "type": "URL", "text": "Map", "url": "https://m.example/{{1}}", "example": ["x"] } ] },
        ],
    });
    assert_eq!(sim.post(&edge(), &created).await.json()["status"], "APPROVED");
    let named =
        |name: &str, text: &str| json!({ "type": "text", "parameter_name": name, "text": text });
    let image = json!({ "type": "header", "parameters": [
        { "type": "image", "image": { "link": "https://cdn.example/a.png" } } ] });
    let url = json!({ "type": "button", "sub_type": "url", "index": 0,
                      "parameters": [{ "type": "text", "text": "abc" }] });
    let body = json!({ "type": "body", "parameters": [named("place", "home"), named("first_name", "Bo")] });
    let all = json!([image, body, url]);
    assert_eq!(sim.send(&send("rich", "en", all.clone())).await.status, 200);
    let phone = sim.get("/_sim/phones/33612345678").await.json();
    assert_eq!(phone["messages"][0]["text"], "[image]\nHello Bo, meet at home please.");
    for (missing, code) in [(0, 132_000), (1, 132_000), (2, 131_008)] {
        let mut components = all.clone();
        components.as_array_mut().unwrap().remove(missing);
        assert_eq!(sim.send(&send("rich", "en", components)).await.code(), Some(code), "{missing}");
    }
    let misnamed = json!([image, { "type": "body", "parameters": [named("x", "y"), named("place", "z")] }, url]);
    assert_eq!(sim.send(&send("rich", "en", misnamed)).await.code(), Some(132_012));
}
