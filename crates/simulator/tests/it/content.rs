//! Every type of message and the limits of each.

use serde_json::{Value, json};

use super::harness::{FRENCH, Sim};

/// A body of this type with this object.
fn body(kind: &str, object: Value) -> Value {
    json!({ "messaging_product": "whatsapp", "to": FRENCH, "type": kind, kind: object })
}

fn interactive(kind: &str, action: Value) -> Value {
    body("interactive", json!({ "type": kind, "body": { "text": "?" }, "action": action }))
}

fn buttons(replies: &[(&str, &str)]) -> Value {
    let buttons = replies
        .iter()
        .map(|(id, title)| json!({ "type": "reply", "reply": { "id": id, "title": title } }));
    interactive("button", json!({ "buttons": buttons.collect::<Vec<_>>() }))
}

fn list(rows: usize) -> Value {
    let rows = (0..rows).map(|n| json!({ "id": n.to_string(), "title": "row" }));
    let sections = json!([{ "title": "s", "rows": rows.collect::<Vec<_>>() }]);
    interactive("list", json!({ "button": "Choose", "sections": sections }))
}

#[tokio::test]
async fn every_type_is_accepted() {
    let sim = Sim::plain().await;
    let link = json!({ "link": "https://cdn.example/f" });
    let reaction = json!({ "message_id": "wamid.x", "emoji": "👍" });
    let contact = json!([{ "name": { "formatted_name": "Ann", "first_name": "Ann" } }]);
    let named = |name: &str| json!({ "name": name, "parameters": {} });
    let cta =
        json!({ "name": "cta_url", "parameters": { "display_text": "See", "url": "https://a" } });
    let flow = json!({ "name": "flow", "parameters": { "flow_cta": "Go", "flow_id": "1" } });
    let bodies = [
        body("text", json!({ "body": "hi", "preview_url": true })),
        body("image", link.clone()),
        body("video", json!({ "link": "https://cdn.example/f", "caption": "c" })),
        body("document", json!({ "link": "https://cdn.example/f", "filename": "f.pdf" })),
        body("audio", link.clone()),
        body("sticker", link),
        body("location", json!({ "latitude": "45.7", "longitude": 4.8, "name": "Hall" })),
        body("contacts", contact),
        body("reaction", reaction),
        buttons(&[("a", "A"), ("b", "B"), ("c", "C")]),
        list(10),
        interactive("cta_url", cta),
        interactive("flow", flow),
        interactive("location_request_message", named("send_location")),
        interactive("call_permission_request", named("call_permission_request")),
        interactive("product", json!({ "catalog_id": "1", "product_retailer_id": "2" })),
    ];
    for body in bodies {
        let answer = sim.send(&body).await;
        assert_eq!(answer.status, 200, "{body} {:?}", answer.json());
    }
}

#[tokio::test]
async fn limits_and_missing_parts_are_refused() {
    let sim = Sim::plain().await;
    let x = |count: usize| "x".repeat(count);
    let both = json!({ "id": "1", "link": "https://a" });
    let long_reference = {
        let mut body = body("text", json!({ "body": "hi" }));
        body["biz_opaque_callback_data"] = json!(x(513));
        body
    };
    let with = |key: &str, value: Value| {
        let mut body = body("text", json!({ "body": "hi" }));
        body[key] = value;
        body
    };
    for (body, code) in [
        (body("text", json!({ "body": x(4_097) })), 100),
        (body("text", json!({ "body": "" })), 100),
        (body("text", json!({})), 131_008),
        (body("text", json!({ "body": 5 })), 131_009),
        (body("text", Value::Null), 131_008),
        (body("gossip", json!({})), 100),
        (body("image", both), 131_009),
        (body("image", json!({})), 131_009),
        (body("image", json!({ "link": "https://a", "caption": x(1_025) })), 100),
        (body("audio", json!({ "link": "https://a", "caption": "c" })), 131_009),
        (body("location", json!({ "latitude": 91, "longitude": 0 })), 131_009),
        (body("location", json!({ "latitude": "NaN", "longitude": 0 })), 131_009),
        (body("contacts", json!([])), 131_009),
        (body("contacts", json!([{ "name": {} }])), 131_008),
        (body("reaction", json!({ "emoji": "👍" })), 131_008),
        (body("interactive", json!({ "type": "gossip" })), 131_009),
        (buttons(&[]), 131_009),
        (buttons(&[("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")]), 131_009),
        (buttons(&[("a", "A"), ("a", "B")]), 131_009),
        (buttons(&[("a", &x(21))]), 100),
        (list(11), 131_009),
        (list(0), 131_009),
        (interactive("cta_url", json!({ "name": "flow" })), 131_009),
        (with("context", json!({})), 100),
        (with("recipient_type", json!("crowd")), 100),
        (with("to", json!(33)), 100),
        (with("biz_opaque_callback_data", json!(7)), 100),
        (with("status", json!("unread")), 100),
        (long_reference, 100),
    ] {
        let answer = sim.send(&body).await;
        assert_eq!(answer.code(), Some(code), "{body} {:?}", answer.json());
        assert!((400..500).contains(&answer.status));
    }
    assert_eq!(sim.stats().await["accepted"], 0);
}
