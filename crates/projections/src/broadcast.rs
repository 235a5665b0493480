//! A broadcast as it stands: its course from draft to completion, and its ladder of recipients.

mod answers;
mod audience;
mod closing;
mod counters;
mod dictionary;
mod ladder;
mod outcomes;
mod person;
mod tally;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::broadcast::{Broadcast, BroadcastPhase, BroadcastPlanned};
use fanal_domain::id::ContactId;
use fanal_domain::ladder::{Recipient, SinceLaunch, Status};
use fanal_domain::{Decider, Event};

use self::audience::{Audience, People};
use self::ladder::Ladder;
pub use self::person::{Answered, AsRecipient, Filter, Person, PersonPage, Times};
pub use self::tally::Tally;
use crate::metrics::{Sample, Terms};
use crate::place::Branch;
use crate::seen::Seen;
use crate::timeline::{Progress, Snapshot, Step};

/// A point in the log and in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The event's position.
    pub position: u64,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// What the log says of a broadcast, without its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The broadcast as it stands.
    pub state: Broadcast,
    /// How many events its own stream has.
    pub version: u64,
    /// When it was drafted.
    pub drafted: Moment,
    /// Who drafted it.
    pub drafted_by: Arc<str>,
    /// The last event of its own stream.
    pub changed: Moment,
    /// The frozen audience in numbers, once there is one.
    pub plan: Option<(Moment, BroadcastPlanned)>,
    /// When sending began.
    pub launched: Option<Moment>,
    /// When everybody had a terminal or delivered-side state.
    pub completed: Option<Moment>,
    /// When and why it was cancelled.
    pub cancelled: Option<(Moment, String)>,
}

/// A broadcast as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastView {
    course: Course,
    title: Arc<str>,
    audience: Audience,
    ladder: Ladder,
    progress: Progress,
}

/// Something for the timeline, and when it happened.
pub(crate) struct Noted {
    pub(crate) at: DateTime<Utc>,
    pub(crate) step: Step,
}

impl BroadcastView {
    /// The view of a broadcast that begins with this event; `None` if it is no beginning.
    pub(crate) fn begin(seen: &Seen<'_>) -> Option<Self> {
        let course = Course {
            state: Broadcast::evolve(None, seen.event)?,
            version: 1,
            drafted: Moment::of(seen),
            drafted_by: seen.actor.into(),
            changed: Moment::of(seen),
            plan: None,
            launched: None,
            completed: None,
            cancelled: None,
        };
        Some(Self {
            title: Arc::from(&*course.state.brief.title),
            course,
            audience: Audience::default(),
            ladder: Ladder::default(),
            progress: Progress::default(),
        })
    }

    /// What the log says of it, without its recipients.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// How many people are to be told.
    pub fn recipients(&self) -> u32 {
        u32::try_from(self.ladder.rows.len()).unwrap_or(u32::MAX)
    }

    /// How many have neither a terminal nor a delivered-side state; at 0 it may be completed.
    ///
    /// Somebody the plan counts and no part of the audience names is open for ever: a broadcast
    /// with people missing is never taken for finished.
    pub fn open_count(&self) -> u32 {
        let planned = self.course.plan.as_ref().map_or(0, |(_, plan)| plan.recipients);
        let missing = planned.saturating_sub(self.recipients());
        self.ladder.counters.open.saturating_add(missing)
    }

    /// How many stand there now.
    pub fn count(&self, status: Status) -> u32 {
        self.ladder.counters.count(status)
    }

    /// Whose send has an outcome that we do not know, by index and person.
    pub fn unknowns(&self) -> Vec<(u32, ContactId)> {
        let contact = |index: u32| (index, self.ladder.rows[index as usize].contact_id);
        self.ladder.unknowns().map(contact).collect()
    }

    /// The index of a person among the recipients.
    pub fn index_of(&self, contact_id: ContactId) -> Option<u32> {
        self.ladder.index_of(contact_id)
    }

    /// When the person first got the message, or may have got it; `None` if it never left, or the
    /// provider says that it did not arrive.
    pub(crate) fn reached_at(&self, contact_id: ContactId) -> Option<DateTime<Utc>> {
        let index = self.ladder.index_of(contact_id)?;
        let facts = &self.ladder.rows[index as usize].facts;
        let may_have = match facts.status() {
            Status::Started | Status::Unknown => Some(SinceLaunch::from_millis(0)),
            Status::Failed if !facts.is_undelivered() => return None,
            _ => None,
        };
        let known = [facts.accepted_at(), facts.sent_at(), facts.delivered_at()];
        self.instant(known.into_iter().flatten().min().or(may_have)?)
    }

