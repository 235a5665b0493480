//! Turns the flood of sends, receipts and answers into the few entries worth reading.
//!
//! Everything here depends on running totals only, so that the same events give the same entries
//! however they were batched in time; a mark once passed is never passed again.

use fanal_domain::id::ContactId;
use fanal_domain::template::AnswerKind;

use super::entry::Step;

/// Shares of the recipients with evidence of delivery, in percent.
const DELIVERED_MARKS: [u8; 4] = [25, 50, 75, 100];
/// Shares of the recipients whose message failed, in percent.
const FAILING_MARKS: [u8; 4] = [5, 10, 25, 50];
/// So many people in need are named one by one; after them, every so many.
const HELP_NAMED_MAX: u32 = 1_000;

/// Where a broadcast stands, as far as progress is concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Snapshot {
    pub(crate) recipients: u32,
    pub(crate) delivered: u32,
    pub(crate) failed: u32,
}

/// Which marks one broadcast has passed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Progress {
    begun: bool,
    answered: bool,
    delivered_percent: u8,
    failing_percent: u8,
    help: u32,
    withheld: Tenfold,
    in_doubt: Tenfold,
    requeued: Tenfold,
    expired: Tenfold,
    settled: Tenfold,
    undelivered: u32,
    left_unknown: u32,
}

impl Progress {
    /// A send was started: an entry for the first.
    pub(crate) fn started(&mut self, sender: &str) -> Option<Step> {
        let first = !std::mem::replace(&mut self.begun, true);
        first.then(|| Step::SendingBegan { sender: sender.to_owned() })
    }

    /// The counters moved: entries for the highest marks newly passed.
    pub(crate) fn moved(&mut self, now: Snapshot) -> impl Iterator<Item = Step> + use<> {
        let Snapshot { recipients, delivered, failed } = now;
        let reached = pass(&mut self.delivered_percent, &DELIVERED_MARKS, delivered, recipients)
            .map(|percent| Step::DeliveryProgressed { percent, delivered, recipients });
        let failing = pass(&mut self.failing_percent, &FAILING_MARKS, failed, recipients)
            .map(|percent| Step::FailuresPassed { percent, failed, recipients });
        reached.into_iter().chain(failing)
    }

    /// Somebody answered: an entry for the first answer, and for everyone who first asks for help.
    pub(crate) fn answered(
        &mut self,
        contact_id: ContactId,
        answer: AnswerKind,
        first_call_for_help: bool,
    ) -> impl Iterator<Item = Step> + use<> {
        let first = !std::mem::replace(&mut self.answered, true);
        let first = first.then_some(Step::FirstAnswer { contact_id, answer });
        let help = if first_call_for_help { self.help_needed(contact_id) } else { None };
        first.into_iter().chain(help)
    }

    fn help_needed(&mut self, contact_id: ContactId) -> Option<Step> {
        self.help += 1;
        let total = self.help;
        if total <= HELP_NAMED_MAX {
            Some(Step::HelpNeeded { contact_id, total })
        } else {
            total.is_multiple_of(HELP_NAMED_MAX).then_some(Step::HelpMounting { total })
        }
    }

    /// Recipients were withheld after planning.
    pub(crate) fn withheld(&mut self, more: usize) -> Option<Step> {
        self.withheld.add(more).map(|total| Step::SendsWithheld { total })
    }

    /// Sends were found without an outcome.
    pub(crate) fn in_doubt(&mut self, more: usize) -> Option<Step> {
        self.in_doubt.add(more).map(|total| Step::SendsInDoubt { total })
    }

    /// Sends in doubt go out again.
    pub(crate) fn requeued(&mut self, more: usize) -> Option<Step> {
        self.requeued.add(more).map(|total| Step::UnknownsRequeued { total })
    }

    /// Sends were not started in time.
    pub(crate) fn expired(&mut self, more: usize) -> Option<Step> {
        self.expired.add(more).map(|total| Step::SendsExpired { total })
    }

    /// Unclear outcomes were settled by rule.
    pub(crate) fn settled(&mut self, undelivered: usize, left_unknown: usize) -> Option<Step> {
        self.undelivered = plus(self.undelivered, undelivered);
        self.left_unknown = plus(self.left_unknown, left_unknown);
        let (undelivered, left_unknown) = (self.undelivered, self.left_unknown);
        self.settled
            .rise_to(undelivered.saturating_add(left_unknown))
            .map(|_| Step::RecipientsSettled { undelivered, left_unknown })
    }
}

/// Counts, and speaks up at 1, 10, 100, 1,000, … so that any number makes a handful of entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Tenfold {
    total: u32,
}

impl Tenfold {
    fn add(&mut self, more: usize) -> Option<u32> {
        self.rise_to(plus(self.total, more))
    }

    fn rise_to(&mut self, total: u32) -> Option<u32> {
        let digits = |count: u32| count.checked_ilog10().map_or(0, |digits| digits + 1);
        let before = std::mem::replace(&mut self.total, total);
        (digits(total) > digits(before)).then_some(total)
    }
}

fn plus(total: u32, more: usize) -> u32 {
    total.saturating_add(u32::try_from(more).unwrap_or(u32::MAX))
}

/// The highest mark that `part` of `whole` has reached and that is above `passed`, which it becomes.
fn pass(passed: &mut u8, marks: &[u8], part: u32, whole: u32) -> Option<u8> {
    let reached = |mark: u8| u64::from(part) * 100 >= u64::from(mark) * u64::from(whole);
    let mark = marks.iter().copied().rfind(|&mark| whole > 0 && reached(mark))?;
    (mark > *passed).then(|| {
        *passed = mark;
        mark
    })
}
