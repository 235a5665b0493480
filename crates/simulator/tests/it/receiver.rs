//! A webhook receiver that checks every signature and remembers every byte.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use fanal_simulator::demo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;

#[derive(Debug, Default)]
struct Shared {
    posts: Mutex<Vec<Bytes>>,
    answers: Mutex<VecDeque<u16>>,
    verified: Mutex<Vec<String>>,
    arrived: Notify,
}

/// Listens on a port of its own.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    shared: Arc<Shared>,
    pub(crate) url: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let router = Router::new()
            .route("/hooks", get(verify).post(receive))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { shared, url }
    }

    /// The next POSTs are answered with these instead of 200.
    pub(crate) fn answer_next(&self, statuses: &[u16]) {
        self.shared.answers.lock().unwrap().extend(statuses);
    }

    /// Verify tokens seen in handshakes.
    pub(crate) fn verified(&self) -> Vec<String> {
        self.shared.verified.lock().unwrap().clone()
    }

    /// Raw bodies in order of arrival, refused ones included.
    pub(crate) fn posts(&self) -> Vec<Bytes> {
        self.shared.posts.lock().unwrap().clone()
    }

    /// Waits until `wanted` is satisfied by the bodies so far, and returns them.
    pub(crate) async fn until(
        &self,
        wanted: impl Fn(&[Value]) -> bool + Send + Sync,
    ) -> Vec<Value> {
        let waiting = async {
            loop {
                let arrived = self.shared.arrived.notified();
                let bodies: Vec<Value> =
                    self.posts().iter().map(|body| serde_json::from_slice(body).unwrap()).collect();
                if wanted(&bodies) {
                    return bodies;
                }
                arrived.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting)
            .await
            .unwrap_or_else(|_| panic!("the awaited webhooks never came; got {:#?}", self.posts()))
    }

    /// Waits for that many statuses and returns all there are.
    pub(crate) async fn statuses(&self, count: usize) -> Vec<Value> {
        statuses(&self.until(|bodies| statuses(bodies).len() >= count).await)
    }

    /// Waits for that many messages from people and returns all there are.
    pub(crate) async fn messages(&self, count: usize) -> Vec<Value> {
        messages(&self.until(|bodies| messages(bodies).len() >= count).await)
    }

    /// Waits for the first change of a field and returns its value.
    pub(crate) async fn change(&self, field: &str) -> Value {
        let found = |bodies: &[Value]| {
            values(bodies).find(|(name, _)| name == field).map(|(_, value)| value)
        };
        let bodies = self.until(|bodies| found(bodies).is_some()).await;
        found(&bodies).unwrap()
    }
}

/// Field and value of every change.
pub(crate) fn values(bodies: &[Value]) -> impl Iterator<Item = (String, Value)> {
    let entries = bodies.iter().flat_map(|body| body["entry"].as_array().unwrap());
    let changes = entries.flat_map(|entry| entry["changes"].as_array().unwrap());
    changes.map(|change| (change["field"].as_str().unwrap().to_owned(), change["value"].clone()))
}

pub(crate) fn statuses(bodies: &[Value]) -> Vec<Value> {
    values(bodies).flat_map(|(_, value)| list(&value["statuses"])).collect()
}

fn messages(bodies: &[Value]) -> Vec<Value> {
    values(bodies).flat_map(|(_, value)| list(&value["messages"])).collect()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// The words of statuses, in order.
pub(crate) fn words(statuses: &[Value]) -> Vec<&str> {
    statuses.iter().map(|status| status["status"].as_str().unwrap()).collect()
}

async fn verify(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<Vec<(String, String)>>,
) -> String {
    let value = |key: &str| {
        query
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    assert_eq!(value("hub.mode"), "subscribe");
    shared.verified.lock().unwrap().push(value("hub.verify_token"));
    value("hub.challenge")
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers["x-hub-signature-256"].to_str().unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, demo::APP_SECRET.as_bytes());
    let signed = signature.strip_prefix("sha256=").unwrap();
    let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap();
    let tag: Vec<u8> = signed.as_bytes().chunks(2).map(byte).collect();
    let valid = hmac::verify(&key, &body, &tag).is_ok();
    if !valid {
        return StatusCode::UNAUTHORIZED;
    }
    let status = shared.answers.lock().unwrap().pop_front().unwrap_or(200);
    shared.posts.lock().unwrap().push(body);
    shared.arrived.notify_waiters();
    StatusCode::from_u16(status).unwrap()
}
