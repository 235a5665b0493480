//! The rate bucket of a sender: how many messages may leave now, as a pure value driven by time.
//!
//! The provider counts everything that passes a number, in and out, and refuses what is too fast.
//! The bucket is small, so that at no moment more leaves than the provider's own bucket holds.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// What one message costs; the bucket is counted in millionths so that time divides exactly.
const PERMIT: i64 = 1_000_000;

/// Faster than any provider; keeps the arithmetic within its bounds.
const LIMIT_PER_S_MAX: u32 = 1_000_000;

/// How much unused time the bucket remembers.
const BURST_MS: i64 = 100;

/// Permits are handed out in batches worth this much time, so that each log append carries many.
const BATCH_MS: i64 = 25;

/// Throttlings this close to each other are one: they answer calls that were made together.
const ONE_EVENT: TimeDelta = TimeDelta::milliseconds(500);

/// After a throttling the pace is halved, but never below this share of the limit.
const PACE_SHARE_MIN: i64 = 16;

/// The time a pace needs to climb from nothing to the limit.
const RECOVERY_S: i64 = 20;

/// How many messages may leave a sender now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// What the provider allows, per second.
    limit_per_s: u32,
    /// What we allow ourselves, in millionths per second: less than the limit after a throttling.
    pace: i64,
    /// What is in the bucket, in millionths of a message. Negative after more came in than fits.
    level: i64,
    /// When `level` and `pace` were true.
    at: DateTime<Utc>,
    /// When the provider last said that we are too fast.
    throttled_at: Option<DateTime<Utc>>,
    /// Nothing leaves before, because the provider said so.
    closed_until: DateTime<Utc>,
}

/// What the bucket gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// So many messages may leave now; at least one.
    Permits(u32),
    /// None; ask again at this time.
    Wait(DateTime<Utc>),
}

impl Bucket {
    /// A full bucket for a sender that may pass `limit_per_s` messages per second.
    pub fn new(limit_per_s: u32, now: DateTime<Utc>) -> Self {
        let mut bucket = Self {
            limit_per_s: limit_per_s.clamp(1, LIMIT_PER_S_MAX),
            pace: 0,
            level: 0,
            at: now,
            throttled_at: None,
            closed_until: now,
        };
        bucket.pace = bucket.full_pace();
        bucket.level = bucket.capacity();
        bucket
    }

    /// The provider allows more or less from now on.
    pub fn set_limit(&mut self, limit_per_s: u32, now: DateTime<Utc>) {
        let limit_per_s = limit_per_s.clamp(1, LIMIT_PER_S_MAX);
        if limit_per_s == self.limit_per_s {
            return;
        }
        self.advance(now);
        self.limit_per_s = limit_per_s;
        self.pace = self.full_pace();
        self.level = self.level.min(self.capacity());
    }

    /// What the provider allows, per second.
    pub fn limit_per_s(&self) -> u32 {
        self.limit_per_s
    }

    /// Takes permits for at most `wanted` messages: all at once or a batch that is worth an append.
    pub fn take(&mut self, wanted: u32, now: DateTime<Utc>) -> Grant {
        self.advance(now);
        if now < self.closed_until {
            return Grant::Wait(self.closed_until);
        }
        let wanted = wanted.max(1);
        let batch = (i64::from(self.limit_per_s) * BATCH_MS / 1_000).clamp(1, i64::from(wanted));
        let missing = batch * PERMIT - self.level;
        if missing > 0 {
            // One microsecond more than the division says, so that asking then is enough.
            return Grant::Wait(now + TimeDelta::microseconds(missing * PERMIT / self.pace + 1));
        }
        let granted = u32::try_from(self.level / PERMIT).unwrap_or(u32::MAX).min(wanted);
        self.level -= i64::from(granted) * PERMIT;
        Grant::Permits(granted)
    }

    /// Takes back permits that were not used.
    pub fn give_back(&mut self, permits: u32) {
        self.level = (self.level + i64::from(permits) * PERMIT).min(self.capacity());
    }

    /// Messages passed that nobody asked permits for: people wrote to us.
    pub fn count(&mut self, messages: u32, now: DateTime<Utc>) {
        self.advance(now);
        // More than a second's worth of debt would stop us although the provider forgets sooner.
        let floor = -self.full_pace();
        self.level = (self.level - i64::from(messages) * PERMIT).max(floor);
    }

    /// The provider said that we are too fast: half the pace, and nothing before `retry_after`.
    pub fn throttle(&mut self, retry_after: Option<Duration>, now: DateTime<Utc>) {
        self.advance(now);
        let pause = retry_after.and_then(|pause| TimeDelta::from_std(pause).ok());
        let reopens = now.checked_add_signed(pause.unwrap_or_default()).unwrap_or(now);
        self.closed_until = self.closed_until.max(reopens);
        if self.throttled_at.is_some_and(|last| now - last < ONE_EVENT) {
            return;
        }
        self.throttled_at = Some(now);
        self.pace = (self.pace / 2).max(self.full_pace() / PACE_SHARE_MIN);
        self.level = self.level.min(0);
    }

    /// What we allow ourselves now, per second.
    pub fn pace_per_s(&self) -> u32 {
        u32::try_from(self.pace / PERMIT).unwrap_or(self.limit_per_s)
    }

    /// Brings level and pace to `now`. A clock that went back changes nothing.
    fn advance(&mut self, now: DateTime<Utc>) {
        let elapsed = now - self.at;
        if elapsed <= TimeDelta::zero() {
            return;
        }
        self.at = now;
        // Two recovery times fill any bucket and any pace; longer would only overflow.
        let most_us = 2 * RECOVERY_S * 1_000_000;
        let elapsed_us = elapsed.num_microseconds().unwrap_or(most_us).min(most_us);
        let earned = self.pace / PERMIT * elapsed_us + self.pace % PERMIT * elapsed_us / PERMIT;
        self.level = (self.level + earned).min(self.capacity());
        let recovered = i64::from(self.limit_per_s) * elapsed_us / RECOVERY_S;
        self.pace = (self.pace + recovered).min(self.full_pace());
    }

    fn full_pace(&self) -> i64 {
        i64::from(self.limit_per_s) * PERMIT
    }

    fn capacity(&self) -> i64 {
        (self.full_pace() * BURST_MS / 1_000).max(PERMIT)
    }
}

#[cfg(test)]
mod tests;
