//! Whatever is thrown at it, it neither breaks nor blames itself.

use hyper::Method;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::client::{exchange, request};
use super::harness::{ACCOUNT, FRENCH, NUMBER, Sim, alert_to};

/// Any JSON, with a liking for the keys and words that mean something.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("whatsapp".to_owned()),
        Just("template".to_owned()),
        Just("text".to_owned()),
        Just("alert".to_owned()),
        Just("fr".to_owned()),
        Just(FRENCH.to_owned()),
        Just("{{1}}".to_owned()),
        ".{0,12}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("type".to_owned()),
        Just("text".to_owned()),
        Just("name".to_owned()),
        Just("components".to_owned()),
        Just("parameters".to_owned()),
        Just("index".to_owned()),
        Just("buttons".to_owned()),
        Just("format".to_owned()),
        Just("example".to_owned()),
        "[a-z_]{1,8}",
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A valid body in which one part is replaced by anything.
fn spoilt(valid: &Value) -> impl Strategy<Value = Value> + use<> {
    let mut pointers = vec![String::new()];
    collect_pointers(valid, "", &mut pointers);
    let valid = valid.clone();
    (proptest::sample::select(pointers), any_json()).prop_map(move |(pointer, part)| {
        let mut body = valid.clone();
        if let Some(place) = body.pointer_mut(&pointer) {
            *place = part;
        }
        body
    })
}

fn collect_pointers(value: &Value, at: &str, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, child) in children {
        let pointer = format!("{at}/{key}");
        pointers.push(pointer.clone());
        collect_pointers(child, &pointer, pointers);
    }
}

/// Posts many generated bodies and expects an answer below 500 to each.
fn throw(path: &str, strategy: &(impl Strategy<Value = Value> + 'static)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let sim = runtime.block_on(Sim::plain());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(400));
    let outcome = runner.run(strategy, |body| {
        let bytes = body.to_string();
        let answer = runtime
            .block_on(sim.try_call(Method::POST, path, bytes.as_bytes()))
            .map_err(|_| TestCaseError::fail("the connection broke"))?;
        prop_assert!(answer.status < 500, "{} for {}", answer.status, bytes);
        prop_assert!(!answer.json().is_null());
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(runtime.block_on(sim.get(&format!("/{NUMBER}"))).status, 200, "it still serves");
}

#[test]
fn any_json_to_messages_is_answered() {
    throw(&format!("/{NUMBER}/messages"), &any_json());
}

#[test]
fn any_spoilt_template_send_is_answered() {
    throw(&format!("/{NUMBER}/messages"), &spoilt(&alert_to(FRENCH, "r")));
}

#[test]
fn any_spoilt_interactive_send_is_answered() {
    let rows = json!([{ "id": "1", "title": "row", "description": "d" }]);
    let action = json!({ "button": "b", "sections": [{ "title": "t", "rows": rows }],
                         "buttons": [{ "type": "reply", "reply": { "id": "1", "title": "t" } }] });
    let body = json!({
        "messaging_product": "whatsapp", "to": FRENCH, "type": "interactive",
        "context": { "message_id": "wamid.x" },
        "interactive": { "type": "list", "header": { "type": "text", "text": "h" },
                         "body": { "text": "b" }, "footer": { "text": "f" }, "action": action },
    });
    throw(&format!("/{NUMBER}/messages"), &spoilt(&body));
}

#[test]
fn any_spoilt_template_creation_is_answered() {
    let body = json!({
        "name": "spoilt", "language": "en", "category": "UTILITY", "parameter_format": "NAMED",
        "components": [
            { "type": "HEADER", "format": "TEXT", "text": "Hi {{name}}",
              "example": { "header_text_named_params": [{ "param_name": "name", "example": "A" }] } },
            { "type": "BODY", "text": "Hello {{name}}, good day.",
              "example": { "body_text_named_params": [{ "param_name": "name", "example": "A" }] } },
            { "type": "FOOTER", "text": "f" },
            { "type": "BUTTONS", "buttons": [
                { "type": "QUICK_REPLY", "text": "a" },
                { "type": "URL", "text": "u", "url": "https://a/{{1}}", "example": ["x"] },
                { "type": "PHONE_NUMBER", "text": "p", "phone_number": "+1" } ] },
        ],
    });
    throw(&format!("/{ACCOUNT}/message_templates"), &spoilt(&body));
}

#[test]
fn any_answer_by_hand_is_answered() {
    throw("/_sim/phones/33612345678/answers", &any_json());
}

#[tokio::test]
async fn bodies_that_are_not_json_too_deep_or_too_long_are_refused() {
    let sim = Sim::start(|config| config.limits.body_bytes_max = 4_096).await;
    let path = format!("/{NUMBER}/messages");
    for body in ["{", "\u{0}", "[[[", "nul", &"[".repeat(4_000), &"x".repeat(10_000)] {
        let answer = sim.try_call(Method::POST, &path, body.as_bytes()).await.unwrap();
        assert_eq!((answer.status, answer.code()), (400, Some(100)));
    }
}

#[tokio::test]
async fn odd_addresses_are_refused() {
    let sim = Sim::plain().await;
    let token = fanal_simulator::demo::ACCESS_TOKEN;
    for path in ["/", "//", "/v26.0", "/v26.0/%ff%00", "/a/b/c/d", "/_media/1/x", "/v1./x"] {
        let answer = exchange(&sim.address, request(Method::GET, path, token, b"")).await.unwrap();
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
    }
}
