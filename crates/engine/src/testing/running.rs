//! A running broadcast to people who agreed to it, put into the log event by event.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use fanal_domain::Event;
use fanal_domain::broadcast::{
    AudienceFrozen, Brief, BroadcastDrafted, BroadcastLaunched, BroadcastPlanned, FrozenRecipient,
    Rules, UnknownRule,
};
use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{ConsentGiven, ContactRegistered, Relation};
use fanal_domain::id::{BroadcastId, ConsentId, ContactId, IncidentId, SegmentId, TemplateId};
use fanal_domain::incident::{IncidentOpened, Mode, Severity};
use fanal_domain::phone::PhoneNumber;
use fanal_domain::template::{
    AnswerKind, Button, Category, Content, ProviderStatus, TemplateRegistered, TranslationAdded,
    TranslationStatusChanged,
};
use uuid::Uuid;

use crate::Engine;
use crate::envelope::{Append, Expected, NewEvent, Position, Provenance, StreamAppend, StreamId};
use crate::person::Profile;

/// What sort of broadcast.
#[derive(Debug, Clone)]
pub struct RunningPlan {
    pub recipients: u32,
    pub chunk_size: u32,
    pub severity: Severity,
    pub rules: Rules,
}

impl Default for RunningPlan {
    /// Twelve people in chunks of five; an hour to send, two to settle.
    fn default() -> Self {
        Self {
            recipients: 12,
            chunk_size: 5,
            severity: Severity::High,
            rules: Rules {
                expires_after_s: 3_600,
                settles_after_s: 7_200,
                unknown: UnknownRule::Leave,
                answer_within_s: 300,
            },
        }
    }
}

/// A running broadcast.
#[derive(Debug, Clone)]
pub struct Running {
    pub incident_id: IncidentId,
    pub broadcast_id: BroadcastId,
    /// By index in the audience.
    pub people: Vec<(ContactId, PhoneNumber)>,
}

impl Running {
    /// Makes the people, the incident and the broadcast, and launches it.
    pub async fn launch(engine: &Engine, plan: &RunningPlan) -> Self {
        let (people, first_consent) = register(engine, plan.recipients).await;
        let running = Self {
            incident_id: IncidentId(engine.ports().ids.next()),
            broadcast_id: BroadcastId(engine.ports().ids.next()),
            people,
        };
        running.open_incident(engine, plan.severity).await;
        let template_id = add_template(engine).await;
        running.send_off(engine, plan, template_id, first_consent).await;
        running
    }

    async fn open_incident(&self, engine: &Engine, severity: Severity) {
        let opened = IncidentOpened {
            incident_id: self.incident_id,
            title: "Flood".to_owned(),
            kind: "flood".to_owned(),
            severity,
            mode: Mode::Exercise,
            summary: String::new(),
        };
        say(engine, vec![(StreamId::incident(self.incident_id), vec![opened.into()])]).await;
    }

    async fn send_off(
        &self,
        engine: &Engine,
        plan: &RunningPlan,
        template_id: TemplateId,
        first_consent: Position,
    ) {
        let (incident_id, broadcast_id) = (self.incident_id, self.broadcast_id);
        let brief = Brief {
            title: "Leave the valley".to_owned(),
            template_id,
            fallback_language: "en".parse().unwrap(),
            purpose: Purpose::Alerts,
            segments: vec![SegmentId(Uuid::from_u128(1))],
            variables: BTreeMap::new(),
            header: None,
            rules: plan.rules.clone(),
        };
        let drafted = BroadcastDrafted { broadcast_id, incident_id, brief };
        let now = engine.ports().clock.now();
        let after = |seconds: u32| now + TimeDelta::seconds(seconds.into());
        let planned = BroadcastPlanned {
            audience_hash: String::new(),
            plan: 1,
            chunks: plan.recipients.div_ceil(plan.chunk_size),
            recipients: plan.recipients,
            suppressed: BTreeMap::new(),
        };
        let launched = BroadcastLaunched {
            expires_at: after(plan.rules.expires_after_s),
            settles_at: after(plan.rules.settles_after_s),
        };
        let trunk = StreamId::broadcast(incident_id, broadcast_id);
        say(engine, vec![(trunk.clone(), vec![drafted.into()])]).await;
        for chunk in 0..planned.chunks {
            let frozen = self.frozen(chunk, plan, first_consent);
            let stream = StreamId::chunk(incident_id, broadcast_id, 1, chunk);
            say(engine, vec![(stream, vec![frozen.into()])]).await;
        }
        say(engine, vec![(trunk, vec![planned.into(), launched.into()])]).await;
    }

