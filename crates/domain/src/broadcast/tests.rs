//! Each rule of a broadcast, by name.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::consent::Purpose;
use crate::decider::testing::{Given, check_replay, given};
use crate::event::Event;
use crate::id::{BroadcastId, IncidentId, SegmentId, TemplateId};
use crate::ladder::Status;
use crate::template::InvalidValue;
use crate::text::{InvalidText, TextProblem};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000, 0).unwrap()
}

fn segment(n: u128) -> SegmentId {
    SegmentId(Uuid::from_u128(n))
}

fn brief() -> Brief {
    Brief {
        title: "Evacuation".into(),
        template_id: TemplateId(Uuid::from_u128(3)),
        fallback_language: "en".parse().unwrap(),
        purpose: Purpose::Alerts,
        segments: vec![segment(1), segment(2)],
        variables: BTreeMap::from([("when".into(), Value::Time(now()))]),
        header: None,
        rules: Rules {
            expires_after_s: 600,
            settles_after_s: 3_600,
            unknown: UnknownRule::Leave,
            answer_within_s: 300,
        },
    }
}

fn draft(brief: Brief) -> BroadcastCommand {
    BroadcastCommand::Draft {
        broadcast_id: BroadcastId(Uuid::from_u128(4)),
        incident_id: IncidentId(Uuid::from_u128(5)),
        brief,
    }
}

fn drafted() -> Event {
    BroadcastDrafted {
        broadcast_id: BroadcastId(Uuid::from_u128(4)),
        incident_id: IncidentId(Uuid::from_u128(5)),
        brief: brief(),
    }
    .into()
}

fn plan() -> BroadcastPlanned {
    BroadcastPlanned {
        audience_hash: "0a".repeat(32),
        plan: 1,
        chunks: 3,
        recipients: 2_001,
        suppressed: BTreeMap::new(),
    }
}

fn planned() -> Event {
    plan().into()
}

fn launched() -> Event {
    BroadcastLaunched {
        expires_at: now() + TimeDelta::minutes(10),
        settles_at: now() + TimeDelta::hours(1),
    }
    .into()
}

fn tally(counts: &[(Status, u32)]) -> BTreeMap<Status, u32> {
    counts.iter().copied().collect()
}

fn everybody() -> BTreeMap<Status, u32> {
    tally(&[(Status::Delivered, 1_990), (Status::Failed, 10), (Status::Unknown, 1)])
}

fn completed() -> Event {
    BroadcastCompleted { tally: everybody() }.into()
}

fn cancelled() -> Event {
    BroadcastCancelled { reason: "A false alarm.".into() }.into()
}

fn launch() -> BroadcastCommand {
    BroadcastCommand::Launch { now: now() }
}

fn complete() -> BroadcastCommand {
    BroadcastCommand::Complete { open: 0, tally: everybody() }
}

fn cancel() -> BroadcastCommand {
    BroadcastCommand::Cancel { reason: "A false alarm.".into() }
}

fn revise(brief: Brief) -> BroadcastCommand {
    BroadcastCommand::Revise { brief }
}

fn planning(plan: BroadcastPlanned) -> BroadcastCommand {
    BroadcastCommand::Plan { plan }
}

fn past<const N: usize>(history: [Event; N]) -> Given<Broadcast> {
    given(history)
}

/// Drafting and revising refuse a brief that has been spoilt so.
#[track_caller]
fn check(spoil: impl Fn(&mut Brief), problem: BriefProblem) {
    let mut spoilt = brief();
    spoil(&mut spoilt);
    past([]).when(draft(spoilt.clone())).then_rejected(problem.clone().into());
    past([drafted()]).when(revise(spoilt)).then_rejected(problem.into());
}

#[track_caller]
fn check_phase(history: &[Event], command: BroadcastCommand, phase: BroadcastPhase) {
    let (wanted, allowed) = match &command {
        BroadcastCommand::Revise { .. } => ("revised", "a draft or planned"),
        BroadcastCommand::Plan { .. } => ("planned", "a draft"),
        BroadcastCommand::Launch { .. } => ("launched", "planned"),
        BroadcastCommand::Complete { .. } => ("completed", "running"),
        BroadcastCommand::Cancel { .. } => ("cancelled", "a draft, planned or running"),
        BroadcastCommand::Draft { .. } => unreachable!("drafting has its own rejection"),
    };
    given::<Broadcast>(history.iter().cloned())
        .when(command)
        .then_rejected(BroadcastRejection::WrongPhase { phase, wanted, allowed });
}

