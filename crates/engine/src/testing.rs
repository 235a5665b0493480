//! A whole engine on stores in memory, for tests: a clock that stands, ids and bytes that count
//! up, and a provider that approves every template and takes every message.
#![expect(missing_docs, reason = "what each does is said by its port")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::missing_panics_doc, reason = "a panic is how a test fails")]

mod driver;
mod running;
mod scripted;
mod webhook;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
pub use driver::{Driver, until_death};
use fanal_domain::language::Language;
use fanal_domain::sender::{Quality, SenderId};
use fanal_domain::template::{Category, Content, ProviderStatus, Variable};
pub use running::{Running, RunningPlan, say};
pub use scripted::{Call, ScriptedMessenger, accepted};
use uuid::Uuid;
pub use webhook::TableWebhook;

use crate::contract::TestClock;
use crate::memory::{MemoryDirectory, MemoryKeys, MemoryLog, MemoryTokens};
use crate::ports::{
    IdSource, MalformedWebhook, Messenger, Notice, Outcome, Outgoing, Provider, ProviderError,
    ProviderTemplate, Random, SenderFacts, Webhook,
};
use crate::vault::MasterKey;
use crate::{Engine, EngineConfig, Ports};

/// What outlives an engine: the stores, the clock, the provider. Build as many engines on it as
/// there are runs or nodes.
#[derive(Debug, Clone)]
pub struct Stage {
    pub clock: TestClock,
    pub ids: Arc<CountedIds>,
    pub random: Arc<CountedBytes>,
    pub log: MemoryLog,
    pub directory: MemoryDirectory,
    pub keys: MemoryKeys,
    pub tokens: MemoryTokens,
    pub provider: Arc<WillingProvider>,
    master_key: MasterKey,
    runs: Arc<AtomicU64>,
}

impl Default for Stage {
    fn default() -> Self {
        let clock = TestClock::default();
        let random = Arc::new(CountedBytes::default());
        Self {
            ids: Arc::default(),
            log: MemoryLog::new(Arc::new(clock.clone())),
            directory: MemoryDirectory::default(),
            keys: MemoryKeys::default(),
            tokens: MemoryTokens::default(),
            provider: Arc::default(),
            master_key: MasterKey::generate(&*random),
            runs: Arc::default(),
            clock,
            random,
        }
    }
}

impl Stage {
    /// The outside world of this stage.
    pub fn ports(&self) -> Ports {
        Ports {
            log: Arc::new(self.log.clone()),
            directory: Arc::new(self.directory.clone()),
            keys: Arc::new(self.keys.clone()),
            tokens: Arc::new(self.tokens.clone()),
            messenger: self.provider.clone(),
            provider: self.provider.clone(),
            webhook: Arc::new(DeafWebhook),
            clock: Arc::new(self.clock.clone()),
            ids: self.ids.clone(),
            random: self.random.clone(),
        }
    }

    /// The settings of another run of the engine: exercises only, since nobody is reached.
    pub fn config(&self) -> EngineConfig {
        let run = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
        let sender = SenderId("106540352242922".to_owned());
        let mut config = EngineConfig::new(&format!("node/{run}"), sender, self.master_key.clone());
        config.reaches_nobody = true;
        config
    }

    /// Another run of the engine on these stores.
    pub fn engine(&self) -> Engine {
        Engine::new(self.ports(), self.config())
    }
}

/// Counts up from a recognisable first id.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl IdSource for CountedIds {
    fn next(&self) -> Uuid {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Uuid::from_u128(0x0193_6d8e_0000_7000_8000_0000_0000_0000 + u128::from(count))
    }
}

/// Bytes that differ, and are the same in every run.
#[derive(Debug, Default)]
pub struct CountedBytes(AtomicU64);

impl Random for CountedBytes {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let count = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let bytes = count.rotate_left(29).to_be_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

/// Approves every template and takes every message; remembers both.
#[derive(Debug, Default)]
pub struct WillingProvider {
    templates: Mutex<Vec<ProviderTemplate>>,
    sent: Mutex<Vec<Outgoing>>,
}

impl WillingProvider {
    /// Everything it took, in order.
    pub fn sent(&self) -> Vec<Outgoing> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Messenger for WillingProvider {
    async fn send(&self, _sender: &SenderId, message: &Outgoing) -> Outcome {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(message.clone());
        Outcome::Accepted { message_id: format!("wamid.{}", sent.len()), held: false }
    }
}

#[async_trait]
impl Provider for WillingProvider {
    async fn templates(&self) -> Result<Vec<ProviderTemplate>, ProviderError> {
        Ok(self.templates.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn submit_template(
        &self,
        name: &str,
        category: Category,
        _variables: &[Variable],
        language: &Language,
        _content: &Content,
    ) -> Result<ProviderTemplate, ProviderError> {
        let template = ProviderTemplate {
            provider_id: format!("{name}-{language}"),
            name: name.to_owned(),
            language: language.clone(),
            category,
            status: ProviderStatus::Approved,
            reason: None,
        };
        let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        templates.push(template.clone());
        Ok(template)
    }

    async fn delete_template(&self, name: &str) -> Result<(), ProviderError> {
        let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        templates.retain(|template| template.name != name);
        Ok(())
    }

    async fn sender_facts(&self, _sender: &SenderId) -> Result<SenderFacts, ProviderError> {
        Ok(SenderFacts {
            rate_per_s: Some(80),
            quality: Some(Quality::Green),
            daily_people_max: None,
            display_number: "+1 555 0100".to_owned(),
        })
    }

    async fn mark_read(&self, _sender: &SenderId, _message: &str) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn upload_media(
        &self,
        _sender: &SenderId,
        _mime_type: &str,
        _bytes: Bytes,
    ) -> Result<String, ProviderError> {
        Ok("media-1".to_owned())
    }
}

/// Takes no webhook at all.
#[derive(Debug)]
struct DeafWebhook;

impl Webhook for DeafWebhook {
    fn answer_challenge(&self, _mode: &str, _token: &str, _challenge: &str) -> Option<String> {
        None
    }

    fn is_signed(&self, _body: &[u8], _signature: Option<&str>) -> bool {
        false
    }

    fn decode(&self, _body: &[u8]) -> Result<Vec<Notice>, MalformedWebhook> {
        Ok(Vec::new())
    }
}