    fn frozen(&self, chunk: u32, plan: &RunningPlan, first_consent: Position) -> AudienceFrozen {
        let first = chunk * plan.chunk_size;
        let last = plan.recipients.min(first + plan.chunk_size);
        let recipient = |index: u32| FrozenRecipient {
            contact_id: self.people[index as usize].0,
            consent: first_consent.0 + 2 * u64::from(index),
            language: "en".parse().unwrap(),
            market: "FR".to_owned(),
        };
        let recipients = (first..last).map(recipient).collect();
        AudienceFrozen { chunk, first, recipients, suppressed: Vec::new() }
    }
}

/// Appends events as a test.
pub async fn say(engine: &Engine, parts: Vec<(StreamId, Vec<Event>)>) -> Position {
    let now = engine.ports().clock.now();
    let envelope = |event: &Event| NewEvent::of(event, engine.ports().ids.next(), now);
    let streams = parts.into_iter().map(|(stream, events)| StreamAppend {
        stream,
        expected: Expected::Any,
        events: events.iter().map(envelope).collect(),
    });
    let append = Append {
        provenance: Provenance { actor: "test".into(), causation: None, correlation: None },
        streams: streams.collect(),
        once: None,
    };
    engine.ports().log.append(append).await.unwrap().last
}

/// People with a number each who agreed to alerts, and the position of the first one's consent.
async fn register(engine: &Engine, count: u32) -> (Vec<(ContactId, PhoneNumber)>, Position) {
    let mut people = Vec::new();
    let mut parts = Vec::new();
    for nth in 0..count {
        let contact_id = ContactId(engine.ports().ids.next());
        let number: PhoneNumber = format!("+336{nth:08}").parse().unwrap();
        let profile = Profile { whatsapp: Some(number.clone()), ..Profile::default() };
        let keys = engine.vault().ensure(&[contact_id.0]).await.unwrap();
        let registered = ContactRegistered {
            contact_id,
            profile: profile.seal(&keys, contact_id).unwrap(),
            language: "en".parse().unwrap(),
            relation: Relation::Resident,
        };
        let consent = ConsentGiven {
            consent_id: ConsentId(engine.ports().ids.next()),
            purpose: Purpose::Alerts,
            basis: Basis::VitalInterest,
            method: Method::Form,
            given_at: engine.ports().clock.now(),
            evidence: None,
        };
        parts.push((StreamId::contact(contact_id), vec![registered.into(), consent.into()]));
        people.push((contact_id, number));
    }
    let before = engine.ports().log.head().await.unwrap();
    for parts in parts.chunks(1_000) {
        say(engine, parts.to_vec()).await;
    }
    (people, Position(before.0 + 2))
}

async fn add_template(engine: &Engine) -> TemplateId {
    let template_id = TemplateId(engine.ports().ids.next());
    let language = "en".parse().unwrap();
    let button = |text: &str, answer| Button::QuickReply { text: text.to_owned(), answer };
    let events = vec![
        TemplateRegistered {
            template_id,
            name: "leave_the_valley".to_owned(),
            category: Category::Utility,
            variables: Vec::new(),
        }
        .into(),
        TranslationAdded {
            language,
            content: Content {
                header: None,
                body: "Leave the valley now.".to_owned(),
                footer: None,
                buttons: vec![
                    button("Got it", AnswerKind::Received),
                    button("I need help", AnswerKind::NeedHelp),
                ],
            },
        }
        .into(),
        TranslationStatusChanged {
            language: "en".parse().unwrap(),
            status: ProviderStatus::Approved,
            provider_id: None,
            reason: None,
        }
        .into(),
    ];
    say(engine, vec![(StreamId::template(template_id), events)]).await;
    template_id
}
