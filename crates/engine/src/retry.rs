//! When a message the provider did not take is tried again: back-off schedules as pure functions.

use chrono::TimeDelta;
use fanal_domain::ladder::FailureClass;

/// How long to wait before each further try, and how many tries there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The wait after the first try.
    pub first: TimeDelta,
    /// How much longer each wait is than the one before.
    pub factor: u32,
    /// No wait is longer.
    pub most: TimeDelta,
    /// How many tries there are, the first included.
    pub attempts_max: u32,
}

/// The provider's trouble, which passes within minutes or not at all.
pub const TROUBLE: Schedule = Schedule {
    first: TimeDelta::seconds(2),
    factor: 3,
    most: TimeDelta::minutes(3),
    attempts_max: 5,
};

/// One person gets too much from us: the provider asks for 4^n seconds.
pub const PAIR: Schedule = Schedule {
    first: TimeDelta::seconds(4),
    factor: 4,
    most: TimeDelta::minutes(20),
    attempts_max: 6,
};

/// The sender is too fast: the bucket slows down, so the message only has to stand aside.
/// Tries are not counted, since nothing is wrong with the message; the broadcast's expiry ends it.
pub const PACE: Schedule = Schedule {
    first: TimeDelta::milliseconds(500),
    factor: 2,
    most: TimeDelta::seconds(8),
    attempts_max: u32::MAX,
};

/// Our configuration is broken, perhaps only for people like this one, such as those of one
/// language: some minutes to mend it.
pub const MENDING: Schedule = Schedule {
    first: TimeDelta::seconds(15),
    factor: 8,
    most: TimeDelta::minutes(5),
    attempts_max: 3,
};

/// Everything fails: one message asks now and then whether that is over.
pub const ASKING: Schedule = Schedule {
    first: TimeDelta::seconds(15),
    factor: 2,
    most: TimeDelta::minutes(5),
    attempts_max: u32::MAX,
};

/// The code by which the provider says that only one person gets too much.
const PAIR_LIMIT: u32 = 131_056;

impl Schedule {
    /// The schedule for a failure, by its class and the provider's code.
    pub fn of(class: FailureClass, code: u32) -> Self {
        match class {
            FailureClass::Throttled if code == PAIR_LIMIT => PAIR,
            FailureClass::Throttled => PACE,
            FailureClass::Retry | FailureClass::Refused | FailureClass::Unknown => TROUBLE,
            FailureClass::Reconfigure => MENDING,
        }
    }

    /// The wait after try number `attempt` (from 1), or `None` if that was the last.
    ///
    /// Spread over the upper half of the wait by `seed`, so that what failed together does not
    /// come back together.
    pub fn wait(self, attempt: u32, seed: u64) -> Option<TimeDelta> {
        if attempt >= self.attempts_max {
            return None;
        }
        let growth = i64::from(self.factor).saturating_pow(attempt.saturating_sub(1));
        let most_ms = self.most.num_milliseconds();
        let wait_ms = self.first.num_milliseconds().saturating_mul(growth).min(most_ms);
        let half_ms = wait_ms / 2;
        let jitter =
            scramble(seed.wrapping_add(u64::from(attempt))) % half_ms.unsigned_abs().max(1);
        Some(TimeDelta::milliseconds(wait_ms - half_ms + jitter.cast_signed()))
    }
}

/// Spreads the bits of a number (the finaliser of SplitMix64): neighbours come out far apart.
fn scramble(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedules() -> impl Strategy<Value = Schedule> {
        prop::sample::select(vec![TROUBLE, PAIR, PACE, MENDING, ASKING])
    }

    #[test]
    fn a_person_who_gets_too_much_is_left_alone_longest() {
        assert_eq!(Schedule::of(FailureClass::Throttled, PAIR_LIMIT), PAIR);
        assert_eq!(Schedule::of(FailureClass::Throttled, 130_429), PACE);
        assert_eq!(Schedule::of(FailureClass::Retry, 131_000), TROUBLE);
        assert_eq!(Schedule::of(FailureClass::Reconfigure, 190), MENDING);
    }

    #[test]
    fn trouble_ends_after_its_last_try() {
        let tries = (1..=10).take_while(|attempt| TROUBLE.wait(*attempt, 7).is_some()).count();

        assert_eq!(tries, 4, "the first try and four more");
    }

    proptest! {
        #[test]
        fn waits_stay_within_half_and_whole_of_the_plan(
            schedule in schedules(), attempt in 0_u32..2_000, seed in any::<u64>(),
        ) {
            if let Some(wait) = schedule.wait(attempt, seed) {
                prop_assert!(wait <= schedule.most);
                prop_assert!(wait >= schedule.first / 2);
                prop_assert_eq!(schedule.wait(attempt, seed), Some(wait), "the same again");
            }
        }

        #[test]
        fn what_failed_together_does_not_come_back_together(seed in any::<u32>()) {
            let waits: std::collections::BTreeSet<_> =
                (0..100).map(|step| TROUBLE.wait(3, u64::from(seed) + step)).collect();

            prop_assert!(waits.len() > 90);
        }
    }
}
