//! One person in a broadcast: what, when, and why not; and pages of such people.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::id::ContactId;
use fanal_domain::ladder::{Failure, Recipient, SinceLaunch, Status, SuppressionReason};
use fanal_domain::template::{AnswerKind, Category};

use super::BroadcastView;
use super::ladder::Row;

/// Everything known of one person in one broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub contact_id: ContactId,
    /// Where the person stands.
    pub status: Status,
    /// Why the person is not told.
    pub suppressed: Option<SuppressionReason>,
    /// Why it failed, even if it arrived nevertheless.
    pub failure: Option<Failure>,
    /// Whether it counts as failed only because no evidence of delivery came in time.
    pub undelivered: bool,
    /// What only recipients have; `None` for those who were suppressed at planning.
    pub recipient: Option<AsRecipient>,
}

/// What is known of a person who was to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsRecipient {
    /// The place in the frozen audience.
    pub index: u32,
    /// The log position of the consent it rests on.
    pub consent: u64,
    /// The language of the translation.
    pub language: Arc<str>,
    /// The provider's market for the number.
    pub market: Arc<str>,
    /// When what happened.
    pub times: Times,
    /// Whether the provider charges for it, as told.
    pub billable: bool,
    /// The class it is charged in, once told.
    pub category: Option<Category>,
    /// Whether a voice message was played.
    pub played: bool,
    /// Every answer, the earliest first.
    pub answers: Vec<Answered>,
}

/// When each thing first happened. Times before the launch, by the provider's clock, are shown as
/// the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// The provider took it.
    pub accepted: Option<DateTime<Utc>>,
    /// It left the provider.
    pub sent: Option<DateTime<Utc>>,
    /// The first evidence that it reached the phone, of whatever sort.
    pub delivered: Option<DateTime<Utc>>,
    /// It was opened.
    pub read: Option<DateTime<Utc>>,
    /// The person answered.
    pub answered: Option<DateTime<Utc>>,
    /// The person said "I got it".
    pub acknowledged: Option<DateTime<Utc>>,
    /// It failed.
    pub failed: Option<DateTime<Utc>>,
}

/// One answer. The words stay sealed in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// When, as the provider says.
    pub at: DateTime<Utc>,
    /// What it means.
    pub kind: AnswerKind,
    /// Whether it came later than the broadcast asks.
    pub late: bool,
    /// The event that carries it.
    pub position: u64,
    /// Its place among that event's answers, from 0.
    pub item: u32,
}

/// Which people to list; all conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Standing there.
    pub status: Option<Status>,
    /// Suppressed for this reason.
    pub suppressed: Option<SuppressionReason>,
    /// Standing at failed with this code of the provider.
    pub failure_code: Option<u32>,
    /// Having ever answered so.
    pub answered: Option<AnswerKind>,
}

impl Filter {
    fn fits(&self, facts: &Recipient) -> bool {
        let status = facts.status();
        let suppressed = facts.suppressed().filter(|_| status == Status::Suppressed);
        let code = facts.failure().filter(|_| status == Status::Failed).map(|why| why.code);
        self.status.is_none_or(|wanted| wanted == status)
            && self.suppressed.is_none_or(|wanted| suppressed == Some(wanted))
            && self.failure_code.is_none_or(|wanted| code == Some(wanted))
            && self.answered.is_none_or(|kind| facts.answered_with(kind))
    }

    fn fits_suppressed(&self, reason: SuppressionReason) -> bool {
        self.status.is_none_or(|wanted| wanted == Status::Suppressed)
            && self.suppressed.is_none_or(|wanted| wanted == reason)
            && self.failure_code.is_none()
            && self.answered.is_none()
    }
}

/// Some people, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonPage {
    /// Recipients in the order of the audience, then the suppressed in the order of their ids.
    pub people: Vec<Person>,
    /// What to hand in for the next page; `None` if this was the last.
    pub next: Option<u64>,
}

impl BroadcastView {
    /// Everything known of one person; `None` if the broadcast was never meant for them.
    pub fn find(&self, contact_id: ContactId) -> Option<Person> {
        if let Some(index) = self.ladder.index_of(contact_id) {
            return self.recipient(index);
        }
        let place = self.ladder.suppressed_place(contact_id)?;
        self.ladder.suppressed.get(place).map(|one| Person::suppressed(one.contact_id, one.reason))
    }

    /// Everything known of the recipient at a place in the audience.
    pub fn recipient(&self, index: u32) -> Option<Person> {
        let row = self.ladder.rows.get(index as usize)?;
        let facts = &row.facts;
        let status = facts.status();
        Some(Person {
            contact_id: row.contact_id,
            status,
            suppressed: facts.suppressed().filter(|_| status == Status::Suppressed),
            failure: facts.failure(),
            undelivered: facts.is_undelivered(),
            recipient: Some(AsRecipient {
                index,
                consent: row.consent,
                language: self.ladder.languages.word(row.language),
                market: self.ladder.markets.word(row.market),
                times: self.times(facts),
                billable: facts.is_billable(),
                category: facts.category(),
                played: facts.was_played(),
                answers: self.answers(row),
            }),
        })
    }

    /// At most `limit` people that fit, from a cursor on; `None` starts at the beginning.
    pub fn page(&self, filter: &Filter, from: Option<u64>, limit: usize) -> PersonPage {
        let mut page = PersonPage::default();
        let recipients = self.ladder.rows.len() as u64;
        let end = recipients + self.ladder.suppressed.len() as u64;
        for cursor in from.unwrap_or(0)..end {
            if !self.fits(filter, cursor) {
                continue;
            }
            if page.people.len() == limit {
                page.next = Some(cursor);
                break;
            }
            page.people.extend(self.person_at(cursor));
        }
        page
    }

    fn person_at(&self, cursor: u64) -> Option<Person> {
        let place = usize::try_from(cursor).ok()?;
        if let Some(place) = place.checked_sub(self.ladder.rows.len()) {
            let one = self.ladder.suppressed.get(place)?;
            return Some(Person::suppressed(one.contact_id, one.reason));
        }
        self.recipient(u32::try_from(cursor).ok()?)
    }

    fn fits(&self, filter: &Filter, cursor: u64) -> bool {
        let Ok(place) = usize::try_from(cursor) else { return false };
        match self.ladder.rows.get(place) {
            Some(row) => filter.fits(&row.facts),
            None => (self.ladder.suppressed.get(place - self.ladder.rows.len()))
                .is_some_and(|one| filter.fits_suppressed(one.reason)),
        }
    }

    fn times(&self, facts: &Recipient) -> Times {
        let instant = |since: Option<SinceLaunch>| since.and_then(|since| self.instant(since));
        Times {
            accepted: instant(facts.accepted_at()),
            sent: instant(facts.sent_at()),
            delivered: instant(facts.delivered_at()),
            read: instant(facts.read_at()),
            answered: instant(facts.answered_at()),
            acknowledged: instant(facts.acknowledged_at()),
            failed: instant(facts.failed_at()),
        }
    }

    fn answers(&self, row: &Row) -> Vec<Answered> {
        let notes = self.ladder.answers.of(row.newest_answer).into_iter();
        notes
            .filter_map(|note| {
                let at = self.instant(note.at)?;
                let (kind, late) = (note.kind, note.late);
                Some(Answered { at, kind, late, position: note.position, item: note.item })
            })
            .collect()
    }
}

impl Person {
    fn suppressed(contact_id: ContactId, reason: SuppressionReason) -> Self {
        Self {
            contact_id,
            status: Status::Suppressed,
            suppressed: Some(reason),
            failure: None,
            undelivered: false,
            recipient: None,
        }
    }
}
