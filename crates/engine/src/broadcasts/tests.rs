//! What a brief must fit, and what a launch takes.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use fanal_domain::Event;
use fanal_domain::broadcast::{HeaderValue, Value};
use fanal_domain::id::{SegmentId, TemplateId};
use fanal_domain::incident::Mode;
use fanal_domain::template::{Category, Content, Header, ProviderStatus, Variable, VariableType};
use uuid::Uuid;

use super::desk::{Desk, Somebody};
use super::*;
use crate::ports::Clock as _;

#[track_caller]
fn check_invalid<T: std::fmt::Debug>(result: Result<T, UseCaseError>, expected: &str) {
    match result {
        Err(UseCaseError::Invalid { field, .. }) => assert_eq!(field, expected),
        other => panic!("expected {expected} to be refused, got {other:?}"),
    }
}

#[track_caller]
fn check_rejected<T: std::fmt::Debug>(result: Result<T, UseCaseError>, expected: &str) {
    match result {
        Err(UseCaseError::Rejected { code, .. }) => assert_eq!(code, expected),
        other => panic!("expected {expected}, got {other:?}"),
    }
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn attribute(name: &str, otherwise: &str) -> Value {
    Value::Attribute { name: name.to_owned(), otherwise: otherwise.to_owned() }
}

async fn planned(desk: &Desk) -> BroadcastId {
    let people = desk.settle(&[Somebody::with_number(1)]).await;
    let id = desk.draft(&people).await;
    desk.engine.plan_broadcast(&desk.context, id).await.unwrap();
    id
}

#[tokio::test]
async fn a_draft_fits_its_template_or_changes_nothing() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1)]).await;
    let good = desk.brief(vec![desk.segment(&people).await]);
    let now = desk.stage.clock.now();
    let head = desk.head().await;
    for (name, value, field) in [
        ("who", None, "brief.variables.who"),
        ("who", Some(Value::Time(now)), "brief.variables.who"),
        ("who", Some(attribute("whatsapp", "you")), "brief.variables.who"),
        ("metres", Some(text("three")), "brief.variables.metres"),
        ("metres", Some(text("3,")), "brief.variables.metres"),
        ("metres", Some(attribute("depth", "deep")), "brief.variables.metres"),
        ("next_news", Some(text("18:30")), "brief.variables.next_news"),
        ("next_news", Some(attribute("shift", "18:30")), "brief.variables.next_news"),
        ("stranger", Some(text("hello")), "brief.variables.stranger"),
    ] {
        let mut brief = good.clone();
        brief.variables.remove(name);
        brief.variables.extend(value.map(|value| (name.to_owned(), value)));
        check_invalid(desk.draft_of(brief).await, field);
    }
    let nobody = SegmentId(Uuid::nil());
    let nothing = TemplateId(Uuid::nil());
    let link = HeaderValue::Link("https://example.org/map.png".to_owned());
    for (brief, field) in [
        (Brief { template_id: nothing, ..good.clone() }, "brief.template_id"),
        (Brief { segments: vec![nobody], ..good.clone() }, "brief.segments"),
        (Brief { header: Some(link), ..good.clone() }, "brief.header"),
    ] {
        check_invalid(desk.draft_of(brief).await, field);
    }
    check_rejected(
        desk.draft_of(Brief { segments: vec![], ..good.clone() }).await,
        "segments_empty",
    );
    let unknown = desk.engine.draft_broadcast(&desk.context, IncidentId(Uuid::nil()), good).await;
    assert!(matches!(unknown, Err(UseCaseError::NotFound { what: "incident" })));
    assert_eq!(desk.head().await, head);
}

