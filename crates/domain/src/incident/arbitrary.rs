//! Any event of an incident, and any command.

use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::arbitrary::{either, good_texts, ids, one_of, texts, times};
use crate::event::Event;
use crate::id::{BroadcastId, IncidentId, PromiseId};

fn severities() -> impl Strategy<Value = Severity> {
    one_of([Severity::Low, Severity::Moderate, Severity::High, Severity::Critical])
}

fn modes() -> impl Strategy<Value = Mode> {
    one_of([Mode::Live, Mode::Exercise])
}

fn roles() -> impl Strategy<Value = Role> {
    one_of([Role::Commander, Role::Communicator, Role::Approver, Role::Scribe])
}

fn opened() -> impl Strategy<Value = Event> {
    (ids(IncidentId), texts(), texts(), severities(), modes(), texts()).prop_map(
        |(incident_id, title, kind, severity, mode, summary)| {
            IncidentOpened { incident_id, title, kind, severity, mode, summary }.into()
        },
    )
}

fn promised() -> impl Strategy<Value = Event> {
    (ids(PromiseId), texts(), times(), option::of(ids(BroadcastId))).prop_map(
        |(promise_id, text, deadline, broadcast_id)| {
            PromiseMade { promise_id, text, deadline, broadcast_id }.into()
        },
    )
}

pub(crate) fn events() -> impl Strategy<Value = Event> {
    let moved = || (severities(), severities(), texts());
    either(vec![
        opened().boxed(),
        moved()
            .prop_map(|(from, to, reason)| IncidentEscalated { from, to, reason }.into())
            .boxed(),
        moved()
            .prop_map(|(from, to, reason)| IncidentDeescalated { from, to, reason }.into())
            .boxed(),
        (roles(), texts()).prop_map(|(role, holder)| RoleAssigned { role, holder }.into()).boxed(),
        (roles(), texts()).prop_map(|(role, holder)| RoleRelieved { role, holder }.into()).boxed(),
        texts().prop_map(|text| SituationUpdated { text }.into()).boxed(),
        promised().boxed(),
        (ids(PromiseId), texts())
            .prop_map(|(promise_id, note)| PromiseKept { promise_id, note }.into())
            .boxed(),
        (ids(PromiseId), texts())
            .prop_map(|(promise_id, reason)| PromiseBroken { promise_id, reason }.into())
            .boxed(),
        texts().prop_map(|summary| IncidentResolved { summary }.into()).boxed(),
        texts().prop_map(|reason| IncidentReopened { reason }.into()).boxed(),
        option::of(texts()).prop_map(|reason| IncidentClosed { reason }.into()).boxed(),
    ])
}

fn open() -> impl Strategy<Value = IncidentCommand> {
    (ids(IncidentId), good_texts(), texts(), severities(), modes(), good_texts()).prop_map(
        |(incident_id, title, kind, severity, mode, summary)| IncidentCommand::Open {
            incident_id,
            title,
            kind,
            severity,
            mode,
            summary,
        },
    )
}

fn promise() -> impl Strategy<Value = IncidentCommand> {
    (ids(PromiseId), good_texts(), times(), times()).prop_map(
        |(promise_id, text, deadline, now)| IncidentCommand::MakePromise {
            promise_id,
            text,
            deadline,
            broadcast_id: None,
            now,
        },
    )
}

pub(crate) fn commands() -> impl Strategy<Value = IncidentCommand> {
    use IncidentCommand as C;
    let moved = || (severities(), texts());
    let held = || (roles(), one_of(["anna", "ben", "No!"]));
    either(vec![
        open().boxed(),
        moved().prop_map(|(to, reason)| C::Escalate { to, reason }).boxed(),
        moved().prop_map(|(to, reason)| C::Deescalate { to, reason }).boxed(),
        held().prop_map(|(role, holder)| C::AssignRole { role, holder: holder.into() }).boxed(),
        held().prop_map(|(role, holder)| C::RelieveRole { role, holder: holder.into() }).boxed(),
        texts().prop_map(|text| C::UpdateSituation { text }).boxed(),
        promise().boxed(),
        (ids(PromiseId), texts())
            .prop_map(|(promise_id, note)| C::KeepPromise { promise_id, note })
            .boxed(),
        (ids(PromiseId), texts())
            .prop_map(|(promise_id, reason)| C::BreakPromise { promise_id, reason })
            .boxed(),
        texts().prop_map(|summary| C::Resolve { summary }).boxed(),
        texts().prop_map(|reason| C::Reopen { reason }).boxed(),
        (option::weighted(0.2, texts()), 0_u32..3)
            .prop_map(|(reason, running_broadcasts)| C::Close { reason, running_broadcasts })
            .boxed(),
    ])
}
