//! What every write promises, whatever fails and whoever else writes.

use std::sync::Arc;

use fanal_domain::id::{ContactId, IncidentId};
use fanal_domain::incident::{Incident, IncidentCommand, Mode, Severity};
use futures::future::join_all;
use tokio::time::timeout;

use super::*;
use crate::OnceKey;
use crate::contacts::ContactDraft;
use crate::fault::{Fault, Faults, FaultyDirectory, FaultyKeys, FaultyLog};
use crate::incidents::NewIncident;
use crate::ports::{AccessRole, EventLog as _, IdSource as _};
use crate::testing::{Running, RunningPlan, Stage};

fn context(stage: &Stage) -> Context {
    Context::system("test", stage.ids.next())
}

fn flood() -> NewIncident {
    NewIncident {
        title: "Flood".to_owned(),
        kind: "flood".to_owned(),
        severity: Severity::Low,
        mode: Mode::Exercise,
        summary: "Rain.".to_owned(),
    }
}

async fn opened(stage: &Stage) -> IncidentId {
    let engine = stage.engine();
    IncidentId(engine.open_incident(&context(stage), flood()).await.unwrap().id)
}

fn once(key: u8) -> OnceKey {
    OnceKey { key: [key; 32], fingerprint: [7; 32] }
}

async fn version(stage: &Stage, id: IncidentId) -> u64 {
    stage.engine().load::<Incident>(StreamId::incident(id)).await.unwrap().version
}

#[tokio::test]
async fn a_caller_below_the_role_changes_nothing() {
    let stage = Stage::default();
    let id = opened(&stage).await;
    let viewer = Context::new("token:eve", AccessRole::Viewer, Uuid::nil());
    let refused = stage.engine().resolve_incident(&viewer, id, "Over.".to_owned()).await;
    assert!(matches!(refused, Err(UseCaseError::Forbidden { needs: AccessRole::Communicator })));
    assert_eq!(version(&stage, id).await, 1);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let stage = Stage::default();
    let nowhere = IncidentId(Uuid::nil());
    let result = stage.engine().resolve_incident(&context(&stage), nowhere, "x".to_owned()).await;
    assert!(matches!(result, Err(UseCaseError::NotFound { what: "incident" })), "{result:?}");
}

#[tokio::test]
async fn a_believed_version_must_be_the_actual_one() {
    let stage = Stage::default();
    let id = opened(&stage).await;
    let engine = stage.engine();
    let believed = |version| context(&stage).with_if_version(version);
    let text = || "Water rises.".to_owned();

    let refused = engine.update_situation(&believed(2), id, text()).await;
    assert!(matches!(refused, Err(UseCaseError::Stale { expected: 2, actual: 1 })), "{refused:?}");
    let written = engine.update_situation(&believed(1), id, text()).await.unwrap();
    assert_eq!(written.version, 2);
}

#[tokio::test]
async fn a_second_try_gets_the_first_answer_even_if_it_would_be_refused_by_now() {
    let stage = Stage::default();
    let id = opened(&stage).await;
    let engine = stage.engine();
    let context = context(&stage).with_once(once(1)).with_if_version(1);
    let escalate = || engine.escalate(&context, id, Severity::High, "Dam.".to_owned());

    let first = escalate().await.unwrap();
    let second = escalate().await.unwrap();

    assert_eq!(second, Written { replayed: true, ..first });
    assert_eq!(version(&stage, id).await, 2);
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let stage = Stage::default();
    let id = opened(&stage).await;
    let engine = stage.engine();
    let context = context(&stage).with_once(once(1));
    let refused = engine.escalate(&context, id, Severity::Low, "Dam.".to_owned()).await;
    assert!(matches!(refused, Err(UseCaseError::Rejected { code: "severity_not_higher", .. })));
    let mended = engine.escalate(&context, id, Severity::High, "Dam.".to_owned()).await.unwrap();
    assert!(!mended.replayed);
}

#[tokio::test]
async fn racing_writers_all_get_their_turn_or_are_told_to_try_again() {
    let stage = Stage::default();
    let id = opened(&stage).await;
    let (engine, context) = (stage.engine(), context(&stage));
    let writes = (0..8).map(|n| engine.update_situation(&context, id, format!("Update {n}.")));
    let done = join_all(writes).await;
    let written = done.iter().filter(|one| one.is_ok()).count() as u64;
    assert!(done.iter().all(|one| matches!(one, Ok(_) | Err(UseCaseError::Busy))), "{done:?}");
    assert_eq!(version(&stage, id).await, 1 + written);
    assert!(written >= 1);
}

#[tokio::test]
async fn an_incident_with_a_running_broadcast_closes_only_with_a_reason() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let id = Running::launch(&engine, &RunningPlan::default()).await.incident_id;

    let refused = engine.close_incident(&context, id, None).await;
    let closed = engine.close_incident(&context, id, Some("Handed over.".to_owned())).await;

    assert!(matches!(refused, Err(UseCaseError::Rejected { code: "broadcast_running", .. })));
    assert!(closed.is_ok(), "{closed:?}");
}