#[test]
fn drafts_once() {
    past([]).when(draft(brief())).then([drafted()]);
    past([drafted()]).when(draft(brief())).then_rejected(BroadcastRejection::AlreadyDrafted);
}

#[test]
fn refuses_everything_before_it_is_drafted() {
    for command in [revise(brief()), planning(plan()), launch(), complete(), cancel()] {
        past([]).when(command).then_rejected(BroadcastRejection::NotDrafted);
    }
}

#[test]
fn revising_a_plan_makes_it_a_draft_again() {
    let revised: Event = BroadcastRevised { brief: brief() }.into();
    past([drafted()]).when(revise(brief())).then([revised.clone()]);
    past([drafted(), planned()]).when(revise(brief())).then_state(|broadcast| {
        let broadcast = broadcast.as_ref().unwrap();
        assert_eq!((broadcast.phase, broadcast.recipients), (BroadcastPhase::Draft, 0));
    });
    past([drafted(), planned(), revised])
        .when(planning(plan()))
        .then_rejected(BroadcastRejection::PlanReused { given: 1, last: 1 });
}

#[test]
fn plans_a_draft() {
    past([drafted()]).when(planning(plan())).then([planned()]);
}

#[test]
fn refuses_an_audience_of_nobody() {
    let nobody = BroadcastPlanned { recipients: 0, ..plan() };
    past([drafted()]).when(planning(nobody)).then_rejected(BroadcastRejection::NoRecipients);
}

#[test]
fn refuses_an_audience_that_contradicts_itself() {
    for hash in ["", "0A", &"0A".repeat(32), &"0g".repeat(32)] {
        let odd = BroadcastPlanned { audience_hash: hash.to_owned(), ..plan() };
        let rule = "its hash is not 64 lower-case hexadecimal digits";
        past([drafted()])
            .when(planning(odd))
            .then_rejected(BroadcastRejection::PlanMalformed { rule });
    }
    let few = BroadcastPlanned { chunks: 2, ..plan() };
    let rule = "it has too few chunks for its recipients";
    past([drafted()]).when(planning(few)).then_rejected(BroadcastRejection::PlanMalformed { rule });
}

#[test]
fn launches_what_is_planned_with_its_times() {
    past([drafted(), planned()]).when(launch()).then([launched()]);
    past([drafted(), planned()]).when(launch()).then_state(|broadcast| {
        assert_eq!(broadcast.as_ref().unwrap().launched_at(), Some(now()));
    });
}

#[test]
fn completes_when_nobody_is_open() {
    past([drafted(), planned(), launched()]).when(complete()).then([completed()]);
}

#[test]
fn does_not_complete_while_somebody_is_open() {
    let open = BroadcastCommand::Complete { open: 1, tally: everybody() };
    past([drafted(), planned(), launched()])
        .when(open)
        .then_rejected(BroadcastRejection::RecipientsOpen { open: 1 });
    for status in [
        Status::InScope,
        Status::Eligible,
        Status::Queued,
        Status::Started,
        Status::Accepted,
        Status::Sent,
    ] {
        let tally = tally(&[(Status::Delivered, 1_999), (status, 2)]);
        past([drafted(), planned(), launched()])
            .when(BroadcastCommand::Complete { open: 0, tally })
            .then_rejected(BroadcastRejection::RecipientsOpen { open: 2 });
    }
}

#[test]
fn does_not_complete_with_people_missing() {
    let tally = tally(&[(Status::Delivered, 2_000)]);
    past([drafted(), planned(), launched()])
        .when(BroadcastCommand::Complete { open: 0, tally })
        .then_rejected(BroadcastRejection::TallyIncomplete { counted: 2_000, recipients: 2_001 });
}

#[test]
fn cancels_for_a_reason_until_it_is_over() {
    past([drafted()]).when(cancel()).then([cancelled()]);
    past([drafted(), planned()]).when(cancel()).then([cancelled()]);
    past([drafted(), planned(), launched()]).when(cancel()).then([cancelled()]);
    let reason = InvalidText { field: "reason", problem: TextProblem::Empty };
    past([drafted()])
        .when(BroadcastCommand::Cancel { reason: " ".into() })
        .then_rejected(reason.into());
}

