//! Knobs of the service itself: limits, review, webhooks, billing, faults and memory.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Rates and quotas.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitConfig {
    /// Messages one pair of business and user may exchange in a burst (131056 beyond).
    pub pair_capacity: u32,
    /// Time after which a pair regains one message.
    pub pair_refill_ms: u64,
    /// Unique users reached outside the window in 24 h, over all senders; none is unlimited.
    pub unique_users_per_day: Option<u32>,
    /// Error code once `unique_users_per_day` is used up. The real one is not documented.
    pub unique_users_code: u32,
    /// Length of the customer service window.
    pub window_ms: u64,
    /// Management calls (templates, numbers, subscriptions) per hour; 80007 beyond.
    pub management_calls_per_hour: u32,
    /// Codes that are answered by the send call although they normally come as a `failed` status.
    pub synchronous_codes: Vec<u32>,
    /// Largest JSON body accepted. Read at the start only.
    pub body_bytes_max: usize,
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            pair_capacity: 45,
            pair_refill_ms: 6_000,
            unique_users_per_day: None,
            unique_users_code: 131_048,
            window_ms: 86_400_000,
            management_calls_per_hour: 5_000,
            synchronous_codes: Vec::new(),
            body_bytes_max: 1_048_576,
        }
    }
}

/// Review, pacing and pausing of templates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewConfig {
    pub mode: ReviewMode,
    /// Length of the first and of the second pause; the third one disables the template.
    pub pauses_ms: [u64; 2],
    /// Sends of a new template that pass before the rest is held for quality assessment.
    pub paced_after: Option<u32>,
    /// Time from the first held message to the verdict.
    pub verdict_after_ms: u64,
    /// Whether the verdict on held messages is good.
    pub verdict_good: bool,
    /// Templates the account may hold.
    pub templates_max: usize,
}

impl Default for ReviewConfig {
    fn default() -> Self {
        Self {
            mode: ReviewMode::AfterMs(0),
            pauses_ms: [10_800_000, 21_600_000],
            paced_after: None,
            verdict_after_ms: 3_600_000,
            verdict_good: true,
            templates_max: 6_000,
        }
    }
}

/// When a new template is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewMode {
    /// The create call already answers `APPROVED`.
    Immediate,
    /// `PENDING` first; approved, with a webhook, after this many milliseconds.
    AfterMs(u64),
    /// `PENDING` until the control API decides.
    Manual,
}

/// Delivery of webhooks.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookConfig {
    /// Graph version of the app's webhooks; up to 23 statuses carry a `conversation`.
    pub version: u32,
    /// Updates in one POST, at most 1,000.
    pub batch_max: usize,
    /// Connections kept open to a callback. Read at the start only.
    pub connections: usize,
    /// How long a callback may take to answer.
    pub timeout_ms: u64,
    /// Pause before the second try; it doubles with every further one.
    pub retry_first_ms: u64,
    /// Longest pause between two tries.
    pub retry_longest_ms: u64,
    /// Age at which an update is given up.
    pub give_up_after_ms: u64,
    /// Share of POSTs that are sent twice although the first was answered 200.
    pub share_duplicated: f64,
    /// Whether statuses carry `contacts`, as they do since 2026.
    pub contacts_on_statuses: bool,
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            version: 26,
            batch_max: 1,
            connections: 32,
            timeout_ms: 10_000,
            retry_first_ms: 1_000,
            retry_longest_ms: 3_600_000,
            give_up_after_ms: 7 * 86_400_000,
            share_duplicated: 0.0,
            contacts_on_statuses: true,
        }
    }
}

/// What the pricing objects say.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BillingConfig {
    /// From this day (UTC) service messages and utility templates inside the window are charged.
    pub service_charged_from: NaiveDate,
    /// Service messages per sender and calendar month that stay free.
    pub service_free_per_month: u32,
    /// Without a payment method everything that would be charged fails with 131042.
    pub payment_method: bool,
}

impl Default for BillingConfig {
    fn default() -> Self {
        Self {
            service_charged_from: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap_or_default(),
            service_free_per_month: 1_000,
            payment_method: true,
        }
    }
}

/// Faults that strike any send by chance. For single, planned ones see `/_sim/faults`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultConfig {
    /// HTTP 500 and nothing accepted.
    pub share_server_error: f64,
    /// Accepted, but the connection breaks before the answer.
    pub share_cut: f64,
    /// The answer is late by `slow_ms`.
    pub share_slow: f64,
    pub slow_ms: u64,
}

/// What is kept, and at most how much of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemoryConfig {
    /// Messages whose content and statuses are kept; counts of older ones remain.
    pub messages_max: usize,
    /// Answers of people that are kept.
    pub answers_max: usize,
    /// Bytes of uploaded media that are kept.
    pub media_bytes_max: usize,
    /// Updates waiting for a callback; further ones are dropped and counted.
    pub updates_max: usize,
}

impl Default for MemoryConfig {
    fn default() -> Self {
        Self {
            messages_max: 4_000_000,
            answers_max: 4_000_000,
            media_bytes_max: 268_435_456,
            updates_max: 8_000_000,
        }
    }
}
