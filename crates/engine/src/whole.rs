//! A broadcast from launch to completion while the world breaks: sending, webhooks and settling
//! together, in an order that a seed decides.

use std::sync::Arc;

use fanal_domain::broadcast::ReceiptStatus;
use fanal_domain::ladder::{Recipient, Status};
use fanal_domain::sender::SenderId;
use fanal_domain::template::AnswerKind;

use crate::Engine;
use crate::envelope::Position;
use crate::fault::{Fault, Faults, FaultyDirectory, FaultyKeys, FaultyLog, FaultyMessenger};
use crate::ports::{Filter, Inbound, InboundBody, Notice, Receipt};
use crate::reference::Payload;
use crate::step::Step;
use crate::testing::{
    Call, Driver, Running, RunningPlan, ScriptedMessenger, Stage, TableWebhook, until_death,
};

const PEOPLE: u32 = 25;

/// A world with one running broadcast, a provider that calls back, and processes that may die.
struct World {
    stage: Stage,
    faults: Faults,
    messenger: Arc<ScriptedMessenger>,
    webhook: Arc<TableWebhook>,
    running: Running,
    /// Bodies the provider still has to deliver; what is not taken is delivered again.
    bodies: Vec<Vec<u8>>,
    /// How many sends it has made bodies of.
    told: usize,
    seed: u64,
}

impl World {
    async fn new(seed: u64) -> Self {
        let stage = Stage::default();
        let plan = RunningPlan { recipients: PEOPLE, chunk_size: 8, ..RunningPlan::default() };
        let running = Running::launch(&stage.engine(), &plan).await;
        Self {
            stage,
            faults: Faults::default().slowly(),
            messenger: Arc::new(ScriptedMessenger::willing()),
            webhook: Arc::default(),
            running,
            bodies: Vec::new(),
            told: 0,
            seed,
        }
    }

    fn process(&mut self) -> Driver {
        let (mut ports, faults) = (self.stage.ports(), self.faults.clone());
        ports.log = Arc::new(FaultyLog { inner: ports.log, faults: faults.clone() });
        ports.directory =
            Arc::new(FaultyDirectory { inner: ports.directory, faults: faults.clone() });
        ports.keys = Arc::new(FaultyKeys { inner: ports.keys, faults: faults.clone() });
        ports.messenger =
            Arc::new(FaultyMessenger { inner: self.messenger.clone(), faults: faults.clone() });
        ports.webhook = self.webhook.clone();
        let engine = Engine::new(ports, self.stage.config());
        let seed = self.next() | 1;
        Driver::new(engine, &self.stage.clock, &faults, seed)
    }

    /// Until the broadcast is complete and the provider has said everything.
    async fn run(&mut self) {
        let mut process = [self.process()];
        loop {
            self.talk();
            let lives = Box::pin(self.deliver(&process[0].engine)).await
                && Box::pin(Driver::turn(&mut process)).await;
            if !lives {
                self.faults.restart();
                process = [self.process()];
            } else if self.bodies.is_empty() && self.is_over(&process[0].engine) {
                return;
            }
        }
    }

    /// The provider makes a body of each thing that happens to a message it took.
    fn talk(&mut self) {
        let calls: Vec<Call> = self.messenger.calls()[self.told..].to_vec();
        self.told += calls.len();
        for call in calls {
            let mut notices = vec![
                self.receipt(&call, ReceiptStatus::Sent),
                self.receipt(&call, ReceiptStatus::Delivered),
            ];
            match self.next() % 4 {
                0 => notices.push(self.receipt(&call, ReceiptStatus::Read)),
                1 => notices.push(self.answer(&call)),
                _ => {}
            }
            for notice in notices {
                let body = self.webhook.body(vec![notice]);
                if self.next().is_multiple_of(5) {
                    self.bodies.push(body.clone());
                }
                self.bodies.push(body);
            }
        }
    }

