//! An incident desk for tests: an open incident, an approved template, and people as they come.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::Event;
use fanal_domain::broadcast::{AudienceFrozen, Brief, Rules, UnknownRule, Value};
use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{
    ConsentGiven, ConsentWithdrawn, ContactErased, ContactMerged, ContactRegistered, Relation,
};
use fanal_domain::id::{BroadcastId, ConsentId, ContactId, IncidentId, SegmentId, TemplateId};
use fanal_domain::incident::{Mode, Severity};
use fanal_domain::language::Language;
use fanal_domain::segment::Rule;
use fanal_domain::template::{
    Category, Content, ProviderStatus, TranslationStatusChanged, Variable, VariableType,
};

use crate::envelope::{Position, StreamId};
use crate::error::UseCaseError;
use crate::incidents::NewIncident;
use crate::person::{AttributeValue, Profile};
use crate::ports::{Clock as _, Filter, IdSource as _};
use crate::testing::{Stage, say};
use crate::{Context, Engine};

/// An incident desk. `en` and `fr` are approved.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) stage: Stage,
    pub(crate) engine: Engine,
    pub(crate) context: Context,
    pub(crate) incident_id: IncidentId,
    pub(crate) template_id: TemplateId,
}

/// Somebody to be told, or not.
#[derive(Debug, Clone)]
pub(crate) struct Somebody {
    pub(crate) number: Option<u32>,
    pub(crate) language: &'static str,
    pub(crate) consent: Consent,
    pub(crate) fate: Fate,
    pub(crate) nickname: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    Never,
    ToMarketing,
    Given,
    Withdrawn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Lives,
    Merged,
    Erased,
    /// The key is gone, and a crash kept the log from saying so.
    HalfErased,
}