#[test]
fn does_nothing_out_of_phase() {
    let [draft, planned, running] =
        [vec![drafted()], vec![drafted(), planned()], vec![drafted(), planned(), launched()]];
    let over = [running.clone(), vec![completed()]].concat();
    let stopped = [running.clone(), vec![cancelled()]].concat();
    check_phase(&draft, launch(), BroadcastPhase::Draft);
    check_phase(&draft, complete(), BroadcastPhase::Draft);
    check_phase(&planned, planning(plan()), BroadcastPhase::Planned);
    check_phase(&planned, complete(), BroadcastPhase::Planned);
    for command in [revise(brief()), planning(plan()), launch()] {
        check_phase(&running, command, BroadcastPhase::Running);
    }
    for command in [revise(brief()), planning(plan()), launch(), complete(), cancel()] {
        check_phase(&over, command.clone(), BroadcastPhase::Completed);
        check_phase(&stopped, command, BroadcastPhase::Cancelled);
    }
}

#[test]
fn a_brief_has_a_title() {
    let empty = InvalidText { field: "title", problem: TextProblem::Empty };
    check(|brief| brief.title = " ".into(), BriefProblem::Text(empty));
}

#[test]
fn a_brief_names_each_segment_once_and_at_least_one() {
    check(|brief| brief.segments.clear(), BriefProblem::NoSegments);
    check(
        |brief| brief.segments = vec![segment(1), segment(1)],
        BriefProblem::SegmentTwice { segment_id: segment(1) },
    );
    check(
        |brief| brief.segments = (0..101).map(segment).collect(),
        BriefProblem::TooManySegments { count: 101 },
    );
}

#[test]
fn a_brief_gives_only_values_that_can_be_sent() {
    let value = |words: &str| Value::Text(words.into());
    check(
        |brief| {
            brief.variables.insert("When".into(), value("now"));
        },
        BriefProblem::VariableName { name: "When".into() },
    );
    check(
        |brief| {
            brief.variables.insert("where".into(), value("a\nb"));
        },
        BriefProblem::VariableValue {
            name: "where".into(),
            problem: InvalidValue::ControlCharacters,
        },
    );
    check(
        |brief| {
            let value = Value::Attribute { name: "name".into(), otherwise: String::new() };
            brief.variables.insert("who".into(), value);
        },
        BriefProblem::VariableValue { name: "who".into(), problem: InvalidValue::Empty },
    );
    check(
        |brief| {
            let value = Value::Attribute { name: " ".into(), otherwise: "you".into() };
            brief.variables.insert("who".into(), value);
        },
        InvalidText { field: "variables", problem: TextProblem::Empty }.into(),
    );
    check(
        |brief| {
            brief.variables = (0..51).map(|n| (format!("v{n}"), value("x"))).collect();
        },
        BriefProblem::TooManyVariables { count: 51 },
    );
}

#[test]
fn a_brief_has_a_header_that_exists() {
    let pin = |latitude: &str, longitude: &str| HeaderValue::Location {
        latitude: latitude.into(),
        longitude: longitude.into(),
        name: "Gymnasium".into(),
        address: "1 Main Street".into(),
    };
    check(
        |brief| brief.header = Some(HeaderValue::Link("http://example.org".into())),
        BriefProblem::HeaderLink,
    );
    for (latitude, longitude) in
        [("90.1", "0"), ("0", "-180.5"), ("NaN", "0"), ("1e1", "0"), ("", "0"), ("1,5", "0")]
    {
        check(|brief| brief.header = Some(pin(latitude, longitude)), BriefProblem::HeaderLocation);
    }
    let empty = InvalidText { field: "header", problem: TextProblem::Empty };
    check(|brief| brief.header = Some(HeaderValue::Media(String::new())), empty.into());
    let mut good = brief();
    good.header = Some(pin("-45.25", "170"));
    assert!(good.checked().is_ok());
}

#[test]
fn a_brief_has_times_within_bounds() {
    let out = |field, given, min, max| BriefProblem::TimeOutOfBounds { field, given, min, max };
    check(
        |brief| brief.rules.expires_after_s = 0,
        out("expires_after_s", 0, 1, EXPIRES_AFTER_S_MAX),
    );
    check(
        |brief| brief.rules.expires_after_s = 604_801,
        out("expires_after_s", 604_801, 1, EXPIRES_AFTER_S_MAX),
    );
    check(
        |brief| brief.rules.settles_after_s = 599,
        out("settles_after_s", 599, 600, SETTLES_AFTER_S_MAX),
    );
    check(
        |brief| brief.rules.answer_within_s = 0,
        out("answer_within_s", 0, 1, SETTLES_AFTER_S_MAX),
    );
}

proptest! {
    #[test]
    fn whatever_is_decided_can_be_told_again(commands in vec(arbitrary::commands(), 0..20)) {
        check_replay::<Broadcast>(commands);
    }
}
