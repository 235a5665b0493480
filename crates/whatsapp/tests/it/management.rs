//! Templates, numbers, files and read marks: what we ask, and what we make of the answers.

use axum::Router;
use axum::extract::{Multipart, Path};
use axum::http::HeaderMap;
use axum::routing::post;
use bytes::Bytes;
use fanal_domain::sender::Quality;
use fanal_domain::template::{
    AnswerKind, Button, Category, Content, Header, ProviderStatus, Variable, VariableType,
};
use fanal_engine::ports::{
    Provider, ProviderError, ProviderTemplate, SenderFacts, UNLIMITED_PEOPLE,
};
use fanal_whatsapp::{CloudApi, CloudApiConfig, ParameterFormat};
use tokio::net::TcpListener;

use crate::server::{Reply, Server, answer, config, sender};

async fn started(replies: impl IntoIterator<Item = Reply>) -> (Server, CloudApi) {
    let server = Server::start(replies).await;
    let api = CloudApi::new(&config(&server.address)).unwrap();
    (server, api)
}

fn variable(name: &str, example: &str) -> Variable {
    let (name, example) = (name.to_owned(), example.to_owned());
    Variable { name, kind: VariableType::Text, commitment: false, example }
}

fn content(header: Option<Header>) -> Content {
    Content {
        header,
        body: "Leave {{place}} by {{until}}. Meet at {{place}}. {{ until }}!".to_owned(),
        footer: Some("Town hall".to_owned()),
        buttons: vec![
            Button::QuickReply { text: "I am safe".to_owned(), answer: AnswerKind::Safe },
            Button::Url { text: "Map".to_owned(), url: "https://a.example/{{place}}".to_owned() },
            Button::Url { text: "News".to_owned(), url: "https://b.example".to_owned() },
        ],
    }
}

async fn submit(
    reply: Reply,
    change: impl FnOnce(&mut CloudApiConfig),
    (variables, content): (&[Variable], &Content),
) -> (Server, Result<ProviderTemplate, ProviderError>) {
    let server = Server::start([reply]).await;
    let mut config = config(&server.address);
    change(&mut config);
    let api = CloudApi::new(&config).unwrap();
    let language = "fr".parse().unwrap();
    let submitted =
        api.submit_template("evacuation", Category::Utility, variables, &language, content).await;
    (server, submitted)
}