#[tokio::test]
async fn a_header_is_given_exactly_when_it_is_needed() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1)]).await;
    let segment = desk.segment(&people).await;
    let media = || HeaderValue::Media("4711".to_owned());
    let pin = || HeaderValue::Location {
        latitude: "47.1".to_owned(),
        longitude: "2.4".to_owned(),
        name: "Gym".to_owned(),
        address: "1 Main Street".to_owned(),
    };
    for (nth, header, fitting, wrong) in [
        (1, Header::Image, media(), vec![None, Some(pin())]),
        (2, Header::Document, media(), vec![None, Some(pin())]),
        (3, Header::Location, pin(), vec![None, Some(media())]),
        (4, Header::Text("Now".to_owned()), media(), vec![Some(media())]),
    ] {
        let template_id = template_with(&desk, nth, header.clone()).await;
        let variables = BTreeMap::new();
        let brief = Brief { template_id, variables, ..desk.brief(vec![segment]) };
        for header in wrong {
            check_invalid(desk.draft_of(Brief { header, ..brief.clone() }).await, "brief.header");
        }
        let header = (!matches!(header, Header::Text(_))).then_some(fitting);
        desk.draft_of(Brief { header, ..brief }).await.unwrap();
    }
}

async fn template_with(desk: &Desk, nth: u32, header: Header) -> TemplateId {
    let name = format!("map_{nth}");
    let engine = &desk.engine;
    let registered =
        engine.register_template(&desk.context, name, Category::Utility, vec![]).await.unwrap();
    let id = TemplateId(registered.id);
    let (footer, buttons) = (None, vec![]);
    let content = Content { header: Some(header), body: "Leave now.".to_owned(), footer, buttons };
    engine.translate_template(&desk.context, id, "en".parse().unwrap(), content).await.unwrap();
    id
}

#[tokio::test]
async fn a_link_is_a_whole_address() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1)]).await;
    let segment = desk.segment(&people).await;
    let variable = Variable {
        name: "map".to_owned(),
        kind: VariableType::Link,
        commitment: false,
        example: "https://example.org".to_owned(),
    };
    let name = "map".to_owned();
    let registered = desk
        .engine
        .register_template(&desk.context, name, Category::Utility, vec![variable])
        .await
        .unwrap();
    let template_id = TemplateId(registered.id);
    let brief = |words: &str| {
        let variables = BTreeMap::from([("map".to_owned(), text(words))]);
        Brief { template_id, variables, ..desk.brief(vec![segment]) }
    };
    check_invalid(desk.draft_of(brief("example.org/map")).await, "brief.variables.map");
    desk.draft_of(brief("https://example.org/map")).await.unwrap();
}

#[tokio::test]
async fn what_is_retired_or_closed_is_not_used_any_more() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1)]).await;
    let segment = desk.segment(&people).await;
    let brief = desk.brief(vec![segment]);
    let id = desk.draft_of(brief.clone()).await.unwrap();
    desk.engine.retire_segment(&desk.context, segment).await.unwrap();
    check_invalid(desk.draft_of(brief.clone()).await, "brief.segments");
    let revised = desk.engine.revise_broadcast(&desk.context, id, brief.clone()).await;
    check_invalid(revised, "brief.segments");
    let planned = desk.engine.plan_broadcast(&desk.context, id).await;
    check_invalid(planned, "brief.segments");

    let brief = Brief { segments: vec![desk.segment(&people).await], ..brief };
    desk.engine.retire_template(&desk.context, desk.template_id).await.unwrap();
    check_invalid(desk.draft_of(brief.clone()).await, "brief.template_id");

    desk.engine.close_incident(&desk.context, desk.incident_id, None).await.unwrap();
    check_rejected(desk.draft_of(brief).await, "incident_closed");
}

#[tokio::test]
async fn a_launch_begins_sending_and_makes_the_promise_its_text_makes() {
    let desk = Desk::open().await;
    let id = planned(&desk).await;

    let written = desk.engine.launch_broadcast(&desk.context, id).await.unwrap();

    assert_eq!((written.id, written.version), (id.0, 3));
    let told = desk.told(&["broadcast_launched", "promise_made"]).await;
    let now = desk.stage.clock.now();
    match &told[..] {
        [Event::BroadcastLaunched(launched), Event::PromiseMade(promise)] => {
            assert_eq!(launched.expires_at, now + TimeDelta::seconds(3_600));
            assert_eq!(promise.deadline, now + TimeDelta::hours(1));
            assert_eq!(promise.broadcast_id, Some(id));
            assert_eq!(promise.text, "Leave the valley: next news");
        }
        other => panic!("expected a launch and a promise, got {other:?}"),
    }
    check_rejected(desk.engine.launch_broadcast(&desk.context, id).await, "broadcast_wrong_phase");
}

