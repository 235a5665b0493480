//! A simulator with a receiver, and the calls every test makes.

use std::time::{Duration, Instant};

use fanal_simulator::config::ClockMode;
use fanal_simulator::{SimulatorConfig, demo, run};
use hyper::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::client::{Answer, Broken, exchange, request};
use super::receiver::Receiver;

pub(crate) const FRENCH: &str = "+33612345678";
pub(crate) const NUMBER: &str = demo::PHONE_NUMBER_ID;
pub(crate) const ACCOUNT: &str = demo::WABA_ID;

/// One running simulator.
#[derive(Debug)]
pub(crate) struct Sim {
    pub(crate) address: String,
    pub(crate) receiver: Receiver,
}

impl Sim {
    /// A world without chance, on one webhook connection, so that order shows; its time stands.
    pub(crate) async fn plain() -> Self {
        Self::start(|_| {}).await
    }

    pub(crate) async fn start(change: impl FnOnce(&mut SimulatorConfig)) -> Self {
        let receiver = Receiver::start().await;
        let mut config = SimulatorConfig::plain();
        config.clock = ClockMode::Manual;
        config.webhooks.connections = 1;
        config.account.callback_url = Some(receiver.url.clone());
        config.templates = vec![alert(), offer()];
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { run(listener, config, std::future::pending()).await.unwrap() });
        Self { address, receiver }
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.try_call(method, path, body.as_bytes()).await.unwrap()
    }

    pub(crate) async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: &[u8],
    ) -> Result<Answer, Broken> {
        let path =
            if path.starts_with("/_sim") { path.to_owned() } else { format!("/v26.0{path}") };
        exchange(&self.address, request(method, &path, demo::ACCESS_TOKEN, body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    pub(crate) async fn send(&self, body: &Value) -> Answer {
        self.post(&format!("/{NUMBER}/messages"), body).await
    }

    /// Sends the alert and expects it to be accepted; returns its id.
    pub(crate) async fn alert(&self, to: &str) -> String {
        let answer = self.send(&alert_to(to, "ref-1")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json());
        answer.json()["messages"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Makes a phone write, which opens its customer service window.
    pub(crate) async fn writes(&self, phone: &str, answer: Value) -> Answer {
        self.post(&format!("/_sim/phones/{phone}/answers"), &answer).await
    }

    pub(crate) async fn stats(&self) -> Value {
        self.get("/_sim/stats").await.json()
    }

    /// Waits until the counters are as wanted, and returns them.
    pub(crate) async fn until(&self, wanted: impl Fn(&Value) -> bool + Send + Sync) -> Value {
        let start = Instant::now();
        loop {
            let stats = self.stats().await;
            if wanted(&stats) {
                return stats;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "never as wanted: {stats:#}");
        }
    }

    pub(crate) async fn patch(&self, knobs: Value) {
        let answer = self.call(Method::PATCH, "/_sim/config", &knobs).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json());
    }

    pub(crate) async fn skip(&self, ms: u64) {
        assert_eq!(self.post("/_sim/time", &json!({ "skip_ms": ms })).await.status, 200);
    }

    /// Expects a send to be refused with this code, and nothing to be accepted.
    #[track_caller]
    pub(crate) fn refused(answer: &Answer, code: u64) {
        assert_eq!(answer.code(), Some(code), "{:?}", answer.json());
        assert!(answer.status >= 400);
    }
}

/// A utility template with two variables and two quick replies.
fn alert() -> Value {
    json!({
        "name": "alert", "language": "fr", "category": "UTILITY",
        "components": [
            { "type": "BODY", "text": "Alerte {{1}} à {{2}}, restez chez vous.",
              "example": { "body_text": [["inondation", "Lyon"]] } },
            { "type": "FOOTER", "text": "Ville de Lyon" },
            { "type": "BUTTONS", "buttons": [
                { "type": "QUICK_REPLY", "text": "Je suis en sécurité" },
                { "type": "QUICK_REPLY", "text": "À l'aide" },
            ] },
        ],
    })
}

/// A marketing template without variables.
fn offer() -> Value {
    json!({
        "name": "offer", "language": "en_US", "category": "MARKETING",
        "components": [{ "type": "BODY", "text": "Look at our new shelter." }],
    })
}

pub(crate) fn alert_to(to: &str, reference: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": to,
        "type": "template", "biz_opaque_callback_data": reference,
        "template": {
            "name": "alert", "language": { "code": "fr" },
            "components": [
                { "type": "body", "parameters": [
                    { "type": "text", "text": "crue" }, { "type": "text", "text": "Lyon/2ᵉ" },
                ] },
                { "type": "button", "sub_type": "quick_reply", "index": "0",
                  "parameters": [{ "type": "payload", "payload": "safe:42" }] },
            ],
        },
    })
}

pub(crate) fn offer_to(to: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "type": "template",
        "template": { "name": "offer", "language": { "code": "en_US" } },
    })
}

pub(crate) fn text_to(to: &str, text: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "type": "text", "text": { "body": text },
    })
}
