//! The whole log in one view: routing, the catalogue, open broadcasts, and time travel.

use chrono::TimeDelta;
use fanal_domain::broadcast::ReceiptStatus;
use fanal_domain::id::{BroadcastId, IncidentId, SegmentId};
use fanal_domain::incident::{IncidentPhase, IncidentResolved, Mode};
use fanal_domain::segment::{Rule, SegmentDefined, SegmentRetired};
use fanal_domain::sender::{Quality, SenderFactsLearned, SenderId};
use fanal_domain::template::{AnswerKind, Category, TemplateCategoryChanged};
use uuid::Uuid;

use super::*;
use crate::cost::RateBook;
use crate::metrics::Yardstick;
use crate::testing::{BROADCAST, INCIDENT, Log, TEMPLATE, at, contact};

const SECOND: BroadcastId = BroadcastId(Uuid::from_u128(22));

#[test]
fn shows_incidents_and_finds_broadcasts() {
    let drill = IncidentId(Uuid::from_u128(11));
    let world = Log::launched(2)
        .incident(IncidentResolved { summary: "dry".to_owned() })
        .and_opened(drill, Mode::Exercise)
        .world();
    let incidents: Vec<_> = world.incidents().map(IncidentView::id).collect();
    assert_eq!(incidents, [INCIDENT, drill]);
    let incident = world.incident(INCIDENT).unwrap();
    assert_eq!(incident.incident().unwrap().phase, IncidentPhase::Resolved);
    assert_eq!((incident.version(), incident.opened_by()), (2, Some("token:ana")));
    assert!(incident.resolved_at().is_some() && incident.closed_at().is_none());
    assert_eq!(world.incident_of(BROADCAST), Some(INCIDENT));
    assert_eq!(world.broadcast(BROADCAST).unwrap().recipients(), 2);
    assert!(world.broadcast(SECOND).is_none());
}

#[test]
fn an_incident_alone_shows_what_the_world_showed_then() {
    let log = Log::launched(3)
        .template(Category::Utility)
        .started(&[0, 1, 2])
        .accepted(10, &[0, 1])
        .receipt(ReceiptStatus::Delivered, 1_000, &[0])
        .answer(AnswerKind::Safe, 2_000, 0)
        .completed(3_000);
    for until in 0..=11 {
        let mut world = World::default();
        log.seen().take_while(|seen| seen.position <= until).for_each(|seen| world.apply(&seen));
        let alone = log.incident_until(until);
        let whole = world.incident(INCIDENT);
        let tally = |view: &IncidentView| view.broadcast(BROADCAST).map(BroadcastView::tally);
        assert_eq!(whole.and_then(tally), tally(&alone), "until {until}");
        assert_eq!(
            whole.map_or(&[][..], |view| view.timeline().entries()),
            alone.timeline().entries(),
            "until {until}"
        );
    }
}

#[test]
fn knows_how_far_the_log_was_read() {
    let mut world = Log::launched(1).world();
    assert_eq!(world.as_of(), AsOf { position: 5, at: Some(at(0)) });
    world.pass(AsOf { position: 9, at: Some(at(7)) });
    assert_eq!(world.as_of().position, 9);
    world.pass(AsOf { position: 3, at: None });
    assert_eq!(world.as_of(), AsOf { position: 9, at: Some(at(7)) });
}

#[test]
fn keeps_segments_templates_and_senders() {
    let segment_id = SegmentId(Uuid::from_u128(5));
    let rule = Rule::Contacts(vec![contact(1)]);
    let sender = SenderId("1065".to_owned());
    let learned = |rate_per_s, quality, notice: &str| SenderFactsLearned {
        sender: sender.clone(),
        rate_per_s,
        quality,
        daily_people_max: None,
        notice: notice.to_owned(),
    };
    let segment = format!("segment/{segment_id}");
    let world = Log::default()
        .add(segment.clone(), 0, SegmentDefined { segment_id, name: "all".to_owned(), rule })
        .add(segment, 1, SegmentRetired {})
        .template(Category::Utility)
        .add("sender/1065".to_owned(), 2, learned(Some(80), None, "registered"))
        .add("sender/1065".to_owned(), 3, learned(None, Some(Quality::Red), "flagged"))
        .world();
    let catalogue = world.catalogue();
    let segment = catalogue.segment(segment_id).unwrap();
    assert_eq!((segment.state.retired, segment.version, segment.changed.at), (true, 2, at(1)));
    assert_eq!(catalogue.template_named("evacuate").unwrap().state.template_id, TEMPLATE);
    assert_eq!(catalogue.template_named("other"), None);
    let known = catalogue.sender(&sender).unwrap();
    assert_eq!((known.rate_per_s, known.quality), (Some(80), Some(Quality::Red)));
    assert_eq!(known.notice, "flagged");
}

