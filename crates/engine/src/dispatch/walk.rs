//! Every call to the world fails once, in every way it can, and the promises hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use fanal_domain::Event;
use fanal_domain::broadcast::UnknownRule;
use fanal_domain::ladder::{Recipient, Status};
use futures::FutureExt;

use crate::Engine;
use crate::envelope::Position;
use crate::fault::{Fault, Faults, FaultyDirectory, FaultyKeys, FaultyLog, FaultyMessenger};
use crate::ports::{EventLog, Filter};
use crate::reference::Reference;
use crate::step::Step;
use crate::testing::{Driver, Running, RunningPlan, ScriptedMessenger, Stage, accepted};

const PEOPLE: u32 = 7;
const LANES: usize = 2;

/// A stage on which processes come and go.
struct Fixture {
    stage: Stage,
    faults: Faults,
    messenger: Arc<ScriptedMessenger>,
    running: Running,
}

impl Fixture {
    async fn new(faults: Faults, unknown: UnknownRule) -> Self {
        let stage = Stage::default();
        let log = stage.log.clone();
        let messenger = Arc::new(ScriptedMessenger::new(move |reference, _| {
            assert!(stands_in(&log, reference), "the intent comes first: {reference}");
            accepted(reference)
        }));
        let mut plan = RunningPlan { recipients: PEOPLE, chunk_size: 3, ..RunningPlan::default() };
        plan.rules.unknown = unknown;
        let running = Running::launch(&stage.engine(), &plan).await;
        Self { stage, faults: faults.slowly(), messenger, running }
    }

    /// Another process, on a machine of this name, whose calls may fail.
    fn process(&self, machine: Option<&str>, seed: u64) -> Driver {
        let (mut ports, faults) = (self.stage.ports(), self.faults.clone());
        ports.log = Arc::new(FaultyLog { inner: ports.log, faults: faults.clone() });
        ports.directory =
            Arc::new(FaultyDirectory { inner: ports.directory, faults: faults.clone() });
        ports.keys = Arc::new(FaultyKeys { inner: ports.keys, faults: faults.clone() });
        ports.messenger =
            Arc::new(FaultyMessenger { inner: self.messenger.clone(), faults: faults.clone() });
        let mut config = self.stage.config();
        config.dispatch.lanes = LANES;
        if let Some(machine) = machine {
            config.node = format!("{machine}/{}", config.node.replace('/', "-"));
        }
        Driver::new(Engine::new(ports, config), &self.stage.clock, &faults, seed)
    }

    /// Runs processes one after the other until the broadcast is over.
    async fn run(&self, seed: u64) {
        loop {
            let mut process = self.process(None, seed);
            if Box::pin(process.run(is_over)).await {
                return;
            }
            self.faults.restart();
        }
    }

    /// What the log says of each recipient, read by somebody who was not there.
    async fn ladder(&self) -> Vec<Recipient> {
        let engine = self.stage.engine();
        while engine.follow().await.unwrap() == Step::Worked {}
        self.ladder_of(&engine)
    }

    fn ladder_of(&self, engine: &Engine) -> Vec<Recipient> {
        engine.live().read(|world| {
            let view = world.broadcast(self.running.broadcast_id).unwrap();
            (0..PEOPLE).map(|index| *view.facts_at(index).unwrap()).collect()
        })
    }

    /// The promises of rule 2 and 3, when nobody ever sends a receipt.
    async fn check(&self, unknowns_max: usize, what: &str) {
        let taken = self.messenger.taken();
        let ladder = self.ladder().await;
        let mut unknowns = 0;
        for (index, recipient) in (0..).zip(&ladder) {
            let taken = taken.get(&index).copied().unwrap_or_default();
            match recipient.status() {
                // Settled without evidence of delivery: it was accepted, so it was sent, once.
                Status::Failed => assert_eq!(taken, 1, "{what}: recipient {index}"),
                Status::Unknown => {
                    assert!(taken <= 1, "{what}: recipient {index} got {taken}");
                    unknowns += 1;
                }
                status => panic!("{what}: recipient {index} was left {status:?}"),
            }
        }
        assert!(unknowns <= unknowns_max, "{what}: {unknowns} unknown");
        for call in &*self.messenger.calls() {
            let (_, number) = &self.running.people[call.reference.recipient as usize];
            assert_eq!(call.to, *number, "{what}");
        }
    }
}

fn is_over(engine: &Engine) -> bool {
    engine.live().applied() > Position(0)
        && engine.live().look(|world, board| {
            board.running().next().is_none() && world.incidents().next().is_some()
        })
        && engine.live().read(|world| {
            let mut views = world.incidents().flat_map(fanal_projections::IncidentView::broadcasts);
            views.all(|view| view.course().completed.is_some())
        })
}

