//! The handshake with a new callback: it must echo a challenge as plain text.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, header};

use super::callback::Callback;
use super::wire::{WireError, connect};

/// Why a callback was not accepted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    #[error("the callback could not be reached")]
    Unreachable(#[source] WireError),
    #[error("the callback answered {0} instead of 200")]
    Status(u16),
    #[error("the callback did not echo the challenge as plain text")]
    Challenge,
}

/// Asks the callback to prove that it knows the verify token.
pub(crate) async fn verify(
    callback: &Callback,
    verify_token: &str,
    challenge: u64,
) -> Result<(), VerifyError> {
    let exchange =
        tokio::time::timeout(Duration::from_secs(10), ask(callback, verify_token, challenge));
    let (status, body) =
        exchange.await.unwrap_or(Err(WireError::Timeout)).map_err(VerifyError::Unreachable)?;
    if status != StatusCode::OK {
        return Err(VerifyError::Status(status.as_u16()));
    }
    if body != challenge.to_string().as_bytes() {
        return Err(VerifyError::Challenge);
    }
    Ok(())
}

async fn ask(
    callback: &Callback,
    verify_token: &str,
    challenge: u64,
) -> Result<(StatusCode, Bytes), WireError> {
    let joint = if callback.path().contains('?') { '&' } else { '?' };
    let token = percent_encoded(verify_token);
    let path = format!(
        "{}{joint}hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}",
        callback.path()
    );
    let request = Request::get(path)
        .header(header::HOST, callback.address())
        .header(header::USER_AGENT, "facebookplatform/1.0")
        .body(Full::new(Bytes::new()))?;
    let mut sender = connect(callback.address()).await?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = Limited::new(response.into_body(), 4_096).collect().await;
    Ok((status, body.map_err(|_| WireError::TooLong)?.to_bytes()))
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', hex(byte >> 4), hex(byte & 0xf)]);
        }
    }
    out
}

fn hex(nibble: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(nibble)])
}
