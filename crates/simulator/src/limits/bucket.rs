//! A token bucket that counts in simulated time.

use crate::clock::Millis;

/// What a bucket allows: a burst of `capacity`, then one token every `refill_us`.
///
/// Microseconds, so that 1,000 tokens a second refill exactly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) capacity: u32,
    pub(crate) refill_us: u64,
}

impl Rate {
    /// A rate per second that may be spent one second ahead.
    pub(crate) fn per_second(rate: u32) -> Self {
        Self { capacity: rate, refill_us: 1_000_000 / u64::from(rate.max(1)) }
    }
}

/// How much of a rate is spent: the instant at which the bucket is full again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket {
    full_at_us: u64,
}

impl Bucket {
    /// Whether there is a token.
    pub(crate) fn has_room(self, now: Millis, rate: Rate) -> bool {
        let spent = self.full_at_us.saturating_sub(now * 1_000);
        let full = rate.refill_us.saturating_mul(rate.capacity.into());
        spent.saturating_add(rate.refill_us) <= full
    }

    /// Takes a token even when there is none; the debt is paid back by what comes later.
    pub(crate) fn take(&mut self, now: Millis, rate: Rate) {
        self.full_at_us = self.full_at_us.max(now * 1_000).saturating_add(rate.refill_us);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bucket: &mut Bucket, rate: Rate, tries: u32, now: Millis) -> usize {
        let mut take = || {
            let room = bucket.has_room(now, rate);
            if room {
                bucket.take(now, rate);
            }
            room
        };
        (0..tries).filter(|_| take()).count()
    }

    #[test]
    fn permits_a_burst_and_then_demands_payback() {
        let (mut pair, rate) = (Bucket::default(), Rate { capacity: 45, refill_us: 6_000_000 });
        assert_eq!(taken(&mut pair, rate, 100, 1_000), 45);
        assert_eq!(taken(&mut pair, rate, 100, 6_999), 0);
        assert_eq!(taken(&mut pair, rate, 100, 7_000), 1);
        assert_eq!(taken(&mut pair, rate, 100, 1_000 + 45 * 6_000 + 6_000), 45);
    }

    #[test]
    fn a_rate_is_kept_over_many_seconds() {
        let (mut sender, rate) = (Bucket::default(), Rate::per_second(1_000));
        let taken: usize = (0..10_000).map(|now| taken(&mut sender, rate, 3, now)).sum();
        assert_eq!(taken, 1_000 + 9_999);
    }

    #[test]
    fn what_cannot_be_refused_still_counts() {
        let (mut sender, rate) = (Bucket::default(), Rate::per_second(20));
        (0..30).for_each(|_| sender.take(0, rate));
        assert_eq!(taken(&mut sender, rate, 5, 549), 0);
        assert_eq!(taken(&mut sender, rate, 5, 550), 1);
    }
}
