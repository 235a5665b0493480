//! How the people of a broadcast are shown.

use chrono::{DateTime, Utc};
use fanal_projections::broadcast as theirs;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::resources::failures::FailureReason;
use crate::words::{AnswerKind, Category, Status, SuppressionReason};

/// Everything known of one person in one broadcast: what, when, and why not.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "contact_id": "01936d8e-0000-7000-8000-000000000009",
    "status": "delivered",
    "suppressed": null,
    "failure": null,
    "undelivered": false,
    "told": {
        "index": 17,
        "consent_position": 212,
        "language": "fr",
        "market": "France",
        "accepted_at": "2026-03-01T14:12:07Z",
        "sent_at": "2026-03-01T14:12:08Z",
        "delivered_at": "2026-03-01T14:12:09Z",
        "read_at": null,
        "answered_at": null,
        "acknowledged_at": null,
        "failed_at": null,
        "billable": true,
        "category": "utility",
        "answers": [],
    },
}))]
pub(super) struct Recipient {
    /// The person.
    contact_id: Uuid,
    /// Where the person stands.
    status: Status,
    /// Why the person is not told.
    suppressed: Option<SuppressionReason>,
    /// Why it failed, even if it arrived nevertheless.
    failure: Option<FailureReason>,
    /// Whether it counts as failed only because no evidence of delivery came in time.
    undelivered: bool,
    /// What only people have who were to be told.
    told: Option<Told>,
}

/// What is known of a person who was to be told.
#[derive(Debug, Serialize, ToSchema)]
struct Told {
    /// The place in the frozen audience.
    index: u32,
    /// The log position of the consent it rests on.
    consent_position: u64,
    /// The language of the translation.
    language: String,
    /// The provider's market for the number.
    market: String,
    /// The provider took it.
    accepted_at: Option<DateTime<Utc>>,
    /// It left the provider.
    sent_at: Option<DateTime<Utc>>,
    /// The first evidence that it reached the phone.
    delivered_at: Option<DateTime<Utc>>,
    /// It was opened.
    read_at: Option<DateTime<Utc>>,
    /// The person answered.
    answered_at: Option<DateTime<Utc>>,
    /// The person said "I got it".
    acknowledged_at: Option<DateTime<Utc>>,
    /// It failed.
    failed_at: Option<DateTime<Utc>>,
    /// Whether the provider charges for it, as told.
    billable: bool,
    /// The class it is charged in, once told.
    category: Option<Category>,
    /// Every answer, the earliest first.
    answers: Vec<Answer>,
}

/// One answer. The words stay sealed.
#[derive(Debug, Serialize, ToSchema)]
struct Answer {
    /// When, as the provider says.
    at: DateTime<Utc>,
    /// What it means.
    kind: AnswerKind,
    /// Whether it came later than the broadcast asks.
    late: bool,
    /// The position of the event that carries it.
    position: u64,
}

impl From<theirs::Person> for Recipient {
    fn from(person: theirs::Person) -> Self {
        Self {
            contact_id: person.contact_id.0,
            status: person.status.into(),
            suppressed: person.suppressed.map(Into::into),
            failure: person.failure.map(Into::into),
            undelivered: person.undelivered,
            told: person.recipient.map(Into::into),
        }
    }
}

impl From<theirs::AsRecipient> for Told {
    fn from(one: theirs::AsRecipient) -> Self {
        let answer = |answer: theirs::Answered| Answer {
            at: answer.at,
            kind: answer.kind.into(),
            late: answer.late,
            position: answer.position,
        };
        Self {
            index: one.index,
            consent_position: one.consent,
            language: one.language.to_string(),
            market: one.market.to_string(),
            accepted_at: one.times.accepted,
            sent_at: one.times.sent,
            delivered_at: one.times.delivered,
            read_at: one.times.read,
            answered_at: one.times.answered,
            acknowledged_at: one.times.acknowledged,
            failed_at: one.times.failed,
            billable: one.billable,
            category: one.category.map(Into::into),
            answers: one.answers.into_iter().map(answer).collect(),
        }
    }
}
