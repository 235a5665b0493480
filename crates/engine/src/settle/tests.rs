//! How broadcasts end, and what becomes of promises.

use std::sync::Arc;

use chrono::TimeDelta;
use fanal_domain::broadcast::{ReceiptGroup, ReceiptStatus, ReceiptsRecorded};
use fanal_domain::id::PromiseId;
use fanal_domain::incident::{PromiseKept, PromiseMade, PromiseState};
use fanal_domain::ladder::Status;
use fanal_projections::broadcast::Course;

use super::*;
use crate::fault::Faults;
use crate::ports::Outcome;
use crate::testing::{Driver, Running, RunningPlan, ScriptedMessenger, Stage, accepted, say};

struct Fixture {
    stage: Stage,
    running: Running,
    driver: Driver,
}

impl Fixture {
    async fn new(messenger: ScriptedMessenger) -> Self {
        let stage = Stage::default();
        let mut ports = stage.ports();
        ports.messenger = Arc::new(messenger);
        let engine = Engine::new(ports, stage.config());
        let running = Running::launch(&engine, &RunningPlan::default()).await;
        let driver = Driver::new(engine, &stage.clock, &Faults::default(), 11);
        Self { stage, running, driver }
    }

    /// Goes on until everything has left, and not further.
    async fn send(&mut self) {
        let all_left = |engine: &Engine| {
            engine
                .live
                .board(|board| board.running().next().is_some_and(|running| running.all_left()))
        };
        assert!(Box::pin(self.driver.run(all_left)).await);
    }

    /// Goes on until nothing runs any more.
    async fn finish(&mut self) {
        let is_over = |engine: &Engine| {
            engine.live.applied() > Position(0)
                && engine.live.board(|board| board.running().next().is_none())
        };
        assert!(Box::pin(self.driver.run(is_over)).await);
    }

    async fn receipt(&self, status: ReceiptStatus, recipients: Vec<u32>) {
        let at = self.driver.engine.ports.clock.now();
        let group = ReceiptGroup { status, at, recipients, failure: None, pricing: None };
        let event = ReceiptsRecorded { receipts: vec![group] };
        let Running { incident_id, broadcast_id, .. } = self.running;
        let stream = StreamId::receipts(incident_id, broadcast_id);
        say(&self.driver.engine, vec![(stream, vec![event.into()])]).await;
    }

    fn read<Read>(
        &self,
        read: impl FnOnce(&fanal_projections::broadcast::BroadcastView) -> Read,
    ) -> Read {
        let id = self.running.broadcast_id;
        self.driver.engine.live.read(|world| read(world.broadcast(id).unwrap()))
    }

    fn course(&self) -> Course {
        self.read(|view| view.course().clone())
    }

    fn count(&self, status: Status) -> u32 {
        self.read(|view| view.count(status))
    }
}

#[tokio::test]
async fn a_broadcast_is_complete_as_soon_as_everyone_has_an_end() {
    let mut fixture = Fixture::new(ScriptedMessenger::willing()).await;
    fixture.send().await;
    fixture.receipt(ReceiptStatus::Delivered, (0..11).collect()).await;
    let before = fixture.driver.engine.ports.clock.now();
    fixture.driver.engine.settle().await.unwrap();
    assert_eq!(fixture.course().completed, None, "one is still open");

    fixture.receipt(ReceiptStatus::Failed, vec![11]).await;
    fixture.finish().await;

    let completed = fixture.course().completed.unwrap();
    assert!(completed.at - before < TimeDelta::minutes(1), "long before the deadline");
    assert_eq!((fixture.count(Status::Delivered), fixture.count(Status::Failed)), (11, 1));
}

#[tokio::test]
async fn what_is_unclear_at_the_deadline_is_settled_and_evidence_still_counts() {
    let script = |reference: &crate::reference::Reference, _| match reference.recipient {
        3 => Outcome::Unknown,
        _ => accepted(reference),
    };
    let mut fixture = Fixture::new(ScriptedMessenger::new(script)).await;
    fixture.send().await;
    fixture.receipt(ReceiptStatus::Delivered, vec![0, 1]).await;
    fixture.finish().await;

    let course = fixture.course();
    assert!(Some(course.completed.unwrap().at) >= course.state.settles_at);
    assert_eq!(fixture.count(Status::Delivered), 2);
    assert_eq!(fixture.count(Status::Unknown), 1);
    assert_eq!(fixture.count(Status::Failed), 9, "no evidence came in time");

    fixture.receipt(ReceiptStatus::Delivered, vec![3, 4]).await;
    fixture.driver.engine.catch_up().await.unwrap();
    assert_eq!(fixture.count(Status::Delivered), 4);
    assert_eq!(fixture.count(Status::Unknown), 0);
}

#[tokio::test]
async fn two_nodes_end_a_broadcast_once() {
    let mut fixture = Fixture::new(ScriptedMessenger::willing()).await;
    fixture.send().await;
    fixture.stage.clock.advance(TimeDelta::hours(3));
    let others = [fixture.stage.engine(), fixture.stage.engine()];
    for _ in 0..6 {
        let (one, two) = futures::join!(others[0].settle(), others[1].settle());
        one.unwrap();
        two.unwrap();
    }

    let trunk = StreamId::broadcast(fixture.running.incident_id, fixture.running.broadcast_id);
    let events = fixture.driver.engine.ports.log.read_stream(&trunk, 0, 100).await.unwrap();
    let completed = events.iter().filter(|event| &*event.kind == "broadcast_completed").count();
    assert_eq!(completed, 1);
}

#[tokio::test]
async fn a_promise_is_broken_when_its_time_has_passed_and_it_was_not_kept() {
    let stage = Stage::default();
    let engine = stage.engine();
    let running = Running::launch(&engine, &RunningPlan::default()).await;
    let promise = |minutes| PromiseMade {
        promise_id: PromiseId(engine.ports.ids.next()),
        text: "an update".to_owned(),
        deadline: engine.ports.clock.now() + TimeDelta::minutes(minutes),
        broadcast_id: None,
    };
    let (soon, kept, later) = (promise(10), promise(10), promise(30));
    let kept_too = PromiseKept { promise_id: kept.promise_id, note: String::new() };
    let ids = [soon.promise_id, kept.promise_id, later.promise_id];
    let events = vec![soon.into(), kept.into(), later.into(), kept_too.into()];
    let stream = StreamId::incident(running.incident_id);
    say(&engine, vec![(stream, events)]).await;
    let states = || {
        engine.live.read(|world| {
            let incident = world.incident(running.incident_id).unwrap().incident().unwrap();
            ids.map(|id| incident.promises[&id].state)
        })
    };

    let Step::Idle(Some(until)) = engine.settle().await.unwrap() else { panic!("nothing is due") };
    assert_eq!(until - engine.ports.clock.now(), TimeDelta::minutes(10));
    stage.clock.advance(TimeDelta::minutes(10));
    while engine.settle().await.unwrap() == Step::Worked {}

    assert_eq!(states(), [PromiseState::Broken, PromiseState::Kept, PromiseState::Open]);
}

#[tokio::test]
async fn very_many_recipients_are_settled_in_pieces_the_log_takes() {
    let settled = RecipientsSettled {
        undelivered: (0..120_000).collect(),
        left_unknown: (120_000..120_003).collect(),
    };
    let pieces = in_pieces(settled);

    assert_eq!(pieces.len(), 4);
    assert!(pieces.iter().all(|piece| piece.encode().len() < 512 * 1024));
}
