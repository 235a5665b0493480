//! One call to the Graph API, read off the wire.

use bytes::Bytes;
use hyper::header::AUTHORIZATION;
use hyper::{HeaderMap, Method, Uri};
use serde_json::Value;

use super::error::GraphError;
use super::parameters::Parameters;

/// Method, address, headers and the whole body.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    /// The path without its version, which is optional.
    pub(crate) fn segments(&self) -> Vec<&str> {
        let segments = self.uri.path().split('/').filter(|segment| !segment.is_empty());
        let is_version = |segment: &str| {
            segment.strip_prefix('v').and_then(|rest| rest.split_once('.')).is_some_and(
                |(major, minor)| {
                    [major, minor].iter().all(|part| {
                        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
                    })
                },
            )
        };
        let mut segments: Vec<&str> = segments.collect();
        if segments.first().is_some_and(|first| is_version(first)) {
            segments.remove(0);
        }
        segments
    }

    /// The bearer token, from the header or else from `access_token`.
    pub(crate) fn token(&self) -> Option<String> {
        let header = self.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.split_once(' '));
        match token {
            Some((scheme, token))
                if scheme.eq_ignore_ascii_case("bearer")
                    || scheme.eq_ignore_ascii_case("oauth") =>
            {
                Some(token.trim().to_owned())
            }
            _ => Parameters::of_query(&self.uri).text("access_token").map(str::to_owned),
        }
    }

    /// Parameters from the query and from the body, whether JSON or a form.
    pub(crate) fn parameters(&self) -> Result<Parameters, GraphError> {
        Parameters::of_query(&self.uri).and_body(&self.body)
    }

    /// The body as JSON; an empty one counts as `{}`.
    pub(crate) fn json(&self) -> Result<Value, GraphError> {
        read_json(&self.body)
    }

    /// `http://host` as the client wrote it.
    pub(crate) fn origin(&self) -> String {
        let host = self.headers.get(hyper::header::HOST).and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("localhost"))
    }
}

pub(super) fn read_json(body: &[u8]) -> Result<Value, GraphError> {
    if body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(body)
        .map_err(|error| GraphError::parameter(format!("The body is not valid JSON: {error}")))
}
