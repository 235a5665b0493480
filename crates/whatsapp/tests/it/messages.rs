//! Every kind of message, exactly as it goes over the wire.

use fanal_domain::language::Language;
use fanal_engine::ports::{
    ButtonParameter, ButtonValue, Messenger, Outcome, Outgoing, OutgoingFile, OutgoingHeader,
    OutgoingMessage,
};
use fanal_whatsapp::{CloudApi, CloudApiConfig, ParameterFormat};

use crate::server::{Received, Server, accepted, answer, config, outgoing, sender, text};

async fn received_with(change: impl FnOnce(&mut CloudApiConfig), message: &Outgoing) -> Received {
    let server = Server::start([accepted()]).await;
    let mut config = config(&server.address);
    change(&mut config);
    let outcome = CloudApi::new(&config).unwrap().send(&sender(), message).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    server.only()
}

async fn received(message: OutgoingMessage) -> String {
    received_with(|_| {}, &outgoing(message)).await.text().to_owned()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn template(header: Option<OutgoingHeader>, body_values: &[(&str, &str)]) -> OutgoingMessage {
    OutgoingMessage::Template {
        name: "evacuation".to_owned(),
        language: "pt-br".parse::<Language>().unwrap(),
        header,
        header_values: Vec::new(),
        body_values: pairs(body_values),
        buttons: Vec::new(),
    }
}

#[tokio::test]
async fn a_request_names_version_sender_token_and_type() {
    let received = received_with(|_| {}, &text()).await;
    assert_eq!(received.line, "POST /v26.0/106540352242922/messages");
    assert_eq!(received.header("authorization"), Some("Bearer EAAGtoken"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("accept"), Some("application/json"));
    assert!(received.header("host").is_some_and(|host| host.starts_with("127.0.0.1:")));
    assert!(received.header("user-agent").is_some_and(|agent| agent.starts_with("fanal/")));
}

#[tokio::test]
async fn version_and_path_before_it_are_configuration() {
    let change = |config: &mut CloudApiConfig| {
        config.graph_version = "v31.2".to_owned();
        config.base_url.push_str("/gateway/");
    };
    let received = received_with(change, &text()).await;
    assert_eq!(received.line, "POST /gateway/v31.2/106540352242922/messages");
}

#[tokio::test]
async fn free_words() {
    let received = received_with(|_| {}, &text()).await;
    insta::assert_snapshot!(received.text(), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"text","text":{"body":"Évacuez.\n\"Now\""},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn free_words_with_buttons() {
    let received = received(OutgoingMessage::Buttons {
        body: "Are you safe?".to_owned(),
        buttons: pairs(&[("f1.ref.7.1.safe", "I am safe"), ("f1.ref.7.1.need_help", "Help")]),
    })
    .await;
    insta::assert_snapshot!(received, @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"interactive","interactive":{"type":"button","body":{"text":"Are you safe?"},"action":{"buttons":[{"type":"reply","reply":{"id":"f1.ref.7.1.safe","title":"I am safe"}},{"type":"reply","reply":{"id":"f1.ref.7.1.need_help","title":"Help"}}]}},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn a_template_without_blanks() {
    insta::assert_snapshot!(received(template(None, &[])).await, @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"template","template":{"name":"evacuation","language":{"code":"pt_BR"}},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn a_template_with_named_variables() {
    let message = template(None, &[("place", "Hall B"), ("until", "18:30")]);
    insta::assert_snapshot!(received(message).await, @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"template","template":{"name":"evacuation","language":{"code":"pt_BR"},"components":[{"type":"body","parameters":[{"type":"text","parameter_name":"place","text":"Hall B"},{"type":"text","parameter_name":"until","text":"18:30"}]}]},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn a_template_with_positional_variables() {
    let message = outgoing(template(None, &[("place", "Hall B"), ("until", "18:30")]));
    let positional = |config: &mut CloudApiConfig| config.parameters = ParameterFormat::Positional;
    let received = received_with(positional, &message).await;
    insta::assert_snapshot!(received.text(), @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"template","template":{"name":"evacuation","language":{"code":"pt_BR"},"components":[{"type":"body","parameters":[{"type":"text","text":"Hall B"},{"type":"text","text":"18:30"}]}]},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn numbered_variables_are_positional_by_number() {
    let received = received(template(None, &[("2", "18:30"), ("1", "Hall B")])).await;
    let place = received.find("Hall B").unwrap();
    assert!(place < received.find("18:30").unwrap());
    assert!(!received.contains("parameter_name"));
}

#[tokio::test]
async fn a_template_with_a_text_header_and_every_button() {
    let received = received(OutgoingMessage::Template {
        name: "evacuation".to_owned(),
        language: "fr".parse().unwrap(),
        header: None,
        header_values: pairs(&[("site", "Usine nord")]),
        body_values: pairs(&[("place", "Hall B")]),
        buttons: vec![
            ButtonValue {
                index: 0,
                value: ButtonParameter::Payload("f1.ref.7.1.received".to_owned()),
            },
            ButtonValue { index: 2, value: ButtonParameter::UrlSuffix("plan?id=7".to_owned()) },
        ],
    })
    .await;
    insta::assert_snapshot!(received, @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"template","template":{"name":"evacuation","language":{"code":"fr"},"components":[{"type":"header","parameters":[{"type":"text","parameter_name":"site","text":"Usine nord"}]},{"type":"body","parameters":[{"type":"text","parameter_name":"place","text":"Hall B"}]},{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"f1.ref.7.1.received"}]},{"type":"button","sub_type":"url","index":"2","parameters":[{"type":"text","text":"plan?id=7"}]}]},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn a_template_with_a_picture() {
    let file = OutgoingFile::Uploaded("2762702990552401".to_owned());
    let message = template(Some(OutgoingHeader::Image(file)), &[]);
    insta::assert_snapshot!(received(message).await, @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"template","template":{"name":"evacuation","language":{"code":"pt_BR"},"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"2762702990552401"}}]}]},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn a_template_with_a_document() {
    let file = OutgoingFile::Link("https://example.org/plan.pdf?v=2".to_owned());
    let message = template(Some(OutgoingHeader::Document(file)), &[]);
    insta::assert_snapshot!(received(message).await, @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"template","template":{"name":"evacuation","language":{"code":"pt_BR"},"components":[{"type":"header","parameters":[{"type":"document","document":{"link":"https://example.org/plan.pdf?v=2"}}]}]},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn a_template_with_a_pin_on_the_map() {
    let header = OutgoingHeader::Location {
        latitude: "48.858370".to_owned(),
        longitude: "2.294481".to_owned(),
        name: "Assembly point".to_owned(),
        address: "Champ de Mars, Paris".to_owned(),
    };
    insta::assert_snapshot!(received(template(Some(header), &[])).await, @r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+33612345678","type":"template","template":{"name":"evacuation","language":{"code":"pt_BR"},"components":[{"type":"header","parameters":[{"type":"location","location":{"latitude":"48.858370","longitude":"2.294481","name":"Assembly point","address":"Champ de Mars, Paris"}}]}]},"biz_opaque_callback_data":"f1.ref.7.1"}"#);
}

#[tokio::test]
async fn one_connection_carries_one_message_after_the_other() {
    let server = Server::start([accepted(), answer(400, "{}"), accepted()]).await;
    let api = CloudApi::new(&config(&server.address)).unwrap();
    for _ in 0..3 {
        api.send(&sender(), &text()).await;
    }
    let connections: Vec<_> = server.received().iter().map(|one| one.connection).collect();
    assert_eq!(connections, [0, 0, 0]);
}

#[tokio::test]
async fn messages_at_the_same_time_take_a_connection_each() {
    let server = Server::start((0..8).map(|_| accepted())).await;
    let api = CloudApi::new(&config(&server.address)).unwrap();
    let (sender, text) = (sender(), text());
    let both = tokio::join!(api.send(&sender, &text), api.send(&sender, &text));
    assert!(matches!(both, (Outcome::Accepted { .. }, Outcome::Accepted { .. })));
    assert_eq!(server.received().len(), 2);
}
