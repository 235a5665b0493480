//! A bare HTTP client: one connection per call, so that a broken one shows.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Status, headers and body of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The error code, if the body is an error.
    pub(crate) fn code(&self) -> Option<u64> {
        self.json()["error"]["code"].as_u64()
    }
}

/// The connection broke before an answer.
#[derive(Debug)]
pub(crate) struct Broken;

/// One exchange over a connection of its own.
pub(crate) async fn exchange(
    address: &str,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Broken> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|_| Broken)?;
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
}

/// A request with a token and a JSON body.
pub(crate) fn request(
    method: Method,
    path: &str,
    token: &str,
    body: &[u8],
) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Full::new(Bytes::copy_from_slice(body)))
        .unwrap()
}
