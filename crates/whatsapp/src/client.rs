//! The Cloud API as a messenger and as a provider.

mod answer;
mod connection;
mod management;
mod multipart;
mod retry_after;
mod transport;
mod url;
mod words;

use std::fmt::Write as _;

use async_trait::async_trait;
use bytes::Bytes;
use fanal_domain::sender::SenderId;
use fanal_engine::ports::{Messenger, Outcome, Outgoing};
use http_body_util::Full;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{HeaderMap, Method, Request, Uri};
use secrecy::ExposeSecret;
use transport::{Bounds, ExchangeError, Transport};

use crate::config::{CloudApiConfig, ConfigError, ParameterFormat};
use crate::payload::{self, Samples};

/// An answer to a send has some two hundred bytes.
const SEND_ANSWER_BYTES_MAX: usize = 64 * 1_024;

type ApiRequest = Request<Full<Bytes>>;

/// Sends through the WhatsApp Business Platform and manages what it keeps for us.
///
/// Every call makes at most one exchange and never a second try: whoever called decides.
#[derive(Debug)]
pub struct CloudApi {
    transport: Transport,
    /// Everything in a path before the object's id: `/v26.0/`.
    path_prefix: String,
    headers: HeaderMap,
    account_id: String,
    parameters: ParameterFormat,
    samples: Samples,
    send_bounds: Bounds,
    upload_bounds: Bounds,
}

impl CloudApi {
    /// Gets ready; connects only when something is to be sent.
    ///
    /// # Errors
    /// [`ConfigError`] if a setting cannot be used.
    pub fn new(config: &CloudApiConfig) -> Result<Self, ConfigError> {
        config.validate()?;
        let origin = config.origin()?;
        let bounds = |timeout| Bounds { timeout, body_bytes_max: SEND_ANSWER_BYTES_MAX };
        Ok(Self {
            transport: Transport::new(config)?,
            path_prefix: format!(
                "{}/{}/",
                origin.path().trim_end_matches('/'),
                config.graph_version
            ),
            headers: headers(&origin, config)?,
            account_id: config.account_id.clone(),
            parameters: config.parameters,
            samples: Samples {
                image: config.sample_image.clone(),
                document: config.sample_document.clone(),
            },
            send_bounds: bounds(config.request_timeout()),
            upload_bounds: bounds(config.upload_timeout()),
        })
    }

    /// A request about an object; `call` is what follows the object's id.
    fn request(
        &self,
        method: Method,
        (object, call): (&str, &str),
        body: Bytes,
    ) -> Option<ApiRequest> {
        // Ids come from configuration and from the provider, and go nowhere but here.
        if object.is_empty() || !object.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let mut path = String::with_capacity(64);
        write!(path, "{}{object}{call}", self.path_prefix).ok()?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = Uri::try_from(path).ok()?;
        *request.headers_mut() = self.headers.clone();
        Some(request)
    }
}

#[async_trait]
impl Messenger for CloudApi {
    async fn send(&self, sender: &SenderId, message: &Outgoing) -> Outcome {
        let body = payload::message(message, self.parameters);
        let Some(request) = self.request(Method::POST, (&sender.0, "/messages"), body) else {
            // The sender's id is none, so no message can leave from it.
            return Outcome::Reconfigure { code: 0 };
        };
        match self.transport.exchange(request, self.send_bounds).await {
            Ok(answer) => answer::outcome_of(&answer),
            Err(error) => {
                tracing::debug!(%error, "a message was not answered");
                match error {
                    ExchangeError::NotSent => Outcome::Retry { code: 0, retry_after: None },
                    ExchangeError::Broken | ExchangeError::TimedOut => Outcome::Unknown,
                }
            }
        }
    }
}

/// What every request carries. The token is marked, so that nothing below prints it.
fn headers(origin: &Uri, config: &CloudApiConfig) -> Result<HeaderMap, ConfigError> {
    let host = origin.authority().map_or("", |authority| authority.as_str());
    let host = HeaderValue::from_str(host)
        .map_err(|_| ConfigError { field: "base_url", rule: "names no host" })?;
    let bearer = format!("Bearer {}", config.access_token.expose_secret());
    let mut bearer = HeaderValue::from_str(&bearer)
        .map_err(|_| ConfigError { field: "access_token", rule: "is not visible ASCII" })?;
    bearer.set_sensitive(true);
    Ok(HeaderMap::from_iter([
        (HOST, host),
        (USER_AGENT, HeaderValue::from_static(concat!("fanal/", env!("CARGO_PKG_VERSION")))),
        (ACCEPT, HeaderValue::from_static("application/json")),
        (AUTHORIZATION, bearer),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ]))
}
