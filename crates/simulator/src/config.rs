//! Every knob of the simulator, as plain data with defaults that work untouched.
//!
//! All of them can be read and patched while the simulator runs (`/_sim/config`).

mod people;
mod service;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::people::{
    BareNumbers, Fate, Latency, PeopleConfig, SuffixRule, UserIds, default_suffix_rules,
};
pub use self::service::{
    BillingConfig, FaultConfig, LimitConfig, MemoryConfig, ReviewConfig, ReviewMode, WebhookConfig,
};
use crate::demo;

/// All knobs. `SimulatorConfig::default()` is a working demo account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatorConfig {
    /// Decides, together with a phone's number and the ordinal of a message to it, all that
    /// happens to that message. Neither the clock nor the order of arrival take part.
    pub seed: u64,
    /// Whether simulated time runs by itself.
    pub clock: ClockMode,
    pub account: AccountConfig,
    /// Business phone numbers of the account.
    pub senders: Vec<SenderConfig>,
    /// Templates that exist, approved, from the start; each is the body of a create call.
    pub templates: Vec<Value>,
    pub people: PeopleConfig,
    pub limits: LimitConfig,
    pub review: ReviewConfig,
    pub webhooks: WebhookConfig,
    pub billing: BillingConfig,
    pub faults: FaultConfig,
    pub memory: MemoryConfig,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            clock: ClockMode::Real,
            account: AccountConfig::default(),
            senders: vec![SenderConfig::default()],
            templates: Vec::new(),
            people: PeopleConfig::default(),
            limits: LimitConfig::default(),
            review: ReviewConfig::default(),
            webhooks: WebhookConfig::default(),
            billing: BillingConfig::default(),
            faults: FaultConfig::default(),
            memory: MemoryConfig::default(),
        }
    }
}

impl SimulatorConfig {
    /// A world that lives through a whole broadcast in seconds: an upgraded sender and people
    /// who read and answer at once. The shares of who does what stay the default ones.
    pub fn hurried() -> Self {
        let mut config = Self::default();
        config.senders = vec![SenderConfig { throughput_mps: 1_000, ..SenderConfig::default() }];
        config.people = config.people.hurried();
        config.webhooks.retry_first_ms = 100;
        config
    }

    /// A world without chance or latency, for tests: everybody is reached at once, reads at
    /// once and never answers, unless a suffix rule or the control API says otherwise.
    pub fn plain() -> Self {
        let mut config = Self::hurried();
        config.people = config.people.plain();
        config.webhooks.retry_first_ms = 10;
        config
    }
}

/// Whether simulated time follows the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMode {
    /// Time runs; `/_sim/time` can still jump forward.
    Real,
    /// Time stands still until `/_sim/time` moves it.
    Manual,
}

/// The portfolio, app and WhatsApp Business Account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountConfig {
    pub business_id: String,
    pub waba_id: String,
    pub name: String,
    pub currency: String,
    pub app_id: String,
    pub app_secret: String,
    /// Bearer tokens accepted from the start.
    pub access_tokens: Vec<String>,
    /// A callback subscribed from the start, without the verification call.
    pub callback_url: Option<String>,
    /// Whether the app is subscribed to the account from the start; if not, nothing is told
    /// before `POST /{WABA}/subscribed_apps`.
    pub subscribed: bool,
    /// Sent in the verification call when `callback_url` is set through the API without one.
    pub verify_token: String,
}

impl Default for AccountConfig {
    fn default() -> Self {
        Self {
            business_id: demo::BUSINESS_ID.to_owned(),
            waba_id: demo::WABA_ID.to_owned(),
            name: "Fanal Demo".to_owned(),
            currency: "USD".to_owned(),
            app_id: demo::APP_ID.to_owned(),
            app_secret: demo::APP_SECRET.to_owned(),
            access_tokens: vec![demo::ACCESS_TOKEN.to_owned()],
            callback_url: None,
            subscribed: true,
            verify_token: demo::VERIFY_TOKEN.to_owned(),
        }
    }
}

/// One business phone number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SenderConfig {
    pub phone_number_id: String,
    /// As people write it, with `+` and the country calling code.
    pub display_phone_number: String,
    pub verified_name: String,
    /// Messages per second, in and out together: 20, 80 or 1,000 in the real world.
    pub throughput_mps: u32,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality_rating: String,
    /// An unregistered number answers 133010.
    pub registered: bool,
    /// Two-step verification PIN asked for at registration; none accepts any six digits.
    pub pin: Option<String>,
}

impl Default for SenderConfig {
    fn default() -> Self {
        Self {
            phone_number_id: demo::PHONE_NUMBER_ID.to_owned(),
            display_phone_number: demo::DISPLAY_PHONE_NUMBER.to_owned(),
            verified_name: demo::VERIFIED_NAME.to_owned(),
            throughput_mps: 80,
            quality_rating: "GREEN".to_owned(),
            registered: true,
            pin: None,
        }
    }
}
