//! The HTTP server: connections, bodies, and the broken connections asked for.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::graph::{self, Call, GraphError, Outcome, Reply};
use crate::world::World;

/// Clients connected at the same time; further ones wait.
const CONNECTIONS_MAX: usize = 8_192;
/// Largest media upload.
const UPLOAD_BYTES_MAX: usize = 101 << 20;

/// The answer is that there is none: hyper drops the connection.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// Accepts connections for ever. Dropping the future closes them all.
pub(crate) async fn serve(listener: TcpListener, world: Arc<World>, control: Router) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let Ok(seat) = Arc::clone(&seats).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            }
        };
        let (world, control) = (Arc::clone(&world), control.clone());
        connections.spawn(async move {
            converse(stream, &world, &control).await;
            drop(seat);
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, world: &World, control: &Router) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection broke at once");
        return;
    }
    let service = service_fn(|request| answer(world, control, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(
    world: &World,
    control: &Router,
    request: Request<Incoming>,
) -> Result<Response<Body>, Cut> {
    if request.uri().path().starts_with("/_sim") {
        let answered: Result<_, Infallible> = control.clone().oneshot(request.map(Body::new)).await;
        let Ok(response) = answered;
        return Ok(response);
    }
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let is_upload = path.ends_with("/media") || path.contains("/upload:");
    let max = if is_upload { UPLOAD_BYTES_MAX } else { world.body_bytes_max() };
    let outcome = match Limited::new(body, max).collect().await {
        Ok(body) => {
            let body = body.to_bytes();
            let call = Call { method: head.method, uri: head.uri, headers: head.headers, body };
            graph::answer(world, call).await
        }
        Err(error) => Outcome::Reply(too_large(world, &*error)),
    };
    match outcome {
        Outcome::Reply(reply) => Ok(reply.into_response().map(Body::new)),
        Outcome::Cut => Err(Cut),
    }
}

fn too_large(world: &World, error: &(dyn std::error::Error + Send + Sync)) -> Reply {
    tracing::debug!(%error, "a body could not be read");
    GraphError::parameter("The body is too large or incomplete.").into_reply(world.next_trace())
}
