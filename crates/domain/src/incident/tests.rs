//! Each rule of an incident, by name.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::decider::testing::{Given, check_replay, given};
use crate::event::Event;
use crate::id::{IncidentId, PromiseId};
use crate::text::{InvalidText, TextProblem};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000, 0).unwrap()
}

fn incident_id() -> IncidentId {
    IncidentId(Uuid::from_u128(1))
}

fn promise_id() -> PromiseId {
    PromiseId(Uuid::from_u128(2))
}

fn opened() -> Event {
    IncidentOpened {
        incident_id: incident_id(),
        title: "Flood in the valley".into(),
        kind: "flood".into(),
        severity: Severity::High,
        mode: Mode::Live,
        summary: "The river rises.".into(),
    }
    .into()
}

fn resolved() -> Event {
    IncidentResolved { summary: "The river falls.".into() }.into()
}

fn closed() -> Event {
    IncidentClosed { reason: None }.into()
}

fn promised() -> Event {
    PromiseMade {
        promise_id: promise_id(),
        text: "We will write again.".into(),
        deadline: now() + TimeDelta::hours(1),
        broadcast_id: None,
    }
    .into()
}

fn kept() -> Event {
    PromiseKept { promise_id: promise_id(), note: "Written.".into() }.into()
}

fn open() -> IncidentCommand {
    IncidentCommand::Open {
        incident_id: incident_id(),
        title: " Flood in the valley ".into(),
        kind: "flood".into(),
        severity: Severity::High,
        mode: Mode::Live,
        summary: "The river rises.".into(),
    }
}

fn promise(deadline: DateTime<Utc>) -> IncidentCommand {
    IncidentCommand::MakePromise {
        promise_id: promise_id(),
        text: "We will write again.".into(),
        deadline,
        broadcast_id: None,
        now: now(),
    }
}

fn escalate(to: Severity) -> IncidentCommand {
    IncidentCommand::Escalate { to, reason: "The dam leaks.".into() }
}

fn deescalate(to: Severity) -> IncidentCommand {
    IncidentCommand::Deescalate { to, reason: "The dam holds.".into() }
}

fn assign(holder: &str) -> IncidentCommand {
    IncidentCommand::AssignRole { role: Role::Commander, holder: holder.into() }
}

fn relieve(holder: &str) -> IncidentCommand {
    IncidentCommand::RelieveRole { role: Role::Commander, holder: holder.into() }
}

fn reopen() -> IncidentCommand {
    IncidentCommand::Reopen { reason: "It rises again.".into() }
}

fn close(reason: Option<&str>, running_broadcasts: u32) -> IncidentCommand {
    IncidentCommand::Close { reason: reason.map(Into::into), running_broadcasts }
}

fn past<const N: usize>(history: [Event; N]) -> Given<Incident> {
    given(history)
}

fn text(field: &'static str, problem: TextProblem) -> IncidentRejection {
    InvalidText { field, problem }.into()
}

#[test]
fn opens_with_a_trimmed_title() {
    past([]).when(open()).then([opened()]);
}

#[test]
fn opens_once() {
    past([opened()]).when(open()).then_rejected(IncidentRejection::AlreadyOpened);
    past([opened(), closed()]).when(open()).then_rejected(IncidentRejection::AlreadyOpened);
}

#[test]
fn refuses_a_title_that_is_empty_long_or_of_two_lines() {
    let long = "é".repeat(121);
    for (given, problem) in [
        (" ", TextProblem::Empty),
        (long.as_str(), TextProblem::TooLong { chars: 121, chars_max: 120 }),
        ("a\nb", TextProblem::SeveralLines),
        ("a\u{7}b", TextProblem::ControlCharacters),
    ] {
        let IncidentCommand::Open { incident_id, kind, severity, mode, summary, .. } = open()
        else {
            unreachable!()
        };
        let title = given.to_owned();
        let command = IncidentCommand::Open { incident_id, title, kind, severity, mode, summary };
        past([]).when(command).then_rejected(text("title", problem));
    }
}

