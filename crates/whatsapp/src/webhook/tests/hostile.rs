//! Shapes nobody announced: nothing panics, nothing is lost, one oddity takes no other with it.

use fanal_engine::ports::{MalformedWebhook, Notice, Webhook};
use serde_json::{Value, json};

use super::{told, webhook};

fn envelope(changes: &Value) -> String {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": changes }] })
        .to_string()
}

pub(super) fn value(field: &str, value: &Value) -> String {
    envelope(&json!([{ "value": value, "field": field }]))
}

/// A message with what every message has, changed by these fields.
fn message(changes: &Value) -> String {
    let mut message = json!({ "from": "33612345678", "id": "wamid.in", "timestamp": "1795340460" });
    message.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let metadata = json!({ "phone_number_id": "106540352242922" });
    value("messages", &json!({ "metadata": metadata, "messages": [message] }))
}

fn status(changes: &Value) -> String {
    let mut status = json!({ "id": "wamid.out", "status": "delivered", "timestamp": "1795340430" });
    status.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    value("messages", &json!({ "statuses": [status] }))
}

#[track_caller]
fn check_kept(body: &str, field: &str) {
    let notices = webhook().decode(body.as_bytes()).unwrap();
    assert!(
        matches!(&notices[..], [Notice::Unrecognised { field: kept, .. }] if kept == field),
        "{notices:?}"
    );
}

#[track_caller]
fn check(body: &str, start: &str) {
    let told = told(body);
    assert!(told.starts_with(start), "{told}");
}

#[test]
fn what_is_no_envelope_is_refused_by_place_only() {
    for (body, line, column) in [
        ("", 1, 0),
        ("{", 1, 1),
        ("null", 1, 4),
        ("\"+33612345678\"", 1, 14),
        ("{\"entry\":[]}}", 1, 13),
        ("{}", 0, 0),
        ("[]", 1, 2),
        ("{\"object\":\"whatsapp_business_account\"}", 0, 0),
        ("{\"entry\":null}", 0, 0),
    ] {
        let error = webhook().decode(body.as_bytes()).unwrap_err();
        assert_eq!(error, MalformedWebhook { line, column }, "{body}");
        assert!(!error.to_string().contains("336"), "{error}");
    }
    assert!(webhook().decode(b"{\"entry\":[\"\xff\"]}").is_err());
}

#[test]
fn nothing_said_is_nothing_told() {
    for body in [
        r#"{"entry":[]}"#,
        r#"{"entry":{}}"#,
        r#"{"entry":[null,3,{},{"changes":null},{"changes":[null,"x",{}]}]}"#,
        r#"{"entry":[{"changes":[{"field":"messages"},{"field":"messages","value":null}]}]}"#,
    ] {
        assert_eq!(told(body), "", "{body}");
    }
}