#[tokio::test]
async fn a_promise_that_cannot_be_kept_any_more_is_not_made() {
    let desk = Desk::open().await;
    let id = planned(&desk).await;
    desk.stage.clock.advance(TimeDelta::hours(1));
    let head = desk.head().await;
    check_rejected(desk.engine.launch_broadcast(&desk.context, id).await, "deadline_passed");
    assert_eq!(desk.head().await, head);
}

#[tokio::test]
async fn an_exercise_reaches_nobody_and_a_live_incident_somebody() {
    for (mode, reaches_nobody, expected) in [
        (Mode::Exercise, true, None),
        (Mode::Live, false, None),
        (Mode::Exercise, false, Some("exercise_would_reach_people")),
        (Mode::Live, true, Some("live_would_reach_nobody")),
    ] {
        let desk = Desk::open_in(mode).await;
        let id = planned(&desk).await;
        let mut config = desk.stage.config();
        config.reaches_nobody = reaches_nobody;
        let engine = Engine::new(desk.stage.ports(), config);

        let launched = engine.launch_broadcast(&desk.context, id).await;

        match expected {
            Some(code) => check_rejected(launched, code),
            None => assert_eq!(launched.unwrap().id, id.0),
        }
        let count = desk.told(&["broadcast_launched"]).await.len();
        assert_eq!(count, usize::from(expected.is_none()));
    }
}

#[tokio::test]
async fn without_a_sender_nothing_is_launched() {
    let desk = Desk::open().await;
    let id = planned(&desk).await;
    let mut config = desk.stage.config();
    config.senders.clear();
    let engine = Engine::new(desk.stage.ports(), config);
    check_rejected(engine.launch_broadcast(&desk.context, id).await, "sender_missing");
}

#[tokio::test]
async fn a_text_that_was_stopped_meanwhile_stops_the_launch_if_anybody_was_to_get_it() {
    let desk = Desk::open().await;
    let id = planned(&desk).await;
    desk.note("en", ProviderStatus::Paused).await;
    let head = desk.head().await;
    let stopped = desk.engine.launch_broadcast(&desk.context, id).await;
    check_rejected(stopped, "translation_not_approved");
    assert_eq!(desk.head().await, head);

    desk.note("en", ProviderStatus::Approved).await;
    desk.note("fr", ProviderStatus::Paused).await;
    desk.engine.launch_broadcast(&desk.context, id).await.unwrap();
}

#[tokio::test]
async fn only_what_is_planned_is_launched_and_only_while_the_incident_lasts() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(9)]).await;
    let draft = desk.draft(&people).await;
    check_rejected(
        desk.engine.launch_broadcast(&desk.context, draft).await,
        "broadcast_wrong_phase",
    );
    let id = planned(&desk).await;
    let stale = desk.context.clone().with_if_version(1);
    let refused = desk.engine.launch_broadcast(&stale, id).await;
    assert!(matches!(refused, Err(UseCaseError::Stale { expected: 1, actual: 2 })));

    desk.engine.close_incident(&desk.context, desk.incident_id, None).await.unwrap();
    check_rejected(desk.engine.launch_broadcast(&desk.context, id).await, "incident_closed");
}

#[tokio::test]
async fn a_cancelled_broadcast_is_never_launched() {
    let desk = Desk::open().await;
    let id = planned(&desk).await;
    let reason = "false alarm".to_owned();
    desk.engine.cancel_broadcast(&desk.context, id, reason).await.unwrap();
    check_rejected(desk.engine.launch_broadcast(&desk.context, id).await, "broadcast_wrong_phase");
    assert_eq!(desk.told(&["broadcast_cancelled"]).await.len(), 1);
}
