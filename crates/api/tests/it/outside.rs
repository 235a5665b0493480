//! What the shared stage leaves out: a webhook, and health that says what it was told.

use std::sync::Mutex;

use async_trait::async_trait;
use fanal_api::{Health, PartHealth};
use fanal_engine::ports::{MalformedWebhook, Notice, Webhook};

/// Takes any JSON object signed `sha256=good`; its fields become notices that are only kept.
#[derive(Debug)]
pub(crate) struct PlainWebhook;

impl Webhook for PlainWebhook {
    fn answer_challenge(&self, mode: &str, token: &str, challenge: &str) -> Option<String> {
        (mode == "subscribe" && token == "let-me-in").then(|| challenge.to_owned())
    }

    fn is_signed(&self, _body: &[u8], signature: Option<&str>) -> bool {
        signature == Some("sha256=good")
    }

    fn decode(&self, body: &[u8]) -> Result<Vec<Notice>, MalformedWebhook> {
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body)
            .map_err(|error| MalformedWebhook { line: error.line(), column: error.column() })?;
        let kept = |(field, raw): (String, serde_json::Value)| Notice::Unrecognised {
            field,
            raw: raw.to_string(),
        };
        Ok(fields.into_iter().map(kept).collect())
    }
}

/// Says what it was told to say.
#[derive(Debug)]
pub(crate) struct ToldHealth(pub(crate) Mutex<Vec<PartHealth>>);

#[async_trait]
impl Health for ToldHealth {
    async fn look(&self) -> Vec<PartHealth> {
        self.0.lock().unwrap().clone()
    }
}
