//! What follows from the facts about a recipient.

use super::{Recipient, Work, fact};
use crate::ladder::since_launch::FirstTime;
use crate::ladder::{Failure, SinceLaunch, Status, SuppressionReason};
use crate::template::{AnswerKind, Category};

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