    fn receipt(&self, call: &Call, status: ReceiptStatus) -> Notice {
        Notice::Receipt(Receipt {
            reference: Some(call.reference.to_string()),
            message_id: format!("wamid.{}", call.reference),
            status,
            at: self.now(),
            failure: None,
            pricing: None,
        })
    }

    fn answer(&self, call: &Call) -> Notice {
        let payload = Payload { reference: call.reference, answer: AnswerKind::Received };
        Notice::Inbound(Inbound {
            message_id: format!("answer.{}", call.reference),
            from: Some(call.to.clone()),
            user_id: None,
            profile_name: None,
            at: self.now(),
            to: SenderId("1".to_owned()),
            in_reply_to: None,
            body: InboundBody::Button { payload: payload.to_string(), label: "Got it".to_owned() },
        })
    }

    /// The provider delivers some bodies at once, in no order. `false` if the process died of it.
    async fn deliver(&mut self, engine: &Engine) -> bool {
        let mut chosen = Vec::new();
        for _ in 0..self.next() % 6 {
            if !self.bodies.is_empty() {
                let nth = usize::try_from(self.next()).unwrap_or_default() % self.bodies.len();
                chosen.push(self.bodies.swap_remove(nth));
            }
        }
        let calls = chosen.iter().map(|body| engine.receive(body, TableWebhook::SIGNATURE));
        let calls = Box::pin(futures::future::join_all(calls));
        let answers = until_death(&self.faults, calls).await;
        let lives = answers.is_some();
        let taken = answers.unwrap_or_default();
        for (nth, body) in chosen.into_iter().enumerate() {
            if !taken.get(nth).is_some_and(Result::is_ok) {
                self.bodies.push(body);
            }
        }
        lives
    }

    fn is_over(&self, engine: &Engine) -> bool {
        engine.live().read(|world| {
            let view = world.broadcast(self.running.broadcast_id);
            view.is_some_and(|view| view.course().completed.is_some())
        })
    }

    async fn ladder(&self) -> Vec<Recipient> {
        let engine = self.stage.engine();
        while engine.follow().await.unwrap() == Step::Worked {}
        engine.live().read(|world| {
            let view = world.broadcast(self.running.broadcast_id).unwrap();
            (0..PEOPLE).map(|index| *view.facts_at(index).unwrap()).collect()
        })
    }

    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.stage.ports().clock.now()
    }

    fn next(&mut self) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed
    }
}

#[tokio::test]
async fn whatever_breaks_everyone_is_told_once_and_what_they_answer_is_known() {
    for seed in 1..80_u64 {
        let mut world = World::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).await;
        for _ in 0..seed % 4 {
            let call = world.next() % 400;
            let fault = Fault::ALL[usize::try_from(world.next() % 4).unwrap()];
            world.faults.add(call, fault);
        }
        world.run().await;

        let (taken, ladder) = (world.messenger.taken(), world.ladder().await);
        for (index, recipient) in (0..).zip(&ladder) {
            let status = recipient.status();
            match taken.get(&index) {
                // The provider told everything about it, so nothing is left unknown.
                Some(1) => assert!(status.shows_delivery(), "seed {seed}: {index} is {status:?}"),
                None => assert_eq!(status, Status::Unknown, "seed {seed}: recipient {index}"),
                Some(count) => panic!("seed {seed}: recipient {index} got {count}"),
            }
        }
    }
}

#[tokio::test]
async fn the_same_seed_comes_to_the_same_log() {
    let mut hashes = Vec::new();
    for _ in 0..2 {
        let mut world = World::new(42).await;
        world.faults.add(77, Fault::CrashAfter);
        world.run().await;
        let log = world.stage.ports().log;
        let head = log.head().await.unwrap();
        let before = Position(head.0 - 1);
        let page = log.read_all(before, 1, &Filter::default()).await.unwrap();
        hashes.push((head, page.events[0].hash));
    }
    assert_eq!(hashes[0], hashes[1]);
}
