//! Posting over kept connections: one wire is one connection to each callback.

use std::collections::HashMap;
use std::time::Duration;

use aws_lc_rs::hmac;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::outbox::Post;

/// Connections by `host:port`.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    open: HashMap<String, SendRequest<Full<Bytes>>>,
}

/// Answers longer than this are not read to their end; the connection is given up instead.
const ANSWER_BYTES_MAX: usize = 65_536;

#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error("no connection")]
    Connect(#[from] std::io::Error),
    #[error("the exchange broke")]
    Http(#[from] hyper::Error),
    #[error("the request cannot be written")]
    Request(#[from] hyper::http::Error),
    #[error("no answer in time")]
    Timeout,
    #[error("the answer is too long")]
    TooLong,
}

impl Wire {
    /// Posts, signed; true if the answer was 200.
    pub(crate) async fn send(&mut self, post: &Post) -> bool {
        match self.exchange(post).await {
            Ok(status) => status == StatusCode::OK,
            Err(error) => {
                self.open.remove(post.callback.address());
                tracing::debug!(%error, "a webhook was not taken");
                false
            }
        }
    }

    async fn exchange(&mut self, post: &Post) -> Result<StatusCode, WireError> {
        let exchange = async {
            let address = post.callback.address();
            let kept = self.open.get(address).is_some_and(|sender| !sender.is_closed());
            if !kept {
                self.open.insert(address.to_owned(), connect(address).await?);
            }
            let sender = self.open.get_mut(address).ok_or(WireError::Timeout)?;
            let request = Request::post(post.callback.path())
                .header(header::HOST, address)
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::USER_AGENT, "facebookexternalua")
                .header("x-hub-signature-256", sign(&post.key, &post.body))
                .body(Full::new(post.body.clone()))?;
            sender.ready().await?;
            let mut response = sender.send_request(request).await?;
            let mut read = 0;
            while let Some(frame) = response.frame().await {
                read += frame?.data_ref().map_or(0, Bytes::len);
                if read > ANSWER_BYTES_MAX {
                    return Err(WireError::TooLong);
                }
            }
            Ok(response.status())
        };
        tokio::time::timeout(post.timeout, exchange).await.unwrap_or(Err(WireError::Timeout))
    }
}

/// Opens a connection and lets it run until either side closes it.
pub(super) async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>, WireError> {
    let limit = Duration::from_secs(5);
    let stream = tokio::time::timeout(limit, TcpStream::connect(address)).await;
    let stream = stream.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // A broken connection shows as an error of the exchange that was under way.
        let _broken = connection.await;
    });
    Ok(sender)
}

fn sign(key: &hmac::Key, body: &[u8]) -> String {
    let tag = hmac::sign(key, body);
    let mut header = String::with_capacity(71);
    header.push_str("sha256=");
    for byte in tag.as_ref() {
        header.extend([byte >> 4, byte & 0xf].map(hex));
    }
    header
}

fn hex(nibble: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(nibble)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_published_test_vector_demands() {
        // RFC 4231, test case 2.
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"Jefe");
        assert_eq!(
            sign(&key, b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
