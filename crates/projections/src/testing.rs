//! A log for tests, written in few words: one incident, one broadcast, people numbered from 0.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::Event;
use fanal_domain::broadcast::*;
use fanal_domain::consent::Purpose;
use fanal_domain::id::{BroadcastId, ContactId, IncidentId, SegmentId, TemplateId};
use fanal_domain::incident::{IncidentOpened, Mode, Severity};
use fanal_domain::ladder::{Failure, FailureClass, SuppressionReason};
use fanal_domain::sealed::Sealed;
use fanal_domain::sender::SenderId;
use fanal_domain::template::{AnswerKind, Category, TemplateRegistered};
use uuid::Uuid;

use crate::broadcast::BroadcastView;
use crate::incident::IncidentView;
use crate::seen::Seen;
use crate::timeline::Fact;
use crate::timeline::text::{Locale, line};
use crate::world::World;

pub(crate) const INCIDENT: IncidentId = IncidentId(Uuid::from_u128(1));
pub(crate) const BROADCAST: BroadcastId = BroadcastId(Uuid::from_u128(2));
pub(crate) const TEMPLATE: TemplateId = TemplateId(Uuid::from_u128(3));

/// Events in the order of the log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    pub(crate) events: Vec<Recorded>,
    incident: Option<IncidentId>,
    broadcast: Option<BroadcastId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) stream: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) event: Event,
}

/// So many milliseconds after the launch.
pub(crate) fn at(millis: i64) -> DateTime<Utc> {
    let launch: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
    launch + TimeDelta::milliseconds(millis)
}

pub(crate) fn contact(number: u32) -> ContactId {
    ContactId(Uuid::from_u128(1_000 + u128::from(number)))
}

pub(crate) fn failure(code: u32) -> Failure {
    Failure { class: FailureClass::Refused, code }
}

pub(crate) fn brief(title: &str) -> Brief {
    Brief {
        title: title.to_owned(),
        template_id: TEMPLATE,
        fallback_language: "en".parse().unwrap(),
        purpose: Purpose::Alerts,
        segments: vec![SegmentId(Uuid::nil())],
        variables: BTreeMap::new(),
        header: None,
        rules: Rules {
            expires_after_s: 3_600,
            settles_after_s: 7_200,
            unknown: UnknownRule::Leave,
            answer_within_s: 300,
        },
    }
}

/// French numbers and English ones in turn.
pub(crate) fn frozen(number: u32) -> FrozenRecipient {
    let (language, market) = if number.is_multiple_of(2) { ("fr", "FR") } else { ("en", "GB") };
    FrozenRecipient {
        contact_id: contact(number),
        consent: 7,
        language: language.parse().unwrap(),
        market: market.to_owned(),
    }
}

impl Log {
    /// An incident that was opened, one event.
    pub(crate) fn opened(mode: Mode) -> Self {
        Self::default().and_opened(INCIDENT, mode)
    }

    pub(crate) fn and_opened(mut self, incident_id: IncidentId, mode: Mode) -> Self {
        self.incident = Some(incident_id);
        self.incident(IncidentOpened {
            incident_id,
            title: "River rising".to_owned(),
            kind: "flood".to_owned(),
            severity: Severity::High,
            mode,
            summary: "Water at the bridge".to_owned(),
        })
    }

    /// A live incident with a broadcast launched to so many, four events.
    pub(crate) fn launched(recipients: u32) -> Self {
        Self::opened(Mode::Live).and_launched(BROADCAST, 0..recipients, 0)
    }

    pub(crate) fn and_launched(
        self,
        broadcast_id: BroadcastId,
        people: std::ops::Range<u32>,
        at_ms: i64,
    ) -> Self {
        let recipients: Vec<_> = people.map(frozen).collect();
        self.drafted(broadcast_id)
            .chunk(1, 0, recipients.clone(), Vec::new())
            .planned(1, 1, u32::try_from(recipients.len()).unwrap())
            .launch(at_ms)
    }

    pub(crate) fn drafted(mut self, broadcast_id: BroadcastId) -> Self {
        self.broadcast = Some(broadcast_id);
        let incident_id = self.incident.unwrap();
        self.trunk(-3_000, BroadcastDrafted { broadcast_id, incident_id, brief: brief("Evacuate") })
    }

    pub(crate) fn chunk(
        self,
        plan: u32,
        chunk: u32,
        recipients: Vec<FrozenRecipient>,
        suppressed: Vec<SuppressedPerson>,
    ) -> Self {
        let of_plan = format!("{}/chunk/{plan}-", self.broadcast_stream());
        let before = self.events.iter().filter(|one| one.stream.starts_with(&of_plan));
        let first = before.map(|one| match &one.event {
            Event::AudienceFrozen(part) => u32::try_from(part.recipients.len()).unwrap(),
            _ => 0,
        });
        let first = first.sum();
        let stream = format!("{of_plan}{chunk:05}");
        self.add(stream, -2_000, AudienceFrozen { chunk, first, recipients, suppressed })
    }

    pub(crate) fn planned(self, plan: u32, chunks: u32, recipients: u32) -> Self {
        let (audience_hash, suppressed) = (String::new(), BTreeMap::new());
        let planned = BroadcastPlanned { audience_hash, plan, chunks, recipients, suppressed };
        self.trunk(-1_000, planned)
    }

    pub(crate) fn launch(self, at_ms: i64) -> Self {
        let (expires_at, settles_at) = (at(at_ms + 3_600_000), at(at_ms + 7_200_000));
        self.trunk(at_ms, BroadcastLaunched { expires_at, settles_at })
    }

    pub(crate) fn completed(self, at_ms: i64) -> Self {
        self.trunk(at_ms, BroadcastCompleted { tally: BTreeMap::new() })
    }

