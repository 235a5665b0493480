//! One recipient of a broadcast: facts in any order, one status that never moves down.

use chrono::{DateTime, Utc};

use super::{Failure, FailureClass, Status, SuppressionReason};
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

/// Milliseconds since the launch of the broadcast.
///
/// The provider's clock may run behind ours, so what seems earlier counts as at the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SinceLaunch(u32);

impl SinceLaunch {
    /// The time from `launched_at` to `at`, at most 49 days.
    pub fn between(launched_at: DateTime<Utc>, at: DateTime<Utc>) -> Self {
        let millis = (at - launched_at).num_milliseconds().clamp(0, i64::from(Self::MAX.0));
        Self(u32::try_from(millis).unwrap_or(Self::MAX.0))
    }

    /// From a number of milliseconds.
    pub fn from_millis(millis: u32) -> Self {
        Self(millis.min(Self::MAX.0))
    }

    /// The number of milliseconds.
    pub fn millis(self) -> u32 {
        self.0
    }

    const MAX: Self = Self(u32::MAX - 1);
}

/// The earliest time at which something is known to have happened, if it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct FirstTime(u32);

impl Default for FirstTime {
    fn default() -> Self {
        Self::NEVER
    }
}

impl FirstTime {
    const NEVER: Self = Self(u32::MAX);

    fn note(&mut self, at: SinceLaunch) {
        self.0 = self.0.min(at.0);
    }

    fn get(self) -> Option<SinceLaunch> {
        (self != Self::NEVER).then_some(SinceLaunch(self.0))
    }
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
        let told = (at.0, failure.class, failure.code);
        let known = self.failure_class.map(|class| (self.failed.0, class, self.failure_code));
        if known.is_none_or(|known| told < known) {
            self.failed = FirstTime(at.0);
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

/// What follows from the facts.
impl Recipient {
    /// Where the recipient stands. Evidence of delivery beats everything; a terminal state beats
    /// what is less than delivery; what the provider says beats our own records.
    pub fn status(&self) -> Status {
        if let Some(status) = self.evidence() {
            return status;
        }
        if self.failure_class.is_some() || self.is_undelivered() {
            return Status::Failed;
        }
        match self.work {
            Work::Withheld => Status::Suppressed,
            Work::Expired => Status::Expired,
            Work::Eligible | Work::Queued if self.is(fact::CANCELLED) => Status::Cancelled,
            _ if self.sent.get().is_some() => Status::Sent,
            Work::Eligible => Status::Eligible,
            Work::Queued => Status::Queued,
            Work::Started => Status::Started,
            Work::Accepted => Status::Accepted,
            Work::Refused => Status::Failed,
            Work::Unknown => Status::Unknown,
        }
    }

    fn evidence(&self) -> Option<Status> {
        [
            (self.acknowledged, Status::Acknowledged),
            (self.answered, Status::Answered),
            (self.read, Status::Read),
            (self.delivered, Status::Delivered),
        ]
        .into_iter()
        .find_map(|(time, status)| time.get().map(|_| status))
    }

    /// Whether nothing more needs to happen: the state is terminal or delivered-side.
    /// An unknown outcome is settled once the rule has left it so.
    pub fn is_settled(&self) -> bool {
        match self.status() {
            Status::InScope
            | Status::Eligible
            | Status::Queued
            | Status::Started
            | Status::Accepted
            | Status::Sent => false,
            Status::Unknown => self.is(fact::LEFT_UNKNOWN),
            Status::Delivered
            | Status::Read
            | Status::Answered
            | Status::Acknowledged
            | Status::Suppressed
            | Status::Failed
            | Status::Expired
            | Status::Cancelled => true,
        }
    }

    /// Whether there is evidence that it reached the phone.
    pub fn shows_delivery(&self) -> bool {
        self.evidence().is_some()
    }

    /// Whether at least one attempt was accepted or failed: the delivery rate's denominator.
    pub fn was_attempted(&self) -> bool {
        self.accepted.get().is_some()
            || self.sent.get().is_some()
            || self.failure_class.is_some()
            || self.shows_delivery()
    }

    /// When the provider first took it.
    pub fn accepted_at(&self) -> Option<SinceLaunch> {
        self.accepted.get()
    }

    /// When it first left the provider.
    pub fn sent_at(&self) -> Option<SinceLaunch> {
        self.sent.get()
    }

    /// When there first was evidence that it reached the phone, of whatever sort.
    pub fn delivered_at(&self) -> Option<SinceLaunch> {
        [self.delivered, self.read, self.answered].into_iter().filter_map(FirstTime::get).min()
    }

    /// When it first was delivered or opened, by receipts alone: an answer does not count.
    pub fn arrived_at(&self) -> Option<SinceLaunch> {
        [self.delivered, self.read].into_iter().filter_map(FirstTime::get).min()
    }

    /// When it was first opened.
    pub fn read_at(&self) -> Option<SinceLaunch> {
        self.read.get()
    }

    /// When the person first answered.
    pub fn answered_at(&self) -> Option<SinceLaunch> {
        self.answered.get()
    }

    /// When the person first said "I got it".
    pub fn acknowledged_at(&self) -> Option<SinceLaunch> {
        self.acknowledged.get()
    }

    /// Whether the person said so in the time the broadcast asks.
    pub fn acknowledged_in_time(&self) -> bool {
        self.is(fact::IN_TIME)
    }

    /// Whether the person ever answered so; a call for help is never hidden by another answer.
    pub fn answered_with(&self, kind: AnswerKind) -> bool {
        self.is(Self::answer_bit(kind))
    }

    /// When it first failed. It may have been delivered nevertheless.
    pub fn failed_at(&self) -> Option<SinceLaunch> {
        self.failed.get()
    }

    /// Why it first failed. It may have been delivered nevertheless.
    pub fn failure(&self) -> Option<Failure> {
        self.failure_class.map(|class| Failure { class, code: self.failure_code })
    }

    /// Whether it counts as failed only because no evidence of delivery came in time.
    /// What was left unknown and turns out to have been sent is no better.
    pub fn is_undelivered(&self) -> bool {
        let time_is_up =
            self.is(fact::UNDELIVERED) || self.is(fact::LEFT_UNKNOWN) && self.sent.get().is_some();
        time_is_up && self.failure_class.is_none() && !self.shows_delivery()
    }

    /// Why it was withheld, if it was.
    pub fn suppressed(&self) -> Option<SuppressionReason> {
        self.suppressed
    }

    /// Whether the provider charges for it.
    pub fn is_billable(&self) -> bool {
        self.is(fact::BILLABLE)
    }

    /// The class it is charged in, once told.
    pub fn category(&self) -> Option<Category> {
        self.category
    }

    /// Whether a voice message was played.
    pub fn was_played(&self) -> bool {
        self.is(fact::PLAYED)
    }
}

#[cfg(test)]
mod tests;
