//! What we make of every answer, and of none.

use std::time::{Duration, Instant};

use fanal_domain::sender::SenderId;
use fanal_engine::ports::{Messenger, Outcome};
use fanal_whatsapp::CloudApi;
use tokio::net::TcpListener;

use crate::server::{Reply, Server, accepted, answer, config, send_to, sender, text};

fn error(code: u32) -> String {
    format!(
        r#"{{"error":{{"message":"(#{code}) x","type":"OAuthException","code":{code},"error_data":{{"messaging_product":"whatsapp","details":"+33612345678"}},"error_subcode":2494055,"fbtrace_id":"Az8or2yhqkZfEZ-_4Qn_Bam"}}}}"#
    )
}

#[track_caller]
fn check(outcome: &Outcome, expected: &Outcome) {
    assert!(outcome == expected, "expected {expected:?}, got {outcome:?}");
}

fn retry(code: u32) -> Outcome {
    Outcome::Retry { code, retry_after: None }
}

#[tokio::test]
async fn accepted_brings_the_messages_id() {
    let message_id = "wamid.HBgLMzM2MTIzNDU2Nzg".to_owned();
    check(&send_to(accepted()).await, &Outcome::Accepted { message_id, held: false });
}

#[tokio::test]
async fn held_back_is_accepted_and_says_so() {
    for (status, held) in
        [("accepted", false), ("held_for_quality_assessment", true), ("paused", true)]
    {
        let body = format!(r#"{{"messages":[{{"id":"wamid.a\/b","message_status":"{status}"}}]}}"#);
        let expected = Outcome::Accepted { message_id: "wamid.a/b".to_owned(), held };
        check(&send_to(answer(200, &body)).await, &expected);
    }
}

#[tokio::test]
async fn each_class_of_code_has_its_outcome() {
    let throttled =
        |code, only_this_person| Outcome::Throttled { code, retry_after: None, only_this_person };
    check(&send_to(answer(400, &error(130_429))).await, &throttled(130_429, false));
    check(&send_to(answer(400, &error(131_056))).await, &throttled(131_056, true));
    check(&send_to(answer(500, &error(131_000))).await, &retry(131_000));
    check(&send_to(answer(400, &error(131_021))).await, &Outcome::Refused { code: 131_021 });
    check(&send_to(answer(401, &error(190))).await, &Outcome::Reconfigure { code: 190 });
    let template = error(100).replace("2494055", "2388040");
    check(&send_to(answer(400, &template)).await, &Outcome::Refused { code: 2_388_040 });
}

#[tokio::test]
async fn a_wait_the_provider_asks_for_is_passed_on() {
    let headers = "retry-after: 17\r\n";
    let retry_after = Some(Duration::from_secs(17));
    let reply = Reply::Answer(429, headers, error(4));
    let expected = Outcome::Throttled { code: 4, retry_after, only_this_person: false };
    check(&send_to(reply).await, &expected);
    let reply = Reply::Answer(503, headers, error(2));
    check(&send_to(reply).await, &Outcome::Retry { code: 2, retry_after });
}

#[tokio::test]
async fn a_success_we_cannot_read_is_unknown() {
    for body in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "<html>",
        r#"{"messages":[]}"#,
        r#"{"messages":[null]}"#,
        r#"{"messages":[{"id":""}]}"#,
        r#"{"messages":{"id":"wamid.a"}}"#,
        r#"{"success":true}"#,
        r#"{"error":{"code":131000}}"#,
    ] {
        check(&send_to(answer(200, body)).await, &Outcome::Unknown);
    }
}

#[tokio::test]
async fn garbage_that_is_no_success_falls_back_by_status() {
    for body in ["", "<html>", "{}", r#"{"error":"x"}"#, r#"{"error":{"code":"x"}}"#, "\u{0}"] {
        check(&send_to(answer(400, body)).await, &Outcome::Refused { code: 0 });
        check(&send_to(answer(404, body)).await, &Outcome::Reconfigure { code: 0 });
        check(&send_to(answer(302, body)).await, &Outcome::Reconfigure { code: 0 });
        check(&send_to(answer(502, body)).await, &Outcome::Unknown);
    }
}

#[tokio::test]
async fn an_oversized_success_is_unknown_and_an_oversized_error_was_not_sent() {
    let oversized = format!("{}{}", error(131_021), " ".repeat(65_536));
    check(&send_to(answer(200, &oversized)).await, &Outcome::Unknown);
    check(&send_to(answer(400, &oversized)).await, &retry(0));
    check(&send_to(answer(500, &oversized)).await, &Outcome::Unknown);
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{oversized}");
    check(&send_to(Reply::Bytes(endless)).await, &Outcome::Unknown);
}