/// Whether the intent to send so stands in the log.
fn stands_in(log: &dyn EventLog, reference: &Reference) -> bool {
    let filter = Filter { kinds: vec!["sends_started".to_owned()], ..Filter::default() };
    let page = log.read_all(Position(0), 10_000, &filter).now_or_never().unwrap().unwrap();
    let starts = page.events.iter().filter(|recorded| match recorded.decode().unwrap() {
        Event::SendsStarted(started) => started.recipients.contains(&reference.recipient),
        _ => false,
    });
    starts.count() >= reference.attempt as usize
}

/// Fails each call in turn, until a run has fewer calls than that.
async fn walk(fault: Fault, check: impl AsyncFn(&Fixture, &str)) {
    for call in 1.. {
        let fixture = Fixture::new(Faults::at(call, fault), UnknownRule::Leave).await;
        fixture.run(call).await;
        check(&fixture, &format!("{fault:?} at call {call}")).await;
        if fixture.faults.calls() < call {
            assert!(call > 50, "the walk was a short one: {call}");
            return;
        }
    }
}

#[tokio::test]
async fn whatever_call_is_refused_everyone_is_told_once_or_listed() {
    walk(Fault::RefusedBefore, async |fixture, what| fixture.check(1, what).await).await;
}

#[tokio::test]
async fn whatever_answer_is_lost_everyone_is_told_once_or_listed() {
    walk(Fault::LostAnswer, async |fixture, what| fixture.check(1, what).await).await;
}

#[tokio::test]
async fn whenever_the_process_dies_everyone_is_told_once_or_listed() {
    for fault in [Fault::CrashBefore, Fault::CrashAfter] {
        walk(fault, async |fixture, what| fixture.check(3 * LANES, what).await).await;
    }
}

#[tokio::test]
async fn however_often_it_dies_everyone_is_told_once_or_listed() {
    for seed in 1..60_u64 {
        let fixture = Fixture::new(Faults::default(), UnknownRule::Leave).await;
        for nth in 1..5 {
            let fault = Fault::ALL[usize::try_from((seed + nth) % 4).unwrap()];
            fixture.faults.add(seed * 37 % 61 * nth + nth, fault);
        }
        fixture.run(seed).await;
        fixture.check(PEOPLE as usize, &format!("seed {seed}")).await;
    }
}

#[tokio::test]
async fn if_the_rule_is_to_send_again_nobody_is_left_out() {
    for call in (1..200).step_by(7) {
        let fixture = Fixture::new(Faults::at(call, Fault::CrashAfter), UnknownRule::Resend).await;
        fixture.run(call).await;

        let taken = fixture.messenger.taken();
        assert_eq!(taken.len(), PEOPLE as usize, "call {call}: {taken:?}");
        assert!(taken.values().all(|count| *count <= 2));
    }
}

#[tokio::test]
async fn the_live_view_is_what_somebody_sees_who_comes_later() {
    let fixture = Fixture::new(Faults::at(60, Fault::CrashAfter), UnknownRule::Leave).await;
    let mut process = fixture.process(None, 3);
    if !Box::pin(process.run(is_over)).await {
        fixture.faults.restart();
        process = fixture.process(None, 4);
        assert!(Box::pin(process.run(is_over)).await);
    }

    while process.engine.follow().await.unwrap() == Step::Worked {}
    assert_eq!(fixture.ladder_of(&process.engine), fixture.ladder().await);
}

#[tokio::test]
async fn two_machines_share_the_work_and_never_a_person() {
    for seed in 1..20 {
        let fixture = Fixture::new(Faults::default(), UnknownRule::Leave).await;
        let mut machines =
            [fixture.process(Some("one"), seed), fixture.process(Some("two"), seed + 100)];
        let both = Driver::run_all(&mut machines, |engines| engines.iter().all(|one| is_over(one)));
        assert!(Box::pin(both).await);

        fixture.check(0, &format!("seed {seed}")).await;
        let mut claims: BTreeMap<String, usize> = BTreeMap::new();
        let filter = Filter { kinds: vec!["chunk_claimed".to_owned()], ..Filter::default() };
        let page = fixture.stage.log.read_all(Position(0), 1_000, &filter).await.unwrap();
        for recorded in page.events {
            let Event::ChunkClaimed(claim) = recorded.decode().unwrap() else { continue };
            *claims.entry(claim.node).or_default() += 1;
        }
        assert_eq!(claims.values().sum::<usize>(), 3, "each chunk is claimed once: {claims:?}");
    }
}

#[tokio::test]
async fn a_machine_takes_over_what_a_dead_one_leaves_when_its_lease_is_over() {
    for call in (20..120).step_by(9) {
        let fixture = Fixture::new(Faults::at(call, Fault::CrashAfter), UnknownRule::Leave).await;
        let died = !Box::pin(fixture.process(Some("one"), call).run(is_over)).await;
        fixture.faults.restart();
        assert!(Box::pin(fixture.process(Some("two"), call).run(is_over)).await);

        fixture.check(3 * LANES, &format!("call {call}, died: {died}")).await;
    }
}
