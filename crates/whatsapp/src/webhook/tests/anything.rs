//! Properties: whatever comes is answered, and a value that says nothing we know is kept.

use fanal_engine::ports::Webhook;
use proptest::prelude::*;
use serde_json::Value;

use super::hostile::value;
use super::webhook;

fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "text",
        "button",
        "sent",
        "failed",
        "1795340430",
        "-1",
        "",
        "é\u{0}",
        "messages",
        "stop",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "object",
        "entry",
        "changes",
        "field",
        "value",
        "messages",
        "statuses",
        "errors",
        "contacts",
        "metadata",
        "phone_number_id",
        "id",
        "from",
        "type",
        "text",
        "body",
        "timestamp",
        "status",
        "pricing",
        "category",
        "code",
        "button",
        "interactive",
        "button_reply",
        "user_preferences",
        "event",
        "message_template_name",
        "message_template_language",
        "wa_id",
        "time",
    ]);
    leaf.prop_recursive(8, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..8).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(name, it)| (name.to_owned(), it)).collect())
            }),
        ]
    })
}

fn any_field() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "messages",
        "user_preferences",
        "message_template_status_update",
        "template_category_update",
        "phone_number_quality_update",
        "account_update",
    ])
}

proptest! {
    #[test]
    fn any_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..256)) {
        prop_assert!(webhook().decode(&body).is_err());
    }

    #[test]
    fn any_json_is_answered(body in any_json()) {
        let decoded = webhook().decode(body.to_string().as_bytes());
        prop_assert!(decoded.is_ok() || body.get("entry").is_none_or(Value::is_null));
    }

    #[test]
    fn any_value_of_any_field_says_something(field in any_field(), any in any_json()) {
        let notices = webhook().decode(value(field, &any).as_bytes()).unwrap();
        prop_assert_eq!(notices.is_empty(), any.is_null());
    }

    #[test]
    fn a_recorded_body_with_any_byte_changed_is_answered(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut body = include_bytes!("../fixtures/batch.json").to_vec();
        let place = place.index(body.len());
        body[place] = byte;
        // What is skipped is not checked, so a body that is read need not be flawless JSON.
        if webhook().decode(&body).is_err() {
            let json = serde_json::from_slice::<Value>(&body);
            prop_assert!(json.is_err() || json.is_ok_and(|json| json.get("entry").is_none()));
        }
    }

    #[test]
    fn a_recorded_body_cut_anywhere_is_refused(length in 0_usize..1_000) {
        let body = include_bytes!("../fixtures/batch.json");
        prop_assert!(webhook().decode(&body[..length]).is_err());
    }
}
