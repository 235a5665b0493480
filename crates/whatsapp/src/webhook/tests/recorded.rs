//! Bodies of the shapes the provider sends, escapes included, with values of our own.

use fanal_engine::ports::Webhook;

use super::{told, webhook};

#[test]
fn a_message_left_with_its_price() {
    insta::assert_snapshot!(told(include_str!("../fixtures/status_sent.json")), @r#"Sent wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA at=1795340430 reference=Some("f1.ref.7.1") failure=None pricing=Some((true, Utility))"#);
}

#[test]
fn a_message_was_read_without_our_reference() {
    insta::assert_snapshot!(told(include_str!("../fixtures/status_read.json")), @"Read wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA at=1795340430 reference=None failure=None pricing=Some((false, Authentication))");
}

#[test]
fn a_message_failed() {
    insta::assert_snapshot!(told(include_str!("../fixtures/status_failed.json")), @r#"Failed wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA at=1795340430 reference=Some("f1.ref.7.1") failure=Some((Refused, 131026)) pricing=None"#);
}

#[test]
fn somebody_wrote() {
    insta::assert_snapshot!(told(include_str!("../fixtures/inbound_text.json")), @r#"wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA= from=Some("+33612345678") user=Some("FR.13491208655302741918") name=Some("Renée Lévy") at=1795340460 to=106540352242922 reply_to=None: text "Je suis à l’abri 🙏 https://example.org/a""#);
}

#[test]
fn somebody_pressed_a_template_button() {
    insta::assert_snapshot!(told(include_str!("../fixtures/inbound_button.json")), @r#"wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA= from=Some("+33612345678") user=Some("FR.13491208655302741918") name=Some("Renée Lévy") at=1795340460 to=106540352242922 reply_to=Some("wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"): button "f1.ref.7.1.safe" "En sécurité""#);
}

#[test]
fn somebody_pressed_a_reply_button() {
    insta::assert_snapshot!(told(include_str!("../fixtures/inbound_button_reply.json")), @r#"wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA= from=Some("+33612345678") user=Some("FR.13491208655302741918") name=Some("Renée Lévy") at=1795340460 to=106540352242922 reply_to=Some("wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"): button "f1.ref.7.1.safe" "En sécurité""#);
}

#[test]
fn somebody_chose_from_a_list() {
    insta::assert_snapshot!(told(include_str!("../fixtures/inbound_list_reply.json")), @r#"wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA= from=Some("+33612345678") user=Some("FR.13491208655302741918") name=Some("Renée Lévy") at=1795340460 to=106540352242922 reply_to=Some("wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"): button "row-2" "Hall B""#);
}

#[test]
fn somebody_who_hides_the_number_wrote() {
    insta::assert_snapshot!(told(include_str!("../fixtures/inbound_without_number.json")), @r#"wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA= from=None user=Some("FR.13491208655302741918") name=Some("Renée") at=1795340460 to=106540352242922 reply_to=None: text "OK""#);
}

#[test]
fn a_changed_number_is_kept() {
    insta::assert_snapshot!(told(include_str!("../fixtures/system_number_changed.json")), @r#"kept messages.system {"from":"33612345678","id":"wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA=","timestamp":"1795340460","type":"system","system":{"body":"User changed from 33612345678 to 33687654321","wa_id":"33687654321","type":"user_changed_number"}}"#);
}

#[test]
fn errors_without_a_message_are_kept() {
    let told = told(include_str!("../fixtures/value_errors.json"));
    assert!(told.starts_with(r#"kept messages.errors {"code":130429,"#), "{told}");
}

#[test]
fn a_template_was_paused() {
    insta::assert_snapshot!(told(include_str!("../fixtures/template_status.json")), @r#"template evacuation pt_BR Paused id=Some("1689556908129832") reason=Some("FIRST_PAUSE")"#);
}

#[test]
fn a_template_was_rejected() {
    insta::assert_snapshot!(told(include_str!("../fixtures/template_rejected.json")), @r#"template evacuation en_US Rejected id=Some("1689556908129832") reason=Some("INVALID_FORMAT")"#);
}

#[test]
fn a_class_that_is_only_coming_is_kept() {
    let told = told(include_str!("../fixtures/template_category_coming.json"));
    assert!(told.starts_with("kept template_category_update {"), "{told}");
}

#[test]
fn a_template_changed_class_though_a_field_is_there_twice() {
    insta::assert_snapshot!(told(include_str!("../fixtures/template_category_changed.json")), @"template evacuation Marketing");
}

#[test]
fn a_number_may_send_faster() {
    insta::assert_snapshot!(told(include_str!("../fixtures/throughput_upgrade.json")), @"sender 15550783881 THROUGHPUT_UPGRADE rate=Some(1000) quality=None people=Some(4294967295)");
}

#[test]
fn marketing_was_stopped_and_resumed() {
    insta::assert_snapshot!(told(include_str!("../fixtures/user_preferences.json")), @r#"
    marketing from=Some("+33612345678") wanted=false at=1795340470
    marketing from=None wanted=true at=1795340471
    "#);
}

#[test]
fn one_body_may_say_many_things() {
    insta::assert_snapshot!(told(include_str!("../fixtures/batch.json")), @r#"
    Sent wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA at=1795340430 reference=None failure=None pricing=None
    Delivered wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA at=1795340430 reference=None failure=None pricing=None
    Played wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA at=1795340430 reference=None failure=None pricing=None
    wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA= from=Some("+33612345678") user=Some("FR.13491208655302741918") name=Some("Renée Lévy") at=1795340460 to=106540352242922 reply_to=None: text "STOP"
    wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA=2 from=Some("+33612345678") user=Some("FR.13491208655302741918") name=Some("Renée Lévy") at=1795340461 to=106540352242922 reply_to=None: other reaction {"from":"33612345678","id":"wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MjA1QjU5RjY5MwA=2","timestamp":"1795340461","type":"reaction","reaction":{"message_id":"wamid.HBgLMzM2MTIzNDU2NzgVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA","emoji":"\ud83d\udc4d"}}
    template all_clear fr Approved id=Some("1") reason=None
    kept account_alerts {"entity_type":"BUSINESS","entity_id":1,"alert_info":{"alert_severity":"INFORMATIONAL"}}
    "#);
}

#[test]
fn a_signature_holds_for_the_escaped_bytes_only() {
    let body = include_str!("../fixtures/inbound_text.json");
    assert!(body.contains(r"\u2019") && body.contains(r"\ud83d\ude4f") && body.contains(r"\/"));
    let signature = webhook().key.sign(body.as_bytes());
    assert!(webhook().is_signed(body.as_bytes(), Some(&signature)));
    let written_again = serde_json::from_str::<serde_json::Value>(body).unwrap().to_string();
    assert!(!webhook().is_signed(written_again.as_bytes(), Some(&signature)));
}

#[test]
fn a_challenge_is_answered_for_the_right_token_only() {
    let webhook = webhook();
    let answer = webhook.answer_challenge("subscribe", "verify-token", "1158201444");
    assert_eq!(answer.as_deref(), Some("1158201444"));
    for (mode, token) in [
        ("subscribe", ""),
        ("subscribe", "verify-toke"),
        ("subscribe", "verify-token "),
        ("subscribe", "app-secret"),
        ("unsubscribe", "verify-token"),
        ("", "verify-token"),
    ] {
        assert_eq!(webhook.answer_challenge(mode, token, "1"), None, "{mode} {token}");
    }
}
