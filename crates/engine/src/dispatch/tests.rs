//! Whole runs of dispatch: who gets what when things go well, badly, or meanwhile differently.

use std::sync::Arc;

use chrono::TimeDelta;
use fanal_domain::broadcast::{BroadcastCancelled, UnknownRule};
use fanal_domain::consent::{Method, Purpose};
use fanal_domain::contact::{ConsentWithdrawn, ContactErased};
use fanal_domain::ladder::{FailureClass, Status, SuppressionReason};

use super::*;
use crate::envelope::StreamId;
use crate::fault::Faults;
use crate::ports::Outcome;
use crate::reference::Reference;
use crate::testing::{Driver, Running, RunningPlan, ScriptedMessenger, Stage, accepted, say};

/// One process on a stage with a running broadcast.
struct Fixture {
    stage: Stage,
    messenger: Arc<ScriptedMessenger>,
    running: Running,
    driver: Driver,
}

impl Fixture {
    async fn new(plan: RunningPlan, messenger: ScriptedMessenger) -> Self {
        let (stage, messenger) = (Stage::default(), Arc::new(messenger));
        let engine = engine(&stage, &messenger);
        let running = Running::launch(&engine, &plan).await;
        let driver = Driver::new(engine, &stage.clock, &Faults::default(), 7);
        Self { stage, messenger, running, driver }
    }

    async fn run(&mut self) {
        let id = self.running.broadcast_id;
        let is_over =
            |engine: &Engine| engine.live().applied().0 > 0 && engine.live().launch(id).is_none();
        assert!(self.driver.run(is_over).await, "nothing crashes here");
    }

    async fn run_until_all_left(&mut self) {
        let all_left = |engine: &Engine| {
            engine.live().board(|board| {
                let mut running = board.running();
                running.next().is_some_and(|running| running.all_left())
            })
        };
        assert!(self.driver.run(all_left).await, "nothing crashes here");
    }

    fn count(&self, status: Status) -> u32 {
        let id = self.running.broadcast_id;
        self.driver.engine.live().read(|world| world.broadcast(id).unwrap().count(status))
    }

    fn status_of(&self, index: u32) -> Status {
        let id = self.running.broadcast_id;
        let engine = &self.driver.engine;
        engine.live().read(|world| world.broadcast(id).unwrap().facts_at(index).unwrap().status())
    }

    fn trunk(&self) -> StreamId {
        StreamId::broadcast(self.running.incident_id, self.running.broadcast_id)
    }
}

fn engine(stage: &Stage, messenger: &Arc<ScriptedMessenger>) -> Engine {
    let mut ports = stage.ports();
    ports.messenger = messenger.clone();
    Engine::new(ports, stage.config())
}

fn plan(recipients: u32) -> RunningPlan {
    RunningPlan { recipients, ..RunningPlan::default() }
}

#[tokio::test]
async fn everyone_is_told_once() {
    let mut fixture = Fixture::new(plan(230), ScriptedMessenger::willing()).await;
    fixture.run_until_all_left().await;

    let taken = fixture.messenger.taken();
    assert_eq!(taken.len(), 230);
    assert!(taken.values().all(|count| *count == 1));
    for call in &*fixture.messenger.calls() {
        let (_, number) = &fixture.running.people[call.reference.recipient as usize];
        assert_eq!(call.to, *number, "everyone gets the message with their own reference");
    }
    assert_eq!(fixture.count(Status::Accepted), 230);
}

#[tokio::test]
async fn the_rate_of_the_sender_is_kept_and_used() {
    let mut fixture = Fixture::new(
        RunningPlan { recipients: 800, chunk_size: 100, ..RunningPlan::default() },
        ScriptedMessenger::willing(),
    )
    .await;
    let began = fixture.driver.engine.ports().clock.now();
    fixture.run_until_all_left().await;

    let took = fixture.driver.engine.ports().clock.now() - began;
    assert!(took >= TimeDelta::milliseconds(9_800), "800 at 80/s left in {took}");
    assert!(took <= TimeDelta::milliseconds(10_300), "800 at 80/s took {took}");
}

