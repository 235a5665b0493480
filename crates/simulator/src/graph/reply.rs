//! An HTTP answer before it meets the wire.

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

/// Status, media type and body.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    media_type: HeaderValue,
    body: Bytes,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string())
    }

    /// JSON that is already text.
    pub(crate) fn text(status: u16, body: String) -> Self {
        let media_type = HeaderValue::from_static("application/json; charset=UTF-8");
        Self { status, media_type, body: body.into() }
    }

    pub(crate) fn binary(media_type: &str, body: Bytes) -> Self {
        let media_type = HeaderValue::from_str(media_type)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        Self { status: 200, media_type, body }
    }

    pub(crate) fn success() -> Self {
        Self::json(200, &json!({ "success": true }))
    }

    pub(crate) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = hyper::StatusCode::from_u16(self.status)
            .unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(CONTENT_TYPE, self.media_type);
        response
    }
}