#[tokio::test]
async fn nothing_is_appended_when_all_is_well_already() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let written = engine.register_contact(&context, ada(), Vec::new()).await.unwrap();
    let head = stage.log.head().await.unwrap();
    let again = engine.change_contact(&context, ContactId(written.id), ada());
    assert_eq!(again.await.unwrap(), written);
    assert_eq!(stage.log.head().await.unwrap(), head);
}

fn ada() -> ContactDraft {
    serde_json::from_str(
        r#"{"name": "Ada", "whatsapp": "+33612345678", "language": "fr", "relation": "resident"}"#,
    )
    .unwrap()
}

/// An engine on the stage whose stores fail as told.
fn faulty_engine(stage: &Stage, faults: &Faults) -> Engine {
    let mut ports = stage.ports();
    let (log, directory, keys) = (ports.log, ports.directory, ports.keys);
    ports.log = Arc::new(FaultyLog { inner: log, faults: faults.clone() });
    ports.directory = Arc::new(FaultyDirectory { inner: directory, faults: faults.clone() });
    ports.keys = Arc::new(FaultyKeys { inner: keys, faults: faults.clone() });
    Engine::new(ports, stage.config())
}

/// Runs work on an engine whose k-th call fails, for k = 1, 2, 3 … until none does; after each the
/// same request is tried again on a sound engine, as a caller would, and then checked.
async fn walk<Work, Check>(work: Work, check: Check)
where
    Work: AsyncFn(&Engine, &Stage) -> Result<Written, UseCaseError>,
    Check: AsyncFn(&Stage, Written),
{
    for fault in Fault::ALL {
        for call in 1.. {
            let stage = Stage::default();
            let faults = Faults::at(call, fault);
            // A crashed call never comes back, and time stands still but for the sleeper.
            let wait = std::time::Duration::from_millis(20);
            let first = timeout(wait, work(&faulty_engine(&stage, &faults), &stage)).await;
            let second = work(&stage.engine(), &stage).await.unwrap();
            if let Ok(Ok(first)) = first {
                assert_eq!(second, Written { replayed: true, ..first }, "{fault:?} at {call}");
            }
            check(&stage, second).await;
            if faults.calls() < call {
                assert!(call > 2, "the walk met only {call} calls");
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_call_fails_a_second_try_opens_one_incident() {
    walk(
        async |engine, stage| {
            let context = context(stage).with_once(once(1));
            engine.open_incident(&context, flood()).await
        },
        async |stage, written| {
            assert_eq!(stage.log.head().await.unwrap(), Position(1));
            assert_eq!(version(stage, IncidentId(written.id)).await, 1);
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn whatever_call_fails_a_second_try_registers_one_person_who_can_be_read() {
    walk(
        async |engine, stage| {
            let context = context(stage).with_once(once(1));
            engine.register_contact(&context, ada(), Vec::new()).await
        },
        async |stage, written| {
            assert_eq!(stage.log.head().await.unwrap(), Position(1));
            let id = ContactId(written.id);
            let view = stage.engine().contact(&context(stage), id, None).await.unwrap();
            assert_eq!(view.profile.unwrap().name.as_deref(), Some("Ada"));
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn whatever_call_fails_nobody_whom_the_log_calls_forgotten_can_be_read() {
    walk(
        async |engine, stage| {
            let sound = stage.engine();
            let context = context(stage);
            // Registered once, however often this runs.
            let registering = context.clone().with_once(once(2));
            let id = sound.register_contact(&registering, ada(), Vec::new()).await?.id;
            let erasing = context.with_once(once(1));
            engine.erase_contact(&erasing, ContactId(id), "Asked.".to_owned()).await
        },
        async |stage, written| {
            assert_eq!(stage.log.head().await.unwrap(), Position(2));
            let id = ContactId(written.id);
            let view = stage.engine().contact(&context(stage), id, None).await.unwrap();
            assert_eq!(view.profile, None);
        },
    )
    .await;
}

#[tokio::test]
async fn a_command_that_was_decided_on_an_old_state_is_decided_again() {
    let stage = Stage::default();
    let id = opened(&stage).await;
    let (engine, context) = (stage.engine(), context(&stage));
    let loaded = engine.load::<Incident>(StreamId::incident(id)).await.unwrap();
    engine.resolve_incident(&context, id, "Over.".to_owned()).await.unwrap();
    let command = IncidentCommand::UpdateSituation { text: "Late.".to_owned() };
    let events = Incident::decide(&loaded.state, command).unwrap();
    let late = engine.append_to(&context, id.0, &loaded, &events).await;
    assert!(matches!(late, Err(UseCaseError::Busy)), "{late:?}");
}
