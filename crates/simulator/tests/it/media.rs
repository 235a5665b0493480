//! Media and resumable uploads.

use bytes::Bytes;
use fanal_simulator::demo;
use http_body_util::Full;
use hyper::{Method, Request};
use serde_json::{Value, json};

use super::client::{Answer, exchange, request};
use super::harness::{FRENCH, NUMBER, Sim};

async fn upload(sim: &Sim, media_type: &str, bytes: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("messaging_product", "whatsapp"), ("type", media_type)] {
        let part =
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\
         Content-Type: {media_type}\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::post(format!("/v26.0/{NUMBER}/media"))
        .header("host", &sim.address)
        .header("authorization", format!("Bearer {}", demo::ACCESS_TOKEN))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    exchange(&sim.address, request).await.unwrap()
}

#[tokio::test]
async fn a_file_is_uploaded_described_downloaded_sent_and_deleted() {
    let sim = Sim::plain().await;
    let id = upload(&sim, "image/png", b"\x89PNG").await.json()["id"].as_str().unwrap().to_owned();
    let facts = sim.get(&format!("/{id}?phone_number_id={NUMBER}")).await.json();
    assert_eq!((&facts["mime_type"], &facts["file_size"]), (&json!("image/png"), &json!(4)));
    assert_eq!(facts["sha256"].as_str().unwrap().len(), 64);

    let url = facts["url"].as_str().unwrap();
    let path = url.strip_prefix("http://localhost").unwrap();
    let download = || request(Method::GET, path, demo::ACCESS_TOKEN, b"");
    let file = exchange(&sim.address, download()).await.unwrap();
    assert_eq!((file.status, &file.body[..]), (200, &b"\x89PNG"[..]));
    let without_token = request(Method::GET, path, "wrong", b"");
    assert_eq!(exchange(&sim.address, without_token).await.unwrap().status, 401);
    sim.skip(300_000).await;
    assert_eq!(exchange(&sim.address, download()).await.unwrap().status, 404, "five minutes");

    let image = json!({ "messaging_product": "whatsapp", "to": FRENCH, "type": "image",
                        "image": { "id": id } });
    assert_eq!(sim.send(&image).await.status, 200);
    let gone = sim.call(Method::DELETE, &format!("/{id}"), &Value::Null).await;
    assert_eq!(gone.json(), json!({ "success": true }));
    assert_eq!(sim.get(&format!("/{id}")).await.json()["error"]["error_subcode"], 33);
}

#[tokio::test]
async fn a_file_expires_after_thirty_days() {
    let sim = Sim::plain().await;
    let id = upload(&sim, "application/pdf", b"%PDF").await.json()["id"].clone();
    sim.skip(30 * 86_400_000).await;
    assert_eq!(sim.get(&format!("/{}", id.as_str().unwrap())).await.status, 400);
}

#[tokio::test]
async fn files_of_wrong_type_or_size_are_refused() {
    let sim = Sim::plain().await;
    assert_eq!(upload(&sim, "application/x-sh", b"#!").await.code(), Some(100));
    let big = vec![0; 600 * 1_024];
    assert_eq!(upload(&sim, "image/webp", &big).await.code(), Some(131_053));
    let not_a_form = sim.post(&format!("/{NUMBER}/media"), &json!({})).await;
    Sim::refused(&not_a_form, 100);
}

#[tokio::test]
async fn the_oldest_files_make_room() {
    let sim = Sim::start(|config| config.memory.media_bytes_max = 10).await;
    let first = upload(&sim, "text/plain", b"12345678").await.json()["id"].clone();
    let second = upload(&sim, "text/plain", b"12345678").await.json()["id"].clone();
    assert_eq!(sim.get(&format!("/{}", first.as_str().unwrap())).await.status, 400);
    assert_eq!(sim.get(&format!("/{}", second.as_str().unwrap())).await.status, 200);
}

#[tokio::test]
async fn a_header_sample_is_uploaded_in_two_steps() {
    let sim = Sim::plain().await;
    let path =
        format!("/{}/uploads?file_name=a.png&file_length=4&file_type=image/png", demo::APP_ID);
    let session = sim.post(&path, &Value::Null).await.json()["id"].as_str().unwrap().to_owned();
    assert!(session.starts_with("upload:"));
    let resumed = sim.get(&format!("/{session}")).await.json();
    assert_eq!(resumed["file_offset"], 0);
    let path = format!("/{session}");
    let short = sim.try_call(Method::POST, &path, b"xx").await.unwrap();
    assert_eq!(short.code(), Some(100));
    let done = sim.try_call(Method::POST, &path, b"\x89PNG").await.unwrap();
    assert!(done.json()["h"].as_str().unwrap().starts_with("4::"));
}