#[tokio::test]
async fn what_the_provider_refuses_is_final_and_what_it_defers_is_tried_again() {
    let script = |reference: &Reference, nth| match (reference.recipient, nth) {
        (0, _) => Outcome::Refused { code: 131_026 },
        (1, 1) => Outcome::Throttled { code: 130_429, retry_after: None, only_this_person: false },
        (2, 1 | 2) => Outcome::Retry { code: 131_000, retry_after: None },
        (3, _) => Outcome::Retry { code: 131_016, retry_after: None },
        (4, 1) => Outcome::Throttled { code: 131_056, retry_after: None, only_this_person: true },
        (5, _) => Outcome::Unknown,
        _ => accepted(reference),
    };
    let mut fixture = Fixture::new(plan(12), ScriptedMessenger::new(script)).await;
    fixture.run_until_all_left().await;

    let calls = |recipient| {
        let calls = fixture.messenger.calls();
        calls.iter().filter(|call| call.reference.recipient == recipient).count()
    };
    assert_eq!([0, 1, 2, 3, 4, 5, 6].map(calls), [1, 2, 3, 5, 2, 1, 1]);
    assert_eq!(fixture.count(Status::Failed), 2);
    assert_eq!(fixture.count(Status::Unknown), 1);
    assert_eq!(fixture.count(Status::Accepted), 9);
    let attempts: Vec<u32> = fixture
        .messenger
        .calls()
        .iter()
        .filter(|call| call.reference.recipient == 2)
        .map(|call| call.reference.attempt)
        .collect();
    assert_eq!(attempts, [1, 2, 3], "each try has its own reference");
}

#[tokio::test]
async fn whoever_opts_out_or_is_forgotten_meanwhile_is_not_told() {
    let mut fixture = Fixture::new(plan(12), ScriptedMessenger::willing()).await;
    let engine = &fixture.driver.engine;
    let (opted_out, _) = fixture.running.people[3];
    let (erased, _) = fixture.running.people[7];
    let withdrawn = ConsentWithdrawn {
        purposes: vec![Purpose::Alerts],
        method: Method::Message,
        withdrawn_at: engine.ports().clock.now(),
        evidence: None,
    };
    say(engine, vec![(StreamId::contact(opted_out), vec![withdrawn.into()])]).await;
    let forgotten = ContactErased { reason: String::new() };
    say(engine, vec![(StreamId::contact(erased), vec![forgotten.into()])]).await;
    engine.vault().destroy(erased.0, engine.ports().clock.now()).await.unwrap();
    fixture.run_until_all_left().await;

    assert_eq!(fixture.messenger.taken().len(), 10);
    assert_eq!(fixture.status_of(3), Status::Suppressed);
    assert_eq!(fixture.status_of(7), Status::Suppressed);
    let reason = |index: usize| {
        let (contact, _) = fixture.running.people[index];
        fixture.driver.engine.live().read(|world| {
            world.broadcast(fixture.running.broadcast_id).unwrap().find(contact).unwrap().suppressed
        })
    };
    assert_eq!(reason(3), Some(SuppressionReason::OptedOut));
    assert_eq!(reason(7), Some(SuppressionReason::Erased));
}

#[tokio::test]
async fn nothing_new_leaves_once_the_broadcast_is_cancelled() {
    let mut fixture = Fixture::new(plan(400), ScriptedMessenger::willing()).await;
    let some_left = |engine: &Engine| {
        let broadcasts = |world: &fanal_projections::World| {
            world
                .incidents()
                .flat_map(fanal_projections::IncidentView::broadcasts)
                .map(|view| view.count(Status::Accepted))
                .sum::<u32>()
        };
        engine.live().read(broadcasts) > 0
    };
    assert!(fixture.driver.run(some_left).await);
    let cancelled = BroadcastCancelled { reason: "false alarm".to_owned() };
    say(&fixture.driver.engine, vec![(fixture.trunk(), vec![cancelled.into()])]).await;
    while fixture.driver.engine.follow().await.unwrap() == crate::step::Step::Worked {}
    let before = fixture.messenger.calls().len();
    fixture.stage.clock.advance(TimeDelta::seconds(60));
    fixture.run().await;

    assert!(before < 400);
    assert_eq!(fixture.messenger.calls().len(), before);
}

