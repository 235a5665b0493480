//! The safety net: a defect answers one request badly and leaves the others alone.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;

use crate::layers::RequestId;
use crate::problem::{Code, Problem};

/// Turns a panic into a problem that tells the caller nothing of the inside.
pub(crate) async fn catch_panics(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0);
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            // The panic's words could quote what was sent; the hook has logged where it happened.
            drop::<Box<dyn Any + Send>>(panic);
            tracing::error!(request.id = ?id, "a handler panicked");
            Problem::of(Code::Internal, "the request could not be worked on").into_response()
        }
    }
}