#[test]
fn prices_in_the_category_of_the_launch() {
    let book = RateBook::default();
    let stream = format!("template/{TEMPLATE}");
    let change = || TemplateCategoryChanged { category: Category::Marketing };
    let category = |log: Log| {
        let world = log.world();
        let course = world.broadcast(BROADCAST).unwrap().course();
        world.catalogue().terms(course, &book).category
    };
    let template = || Log::opened(Mode::Live).template(Category::Utility);
    let launched = template().and_launched(BROADCAST, 0..1, 0);
    assert_eq!(category(launched.clone()), Some(Category::Utility));
    assert_eq!(category(launched.add(stream.clone(), 0, change())), Some(Category::Utility));
    let before = template().add(stream, -1, change()).and_launched(BROADCAST, 0..1, 0);
    assert_eq!(category(before), Some(Category::Marketing));
    assert_eq!(category(Log::launched(1)), None);
}

/// Contact 0 got both broadcasts, contact 1 only the first, contact 2 only the second.
fn two_broadcasts() -> Log {
    Log::launched(2)
        .started(&[0, 1])
        .accepted(1_000, &[0, 1])
        .and_launched(SECOND, 0..3, 10_000)
        .started(&[0, 2])
        .accepted(11_000, &[0, 2])
}

#[test]
fn an_answer_belongs_to_the_latest_open_broadcast_that_reached_the_person() {
    let hour = TimeDelta::hours(1);
    let day = 86_400_000;
    let ended = || two_broadcasts().completed(20_000);
    for (log, number, at_ms, expected) in [
        (two_broadcasts(), 0, 60_000, Some(SECOND)),
        (two_broadcasts(), 1, 60_000, Some(BROADCAST)),
        (two_broadcasts(), 2, 60_000, Some(SECOND)),
        (two_broadcasts(), 3, 60_000, None),
        // Written before the second one came, delivered to us later.
        (two_broadcasts(), 0, 5_000, Some(BROADCAST)),
        (two_broadcasts(), 2, 5_000, None),
        // The second one is over.
        (ended(), 0, 60_000, Some(SECOND)),
        (ended(), 0, day, Some(BROADCAST)),
        (ended(), 2, day, None),
    ] {
        let found = log.world().latest_broadcast_for(contact(number), at(at_ms), hour);
        assert_eq!(found.map(|reach| reach.broadcast_id), expected, "contact {number} at {at_ms}");
    }
}

#[test]
fn a_person_may_have_got_what_we_are_not_sure_of() {
    let hour = TimeDelta::hours(1);
    let queued = Log::launched(1);
    assert_eq!(queued.world().latest_broadcast_for(contact(0), at(1), hour), None);
    let in_doubt = queued.started(&[0]).in_doubt(&[0]).world();
    let reach = in_doubt.latest_broadcast_for(contact(0), at(1), hour).unwrap();
    assert_eq!((reach.incident_id, reach.recipient, reach.reached_at), (INCIDENT, 0, at(0)));
}

#[test]
fn a_message_that_failed_reached_nobody_unless_evidence_comes() {
    let hour = TimeDelta::hours(1);
    let reaches =
        |log: &Log| log.world().latest_broadcast_for(contact(0), at(9_000), hour).is_some();
    let accepted = Log::launched(1).started(&[0]).accepted(100, &[0]);
    assert!(reaches(&accepted));
    assert!(reaches(&accepted.clone().settled(&[0], &[])));
    let failed = accepted.receipt(ReceiptStatus::Failed, 1_000, &[0]);
    assert!(!reaches(&failed));
    assert!(reaches(&failed.receipt(ReceiptStatus::Delivered, 2_000, &[0])));
}

#[test]
fn an_exercise_is_never_added_to_what_is_real() {
    let drill = IncidentId(Uuid::from_u128(11));
    let world = Log::launched(2)
        .started(&[0])
        .accepted(1, &[0])
        .and_opened(drill, Mode::Exercise)
        .and_launched(SECOND, 0..5, 0)
        .world();
    let (book, yardstick) = (RateBook::default(), Yardstick::default());
    let live = world.overall_report(Mode::Live, &book, yardstick);
    let exercise = world.overall_report(Mode::Exercise, &book, yardstick);
    assert_eq!((live.broadcasts, live.recipients), (1, 2));
    assert_eq!((exercise.broadcasts, exercise.recipients), (1, 5));
    assert_eq!(live.delivery_rate.value.whole, 1);
    assert_eq!(live.delivery_rate.as_of, world.as_of());
    let incident = world.incident_report(INCIDENT, &book, yardstick).unwrap();
    assert_eq!(incident, live);
    assert_eq!(world.broadcast_report(BROADCAST, &book, yardstick).unwrap(), live);
}

#[test]
fn events_of_unknown_places_are_passed_over() {
    let log = Log::launched(1);
    let odd = [
        "incident/nobody",
        "incident/00000000-0000-0000-0000-000000000001/other/7",
        "contact/00000000-0000-0000-0000-000000000001",
        "notices",
        "",
    ];
    let noisy = odd.iter().fold(log.clone(), |log, stream| {
        log.add((*stream).to_owned(), 0, IncidentResolved { summary: "?".to_owned() })
    });
    let incident = |log: &Log| log.world().incident(INCIDENT).unwrap().version();
    assert_eq!(incident(&noisy), incident(&log));
    assert_eq!(noisy.world().as_of().position, 10);
}
