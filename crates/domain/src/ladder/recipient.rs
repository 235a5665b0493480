//! One recipient of a broadcast: facts in any order, one status that never moves down.

mod reading;

use super::since_launch::FirstTime;
use super::{Failure, FailureClass, SinceLaunch, SuppressionReason};
use crate::broadcast::{Pricing, ReceiptStatus};
use crate::template::{AnswerKind, Category};

/// What is known of one recipient. Small, since millions stand in dense arrays.
///
/// Two kinds of facts: the work on the send, which happens in the order of its stream, and what
/// came back (receipts, answers), which may come in any order, twice, or before our own record
/// of the send. What came back is only ever added, so order and repetition do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recipient {
    accepted: FirstTime,
    sent: FirstTime,
    delivered: FirstTime,
    read: FirstTime,
    answered: FirstTime,
    acknowledged: FirstTime,
    failed: FirstTime,
    failure_code: u32,
    facts: u16,
    failure_class: Option<FailureClass>,
    work: Work,
    suppressed: Option<SuppressionReason>,
    category: Option<Category>,
}

/// How far our own work on the send has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Work {
    #[default]
    Eligible,
    Queued,
    Started,
    Accepted,
    Refused,
    Unknown,
    Withheld,
    Expired,
}

/// Facts without a time of their own, one bit each.
mod fact {
    pub(super) const CANCELLED: u16 = 1;
    pub(super) const UNDELIVERED: u16 = 1 << 1;
    pub(super) const LEFT_UNKNOWN: u16 = 1 << 2;
    pub(super) const BILLABLE: u16 = 1 << 3;
    pub(super) const IN_TIME: u16 = 1 << 4;
    pub(super) const RECEIVED: u16 = 1 << 5;
    pub(super) const SAFE: u16 = 1 << 6;
    pub(super) const NEED_HELP: u16 = 1 << 7;
    pub(super) const OTHER: u16 = 1 << 8;
    pub(super) const PLAYED: u16 = 1 << 9;
}

/// Our own work on the send, in the order of its stream.
impl Recipient {
    /// The broadcast was launched, or the send was deferred or taken up again.
    pub fn apply_queued(&mut self) {
        self.work = Work::Queued;
    }

    /// The intent to send was committed.
    pub fn apply_started(&mut self) {
        self.work = Work::Started;
    }

    /// The provider took it.
    pub fn apply_accepted(&mut self, at: SinceLaunch) {
        self.work = Work::Accepted;
        self.accepted.note(at);
    }

    /// The provider refused it for good.
    pub fn apply_refused(&mut self, at: SinceLaunch, failure: &Failure) {
        self.work = Work::Refused;
        self.note_failure(at, failure);
    }

    /// We do not know whether the provider took it.
    pub fn apply_unknown(&mut self) {
        self.work = Work::Unknown;
    }

    /// Found not to be told any more, before the send was started.
    pub fn apply_withheld(&mut self, reason: SuppressionReason) {
        self.work = Work::Withheld;
        self.suppressed = Some(reason);
    }

    /// Not started in time.
    pub fn apply_expired(&mut self) {
        self.work = Work::Expired;
    }

    /// The broadcast was cancelled; matters only if the send is not on its way.
    pub fn apply_cancelled(&mut self) {
        self.facts |= fact::CANCELLED;
    }

    /// Without evidence of delivery when the time was up: failed until evidence comes.
    pub fn apply_undelivered(&mut self) {
        self.facts |= fact::UNDELIVERED;
    }

    /// Unknown for good, until evidence comes.
    pub fn apply_left_unknown(&mut self) {
        self.facts |= fact::LEFT_UNKNOWN;
    }
}

/// What came back: commutative, idempotent, monotone.
impl Recipient {
    /// The provider said something about the message.
    pub fn apply_receipt(
        &mut self,
        status: ReceiptStatus,
        at: SinceLaunch,
        failure: Option<&Failure>,
        pricing: Option<&Pricing>,
    ) {
        match status {
            ReceiptStatus::Sent => self.sent.note(at),
            ReceiptStatus::Delivered => self.delivered.note(at),
            ReceiptStatus::Read => self.read.note(at),
            ReceiptStatus::Played => {
                self.read.note(at);
                self.facts |= fact::PLAYED;
            }
            ReceiptStatus::Failed => {
                let untold = Failure { class: FailureClass::Unknown, code: 0 };
                self.note_failure(at, failure.unwrap_or(&untold));
            }
        }
        if let Some(pricing) = pricing {
            self.category = self.category.max(Some(pricing.category));
            if pricing.billable {
                self.facts |= fact::BILLABLE;
            }
        }
    }

    /// The person answered.
    pub fn apply_answer(&mut self, kind: AnswerKind, at: SinceLaunch, late: bool) {
        self.answered.note(at);
        self.facts |= Self::answer_bit(kind);
        if kind.acknowledges() {
            self.acknowledged.note(at);
            if !late {
                self.facts |= fact::IN_TIME;
            }
        }
    }

    /// Of several failures the earliest is kept; of several at once, the least.
    fn note_failure(&mut self, at: SinceLaunch, failure: &Failure) {
        let told = (at, failure.class, failure.code);
        let known = self.failed.get().zip(self.failure_class);
        let known = known.map(|(failed_at, class)| (failed_at, class, self.failure_code));
        if known.is_none_or(|known| told < known) {
            self.failed.note(at);
            self.failure_class = Some(failure.class);
            self.failure_code = failure.code;
        }
    }

    fn answer_bit(kind: AnswerKind) -> u16 {
        match kind {
            AnswerKind::Received => fact::RECEIVED,
            AnswerKind::Safe => fact::SAFE,
            AnswerKind::NeedHelp => fact::NEED_HELP,
            AnswerKind::Other => fact::OTHER,
        }
    }

    fn is(&self, fact: u16) -> bool {
        self.facts & fact != 0
    }
}

#[cfg(test)]
mod tests;