    pub(crate) fn cancelled(self, at_ms: i64) -> Self {
        self.trunk(at_ms, BroadcastCancelled { reason: "wrong people".to_owned() })
    }

    pub(crate) fn template(self, category: Category) -> Self {
        let registered = TemplateRegistered {
            template_id: TEMPLATE,
            name: "evacuate".to_owned(),
            category,
            variables: Vec::new(),
        };
        self.add(format!("template/{TEMPLATE}"), -4_000, registered)
    }

    pub(crate) fn started(self, recipients: &[u32]) -> Self {
        let sender = SenderId("106540352242922".to_owned());
        self.work(0, SendsStarted { sender, recipients: recipients.to_vec() })
    }

    pub(crate) fn accepted(self, at_ms: i64, recipients: &[u32]) -> Self {
        let message = Sealed::from_bytes(vec![1]);
        let accept = |&recipient: &u32| AcceptedSend { recipient, message: message.clone() };
        let accepted = recipients.iter().map(accept).collect();
        self.work(at_ms, SendsRecorded { accepted, ..SendsRecorded::default() })
    }

    pub(crate) fn refused(self, at_ms: i64, recipient: u32, code: u32) -> Self {
        let refused = vec![RefusedSend { recipient, failure: failure(code) }];
        self.work(at_ms, SendsRecorded { refused, ..SendsRecorded::default() })
    }

    pub(crate) fn withheld(self, recipient: u32, reason: SuppressionReason) -> Self {
        self.work(0, SendsWithheld { withheld: vec![WithheldSend { recipient, reason }] })
    }

    pub(crate) fn in_doubt(self, recipients: &[u32]) -> Self {
        self.work(0, SendsInDoubt { recipients: recipients.to_vec() })
    }

    pub(crate) fn receipt(self, status: ReceiptStatus, at_ms: i64, recipients: &[u32]) -> Self {
        self.receipt_of(ReceiptGroup {
            status,
            at: at(at_ms),
            recipients: recipients.to_vec(),
            failure: (status == ReceiptStatus::Failed).then(|| failure(131_026)),
            pricing: None,
        })
    }

    pub(crate) fn receipt_of(self, group: ReceiptGroup) -> Self {
        let stream = format!("{}/receipts", self.broadcast_stream());
        self.add(stream, 0, ReceiptsRecorded { receipts: vec![group] })
    }

    pub(crate) fn answer(self, kind: AnswerKind, at_ms: i64, recipient: u32) -> Self {
        let sealed = Sealed::from_bytes(vec![2]);
        let answer = Answer {
            recipient,
            at: at(at_ms),
            kind,
            late: at_ms > 300_000,
            content: sealed.clone(),
            message: sealed,
        };
        let stream = format!("{}/receipts", self.broadcast_stream());
        self.add(stream, at_ms, AnswersRecorded { answers: vec![answer] })
    }

    pub(crate) fn settled(self, undelivered: &[u32], left_unknown: &[u32]) -> Self {
        let (undelivered, left_unknown) = (undelivered.to_vec(), left_unknown.to_vec());
        self.trunk(7_200_000, RecipientsSettled { undelivered, left_unknown })
    }

    pub(crate) fn incident(self, event: impl Into<Event>) -> Self {
        let stream = format!("incident/{}", self.incident.unwrap());
        self.add(stream, -5_000, event)
    }

    pub(crate) fn trunk(self, at_ms: i64, event: impl Into<Event>) -> Self {
        let stream = self.broadcast_stream();
        self.add(stream, at_ms, event)
    }

    /// Work on the only chunk.
    pub(crate) fn work(self, at_ms: i64, event: impl Into<Event>) -> Self {
        let stream = format!("{}/chunk/1-00000", self.broadcast_stream());
        self.add(stream, at_ms, event)
    }

    pub(crate) fn add(mut self, stream: String, at_ms: i64, event: impl Into<Event>) -> Self {
        self.events.push(Recorded { stream, at: at(at_ms), event: event.into() });
        self
    }

    fn broadcast_stream(&self) -> String {
        format!("incident/{}/broadcast/{}", self.incident.unwrap(), self.broadcast.unwrap())
    }

    /// The events as a fold is shown them.
    pub(crate) fn seen(&self) -> impl Iterator<Item = Seen<'_>> {
        (1..).zip(&self.events).map(|(position, recorded)| Seen {
            position,
            recorded_at: recorded.at,
            occurred_at: recorded.at,
            actor: "token:ana",
            stream: &recorded.stream,
            event: &recorded.event,
        })
    }

    pub(crate) fn world(&self) -> World {
        let mut world = World::default();
        self.seen().for_each(|seen| world.apply(&seen));
        world
    }

    /// The incident alone, as of a position.
    pub(crate) fn incident_until(&self, position: u64) -> IncidentView {
        let mut view = IncidentView::new(INCIDENT);
        let until = self.seen().take_while(|seen| seen.position <= position);
        until.for_each(|seen| view.apply(&seen));
        view
    }

    pub(crate) fn view(&self) -> BroadcastView {
        self.world().broadcast(self.broadcast.unwrap()).unwrap().clone()
    }

    /// What the timeline says of the broadcast, in English, without its name.
    pub(crate) fn story(&self) -> Vec<String> {
        let view = self.incident_until(u64::MAX);
        let of_broadcast = |fact: &Fact| matches!(fact, Fact::Broadcast(_));
        let entries = view.timeline().entries().iter();
        entries
            .filter(|entry| of_broadcast(&entry.fact))
            .map(|entry| line(&entry.fact, Locale::En).replace("“Evacuate”: ", ""))
            .collect()
    }
}
