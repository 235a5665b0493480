//! Plans a broadcast to many people on stores in memory and prints what that takes.
//!
//! `cargo run --release -p fanal-engine --features testing --example plan -- 300000`

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Write, stdout};
use std::time::Instant;

use fanal_domain::Event;
use fanal_domain::broadcast::{Brief, Rules, UnknownRule, Value};
use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{ConsentGiven, ContactRegistered, Relation};
use fanal_domain::id::{BroadcastId, ConsentId, ContactId, IncidentId, SegmentId, TemplateId};
use fanal_domain::incident::{Mode, Severity};
use fanal_domain::language::Language;
use fanal_domain::segment::Rule;
use fanal_domain::template::{Category, Content, Variable, VariableType};
use fanal_engine::envelope::StreamId;
use fanal_engine::incidents::NewIncident;
use fanal_engine::person::{AttributeValue, Profile};
use fanal_engine::testing::{Stage, say};
use fanal_engine::{Context, Engine};
use futures::executor::block_on;

/// How many people are made known at once.
const AT_ONCE: u32 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let people = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(300_000);
    block_on(measure(people))
}

async fn measure(people: u32) -> Result<(), Box<dyn Error>> {
    let stage = Stage::default();
    let engine = stage.engine();
    let context = Context::system("example", engine.ports().ids.next());
    for first in (0..people).step_by(AT_ONCE as usize) {
        settle(&engine, first..people.min(first + AT_ONCE)).await?;
    }
    let head = engine.ports().log.head().await?;
    let clock = Instant::now();
    engine.project_directory_to(head).await?;
    report("bring the directory up to date", people, clock)?;

    let upstairs = Rule::Expression("contact.floor >= 0 && contact.language != \"ja\"".to_owned());
    let clock = Instant::now();
    let preview = engine.preview_segment(&context, &upstairs).await?;
    report("preview a segment of everybody", people, clock)?;
    assert_eq!(preview.people, u64::from(people), "everybody belongs");

    let broadcast_id = draft(&engine, &context, upstairs).await?;
    let clock = Instant::now();
    let planned = engine.plan_broadcast(&context, broadcast_id).await?;
    report("plan a broadcast to them", people, clock)?;
    assert_eq!(planned.plan.recipients, people, "everybody is told");
    let clock = Instant::now();
    engine.launch_broadcast(&context, broadcast_id).await?;
    report("launch it", people, clock)
}

fn report(what: &str, people: u32, clock: Instant) -> Result<(), Box<dyn Error>> {
    let seconds = clock.elapsed().as_secs_f64();
    let rate = f64::from(people) / seconds;
    Ok(writeln!(stdout(), "{what:<32} {seconds:>7.2} s {rate:>12.0} people/s")?)
}

async fn settle(engine: &Engine, people: std::ops::Range<u32>) -> Result<(), Box<dyn Error>> {
    let new_id = |number| (number, ContactId(engine.ports().ids.next()));
    let people: Vec<_> = people.map(new_id).collect();
    let subjects: Vec<_> = people.iter().map(|(_, id)| id.0).collect();
    let keys = engine.vault().ensure(&subjects).await?;
    let mut parts = Vec::with_capacity(people.len());
    for (number, contact_id) in people {
        let site = AttributeValue::Text("Bourges".to_owned());
        let floor = AttributeValue::Number(f64::from(number % 7));
        let profile = Profile {
            name: Some(format!("Person {number}")),
            whatsapp: Some(format!("+336{number:08}").parse()?),
            attributes: BTreeMap::from([("site".to_owned(), site), ("floor".to_owned(), floor)]),
            ..Profile::default()
        };
        let registered = ContactRegistered {
            contact_id,
            profile: profile.seal(&keys, contact_id)?,
            language: ["fr", "en", "es", "de"][number as usize % 4].parse()?,
            relation: Relation::Resident,
        };
        let consent = ConsentGiven {
            consent_id: ConsentId(engine.ports().ids.next()),
            purpose: Purpose::Alerts,
            basis: Basis::Consent,
            method: Method::Form,
            given_at: engine.ports().clock.now(),
            evidence: None,
        };
        let events: Vec<Event> = vec![registered.into(), consent.into()];
        parts.push((StreamId::contact(contact_id), events));
    }
    say(engine, parts).await;
    Ok(())
}

async fn draft(
    engine: &Engine,
    context: &Context,
    rule: Rule,
) -> Result<BroadcastId, Box<dyn Error>> {
    let incident = NewIncident {
        title: "River rises".to_owned(),
        kind: "flood".to_owned(),
        severity: Severity::High,
        mode: Mode::Exercise,
        summary: "Above the second mark.".to_owned(),
    };
    let incident_id = IncidentId(engine.open_incident(context, incident).await?.id);
    let segment = engine.define_segment(context, "Everybody".to_owned(), rule).await?;
    let name = Value::Attribute { name: "name".to_owned(), otherwise: "neighbour".to_owned() };
    let brief = Brief {
        title: "Leave the valley".to_owned(),
        template_id: add_template(engine, context).await?,
        fallback_language: "en".parse()?,
        purpose: Purpose::Alerts,
        segments: vec![SegmentId(segment.id)],
        variables: BTreeMap::from([("who".to_owned(), name)]),
        header: None,
        rules: Rules {
            expires_after_s: 3_600,
            settles_after_s: 7_200,
            unknown: UnknownRule::Leave,
            answer_within_s: 300,
        },
    };
    Ok(BroadcastId(engine.draft_broadcast(context, incident_id, brief).await?.id))
}

async fn add_template(engine: &Engine, context: &Context) -> Result<TemplateId, Box<dyn Error>> {
    let who = Variable {
        name: "who".to_owned(),
        kind: VariableType::Text,
        commitment: false,
        example: "Ada".to_owned(),
    };
    let name = "leave_the_valley".to_owned();
    let registered = engine.register_template(context, name, Category::Utility, vec![who]).await?;
    let id = TemplateId(registered.id);
    for language in ["en", "fr", "es"] {
        let language: Language = language.parse()?;
        let body = "Dear {{who}}, leave the valley now. Shelter: the gym.".to_owned();
        let text = Content { header: None, body, footer: None, buttons: vec![] };
        engine.translate_template(context, id, language.clone(), text).await?;
        engine.submit_template(context, id, &language).await?;
    }
    Ok(id)
}