fn pending() -> Reply {
    answer(200, r#"{"id":"572279198452421","status":"PENDING","category":"UTILITY"}"#)
}

fn place_and_until() -> [Variable; 2] {
    [variable("place", "Hall B"), variable("until", "18:30")]
}

#[tokio::test]
async fn submits_a_text_with_named_variables() {
    let content = content(Some(Header::Text("Alert at {{place}}".to_owned())));
    let (server, submitted) = submit(pending(), |_| {}, (&place_and_until(), &content)).await;
    let submitted = submitted.unwrap();
    assert_eq!(submitted.provider_id, "572279198452421");
    assert_eq!(submitted.status, ProviderStatus::Pending);
    let received = server.only();
    assert_eq!(received.line, "POST /v26.0/102290129340398/message_templates");
    insta::assert_snapshot!(received.text(), @r#"{"name":"evacuation","category":"UTILITY","language":"fr","parameter_format":"NAMED","components":[{"type":"HEADER","format":"TEXT","text":"Alert at {{place}}","example":{"header_text_named_params":[{"param_name":"place","example":"Hall B"}]}},{"type":"BODY","text":"Leave {{place}} by {{until}}. Meet at {{place}}. {{until}}!","example":{"body_text_named_params":[{"param_name":"place","example":"Hall B"},{"param_name":"until","example":"18:30"}]}},{"type":"FOOTER","text":"Town hall"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"I am safe"},{"type":"URL","text":"Map","url":"https://a.example/{{1}}","example":["https://a.example/Hall%20B"]},{"type":"URL","text":"News","url":"https://b.example"}]}]}"#);
}

#[tokio::test]
async fn submits_a_text_with_counted_variables() {
    let counted = |config: &mut CloudApiConfig| config.parameters = ParameterFormat::Positional;
    let content = content(Some(Header::Text("Until {{until}}".to_owned())));
    let (server, _) = submit(pending(), counted, (&place_and_until(), &content)).await;
    insta::assert_snapshot!(server.only().text(), @r#"{"name":"evacuation","category":"UTILITY","language":"fr","parameter_format":"POSITIONAL","components":[{"type":"HEADER","format":"TEXT","text":"Until {{1}}","example":{"header_text":["18:30"]}},{"type":"BODY","text":"Leave {{1}} by {{2}}. Meet at {{1}}. {{2}}!","example":{"body_text":[["Hall B","18:30"]]}},{"type":"FOOTER","text":"Town hall"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"I am safe"},{"type":"URL","text":"Map","url":"https://a.example/{{1}}","example":["https://a.example/Hall%20B"]},{"type":"URL","text":"News","url":"https://b.example"}]}]}"#);
}

#[tokio::test]
async fn submits_numbered_variables_under_their_own_numbers() {
    let content = Content {
        header: None,
        body: "{{2}} at {{1}}".to_owned(),
        footer: None,
        buttons: Vec::new(),
    };
    let variables = [variable("1", "Hall B"), variable("2", "18:30")];
    let (server, _) = submit(pending(), |_| {}, (&variables, &content)).await;
    insta::assert_snapshot!(server.only().text(), @r#"{"name":"evacuation","category":"UTILITY","language":"fr","parameter_format":"POSITIONAL","components":[{"type":"BODY","text":"{{2}} at {{1}}","example":{"body_text":[["Hall B","18:30"]]}}]}"#);
}

#[tokio::test]
async fn submits_a_picture_with_its_sample_and_a_pin_without() {
    let plain = Content {
        header: Some(Header::Image),
        body: "Look.".to_owned(),
        footer: None,
        buttons: Vec::new(),
    };
    let sample = |config: &mut CloudApiConfig| config.sample_image = Some("4::aW".to_owned());
    let (server, _) = submit(pending(), sample, (&[], &plain)).await;
    insta::assert_snapshot!(server.only().text(), @r#"{"name":"evacuation","category":"UTILITY","language":"fr","parameter_format":"NAMED","components":[{"type":"HEADER","format":"IMAGE","example":{"header_handle":["4::aW"]}},{"type":"BODY","text":"Look."}]}"#);
    let pin = Content { header: Some(Header::Location), ..plain };
    let (server, _) = submit(pending(), |_| {}, (&[], &pin)).await;
    insta::assert_snapshot!(server.only().text(), @r#"{"name":"evacuation","category":"UTILITY","language":"fr","parameter_format":"NAMED","components":[{"type":"HEADER","format":"LOCATION"},{"type":"BODY","text":"Look."}]}"#);
}

#[tokio::test]
async fn what_cannot_be_submitted_is_not_sent() {
    for (content, expected) in [
        (content(Some(Header::Document)), "a document header needs the handle of a sample"),
        (
            Content { body: "Ask {{whom}}.".to_owned(), ..content(None) },
            "the text uses `{{whom}}`, which is not a variable of the template",
        ),
    ] {
        let (server, error) = submit(pending(), |_| {}, (&place_and_until(), &content)).await;
        let error = error.unwrap_err();
        assert!(error.message.starts_with(expected), "{error}");
        assert!(server.received().is_empty());
    }
}

#[tokio::test]
async fn the_provider_may_judge_a_template_otherwise() {
    let reply = answer(200, r#"{"id":17,"status":"APPROVED","category":"MARKETING"}"#);
    let (_, submitted) = submit(reply, |_| {}, (&place_and_until(), &content(None))).await;
    let submitted = submitted.unwrap();
    assert_eq!((submitted.provider_id.as_str(), submitted.category), ("17", Category::Marketing));
    assert_eq!(submitted.status, ProviderStatus::Approved);
}

#[tokio::test]
async fn a_refused_template_says_why_in_words_for_people() {
    let refusal = r#"{"error":{"message":"Invalid parameter","code":100,"error_subcode":2388293,"error_user_title":"x","error_user_msg":"This template has too many variables for its length."}}"#;
    let (_, refused) =
        submit(answer(400, refusal), |_| {}, (&place_and_until(), &content(None))).await;
    let error = refused.unwrap_err();
    assert_eq!(error.code, 2_388_293);
    assert_eq!(error.message, "This template has too many variables for its length.");
}

#[tokio::test]
async fn lists_every_page_of_templates() {
    let first = r#"{"data":[
        {"id":"1","name":"evacuation","language":"fr","status":"APPROVED","category":"UTILITY","rejected_reason":"NONE"},
        {"id":"2","name":"evacuation","language":"pt_BR","status":"REJECTED","category":"MARKETING","rejected_reason":"INVALID_FORMAT"},
        {"id":"3","name":"evacuation","language":"fr","status":"NEVER_SEEN","category":"UTILITY"},
        null],
        "paging":{"cursors":{"before":"a","after":"QVFI+/=="},"next":"https:\/\/graph.facebook.com\/x"}}"#;
    let second = r#"{"data":[{"id":4,"name":"all_clear","language":"fil","status":"PAUSED","category":"UTILITY"}],
        "paging":{"cursors":{"after":"b"}}}"#;
    let (server, api) = started([answer(200, first), answer(200, second)]).await;
    let listed = api.templates().await.unwrap();
    let told: Vec<_> = listed
        .iter()
        .map(|one| {
            format!("{} {} {:?} {:?}", one.provider_id, one.language, one.status, one.reason)
        })
        .collect();
    assert_eq!(
        told,
        ["1 fr Approved None", "2 pt_BR Rejected Some(\"INVALID_FORMAT\")", "4 fil Paused None"]
    );
    let lines: Vec<_> = server.received().into_iter().map(|received| received.line).collect();
    let path = "GET /v26.0/102290129340398/message_templates\
        ?fields=id,name,language,status,category,rejected_reason&limit=250";
    assert_eq!(lines, [path.to_owned(), format!("{path}&after=QVFI%2B%2F%3D%3D")]);
}

#[tokio::test]
async fn an_empty_page_ends_the_list() {
    let endless = r#"{"data":[],"paging":{"cursors":{"after":"a"},"next":"https://x"}}"#;
    let (server, api) = started([answer(200, endless)]).await;
    assert_eq!(api.templates().await.unwrap(), []);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_failed_page_fails_the_list() {
    let stale = r#"{"error":{"message":"(#131059) Invalid cursor","code":131059}}"#;
    let next = r#"{"data":[{"id":"1","name":"a","language":"fr","status":"APPROVED","category":"UTILITY"}],"paging":{"cursors":{"after":"a"},"next":"https://x"}}"#;
    let (_, api) = started([answer(200, next), answer(400, stale)]).await;
    assert_eq!(api.templates().await.unwrap_err().code, 131_059);
}

#[tokio::test]
async fn deletes_a_template_in_every_language() {
    let (server, api) = started([answer(200, r#"{"success":true}"#)]).await;
    api.delete_template("all clear&x").await.unwrap();
    let expected = "DELETE /v26.0/102290129340398/message_templates?name=all%20clear%26x";
    assert_eq!(server.only().line, expected);
}

#[tokio::test]
async fn marks_a_message_as_read() {
    let (server, api) = started([answer(200, r#"{"success":true}"#)]).await;
    api.mark_read(&sender(), "wamid.HBgL").await.unwrap();
    let received = server.only();
    assert_eq!(received.line, "POST /v26.0/106540352242922/messages");
    insta::assert_snapshot!(received.text(), @r#"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.HBgL"}"#);
}

#[tokio::test]
async fn what_did_not_succeed_is_an_error() {
    for body in [r#"{"success":false}"#, "{}", "", "[]"] {
        let (_, api) = started([answer(200, body)]).await;
        assert_eq!(api.mark_read(&sender(), "wamid.HBgL").await.unwrap_err().code, 0);
    }
}

#[tokio::test]
async fn tells_what_a_number_may_do() {
    let upgraded = SenderFacts {
        rate_per_s: Some(1_000),
        quality: Some(Quality::Green),
        daily_people_max: Some(UNLIMITED_PEOPLE),
        display_number: "+1 555-078-3881".to_owned(),
    };
    let shared = SenderFacts {
        rate_per_s: Some(20),
        quality: Some(Quality::Unknown),
        daily_people_max: Some(250),
        ..upgraded.clone()
    };
    let nothing = SenderFacts {
        rate_per_s: None,
        quality: None,
        daily_people_max: None,
        display_number: String::new(),
    };
    for (body, expected) in [
        (
            r#"{"display_phone_number":"+1 555-078-3881","quality_rating":"GREEN","throughput":{"level":"HIGH"},"whatsapp_business_manager_messaging_limit":"TIER_UNLIMITED","id":"106540352242922"}"#,
            upgraded,
        ),
        (
            r#"{"display_phone_number":"+1 555-078-3881","quality_rating":"NA","throughput":{"level":"STANDARD"},"whatsapp_business_manager_messaging_limit":"TIER_250","is_on_biz_app":true}"#,
            shared,
        ),
        (r#"{"throughput":null,"quality_rating":7}"#, nothing),
    ] {
        let (server, api) = started([answer(200, body)]).await;
        assert_eq!(api.sender_facts(&sender()).await.unwrap(), expected);
        assert!(server.only().line.starts_with("GET /v26.0/106540352242922?fields=display_phone"));
    }
}

#[tokio::test]
async fn uploads_a_file_in_a_form_others_can_read() {
    let app = Router::new().route(
        "/v26.0/{number}/media",
        post(|Path(number): Path<String>, headers: HeaderMap, mut form: Multipart| async move {
            let mut told = vec![number, headers["authorization"].to_str().unwrap().to_owned()];
            while let Some(field) = form.next_field().await.unwrap() {
                let name = field.name().unwrap().to_owned();
                let (file, mime) =
                    (field.file_name().is_some(), field.content_type().map(str::to_owned));
                let bytes = field.bytes().await.unwrap();
                told.push(format!("{name} file={file} {mime:?} {bytes:?}"));
            }
            serde_json::json!({ "id": told.join("\n") }).to_string()
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let api = CloudApi::new(&config(&address)).unwrap();
    let bytes = Bytes::from_static(b"\x89PNG\r\n--\r\n\0");
    let told = api.upload_media(&sender(), "image/png", bytes).await.unwrap();
    insta::assert_snapshot!(told, @r#"
    106540352242922
    Bearer EAAGtoken
    messaging_product file=false None b"whatsapp"
    type file=false None b"image/png"
    file file=true Some("image/png") b"\x89PNG\r\n--\r\n\0"
    "#);
}

#[tokio::test]
async fn a_file_without_a_type_is_not_sent() {
    let (server, api) = started([]).await;
    let error = api.upload_media(&sender(), "image/png\r\nx: y", Bytes::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "the provider refused with code 0: not a MIME type");
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn errors_name_nobody() {
    let refusal = r#"{"error":{"message":"Malformed access token EAAGm0PX4ZCpsBAKZCvZBZCQZDZDabcdefgh for +33612345678","code":190}}"#;
    let (_, api) = started([answer(401, refusal)]).await;
    let error = api.sender_facts(&sender()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the provider refused with code 190: Malformed access token … for …"
    );
}

#[tokio::test]
async fn an_unreachable_provider_says_so() {
    let api = CloudApi::new(&config("127.0.0.1:1")).unwrap();
    let error = api.templates().await.unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (0, "no connection to the provider"));
}
