//! How the parts of this process are, as `/health/ready` tells.

use std::time::Duration;

use async_trait::async_trait;
use fanal_api::{Health, PartHealth};
use fanal_engine::Engine;
use fanal_engine::envelope::Position;
use fanal_store::Store;
use tokio::time::timeout;

/// A part that takes longer to answer is not well.
const ANSWER_MAX: Duration = Duration::from_secs(1);

/// A part that is further behind the log is not well.
const EVENTS_BEHIND_MAX: u64 = 10_000;

/// The parts of this process.
#[derive(Debug)]
pub(crate) struct Parts {
    engine: Engine,
    store: Store,
}

impl Parts {
    /// The parts an engine stands on.
    pub(crate) fn new(engine: Engine, store: Store) -> Self {
        Self { engine, store }
    }

    async fn log(&self) -> PartHealth {
        let durability = self.store.durability();
        let settings: Vec<String> =
            durability.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answers = matches!(timeout(ANSWER_MAX, self.store.ping()).await, Ok(Ok(())));
        let words = if answers { "answers" } else { "does not answer in time" };
        PartHealth {
            part: "log".to_owned(),
            well: answers && durability.is_durable(),
            detail: format!("{} {words}; {}", durability.engine, settings.join(", ")),
            events_behind: None,
        }
    }

    async fn follower(&self, part: &str, at: Option<Position>) -> PartHealth {
        let head = match timeout(ANSWER_MAX, self.engine.ports().log.head()).await {
            Ok(Ok(head)) => Some(head),
            _ => None,
        };
        let behind = head.zip(at).map(|(head, at)| head.0.saturating_sub(at.0));
        PartHealth {
            part: part.to_owned(),
            well: behind.is_some_and(|behind| behind <= EVENTS_BEHIND_MAX),
            detail: match behind {
                Some(_) => "follows the log".to_owned(),
                None => "does not answer in time".to_owned(),
            },
            events_behind: behind,
        }
    }

    fn dispatch(&self) -> PartHealth {
        let halts = self.engine.halts();
        let halted = halts.iter().map(|(broadcast, halt)| {
            format!("broadcast {broadcast} is halted: everything fails with {}", halt.failure.code)
        });
        PartHealth {
            part: "dispatch".to_owned(),
            well: halts.is_empty(),
            detail: if halts.is_empty() {
                "nothing is halted".to_owned()
            } else {
                halted.collect::<Vec<_>>().join("; ")
            },
            events_behind: None,
        }
    }
}

#[async_trait]
impl Health for Parts {
    async fn look(&self) -> Vec<PartHealth> {
        let directory = timeout(ANSWER_MAX, self.engine.ports().directory.checkpoint()).await;
        let directory = directory.ok().and_then(Result::ok);
        vec![
            self.log().await,
            self.follower("live_view", Some(self.engine.live().applied())).await,
            self.follower("directory", directory).await,
            self.dispatch(),
        ]
    }
}
