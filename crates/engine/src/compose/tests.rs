//! What leaves for whom.

use fanal_domain::broadcast::{Rules, UnknownRule};
use fanal_domain::id::{SegmentId, TemplateId};
use fanal_domain::template::{Category, ProviderStatus, Translation};
use uuid::Uuid;

use super::*;
use crate::person::AttributeValue;

fn brief(variables: &[(&str, Value)]) -> Brief {
    Brief {
        title: "Boil water".to_owned(),
        template_id: TemplateId(Uuid::from_u128(1)),
        fallback_language: "en".parse().unwrap(),
        purpose: Purpose::Alerts,
        segments: vec![SegmentId(Uuid::from_u128(2))],
        variables: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        header: Some(HeaderValue::Media("77".to_owned())),
        rules: Rules {
            expires_after_s: 1,
            settles_after_s: 1,
            unknown: UnknownRule::Leave,
            answer_within_s: 1,
        },
    }
}

fn everything() -> Brief {
    brief(&[
        ("name", Value::Attribute { name: "name".to_owned(), otherwise: "neighbour".to_owned() }),
        ("until", Value::Time("2026-11-22T17:05:00Z".parse().unwrap())),
        ("page", Value::Text("shelter?id=7&q=é".to_owned())),
    ])
}

fn script(brief: &Brief) -> Script {
    let content = Content {
        header: Some(Header::Image),
        body: "Hello {{name}}, boil water until {{until}}. {{name}}, take care.".to_owned(),
        footer: None,
        buttons: vec![
            Button::QuickReply { text: "OK".to_owned(), answer: AnswerKind::Received },
            Button::Url { text: "Map".to_owned(), url: "https://example.org/{{page}}".to_owned() },
            Button::Url { text: "Home".to_owned(), url: "https://example.org".to_owned() },
            Button::QuickReply { text: "Help".to_owned(), answer: AnswerKind::NeedHelp },
        ],
    };
    let translation =
        Translation { content, status: ProviderStatus::Approved, provider_id: None, reason: None };
    let template = Template {
        template_id: TemplateId(Uuid::from_u128(1)),
        name: "boil_water".to_owned(),
        category: Category::Utility,
        variables: Vec::new(),
        translations: BTreeMap::from([(french(), translation)]),
        retired: false,
    };
    Script::new(brief, &template, FixedOffset::east_opt(3_600).unwrap())
}

fn french() -> Language {
    "fr".parse().unwrap()
}

fn ada() -> Profile {
    Profile {
        name: Some("Ada".to_owned()),
        whatsapp: Some("+33612345678".parse().unwrap()),
        ..Profile::default()
    }
}

fn reference() -> Reference {
    Reference {
        incident_id: IncidentId(Uuid::from_u128(3)),
        broadcast_id: BroadcastId(Uuid::from_u128(4)),
        recipient: 5,
        attempt: 1,
    }
}

#[test]
fn fills_every_blank_once_in_order_and_names_the_send_in_every_reply() {
    let message = script(&everything()).write(&french(), &ada(), &reference()).unwrap();

    assert_eq!(message.reference, reference().to_string());
    assert_eq!(message.to.as_e164(), "+33612345678");
    let OutgoingMessage::Template { name, header, header_values, body_values, buttons, .. } =
        message.message
    else {
        panic!("a broadcast sends a template");
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(name, "boil_water");
    assert_eq!(header, Some(OutgoingHeader::Image(OutgoingFile::Uploaded("77".to_owned()))));
    assert_eq!(header_values, []);
    assert_eq!(body_values, [pair("name", "Ada"), pair("until", "22 nov. 2026 à 18:05 (UTC+1)")]);
    let payload =
        |answer| ButtonParameter::Payload(Payload { reference: reference(), answer }.to_string());
    let end = ButtonParameter::UrlSuffix("shelter?id=7&q=%C3%A9".to_owned());
    assert_eq!(
        buttons,
        [
            ButtonValue { index: 0, value: payload(AnswerKind::Received) },
            ButtonValue { index: 3, value: payload(AnswerKind::NeedHelp) },
            ButtonValue { index: 1, value: end },
        ]
    );
}

#[test]
fn whoever_lacks_an_attribute_gets_the_words_for_that() {
    let nameless = Profile { name: None, ..ada() };
    let message = script(&everything()).write(&french(), &nameless, &reference()).unwrap();
    let OutgoingMessage::Template { body_values, .. } = message.message else {
        panic!("a broadcast sends a template");
    };
    assert_eq!(body_values[0].1, "neighbour");
}

#[track_caller]
fn check_suppressed(brief: &Brief, language: &str, profile: &Profile, reason: SuppressionReason) {
    let written = script(brief).write(&language.parse().unwrap(), profile, &reference());
    assert_eq!(written.err(), Some(reason));
}

#[test]
fn says_why_somebody_cannot_be_told() {
    let unreachable = Profile { whatsapp: None, ..ada() };
    check_suppressed(&everything(), "fr", &unreachable, SuppressionReason::NoAddress);
    check_suppressed(&everything(), "en", &ada(), SuppressionReason::NoTranslation);
    check_suppressed(&brief(&[]), "fr", &ada(), SuppressionReason::NoValue);
    let spacious = Profile { name: Some("A      B".to_owned()), ..ada() };
    check_suppressed(&everything(), "fr", &spacious, SuppressionReason::NoValue);
}

#[test]
fn a_text_that_gets_too_long_is_found_before_it_is_sent() {
    let mut brief = everything();
    let attribute = Value::Attribute { name: "story".to_owned(), otherwise: "-".to_owned() };
    brief.variables.insert("name".to_owned(), attribute);
    let story = |chars| {
        let text = AttributeValue::Text("a".repeat(chars));
        Profile { attributes: BTreeMap::from([("story".to_owned(), text)]), ..ada() }
    };
    let check = |chars| script(&brief).check(&french(), &story(chars));
    assert_eq!(check(300), Ok(()));
    assert_eq!(check(500), Err(SuppressionReason::NoValue));
}