#[tokio::test]
async fn what_has_not_left_in_time_is_never_sent_late() {
    let mut plan = plan(400);
    plan.rules.expires_after_s = 2;
    let mut fixture = Fixture::new(plan, ScriptedMessenger::willing()).await;
    fixture.run_until_all_left().await;

    let taken = u32::try_from(fixture.messenger.taken().len()).unwrap();
    assert!((150..=180).contains(&taken), "{taken} left in two seconds at 80/s");
    assert_eq!(fixture.count(Status::Expired), 400 - taken);
}

#[tokio::test]
async fn a_broken_configuration_halts_the_broadcast_and_burns_nobody() {
    let mended_at = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let mended = Arc::clone(&mended_at);
    let script = move |reference: &Reference, _| {
        if mended.load(std::sync::atomic::Ordering::SeqCst) {
            accepted(reference)
        } else {
            Outcome::Reconfigure { code: 190 }
        }
    };
    let mut fixture = Fixture::new(plan(400), ScriptedMessenger::new(script)).await;
    let halted = |engine: &Engine| engine.halts().first().is_some_and(|(_, halt)| halt.asked >= 3);
    assert!(fixture.driver.run(halted).await);

    let (id, halt) = fixture.driver.engine.halts().remove(0);
    assert_eq!(id, fixture.running.broadcast_id);
    assert_eq!((halt.failure.class, halt.failure.code), (FailureClass::Reconfigure, 190));
    let calls = fixture.messenger.calls().len();
    assert!(calls < 100, "{calls} calls although the token is wrong");

    mended_at.store(true, std::sync::atomic::Ordering::SeqCst);
    fixture.run_until_all_left().await;
    assert_eq!(fixture.messenger.taken().len(), 400, "everyone is told in the end");
    assert_eq!(fixture.driver.engine.halts(), []);
}

#[tokio::test]
async fn unknown_sends_are_left_or_sent_again_as_the_broadcast_says() {
    for (rule, tries) in [(UnknownRule::Leave, 1), (UnknownRule::Resend, 2)] {
        let mut plan = plan(12);
        plan.rules.unknown = rule;
        let script = |reference: &Reference, nth| match (reference.recipient, nth) {
            (2 | 7, 1) | (8, _) => Outcome::Unknown,
            _ => accepted(reference),
        };
        let mut fixture = Fixture::new(plan, ScriptedMessenger::new(script)).await;
        fixture.run().await;

        let calls = |recipient| {
            let calls = fixture.messenger.calls();
            calls.iter().filter(|call| call.reference.recipient == recipient).count()
        };
        assert_eq!([0, 2, 7, 8].map(calls), [1, tries, tries, tries], "{rule:?}");
        let unknown = if rule == UnknownRule::Leave { 3 } else { 1 };
        assert_eq!(fixture.count(Status::Unknown), unknown, "{rule:?}");
        assert_eq!(fixture.count(Status::Failed), 12 - unknown, "no receipt ever came");
    }
}

#[tokio::test]
async fn a_lane_that_is_closed_writes_down_what_happened() {
    let mut fixture = Fixture::new(plan(12), ScriptedMessenger::willing()).await;
    let engine = fixture.driver.engine.clone();
    while engine.follow().await.unwrap() == crate::step::Step::Worked {}
    engine.project_directory().await.unwrap();
    let mut lane = engine.lane();
    while fixture.messenger.calls().is_empty() {
        lane.step().await.unwrap();
    }
    let called = u32::try_from(fixture.messenger.calls().len()).unwrap();
    lane.close().await.unwrap();
    while engine.follow().await.unwrap() == crate::step::Step::Worked {}

    assert_eq!(fixture.count(Status::Accepted), called);
    assert_eq!(fixture.count(Status::Started), 0);
    fixture.run_until_all_left().await;
    assert!(fixture.messenger.taken().values().all(|count| *count == 1));
}