#[test]
fn refuses_to_open_without_kind_or_summary() {
    for field in ["kind", "summary"] {
        let blank = |name: &str, otherwise: &str| {
            if name == field { String::new() } else { otherwise.to_owned() }
        };
        let command = IncidentCommand::Open {
            incident_id: incident_id(),
            title: "Flood".into(),
            kind: blank("kind", "flood"),
            severity: Severity::Low,
            mode: Mode::Exercise,
            summary: blank("summary", "The river rises."),
        };
        past([]).when(command).then_rejected(text(field, TextProblem::Empty));
    }
}

#[test]
fn stays_an_exercise_for_good() {
    let Event::IncidentOpened(mut event) = opened() else { unreachable!() };
    event.mode = Mode::Exercise;
    past([event.into(), resolved()])
        .when(reopen())
        .then_state(|incident| assert_eq!(incident.as_ref().unwrap().mode, Mode::Exercise));
}

#[test]
fn refuses_everything_before_it_is_opened() {
    for command in [escalate(Severity::Critical), assign("anna"), reopen(), close(None, 0)] {
        past([]).when(command).then_rejected(IncidentRejection::NotOpened);
    }
}

#[test]
fn refuses_everything_once_closed() {
    for command in [escalate(Severity::Critical), assign("anna"), reopen(), close(None, 0)] {
        past([opened(), closed()]).when(command).then_rejected(IncidentRejection::Closed);
    }
}

#[test]
fn escalates_only_upwards() {
    past([opened()]).when(escalate(Severity::Critical)).then([IncidentEscalated {
        from: Severity::High,
        to: Severity::Critical,
        reason: "The dam leaks.".into(),
    }
    .into()]);
    for to in [Severity::High, Severity::Low] {
        past([opened()])
            .when(escalate(to))
            .then_rejected(IncidentRejection::NotHigher { current: Severity::High });
    }
}

#[test]
fn deescalates_only_downwards() {
    past([opened()]).when(deescalate(Severity::Low)).then([IncidentDeescalated {
        from: Severity::High,
        to: Severity::Low,
        reason: "The dam holds.".into(),
    }
    .into()]);
    for to in [Severity::High, Severity::Critical] {
        past([opened()])
            .when(deescalate(to))
            .then_rejected(IncidentRejection::NotLower { current: Severity::High });
    }
}

#[test]
fn escalates_for_a_reason() {
    let command = IncidentCommand::Escalate { to: Severity::Critical, reason: " ".into() };
    past([opened()]).when(command).then_rejected(text("reason", TextProblem::Empty));
    let command = IncidentCommand::Deescalate { to: Severity::Low, reason: " ".into() };
    past([opened()]).when(command).then_rejected(text("reason", TextProblem::Empty));
}

#[test]
fn assigns_a_role_once_to_a_holder() {
    let assigned: Event = RoleAssigned { role: Role::Commander, holder: "anna".into() }.into();
    past([opened()]).when(assign("anna")).then([assigned.clone()]);
    past([opened(), assigned]).when(assign("anna")).then_rejected(IncidentRejection::RoleHeld);
    past([opened()]).when(assign("Anna!")).then_rejected(text("holder", TextProblem::NoHandle));
}

#[test]
fn relieves_only_the_holder_of_a_role() {
    let assigned: Event = RoleAssigned { role: Role::Commander, holder: "anna".into() }.into();
    past([opened(), assigned]).when(relieve("anna")).then([RoleRelieved {
        role: Role::Commander,
        holder: "anna".into(),
    }
    .into()]);
    past([opened()]).when(relieve("anna")).then_rejected(IncidentRejection::RoleNotHeld);
    past([opened()]).when(relieve("")).then_rejected(text("holder", TextProblem::NoHandle));
}

#[test]
fn updates_the_situation() {
    let update = |text: &str| IncidentCommand::UpdateSituation { text: text.into() };
    let updated = SituationUpdated { text: "The bridge\nis closed.".into() };
    past([opened()]).when(update("The bridge\r\nis closed. ")).then([updated.into()]);
    past([opened()]).when(update("")).then_rejected(text("text", TextProblem::Empty));
    let long = TextProblem::TooLong { chars: 4_001, chars_max: 4_000 };
    past([opened()]).when(update(&"a".repeat(4_001))).then_rejected(text("text", long));
}

