//! What the provider calls us with: verified over the exact bytes, decoded whatever it contains.

mod envelope;
mod fields;
mod inbound;
mod messages;
mod person;
mod preferences;
mod senders;
mod status;
mod templates;

use aws_lc_rs::{constant_time, digest};
use chrono::{DateTime, Utc};
use fanal_engine::ports::{MalformedWebhook, Notice, Webhook};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;

use crate::config::CloudApiConfig;
use crate::lenient::Int;
use crate::signature::SigningKey;

/// Verifies and decodes webhooks of the WhatsApp Business Platform.
#[derive(Debug)]
pub struct CloudWebhook {
    key: SigningKey,
    verify_token: SecretString,
}

impl CloudWebhook {
    /// Knows the app secret and the verify token of the configuration, and needs nothing else.
    pub fn new(config: &CloudApiConfig) -> Self {
        Self { key: SigningKey::new(&config.app_secret), verify_token: config.verify_token.clone() }
    }
}

impl Webhook for CloudWebhook {
    fn answer_challenge(&self, mode: &str, token: &str, challenge: &str) -> Option<String> {
        let expected = self.verify_token.expose_secret();
        let known = !expected.is_empty() && is_equal(token.as_bytes(), expected.as_bytes());
        (mode == "subscribe" && known).then(|| challenge.to_owned())
    }

    fn is_signed(&self, body: &[u8], signature: Option<&str>) -> bool {
        self.key.is_signed(body, signature)
    }

    fn decode(&self, body: &[u8]) -> Result<Vec<Notice>, MalformedWebhook> {
        envelope::decode(body)
    }
}

/// Compares hashes, so that not even the length of the right token can be measured.
fn is_equal(one: &[u8], other: &[u8]) -> bool {
    let [one, other] = [one, other].map(|bytes| digest::digest(&digest::SHA256, bytes));
    constant_time::verify_slices_are_equal(one.as_ref(), other.as_ref()).is_ok()
}

/// Keeps what is not understood, under the provider's name for it.
fn unrecognised(field: &str, raw: &RawValue) -> Notice {
    Notice::Unrecognised { field: field.to_owned(), raw: raw.get().to_owned() }
}

/// An instant told in seconds, or when the whole entry happened.
fn instant(seconds: Int, entry_time: Int) -> Option<DateTime<Utc>> {
    seconds.0.or(entry_time.0).and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}

#[cfg(test)]
mod tests;