impl Somebody {
    /// Somebody who reads English and agreed to alerts on this number.
    pub(crate) fn with_number(number: u32) -> Self {
        Self {
            number: Some(number),
            language: "en",
            consent: Consent::Given,
            fate: Fate::Lives,
            nickname: None,
        }
    }
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::open_in(Mode::Exercise).await
    }

    pub(crate) async fn open_in(mode: Mode) -> Self {
        let stage = Stage::default();
        let engine = stage.engine();
        let context = Context::system("test", stage.ids.next());
        let incident = NewIncident {
            title: "River rises".to_owned(),
            kind: "flood".to_owned(),
            severity: Severity::High,
            mode,
            summary: "Above the second mark.".to_owned(),
        };
        let written = engine.open_incident(&context, incident).await.unwrap();
        let incident_id = IncidentId(written.id);
        let template_id = add_template(&engine, &context).await;
        Self { stage, engine, context, incident_id, template_id }
    }

    /// Makes people known, in the order of their ids.
    pub(crate) async fn settle(&self, people: &[Somebody]) -> Vec<ContactId> {
        let ids: Vec<_> = people.iter().map(|_| ContactId(self.stage.ids.next())).collect();
        let subjects: Vec<_> = ids.iter().map(|id| id.0).collect();
        let keys = self.engine.vault().ensure(&subjects).await.unwrap();
        let mut parts = Vec::new();
        for (person, id) in people.iter().zip(&ids) {
            let nickname = person.nickname.clone().map(AttributeValue::Text);
            let profile = Profile {
                whatsapp: person.number.map(|number| format!("+336{number:08}").parse().unwrap()),
                attributes: nickname
                    .map(|name| ("nickname".to_owned(), name))
                    .into_iter()
                    .collect(),
                ..Profile::default()
            };
            let registered = ContactRegistered {
                contact_id: *id,
                profile: profile.seal(&keys, *id).unwrap(),
                language: person.language.parse().unwrap(),
                relation: Relation::Resident,
            };
            let mut events = vec![registered.into()];
            events.extend(self.consent(person.consent));
            match person.fate {
                Fate::Lives | Fate::HalfErased => {}
                Fate::Merged => events.push(ContactMerged { into: ids[0] }.into()),
                Fate::Erased => {
                    events.push(ContactErased { reason: "asked".to_owned() }.into());
                }
            }
            if matches!(person.fate, Fate::Erased | Fate::HalfErased) {
                self.engine.vault().destroy(id.0, self.stage.clock.now()).await.unwrap();
            }
            parts.push((StreamId::contact(*id), events));
        }
        for parts in parts.chunks(1_000) {
            say(&self.engine, parts.to_vec()).await;
        }
        ids
    }

    fn consent(&self, consent: Consent) -> Vec<Event> {
        let given = |purpose| {
            ConsentGiven {
                consent_id: ConsentId(self.stage.ids.next()),
                purpose,
                basis: Basis::Consent,
                method: Method::Form,
                given_at: self.stage.clock.now(),
                evidence: None,
            }
            .into()
        };
        match consent {
            Consent::Never => vec![],
            Consent::ToMarketing => vec![given(Purpose::Marketing)],
            Consent::Given => vec![given(Purpose::Alerts)],
            Consent::Withdrawn => vec![given(Purpose::Alerts), withdrawn(self.stage.clock.now())],
        }
    }

    /// A segment of exactly these.
    pub(crate) async fn segment(&self, people: &[ContactId]) -> SegmentId {
        self.segment_of(Rule::Contacts(people.to_vec())).await
    }

    pub(crate) async fn segment_of(&self, rule: Rule) -> SegmentId {
        let defined = self.engine.define_segment(&self.context, "Valley".to_owned(), rule).await;
        SegmentId(defined.unwrap().id)
    }

    /// A brief that fits the template, to these segments.
    pub(crate) fn brief(&self, segments: Vec<SegmentId>) -> Brief {
        let nickname =
            Value::Attribute { name: "nickname".to_owned(), otherwise: "neighbour".to_owned() };
        let next = self.stage.clock.now() + TimeDelta::hours(1);
        Brief {
            title: "Leave the valley".to_owned(),
            template_id: self.template_id,
            fallback_language: "en".parse().unwrap(),
            purpose: Purpose::Alerts,
            segments,
            variables: BTreeMap::from([
                ("who".to_owned(), nickname),
                ("metres".to_owned(), Value::Text("3,5".to_owned())),
                ("next_news".to_owned(), Value::Time(next)),
            ]),
            header: None,
            rules: Rules {
                expires_after_s: 3_600,
                settles_after_s: 7_200,
                unknown: UnknownRule::Leave,
                answer_within_s: 300,
            },
        }
    }

    /// A draft to exactly these people.
    pub(crate) async fn draft(&self, people: &[ContactId]) -> BroadcastId {
        let segment = self.segment(people).await;
        self.draft_of(self.brief(vec![segment])).await.unwrap()
    }

    pub(crate) async fn draft_of(&self, brief: Brief) -> Result<BroadcastId, UseCaseError> {
        let drafted = self.engine.draft_broadcast(&self.context, self.incident_id, brief).await;
        drafted.map(|written| BroadcastId(written.id))
    }

    /// A text in one more language, not approved yet.
    pub(crate) async fn translate(&self, language: &str) {
        let language = language.parse().unwrap();
        let (engine, context) = (&self.engine, &self.context);
        engine.translate_template(context, self.template_id, language, text()).await.unwrap();
    }

    /// What the provider says of a translation.
    pub(crate) async fn note(&self, language: &str, status: ProviderStatus) {
        let language = language.parse().unwrap();
        let change = TranslationStatusChanged { language, status, provider_id: None, reason: None };
        let stream = StreamId::template(self.template_id);
        say(&self.engine, vec![(stream, vec![change.into()])]).await;
    }

    pub(crate) async fn withdraw(&self, id: ContactId) {
        let event = withdrawn(self.stage.clock.now());
        say(&self.engine, vec![(StreamId::contact(id), vec![event])]).await;
    }

    /// The parts of the audience frozen under a plan, in order.
    pub(crate) async fn frozen(&self, id: BroadcastId, plan: u32) -> Vec<AudienceFrozen> {
        let mut chunks = Vec::new();
        for chunk in 0.. {
            let stream = StreamId::chunk(self.incident_id, id, plan, chunk);
            let recorded = self.stage.ports().log.read_stream(&stream, 0, 2).await.unwrap();
            match recorded.as_slice() {
                [] => break,
                [one] => match one.decode().unwrap() {
                    Event::AudienceFrozen(frozen) => chunks.push(frozen),
                    other => panic!("a chunk begins with {other:?}"),
                },
                _ => panic!("nobody has worked on the chunk yet"),
            }
        }
        chunks
    }

    /// Every event of these kinds under the incident.
    pub(crate) async fn told(&self, kinds: &[&str]) -> Vec<Event> {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let under = Some(StreamId::incident(self.incident_id));
        let filter = Filter { kinds, under, until: None };
        let page = self.stage.ports().log.read_all(Position(0), 10_000, &filter).await.unwrap();
        page.events.iter().map(|recorded| recorded.decode().unwrap()).collect()
    }

    pub(crate) async fn head(&self) -> Position {
        self.engine.ports().log.head().await.unwrap()
    }
}

fn withdrawn(now: DateTime<Utc>) -> Event {
    let purposes = vec![Purpose::Alerts];
    let (method, evidence) = (Method::Message, None);
    ConsentWithdrawn { purposes, method, withdrawn_at: now, evidence }.into()
}

async fn add_template(engine: &Engine, context: &Context) -> TemplateId {
    let variable = |name: &str, kind, commitment| Variable {
        name: name.to_owned(),
        kind,
        commitment,
        example: "an example".to_owned(),
    };
    let variables = vec![
        variable("who", VariableType::Text, false),
        variable("metres", VariableType::Number, false),
        variable("next_news", VariableType::Time, true),
    ];
    let name = "leave_the_valley".to_owned();
    let registered = engine.register_template(context, name, Category::Utility, variables).await;
    let id = TemplateId(registered.unwrap().id);
    for language in ["en", "fr"] {
        let language: Language = language.parse().unwrap();
        engine.translate_template(context, id, language.clone(), text()).await.unwrap();
        engine.submit_template(context, id, &language).await.unwrap();
    }
    id
}

fn text() -> Content {
    Content {
        header: None,
        body: "Dear {{who}}, leave: {{metres}} m. Next news by {{next_news}}.".to_owned(),
        footer: None,
        buttons: vec![],
    }
}