#[test]
fn promises_something_ahead_within_a_year() {
    past([opened()]).when(promise(now() + TimeDelta::hours(1))).then([promised()]);
    past([opened()]).when(promise(now())).then_rejected(IncidentRejection::DeadlinePassed);
    past([opened()])
        .when(promise(now() + TimeDelta::days(367)))
        .then_rejected(IncidentRejection::DeadlineTooFar);
}

#[test]
fn promises_once_under_an_id() {
    past([opened(), promised()])
        .when(promise(now() + TimeDelta::hours(2)))
        .then_rejected(IncidentRejection::PromiseExists);
}

#[test]
fn keeps_a_promise_once() {
    let keep =
        || IncidentCommand::KeepPromise { promise_id: promise_id(), note: "Written.".into() };
    past([opened(), promised()]).when(keep()).then([kept()]);
    past([opened()]).when(keep()).then_rejected(IncidentRejection::PromiseUnknown);
    past([opened(), promised(), kept()])
        .when(keep())
        .then_rejected(IncidentRejection::PromiseSettled);
}

#[test]
fn breaks_a_promise_once() {
    let broken =
        || PromiseBroken { promise_id: promise_id(), reason: "The deadline passed.".into() };
    let command = || IncidentCommand::BreakPromise {
        promise_id: promise_id(),
        reason: "The deadline passed.".into(),
    };
    past([opened(), promised()]).when(command()).then([broken().into()]);
    past([opened()]).when(command()).then_rejected(IncidentRejection::PromiseUnknown);
    past([opened(), promised(), broken().into()])
        .when(command())
        .then_rejected(IncidentRejection::PromiseSettled);
}

#[test]
fn resolves_once() {
    let command = || IncidentCommand::Resolve { summary: "The river falls.".into() };
    past([opened()]).when(command()).then([resolved()]);
    past([opened(), resolved()]).when(command()).then_rejected(IncidentRejection::Resolved);
}

#[test]
fn neither_escalates_nor_promises_while_resolved() {
    for command in [
        escalate(Severity::Critical),
        deescalate(Severity::Low),
        promise(now() + TimeDelta::hours(1)),
    ] {
        past([opened(), resolved()]).when(command).then_rejected(IncidentRejection::Resolved);
    }
}

#[test]
fn reopens_only_what_is_resolved() {
    let reopened = IncidentReopened { reason: "It rises again.".into() };
    past([opened(), resolved()]).when(reopen()).then([reopened.into()]);
    past([opened()]).when(reopen()).then_rejected(IncidentRejection::NotResolved);
}

#[test]
fn closes_when_nothing_is_left_to_do() {
    past([opened(), promised(), kept(), resolved()]).when(close(None, 0)).then([closed()]);
}

#[test]
fn does_not_close_while_a_broadcast_runs_unless_for_a_reason() {
    past([opened()])
        .when(close(None, 2))
        .then_rejected(IncidentRejection::BroadcastRunning { running: 2 });
    past([opened()])
        .when(close(Some("False alarm."), 2))
        .then([IncidentClosed { reason: Some("False alarm.".into()) }.into()]);
    past([opened()]).when(close(Some(""), 2)).then_rejected(text("reason", TextProblem::Empty));
}

#[test]
fn does_not_close_while_a_promise_is_open_unless_for_a_reason() {
    past([opened(), promised()])
        .when(close(None, 0))
        .then_rejected(IncidentRejection::PromiseOpen { open: 1 });
    past([opened(), promised()])
        .when(close(Some("Handed over."), 0))
        .then([IncidentClosed { reason: Some("Handed over.".into()) }.into()]);
}

proptest! {
    #[test]
    fn whatever_is_decided_can_be_told_again(commands in vec(arbitrary::commands(), 0..24)) {
        check_replay::<Incident>(commands);
    }
}
