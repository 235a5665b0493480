//! How many messages per second dispatch itself can handle, without a database and a network:
//! `cargo run --release -p fanal-engine --features testing --example dispatch_throughput`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use fanal_domain::sender::SenderId;
use fanal_engine::Engine;
use fanal_engine::dispatch::LaneStep;
use fanal_engine::ports::{Messenger, Outcome, Outgoing};
use fanal_engine::testing::{Running, RunningPlan, Stage};

const RECIPIENTS: u32 = 100_000;

/// Takes every message and counts it.
#[derive(Debug, Default)]
struct CountingMessenger(AtomicU64);

#[async_trait]
impl Messenger for CountingMessenger {
    async fn send(&self, _sender: &SenderId, _message: &Outgoing) -> Outcome {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        Outcome::Accepted { message_id: format!("wamid.{count:060}"), held: false }
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it is what the example is for")]
async fn main() {
    let stage = Stage::default();
    let messenger = Arc::new(CountingMessenger::default());
    let mut ports = stage.ports();
    ports.messenger = messenger.clone();
    let mut config = stage.config();
    config.dispatch.rate_per_s = 1_000_000;
    let lanes = config.dispatch.lanes;
    let engine = Engine::new(ports, config);
    let plan = RunningPlan { recipients: RECIPIENTS, chunk_size: 1_000, ..RunningPlan::default() };
    let made = Instant::now();
    Running::launch(&engine, &plan).await;
    while engine.follow().await.is_ok()
        && engine.live().applied() < engine.ports().log.head().await.expect("it is in memory")
    {}
    println!("{RECIPIENTS} people made, broadcast planned in {:.1?}", made.elapsed());

    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..lanes {
        tasks.push(tokio::spawn(work(engine.clone(), stage.clone(), messenger.clone())));
    }
    let follower = engine.clone();
    let follow = tokio::spawn(async move {
        loop {
            let seen = follower.live().applied();
            follower.ports().log.wait_past(seen).await.expect("it is in memory");
            follower.follow().await.expect("it can be read");
        }
    });
    for task in tasks {
        task.await.expect("it does not panic");
    }
    let took = began.elapsed();
    follow.abort();
    let sent = messenger.0.load(Ordering::Relaxed);
    println!(
        "{sent} sent by {lanes} lanes in {took:.2?}: {:.0}/s",
        f64::from(RECIPIENTS) / took.as_secs_f64()
    );
}

async fn work(engine: Engine, stage: Stage, messenger: Arc<CountingMessenger>) {
    let mut lane = engine.lane();
    while messenger.0.load(Ordering::Relaxed) < u64::from(RECIPIENTS) {
        match lane.step().await.expect("nothing fails here") {
            LaneStep::Worked | LaneStep::Fenced | LaneStep::Halted(..) => {}
            LaneStep::Idle(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            LaneStep::Paced(_) => stage.clock.advance(chrono::TimeDelta::milliseconds(50)),
        }
    }
    lane.close().await.expect("nothing fails here");
}
