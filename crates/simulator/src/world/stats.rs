//! Counts of everything, for tests that must show that nobody was lost.

use std::collections::BTreeMap;

use serde::Serialize;

/// Counters since the start or the last reset.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Stats {
    /// Messages accepted, whether or not the answer reached the client.
    pub(crate) accepted: u64,
    /// Of these, templates.
    pub(crate) accepted_templates: u64,
    /// Accepted messages whose answer was withheld by a broken connection.
    pub(crate) cut_after_acceptance: u64,
    /// Broken connections with nothing accepted.
    pub(crate) cut_before_acceptance: u64,
    /// Accepted messages whose reference an earlier message to the same phone had carried.
    pub(crate) repeated_references: u64,
    /// Accepted messages without a reference.
    pub(crate) without_reference: u64,
    /// Accepted templates that the same phone had been sent before.
    pub(crate) repeated_templates: u64,
    /// Messages answered `held_for_quality_assessment`.
    pub(crate) held: u64,
    /// Sends refused, by error code.
    pub(crate) refused: BTreeMap<u32, u64>,
    /// Status webhooks made, by status.
    pub(crate) statuses: BTreeMap<&'static str, u64>,
    /// Failed statuses made, by error code.
    pub(crate) failures: BTreeMap<u32, u64>,
    /// Messages written by people.
    pub(crate) answers: u64,
    /// Mark-as-read calls taken.
    pub(crate) marked_read: u64,
    /// Scripted steps of messages that were already forgotten.
    pub(crate) forgotten_steps: u64,
    pub(crate) webhooks: WebhookStats,
}

/// Counters of webhook delivery.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct WebhookStats {
    /// POSTs answered 200.
    pub(crate) posts_accepted: u64,
    /// POSTs answered otherwise, or not at all.
    pub(crate) posts_failed: u64,
    /// Updates in the accepted POSTs.
    pub(crate) updates_delivered: u64,
    /// POSTs that are under way.
    pub(crate) in_flight: u64,
    /// POSTs that were sent twice on purpose.
    pub(crate) posts_duplicated: u64,
    /// Updates nobody was subscribed to.
    pub(crate) unsubscribed: u64,
    /// Updates dropped: outage, too old, or too many waiting.
    pub(crate) dropped: u64,
}

impl Stats {
    pub(crate) fn refuse(&mut self, code: u32) {
        *self.refused.entry(code).or_default() += 1;
    }

    pub(crate) fn status(&mut self, word: &'static str) {
        *self.statuses.entry(word).or_default() += 1;
    }
}
