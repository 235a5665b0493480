//! What a caller gets when all is well: the position of what was written, the version of what is
//! shown, and lists in parts.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fanal_engine::Written;
use fanal_engine::envelope::Position;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::Cursor;

/// The header that names a log position.
pub(crate) const FANAL_POSITION: HeaderName = HeaderName::from_static("fanal-position");

const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What came of a write. On disk when it is answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01936d8e-0000-7000-8000-000000000001", "version": 3, "position": 1207
}))]
pub(crate) struct Receipt {
    /// The thing that was made or changed.
    id: Uuid,
    /// Its version now; the `ETag` header carries it too.
    version: u64,
    /// Where the last event stands in the log; reads take it as `min_position`.
    position: u64,
}

/// A write that was done.
#[derive(Debug)]
pub(crate) struct Done {
    written: Written,
    created_at: Option<String>,
}

impl Done {
    /// Something was made; it is found in this collection.
    pub(crate) fn created(written: Written, collection: &str) -> Self {
        Self { created_at: Some(format!("{collection}/{}", written.id)), written }
    }

    /// Something was changed.
    pub(crate) fn changed(written: Written) -> Self {
        Self { written, created_at: None }
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        self.telling(|receipt| receipt)
    }
}

impl Done {
    /// The answer with a body that says more than the receipt.
    pub(crate) fn telling<T: Serialize>(self, body: impl FnOnce(Receipt) -> T) -> Response {
        let Written { id, position, version, replayed } = self.written;
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, etag(version));
        headers.insert(FANAL_POSITION, HeaderValue::from(position.0));
        if replayed {
            headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
        }
        let status = match &self.created_at {
            Some(path) => {
                let path = HeaderValue::try_from(path).expect("paths and ids are visible ASCII");
                headers.insert(header::LOCATION, path);
                StatusCode::CREATED
            }
            None => StatusCode::OK,
        };
        let receipt = Receipt { id, version, position: position.0 };
        (status, headers, Json(body(receipt))).into_response()
    }
}

/// Something as it was at a position of the log.
#[derive(Debug)]
pub(crate) struct Shown<T> {
    /// What.
    pub(crate) body: T,
    /// Its version, if it is one thing.
    pub(crate) version: Option<u64>,
    /// The position it was looked at.
    pub(crate) position: Position,
}

impl<T: Serialize> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(FANAL_POSITION, HeaderValue::from(self.position.0));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(version) = self.version {
            headers.insert(header::ETAG, etag(version));
        }
        response
    }
}

/// One part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The part.
    pub(crate) items: Vec<T>,
    /// What to send as `cursor` for the next part; null at the end.
    pub(crate) next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A part that is the whole.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }

    /// A part of at most `limit`, cut from one more, so that the end is known.
    pub(crate) fn cut(mut items: Vec<T>, limit: usize, place: impl Fn(&T) -> u128) -> Self {
        let goes_on = items.len() > limit;
        items.truncate(limit);
        let next_cursor =
            if goes_on { items.last().map(|last| Cursor(place(last)).to_string()) } else { None };
        Self { items, next_cursor }
    }
}

fn etag(version: u64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).expect("digits are visible ASCII")
}
