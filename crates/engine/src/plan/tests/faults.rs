//! Planning and launching while the world breaks at every single place where it can.

use std::sync::Arc;

use fanal_domain::Event;
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::fault::{Fault, Faults, FaultyDirectory, FaultyKeys, FaultyLog};

/// A desk with a draft, and what is asked of it.
struct Story {
    desk: Desk,
    id: BroadcastId,
    people: Vec<ContactId>,
    /// Whether a second try names the first one.
    keys: bool,
}

impl Story {
    async fn new(keys: bool) -> Self {
        let desk = Desk::open().await;
        let reads_french = |number| Somebody { language: "fr", ..Somebody::with_number(number) };
        let people = [Somebody::with_number(1), reads_french(2), Somebody::with_number(3)];
        let people = desk.settle(&people).await;
        // One text that nobody gets is not approved: the launch has to look into the chunks.
        desk.translate("de").await;
        let everybody = Rule::Expression("contact.language != \"de\"".to_owned());
        let segment = desk.segment_of(everybody).await;
        let id = desk.draft_of(desk.brief(vec![segment])).await.unwrap();
        Self { desk, id, people, keys }
    }

    /// An engine that has just started, on ports that break.
    fn engine(&self, faults: &Faults) -> Engine {
        let ports = self.desk.stage.ports();
        let faults = || faults.clone();
        let broken = crate::Ports {
            log: Arc::new(FaultyLog { inner: ports.log, faults: faults() }),
            directory: Arc::new(FaultyDirectory { inner: ports.directory, faults: faults() }),
            keys: Arc::new(FaultyKeys { inner: ports.keys, faults: faults() }),
            ..self.desk.stage.ports()
        };
        Engine::new(broken, self.desk.stage.config())
    }

    fn context(&self, key: u8) -> Context {
        let context = self.desk.context.clone();
        let once = OnceKey { key: [key; 32], fingerprint: [key; 32] };
        if self.keys { context.with_once(once) } else { context }
    }

    async fn plan_and_launch(&self, engine: &Engine) -> Result<(), UseCaseError> {
        self.done(engine.plan_broadcast(&self.context(1), self.id).await)?;
        self.done(engine.launch_broadcast(&self.context(2), self.id).await)
    }

    /// Without a key, a second try learns that the first one had got through.
    fn done<T>(&self, result: Result<T, UseCaseError>) -> Result<(), UseCaseError> {
        match result {
            Err(UseCaseError::Rejected { code: "broadcast_wrong_phase", .. }) if !self.keys => {
                Ok(())
            }
            other => other.map(drop),
        }
    }

    /// Whatever happened, it happened once, and whole.
    async fn check(&self, what: &str) {
        let told =
            self.desk.told(&["broadcast_planned", "broadcast_launched", "promise_made"]).await;
        let [Event::BroadcastPlanned(plan), Event::BroadcastLaunched(_), Event::PromiseMade(_)] =
            &told[..]
        else {
            panic!("{what}: expected one plan, one launch, one promise, got {told:?}");
        };
        let frozen = self.desk.frozen(self.id, plan.plan).await;
        let recipients = frozen.iter().flat_map(|one| &one.recipients);
        assert_eq!(recipients.map(|one| one.contact_id).collect::<Vec<_>>(), self.people, "{what}");
        assert_eq!((plan.recipients, plan.chunks), (3, 1), "{what}");
        assert_eq!(plan.audience_hash, self.hash(plan).await, "{what}");
    }

    /// What anybody can compute from the log.
    async fn hash(&self, plan: &BroadcastPlanned) -> String {
        let mut hasher = Sha256::new();
        for chunk in 0..plan.chunks {
            let stream = StreamId::chunk(self.desk.incident_id, self.id, plan.plan, chunk);
            let stored = self.desk.stage.ports().log.read_stream(&stream, 0, 1).await.unwrap();
            hasher.update(&stored[0].payload);
        }
        format!("{:x}", hasher.finalize())
    }
}

/// Breaks the `call`-th call; `false` if the work is over before.
async fn breaks(call: u64, fault: Fault, keys: bool) -> bool {
    let what = format!("{fault:?} at call {call}, keys: {keys}");
    let story = Story::new(keys).await;
    let faults = Faults::at(call, fault);
    let engine = story.engine(&faults);

    // In memory, only a crash keeps a call waiting.
    let first = story.plan_and_launch(&engine).now_or_never();

    assert_eq!(first.is_none(), faults.has_crashed(), "{what}");
    if faults.calls() < call {
        assert!(matches!(first, Some(Ok(()))), "{what}: {first:?}");
        story.check(&what).await;
        return false;
    }
    // A crash before an answer that nobody waited for any more may still have left the work done.
    let second = story.plan_and_launch(&story.engine(&Faults::default())).await;
    assert!(second.is_ok(), "{what}: {second:?}");
    story.check(&what).await;
    true
}

#[tokio::test]
async fn whatever_breaks_a_second_try_plans_and_launches_once() {
    for keys in [true, false] {
        for fault in Fault::ALL {
            let mut call = 1;
            while breaks(call, fault, keys).await {
                call += 1;
            }
            assert!(call > 20, "{fault:?}: only {call} calls");
        }
    }
}