    /// What the metrics are computed from.
    pub fn sample(&self, terms: &Terms<'_>) -> Sample {
        Sample::of(self, terms)
    }

    /// The timeline's note of how it began.
    pub(crate) fn drafted_note(&self) -> Noted {
        Noted { at: self.course.drafted.at, step: Step::BroadcastDrafted }
    }

    pub(crate) fn title(&self) -> Arc<str> {
        Arc::clone(&self.title)
    }

    /// Every recipient's facts, and the code of their market.
    pub(crate) fn facts(&self) -> impl Iterator<Item = (&Recipient, u16)> {
        self.ladder.rows.iter().map(|row| (&row.facts, row.market))
    }

    /// The market of a code.
    pub(crate) fn market(&self, code: u16) -> Arc<str> {
        self.ladder.markets.word(code)
    }

    /// Takes in an event of one of its streams, and says what is worth telling.
    pub(crate) fn apply(&mut self, seen: &Seen<'_>, branch: Branch) -> Vec<Noted> {
        match (seen.event, branch) {
            (Event::AudienceFrozen(event), Branch::Chunk(part)) => {
                // What a planner that lost the race still freezes belongs to no plan.
                if self.course.state.phase == BroadcastPhase::Draft {
                    self.audience.frozen(part, event, &mut self.ladder);
                }
                Vec::new()
            }
            (_, Branch::Trunk) => {
                let mut told: Vec<_> = self.move_on(seen).into_iter().collect();
                told.extend(self.note_outcome(seen));
                told
            }
            _ => self.note_outcome(seen),
        }
    }

    /// The steps of its course, from draft to completion.
    fn move_on(&mut self, seen: &Seen<'_>) -> Option<Noted> {
        let moment = Moment::of(seen);
        self.course.version += 1;
        self.course.changed = moment;
        if let Some(state) = Broadcast::evolve(Some(self.course.state.clone()), seen.event) {
            self.course.state = state;
        }
        let step = match seen.event {
            Event::BroadcastRevised(event) => {
                self.title = Arc::from(&*event.brief.title);
                self.course.plan = None;
                self.audience = Audience::default();
                self.ladder.fill(People::default());
                Step::BroadcastRevised
            }
            Event::BroadcastPlanned(event) => {
                self.course.plan = Some((moment, event.clone()));
                self.ladder.fill(self.audience.planned(event.plan));
                let suppressed =
                    event.suppressed.values().fold(0, |sum: u32, n| sum.saturating_add(*n));
                Step::BroadcastPlanned { recipients: event.recipients, suppressed }
            }
            Event::BroadcastLaunched(event) => {
                self.course.launched = Some(moment);
                self.queue_all();
                Step::BroadcastLaunched {
                    recipients: self.recipients(),
                    expires_at: event.expires_at,
                }
            }
            Event::BroadcastCompleted(_) => {
                self.course.completed = Some(moment);
                self.completed()
            }
            Event::BroadcastCancelled(event) => {
                self.course.cancelled = Some((moment, event.reason.clone()));
                self.ladder.change_all(Recipient::apply_cancelled);
                Step::BroadcastCancelled { reason: event.reason.clone() }
            }
            _ => return None,
        };
        Some(Noted { at: seen.occurred_at, step })
    }

    fn queue_all(&mut self) {
        self.ladder.change_all(|facts| {
            if facts.status() == Status::Eligible {
                facts.apply_queued();
            }
        });
    }

    fn completed(&self) -> Step {
        let Snapshot { recipients, delivered, failed } = self.snapshot();
        Step::BroadcastCompleted {
            recipients,
            delivered,
            failed,
            unknown: self.count(Status::Unknown),
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            recipients: self.recipients(),
            delivered: self.ladder.counters.delivered(),
            failed: self.count(Status::Failed),
        }
    }

    fn instant(&self, since: SinceLaunch) -> Option<DateTime<Utc>> {
        let since = TimeDelta::milliseconds(i64::from(since.millis()));
        self.course.launched?.at.checked_add_signed(since)
    }
}

#[cfg(test)]
impl BroadcastView {
    /// Whether the live counters are what a fresh count of everybody gives.
    pub(crate) fn counts_right(&self) -> bool {
        self.ladder.counters == self.ladder.count()
    }
}

impl Moment {
    pub(crate) fn of(seen: &Seen<'_>) -> Self {
        Self { position: seen.position, at: seen.occurred_at }
    }
}

#[cfg(test)]
mod tests;
