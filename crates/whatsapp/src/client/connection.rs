//! One connection, moved along by whoever uses it: no task of its own, nothing left half done.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper::{Request, Response};

/// Longer answer heads are not the provider's.
const HEAD_BYTES_MAX: usize = 64 * 1_024;

/// A connection that carries one exchange at a time.
#[derive(Debug)]
pub(super) struct Connection<S: Read + Write> {
    requests: http1::SendRequest<Full<Bytes>>,
    driver: Driver<S>,
}

/// What an exchange brought, once the head of the answer had come.
pub(super) struct Exchanged {
    pub(super) answer: Response<()>,
    /// Nothing if the body broke off or was too long; the connection is then spent.
    pub(super) body: Option<Bytes>,
}

/// An exchange that brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// Before a single byte of the request was written.
    Before,
    /// After that: the provider may have it.
    After,
}

impl<S: Read + Write + Unpin + Send + 'static> Connection<S> {
    /// Takes over a fresh stream.
    pub(super) async fn open(stream: S) -> hyper::Result<Self> {
        let (requests, connection) =
            http1::Builder::new().max_buf_size(HEAD_BYTES_MAX).handshake(stream).await?;
        Ok(Self { requests, driver: Driver(Some(Box::new(connection))) })
    }

    /// Whether a request can go out at this moment. Sees that the other side has hung up.
    pub(super) async fn is_ready(&mut self) -> bool {
        poll_fn(|context| {
            self.driver.advance(context);
            let ready = self.requests.poll_ready(context);
            Poll::Ready(self.driver.is_alive() && matches!(ready, Poll::Ready(Ok(()))))
        })
        .await
    }

    /// Sends a request and reads its answer, with a body of at most so many bytes.
    pub(super) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
        body_bytes_max: usize,
    ) -> Result<Exchanged, Broken> {
        let answered = self.driver.run(self.requests.try_send_request(request)).await;
        let (head, body) = match answered {
            Ok(answer) => answer.into_parts(),
            // Only a request that was handed back unread has certainly not left.
            Err(error) if error.message().is_some() => return Err(Broken::Before),
            Err(_) => return Err(Broken::After),
        };
        let body = self.driver.run(read(body, body_bytes_max)).await;
        Ok(Exchanged { answer: Response::from_parts(head, ()), body })
    }
}

/// The side of a connection that moves its bytes, for as long as it lives.
#[derive(Debug)]
struct Driver<S: Read + Write>(Option<Box<http1::Connection<S, Full<Bytes>>>>);

impl<S: Read + Write + Unpin + Send + 'static> Driver<S> {
    /// Does the work while moving the connection's bytes.
    async fn run<F: Future>(&mut self, work: F) -> F::Output {
        let mut work = pin!(work);
        poll_fn(|context| {
            if let Poll::Ready(output) = work.as_mut().poll(context) {
                return Poll::Ready(output);
            }
            self.advance(context);
            work.as_mut().poll(context)
        })
        .await
    }

    fn advance(&mut self, context: &mut Context<'_>) {
        if let Some(connection) = &mut self.0
            && Pin::new(connection).poll(context).is_ready()
        {
            // Dropping it also tells a waiting request that no answer will come.
            self.0 = None;
        }
    }

    fn is_alive(&self) -> bool {
        self.0.is_some()
    }
}

/// The whole body, without a copy if it came in one piece; nothing if it broke off or is longer.
async fn read(mut body: Incoming, bytes_max: usize) -> Option<Bytes> {
    let announced = body.size_hint().lower();
    if usize::try_from(announced).map_or(true, |announced| announced > bytes_max) {
        return None;
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.ok()?.into_data() else { continue };
        if first.len() + rest.len() + piece.len() > bytes_max {
            return None;
        }
        if first.is_empty() {
            first = piece;
        } else {
            rest.extend_from_slice(&piece);
        }
    }
    if rest.is_empty() {
        return Some(first);
    }
    Some(Bytes::from([first.as_ref(), rest.as_ref()].concat()))
}
