//! Stops a broadcast whose messages nobody gets, before it burns its whole audience.
//!
//! A wrong token, a paused template or a provider that is down fails for everyone alike. After
//! some failures in a row nothing more leaves; now and then one message asks whether it is mended.

use chrono::{DateTime, Utc};
use fanal_domain::ladder::{Failure, FailureClass};

use crate::retry::ASKING;

/// So much strain without one acceptance stops the broadcast.
const STRAIN_MAX: u32 = 50;

/// Whether messages of one broadcast should leave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Brake {
    /// How much has failed since the last acceptance.
    strain: u32,
    /// Since when it is on, and what for.
    halt: Option<Halt>,
}

/// Why and since when nothing leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// What the provider said last.
    pub failure: Failure,
    /// Since when nothing leaves.
    pub since: DateTime<Utc>,
    /// How often it was asked in vain.
    pub asked: u32,
    /// When one message will ask again.
    pub until: DateTime<Utc>,
}

/// What may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// Everything.
    Free,
    /// One message, to ask.
    OneMessage,
    /// Nothing.
    Closed(Halt),
}

impl Brake {
    /// What may leave now.
    pub(crate) fn way(&self, now: DateTime<Utc>) -> Way {
        match &self.halt {
            None => Way::Free,
            Some(halt) if now < halt.until => Way::Closed(halt.clone()),
            Some(_) => Way::OneMessage,
        }
    }

    /// Why nothing leaves, if so.
    pub(crate) fn halt(&self) -> Option<&Halt> {
        self.halt.as_ref()
    }

    /// The provider took a message: nothing is wrong.
    pub(crate) fn release(&mut self) {
        *self = Self::default();
    }

    /// The provider did not take a message, or we do not know.
    pub(crate) fn strain(&mut self, failure: &Failure, now: DateTime<Utc>) {
        self.strain = self.strain.saturating_add(match failure.class {
            // Being too fast is the bucket's business.
            FailureClass::Throttled => return,
            // Mostly the person's number, but fifty in a row are not fifty wrong numbers.
            FailureClass::Refused => 1,
            FailureClass::Retry | FailureClass::Reconfigure | FailureClass::Unknown => 5,
        });
        let asked = match &self.halt {
            None if self.strain < STRAIN_MAX => return,
            // An answer to what left before the brake was on.
            Some(halt) if now < halt.until => return,
            None => 0,
            Some(halt) => halt.asked.saturating_add(1),
        };
        let since = self.halt.as_ref().map_or(now, |halt| halt.since);
        let pause = ASKING.wait(asked + 1, u64::from(failure.code)).unwrap_or(ASKING.most);
        self.halt = Some(Halt { failure: failure.clone(), since, asked, until: now + pause });
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    fn failure(class: FailureClass) -> Failure {
        Failure { class, code: 190 }
    }

    #[track_caller]
    fn check_halts_after(class: FailureClass, failures: usize) {
        let mut brake = Brake::default();
        for _ in 1..failures {
            brake.strain(&failure(class), at(0));
            assert_eq!(brake.way(at(0)), Way::Free);
        }
        brake.strain(&failure(class), at(0));
        assert!(matches!(brake.way(at(0)), Way::Closed(_)));
    }

    #[test]
    fn stops_when_everyone_fails_alike() {
        check_halts_after(FailureClass::Reconfigure, 10);
        check_halts_after(FailureClass::Retry, 10);
        check_halts_after(FailureClass::Unknown, 10);
        check_halts_after(FailureClass::Refused, 50);
    }

    #[test]
    fn one_acceptance_in_between_keeps_it_free() {
        let mut brake = Brake::default();
        for _ in 0..1_000 {
            for _ in 0..9 {
                brake.strain(&failure(FailureClass::Retry), at(0));
            }
            brake.release();
        }
        assert_eq!(brake.way(at(0)), Way::Free);
    }

    #[test]
    fn being_too_fast_is_no_strain() {
        let mut brake = Brake::default();
        for _ in 0..1_000 {
            brake.strain(&failure(FailureClass::Throttled), at(0));
        }
        assert_eq!(brake, Brake::default());
    }

    #[test]
    fn asks_with_one_message_ever_more_slowly_until_it_is_mended() {
        let mut brake = Brake::default();
        for _ in 0..100 {
            brake.strain(&failure(FailureClass::Reconfigure), at(0));
        }
        let mut now = at(0);
        let mut pauses = Vec::new();
        for asked in 0..8 {
            let Way::Closed(halt) = brake.way(now) else { panic!("it is not mended") };
            assert_eq!((halt.asked, halt.since), (asked, at(0)));
            pauses.push(halt.until - now);
            now = halt.until;
            assert_eq!(brake.way(now), Way::OneMessage);
            brake.strain(&failure(FailureClass::Reconfigure), now);
        }
        assert!(pauses[0] <= TimeDelta::seconds(15) && pauses[7] >= TimeDelta::seconds(150));

        brake.release();
        assert_eq!(brake.way(now), Way::Free);
    }
}
