//! One business phone number and its standing.

use crate::clock::{Millis, month};
use crate::config::SenderConfig;
use crate::limits::{Bucket, Rate};
use crate::people::{Country, PhoneNumber};
use crate::webhooks::Callback;

/// A business phone number.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) config: SenderConfig,
    pub(crate) number: PhoneNumber,
    pub(crate) country: Country,
    /// Messages in and out.
    pub(crate) pace: Bucket,
    /// Calls answer 131057 until then.
    pub(crate) maintenance_until: Millis,
    /// Where this number's `messages` webhooks go instead of the app's callback.
    pub(crate) callback: Option<Callback>,
    /// Register and deregister calls of the last 72 hours.
    pub(crate) registrations: Vec<Millis>,
    /// Month, and service messages sent in it.
    free_service: (u32, u32),
}

impl Sender {
    /// `None` when the display number is not an international number.
    pub(crate) fn new(config: SenderConfig) -> Option<Self> {
        let digits: String =
            config.display_phone_number.chars().filter(char::is_ascii_digit).collect();
        let number = PhoneNumber::from_digits(&digits)?;
        Some(Self {
            config,
            number,
            country: number.country(),
            pace: Bucket::default(),
            maintenance_until: 0,
            callback: None,
            registrations: Vec::new(),
            free_service: (0, 0),
        })
    }

    pub(crate) fn rate(&self) -> Rate {
        Rate::per_second(self.config.throughput_mps)
    }

    /// `throughput.level`.
    pub(crate) fn level(&self) -> &'static str {
        if self.config.throughput_mps >= 1_000 { "HIGH" } else { "STANDARD" }
    }

    /// Whether the monthly allowance of service messages has room; uses one if so.
    pub(crate) fn use_free_service(&mut self, now: Millis, allowance: u32) -> bool {
        if self.free_service.0 != month(now) {
            self.free_service = (month(now), 0);
        }
        let free = self.free_service.1 < allowance;
        self.free_service.1 += u32::from(free);
        free
    }
}
