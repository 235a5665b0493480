//! Messages that were not taken and wait for another try: since when, how often, until when.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use fanal_domain::broadcast::{RefusedSend, SendsRecorded};
use fanal_domain::ladder::{Failure, FailureClass};

use crate::ports::Outcome;
use crate::retry::Schedule;

/// A send that was given up before its call went out, because something changed meanwhile.
pub(crate) const STOOD_ASIDE: Failure = Failure { class: FailureClass::Throttled, code: 0 };

/// What waits for another try in one chunk. Made from the chunk's stream, so a restart knows it.
#[derive(Debug, Default)]
pub(crate) struct Deferrals(HashMap<u32, Deferral>);

#[derive(Debug)]
struct Deferral {
    /// What the provider said last.
    failure: Failure,
    /// How often in a row it said something of this class.
    times: u32,
    /// When to try again.
    due: DateTime<Utc>,
}

/// What to record of an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Taken, as this message of the provider's.
    Accepted(String),
    /// Not taken, and not to be tried again.
    Refused(Failure),
    /// Not taken; to be tried again.
    Deferred(Failure),
    /// Nobody knows.
    Unknown,
}

impl Deferrals {
    /// Takes in what was recorded at `at`.
    pub(crate) fn apply(&mut self, recorded: &SendsRecorded, at: DateTime<Utc>) {
        let concluded = recorded.accepted.iter().map(|send| send.recipient);
        let refused = recorded.refused.iter().map(|send| send.recipient);
        for recipient in concluded.chain(refused).chain(recorded.unknown.iter().copied()) {
            self.0.remove(&recipient);
        }
        for RefusedSend { recipient, failure } in &recorded.deferred {
            let times = self.times_of(*recipient, failure) + 1;
            let schedule = Schedule::of(failure.class, failure.code);
            let wait = schedule.wait(times, u64::from(*recipient)).unwrap_or(schedule.most);
            let deferral = Deferral { failure: failure.clone(), times, due: at + wait };
            self.0.insert(*recipient, deferral);
        }
    }

    /// When a queued recipient may be tried; `None` if at once.
    pub(crate) fn due(&self, recipient: u32) -> Option<DateTime<Utc>> {
        self.0.get(&recipient).map(|deferral| deferral.due)
    }

    /// What to record of an outcome. While the broadcast is halted, what fails for everybody is
    /// nobody's fault: it is tried again.
    pub(crate) fn judge(&self, recipient: u32, outcome: Outcome, is_halted: bool) -> Verdict {
        let failure = match outcome {
            Outcome::Accepted { message_id, .. } => return Verdict::Accepted(message_id),
            Outcome::Unknown => return Verdict::Unknown,
            Outcome::Throttled { code, .. } => Failure { class: FailureClass::Throttled, code },
            Outcome::Retry { code, .. } => Failure { class: FailureClass::Retry, code },
            Outcome::Refused { code } => Failure { class: FailureClass::Refused, code },
            Outcome::Reconfigure { code } => Failure { class: FailureClass::Reconfigure, code },
        };
        let is_deferred = match failure.class {
            FailureClass::Refused | FailureClass::Unknown => false,
            FailureClass::Retry | FailureClass::Throttled | FailureClass::Reconfigure => {
                let attempts = self.times_of(recipient, &failure) + 1;
                is_halted || attempts < Schedule::of(failure.class, failure.code).attempts_max
            }
        };
        if is_deferred { Verdict::Deferred(failure) } else { Verdict::Refused(failure) }
    }

    /// How often in a row the provider said something of this class and code.
    fn times_of(&self, recipient: u32, failure: &Failure) -> u32 {
        self.0
            .get(&recipient)
            .filter(|deferral| deferral.failure.class == failure.class)
            .map_or(0, |deferral| deferral.times)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    fn deferred(class: FailureClass, code: u32) -> SendsRecorded {
        let send = RefusedSend { recipient: 7, failure: Failure { class, code } };
        SendsRecorded { deferred: vec![send], ..SendsRecorded::default() }
    }

    /// How often an outcome is deferred before it becomes final.
    fn tries_of(outcome: &Outcome, is_halted: bool) -> usize {
        let mut deferrals = Deferrals::default();
        let mut tries = 1;
        while let Verdict::Deferred(failure) = deferrals.judge(7, outcome.clone(), is_halted) {
            let recorded = deferred(failure.class, failure.code);
            deferrals.apply(&recorded, at(0));
            tries += 1;
            if tries == 1_000 {
                break;
            }
        }
        tries
    }

    #[test]
    fn tries_are_bounded_by_what_went_wrong() {
        let throttled = |code, only_this_person| Outcome::Throttled {
            code,
            retry_after: None,
            only_this_person,
        };
        let trouble = Outcome::Retry { code: 131_000, retry_after: None };
        for (outcome, is_halted, tries) in [
            (Outcome::Refused { code: 131_026 }, false, 1),
            (Outcome::Refused { code: 131_026 }, true, 1),
            (Outcome::Reconfigure { code: 132_001 }, false, 3),
            (Outcome::Reconfigure { code: 190 }, true, 1_000),
            (trouble.clone(), false, 5),
            (trouble, true, 1_000),
            (throttled(131_056, true), false, 6),
            (throttled(130_429, false), false, 1_000),
            (Outcome::Unknown, true, 1),
        ] {
            assert_eq!(tries_of(&outcome, is_halted), tries, "{outcome:?} halted: {is_halted}");
        }
    }

    #[test]
    fn waits_longer_each_time_and_forgets_what_is_done() {
        let mut deferrals = Deferrals::default();
        deferrals.apply(&deferred(FailureClass::Retry, 2), at(0));
        let first = deferrals.due(7).unwrap() - at(0);
        deferrals.apply(&deferred(FailureClass::Retry, 131_000), at(100));
        let second = deferrals.due(7).unwrap() - at(100);

        assert!(first <= TimeDelta::seconds(2) && second >= TimeDelta::seconds(3));
        assert_eq!(deferrals.due(8), None);

        deferrals.apply(&SendsRecorded { unknown: vec![7], ..SendsRecorded::default() }, at(200));
        assert_eq!(deferrals.due(7), None);
    }

    #[test]
    fn another_sort_of_failure_starts_its_own_count() {
        let mut deferrals = Deferrals::default();
        for _ in 0..4 {
            deferrals.apply(&deferred(FailureClass::Retry, 2), at(0));
        }
        deferrals.apply(&deferred(FailureClass::Throttled, 130_429), at(0));

        let trouble = Outcome::Retry { code: 2, retry_after: None };
        assert!(matches!(deferrals.judge(7, trouble, false), Verdict::Deferred(_)));
    }
}