#[tokio::test]
async fn a_body_in_pieces_is_read_whole() {
    let (one, two) = (r#"{"messages":[{"id":"#, r#""wamid.a"}]}"#);
    let pieces = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
        one.len(),
        two.len(),
    );
    let expected = Outcome::Accepted { message_id: "wamid.a".to_owned(), held: false };
    check(&send_to(Reply::Bytes(pieces)).await, &expected);
}

#[tokio::test]
async fn a_connection_cut_after_the_request_is_unknown() {
    for bytes in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"messages\":[",
        "no HTTP at all\r\n\r\n",
        "HTTP/1.1 500 x\r\ncontent-length: 90\r\n\r\n{\"error",
    ] {
        check(&send_to(Reply::Bytes(bytes.to_owned())).await, &Outcome::Unknown);
    }
}

#[tokio::test]
async fn an_error_cut_in_its_body_was_not_sent() {
    let cut = "HTTP/1.1 400 x\r\ncontent-length: 90\r\n\r\n{\"error".to_owned();
    check(&send_to(Reply::Bytes(cut)).await, &retry(0));
}

#[tokio::test]
async fn no_answer_in_time_is_unknown() {
    let server = Server::start([]).await;
    let mut config = config(&server.address);
    config.request_timeout_ms = 50;
    let outcome = CloudApi::new(&config).unwrap().send(&sender(), &text()).await;
    check(&outcome, &Outcome::Unknown);
    assert_eq!(server.received().len(), 1, "the request had left");
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_later() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let outcome = CloudApi::new(&config(&address)).unwrap().send(&sender(), &text()).await;
    check(&outcome, &retry(0));
}

#[tokio::test]
async fn a_failed_handshake_is_tried_again_later() {
    // A server that speaks no TLS answers the greeting with words.
    let server = Server::start([]).await;
    let mut config = config(&server.address);
    config.base_url = format!("https://{}", server.address);
    config.connect_timeout_ms = 200;
    let outcome = CloudApi::new(&config).unwrap().send(&sender(), &text()).await;
    check(&outcome, &retry(0));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_connection_closed_while_unused_is_replaced_before_anything_is_written() {
    let body = r#"{"messages":[{"id":"wamid.a"}]}"#;
    let last = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let server = Server::start([Reply::Bytes(last), accepted()]).await;
    let api = CloudApi::new(&config(&server.address)).unwrap();
    let first = api.send(&sender(), &text()).await;
    let second = api.send(&sender(), &text()).await;
    assert!(matches!((first, second), (Outcome::Accepted { .. }, Outcome::Accepted { .. })));
    let connections: Vec<_> = server.received().iter().map(|one| one.connection).collect();
    assert_eq!(connections, [0, 1]);
}

#[tokio::test]
async fn a_connection_unused_for_too_long_is_not_trusted() {
    let server = Server::start([accepted(), accepted()]).await;
    let mut config = config(&server.address);
    config.idle_timeout_ms = 1;
    let api = CloudApi::new(&config).unwrap();
    api.send(&sender(), &text()).await;
    let unused_since = Instant::now();
    while unused_since.elapsed() <= Duration::from_millis(1) {
        tokio::task::yield_now().await;
    }
    api.send(&sender(), &text()).await;
    let connections: Vec<_> = server.received().iter().map(|one| one.connection).collect();
    assert_eq!(connections, [0, 1]);
}

#[tokio::test]
async fn no_more_connections_are_kept_than_configured() {
    let server = Server::start([accepted(), accepted()]).await;
    let mut config = config(&server.address);
    config.connections_idle_max = 0;
    let api = CloudApi::new(&config).unwrap();
    api.send(&sender(), &text()).await;
    api.send(&sender(), &text()).await;
    let connections: Vec<_> = server.received().iter().map(|one| one.connection).collect();
    assert_eq!(connections, [0, 1]);
}

#[tokio::test]
async fn nothing_is_ever_sent_a_second_time() {
    for reply in [answer(500, &error(131_000)), answer(502, ""), Reply::Bytes(String::new())] {
        let server = Server::start([reply, accepted(), accepted()]).await;
        let api = CloudApi::new(&config(&server.address)).unwrap();
        api.send(&sender(), &text()).await;
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_sender_that_cannot_be_one_is_a_matter_of_configuration() {
    let api = CloudApi::new(&config("127.0.0.1:1")).unwrap();
    for id in ["", "1/../2", "1?x=", "+331", "é"] {
        let outcome = api.send(&SenderId(id.to_owned()), &text()).await;
        check(&outcome, &Outcome::Reconfigure { code: 0 });
    }
}