#[test]
fn fields_we_do_not_read_are_kept_whole() {
    for field in [
        "account_alerts",
        "account_review_update",
        "account_update",
        "automatic_events",
        "business_capability_update",
        "business_username_update",
        "calls",
        "flows",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
        "history",
        "message_echoes",
        "message_template_components_update",
        "message_template_quality_update",
        "partner_solutions",
        "payment_configuration_update",
        "phone_number_name_update",
        "security",
        "smb_app_state_sync",
        "smb_message_echoes",
        "tracking_events",
        "something_new",
    ] {
        check(&value(field, &json!({ "a": [1] })), &format!(r#"kept {field} {{"a":[1]}}"#));
    }
}

#[test]
fn values_of_another_shape_are_kept_whole() {
    for field in [
        "messages",
        "user_preferences",
        "message_template_status_update",
        "template_category_update",
        "phone_number_quality_update",
    ] {
        for odd in [
            json!({}),
            json!([]),
            json!("x"),
            json!(7),
            json!({ "statuses": "x", "messages": {}, "errors": 3, "user_preferences": {} }),
            json!({ "event": "NEVER_SEEN", "message_template_name": "a" }),
        ] {
            check_kept(&value(field, &odd), field);
        }
    }
}

#[test]
fn a_quality_update_under_the_wrong_name_is_kept() {
    let quality = json!({ "previous_quality_score": "GREEN", "new_quality_score": "RED",
        "message_template_id": 1, "message_template_name": "a", "message_template_language": "fr" });
    check_kept(
        &value("message_template_status_update", &quality),
        "message_template_status_update",
    );
}

#[test]
fn another_product_is_kept() {
    let body = r#"{"object":"page","entry":[{"changes":[{"field":"messages","value":{"statuses":[{"id":"a","status":"sent","timestamp":"1"}]}}]}]}"#;
    check_kept(body, "messages");
}

#[test]
fn an_odd_element_takes_no_other_with_it() {
    let good = json!({ "id": "wamid.a", "status": "sent", "timestamp": "1795340430" });
    let statuses =
        json!([null, {}, "x", 3, good, { "id": "b", "status": "teleported", "timestamp": "1" }]);
    insta::assert_snapshot!(told(&value("messages", &json!({ "statuses": statuses }))), @r#"
    kept messages.statuses {}
    kept messages.statuses "x"
    kept messages.statuses 3
    Sent wamid.a at=1795340430 reference=None failure=None pricing=None
    kept messages.statuses {"id":"b","status":"teleported","timestamp":"1"}
    "#);
}

#[test]
fn numbers_and_texts_stand_for_each_other() {
    check(&status(&json!({ "timestamp": 1_795_340_430 })), "Delivered wamid.out at=1795340430");
    check(&status(&json!({ "id": 17 })), "Delivered 17 at=1795340430");
    let failed = json!({ "status": "failed", "errors": [{ "code": "131049" }] });
    let told = told(&status(&failed));
    assert!(told.contains("failure=Some((Refused, 131049))"), "{told}");
}

#[test]
fn a_failure_is_one_whatever_its_errors_are() {
    for errors in [json!(null), json!([]), json!([null, {}]), json!("x"), json!([{ "code": -1 }])] {
        let told = told(&status(&json!({ "status": "failed", "errors": errors })));
        assert!(told.contains("failure=Some((Refused, 0))"), "{told}");
    }
}

#[test]
fn times_nobody_can_mean_are_kept() {
    for timestamp in [json!(null), json!("soon"), json!(u64::MAX), json!(i64::MAX), json!([1])] {
        check_kept(&status(&json!({ "timestamp": timestamp })), "messages.statuses");
    }
}

#[test]
fn an_entrys_time_stands_in_for_a_missing_one() {
    let body = r#"{"entry":[{"time":1795340500,"changes":[{"field":"messages","value":{"statuses":[{"id":"a","status":"sent"}]}}]}]}"#;
    check(body, "Sent a at=1795340500");
}

#[test]
fn huge_numbers_are_kept() {
    let body = status(&json!({ "timestamp": "HUGE" })).replace("\"HUGE\"", "1e999");
    check_kept(&body, "messages.statuses");
    let body = status(&json!({ "timestamp": "HUGE" })).replace("\"HUGE\"", &"9".repeat(500));
    check_kept(&body, "messages.statuses");
}

#[test]
fn a_price_without_a_word_of_ours_is_kept_beside_its_receipt() {
    for pricing in [
        json!({ "billable": true, "category": "carrier_pigeon" }),
        json!({ "billable": true }),
        json!({ "category": "utility", "type": "never_seen" }),
    ] {
        let told = told(&status(&json!({ "pricing": pricing })));
        assert!(told.starts_with("Delivered wamid.out") && told.contains("pricing=None"), "{told}");
        assert!(told.contains("\nkept messages.statuses.pricing {"), "{told}");
    }
}

#[test]
fn prices_read_in_every_spelling() {
    for (pricing, expected) in [
        (json!({ "billable": true, "category": "marketing_lite" }), "(true, Marketing)"),
        (json!({ "billable": "false", "category": "service" }), "(false, Service)"),
        (json!({ "type": "regular", "category": "service" }), "(true, Service)"),
        (
            json!({ "type": "free_entry_point", "category": "referral_conversion" }),
            "(false, Service)",
        ),
        (
            json!({ "billable": true, "category": "authentication_international" }),
            "(true, Authentication)",
        ),
        (
            json!({ "billable": true, "category": "authentication-international" }),
            "(true, Authentication)",
        ),
    ] {
        let told = told(&status(&json!({ "pricing": pricing })));
        assert!(told.contains(&format!("pricing=Some({expected})")), "{told}");
        assert!(!told.contains("kept"), "{told}");
    }
}

#[test]
fn every_other_form_of_message_is_kept_with_its_sender() {
    for form in [
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "order",
        "unsupported",
        "request_welcome",
        "edit",
        "revoke",
        "something_new",
    ] {
        let told = told(&message(&json!({ "type": form, form: { "id": "1" } })));
        assert!(told.starts_with(r#"wamid.in from=Some("+33612345678")"#), "{told}");
        assert!(told.contains(&format!(": other {form} {{")), "{told}");
    }
}

#[test]
fn a_reply_without_its_payload_or_label_means_the_other() {
    let cases = [
        json!({ "type": "button", "button": { "text": "Safe" } }),
        json!({ "type": "button", "button": { "payload": "Safe", "text": null } }),
        json!({ "type": "interactive", "interactive": { "button_reply": { "id": "Safe" } } }),
        json!({ "type": "interactive", "interactive": { "list_reply": { "title": "Safe" } } }),
    ];
    for case in cases {
        let told = told(&message(&case));
        assert!(told.ends_with(r#": button "Safe" "Safe""#), "{told}");
    }
}

#[test]
fn replies_that_are_none_are_kept_with_their_sender() {
    for (form, case) in [
        ("text", json!({ "type": "text" })),
        ("text", json!({ "type": "text", "text": { "body": "" } })),
        ("text", json!({ "type": "text", "text": "x" })),
        ("button", json!({ "type": "button", "button": {} })),
        ("interactive", json!({ "type": "interactive", "interactive": { "type": "nfm_reply" } })),
        ("interactive", json!({ "type": "interactive", "interactive": null })),
    ] {
        let told = told(&message(&case));
        assert!(told.contains(&format!(": other {form} {{")), "{told}");
    }
}

#[test]
fn what_is_said_to_a_group_is_no_answer_to_us() {
    let said = json!({ "type": "text", "text": { "body": "STOP" }, "group_id": "g1" });
    let told = told(&message(&said));
    assert!(told.contains(": other text {"), "{told}");
}

#[test]
fn a_message_nobody_could_answer_is_kept() {
    for changes in [
        json!({ "id": null, "type": "text" }),
        json!({ "id": "", "type": "text" }),
        json!({ "timestamp": null, "type": "text" }),
        json!({}),
    ] {
        check_kept(&message(&changes), "messages.messages");
    }
    let body =
        value("messages", &json!({ "messages": [{ "id": "a", "timestamp": 1, "type": "text" }] }));
    check_kept(&body, "messages.messages");
}

#[test]
fn a_person_is_found_by_number_by_id_or_by_being_the_only_one() {
    let text = json!({ "id": "a", "timestamp": 1, "type": "text", "text": { "body": "x" } });
    let person = |wa_id: &str, name: &str| json!({ "wa_id": wa_id, "user_id": format!("FR.{wa_id}"), "profile": { "name": name } });
    let two = json!([person("33600000001", "One"), person("33600000002", "Two")]);
    for (from, people, expected) in [
        (
            json!({ "from": "33600000002" }),
            &two,
            r#"from=Some("+33600000002") user=Some("FR.33600000002") name=Some("Two")"#,
        ),
        (
            json!({ "from_user_id": "FR.33600000001" }),
            &two,
            r#"from=Some("+33600000001") user=Some("FR.33600000001") name=Some("One")"#,
        ),
        (json!({}), &json!([person("33600000003", "Three")]), r#"from=Some("+33600000003")"#),
        (json!({}), &two, "from=None user=None name=None"),
        (
            json!({ "from": "33600000009" }),
            &json!([person("33600000003", "Three")]),
            r#"from=Some("+33600000009") user=None name=None"#,
        ),
        (json!({ "from": "not a number" }), &json!(null), "from=None user=None name=None"),
    ] {
        let mut message = text.clone();
        message.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
        let body = json!({ "metadata": { "display_phone_number": "15550783881" }, "contacts": people, "messages": [message] });
        let told = told(&value("messages", &body));
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_number_without_its_plus_or_with_it_is_one() {
    for from in [json!("33612345678"), json!("+33612345678"), json!(33_612_345_678_u64)] {
        let told = told(&message(&json!({ "from": from, "type": "x" })));
        assert!(told.contains(r#"from=Some("+33612345678")"#), "{told}");
    }
}

#[test]
fn preferences_we_have_no_word_for_are_kept() {
    let preferences = json!([
        { "wa_id": "33612345678", "category": "marketing_messages", "value": "maybe", "timestamp": 1 },
        { "wa_id": "33612345678", "category": "horoscopes", "value": "stop", "timestamp": 1 },
        { "wa_id": "33612345678", "category": "marketing_messages", "value": "stop" },
        null,
    ]);
    let told = told(&value("user_preferences", &json!({ "user_preferences": preferences })));
    assert_eq!(told.matches("kept user_preferences").count(), 4, "{told}");
}

#[test]
fn deep_bodies_neither_break_nor_stay_unsaid() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!(r#"{{"entry":[{{"changes":[{{"field":"x","value":{deep}}}]}}]}}"#);
    check_kept(&body, "x");
    let body = body.replace("\"x\"", "\"messages\"");
    check_kept(&body, "messages");
}

#[test]
fn debug_shows_nothing_about_people() {
    for body in [
        include_str!("../fixtures/batch.json"),
        include_str!("../fixtures/status_failed.json"),
        include_str!("../fixtures/inbound_button.json"),
        include_str!("../fixtures/user_preferences.json"),
        include_str!("../fixtures/system_number_changed.json"),
    ] {
        let shown = format!("{:?}", webhook().decode(body.as_bytes()).unwrap());
        for secret in ["336", "wamid", "Ren", "STOP", "curit"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}
