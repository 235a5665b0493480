//! The reader: follows the log as it grows, starting anew from its checkpoint again and again.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use fanal_engine::envelope::Position;
use fanal_engine::ports::{EventLog, Filter, Page};
use fanal_store::{Access, Scratch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::ledger::Ledger;
use crate::system::SystemClock;

/// Events read at once: few, so that many reads fall between two commits.
const PAGE: usize = 500;
/// How long the reader keeps its connections before it starts anew.
const LIFE: Duration = Duration::from_millis(1_500);
/// How long it waits for an event before it looks whether it is to end.
const PATIENCE: Duration = Duration::from_millis(100);

/// Follows the log until it is told to finish.
#[derive(Debug)]
pub(super) struct Watcher {
    scratch: Scratch,
    stop: CancellationToken,
    watching: JoinHandle<anyhow::Result<(Ledger, Position)>>,
}

impl Watcher {
    pub(super) fn start(scratch: Scratch) -> Self {
        let stop = CancellationToken::new();
        let watching = tokio::spawn(watch(scratch.clone(), stop.clone()));
        Self { scratch, stop, watching }
    }

    /// Reads to the end, and then everything once more from the beginning.
    pub(super) async fn finish(self) -> anyhow::Result<Ledger> {
        self.stop.cancel();
        let (mut ledger, after) = self.watching.await.context("the reader panicked")??;
        let store = self.scratch.connect(Arc::new(SystemClock), Access::Read).await?;
        read_to_end(&*store.log, after, &mut ledger).await?;
        let mut second = Ledger::default();
        read_to_end(&*store.log, Position(0), &mut second).await?;
        store.close().await;
        ledger.compare(&second);
        Ok(ledger)
    }
}

async fn watch(scratch: Scratch, stop: CancellationToken) -> anyhow::Result<(Ledger, Position)> {
    let (mut ledger, mut after) = (Ledger::default(), Position(0));
    while !stop.is_cancelled() {
        let store = scratch.connect(Arc::new(SystemClock), Access::Read).await?;
        let end = Instant::now() + LIFE;
        while Instant::now() < end && !stop.is_cancelled() {
            if let Ok(waited) = timeout(PATIENCE, store.log.wait_past(after)).await {
                waited?;
                after = read(&*store.log, after, &mut ledger).await?.read_to;
            }
        }
        store.close().await;
    }
    Ok((ledger, after))
}

async fn read_to_end(
    log: &dyn EventLog,
    mut after: Position,
    ledger: &mut Ledger,
) -> anyhow::Result<()> {
    loop {
        let page = read(log, after, ledger).await?;
        after = page.read_to;
        if page.at_end {
            return Ok(());
        }
    }
}

async fn read(log: &dyn EventLog, after: Position, ledger: &mut Ledger) -> anyhow::Result<Page> {
    let page = log.read_all(after, PAGE, &Filter::default()).await?;
    for event in &page.events {
        ledger.see(event);
    }
    Ok(page)
}
