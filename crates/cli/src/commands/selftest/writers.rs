//! The writers: processes of this program that append as fast as they may until they are killed,
//! and say what was acknowledged.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use chrono::DateTime;
use fanal_engine::envelope::{
    Append, Expected, NewEvent, Once, Provenance, StreamAppend, StreamId,
};
use fanal_engine::ports::{AppendError, EventLog};
use fanal_store::{Access, Scratch};
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::ledger::{Acknowledgement, event_id};
use crate::system::SystemClock;
use crate::terminal::print_line;

/// Processes that write at the same time, where the database allows several.
const PROCESSES: u32 = 3;
/// Streams that all writers share.
const SHARED_STREAMS: u64 = 8;
/// The longest pause of a writer between two appends, in microseconds.
const PAUSE_US_MAX: u64 = 3_000;

/// What a process is told on its standard input: the database's password is no argument.
#[derive(Serialize, Deserialize)]
struct Orders {
    scratch: Scratch,
    process: u32,
    writers: u32,
}

/// The processes, and what they have said.
pub(super) struct Writers {
    scratch: Scratch,
    each: u32,
    started: u32,
    killed: u32,
    running: Vec<Process>,
    acknowledged: Vec<Acknowledgement>,
}

struct Process {
    child: Child,
    listening: JoinHandle<Vec<Acknowledgement>>,
}

impl Writers {
    pub(super) async fn start(scratch: &Scratch, writers: u32) -> anyhow::Result<Self> {
        let processes = if scratch.takes_several_writers() { PROCESSES.min(writers) } else { 1 };
        let mut all = Self {
            scratch: scratch.clone(),
            each: writers.div_ceil(processes),
            started: 0,
            killed: 0,
            running: Vec::new(),
            acknowledged: Vec::new(),
        };
        for _ in 0..processes {
            all.start_one().await?;
        }
        Ok(all)
    }

    /// Kills the one that has run longest, as a power cut would, and starts another.
    pub(super) async fn kill_one(&mut self) -> anyhow::Result<()> {
        let oldest = self.running.remove(0);
        self.bury(oldest).await?;
        self.start_one().await
    }

    /// Kills them all. What was acknowledged, and how many were killed.
    pub(super) async fn stop(mut self) -> anyhow::Result<(Vec<Acknowledgement>, u32)> {
        for process in std::mem::take(&mut self.running) {
            self.bury(process).await?;
        }
        Ok((self.acknowledged, self.killed))
    }

    async fn start_one(&mut self) -> anyhow::Result<()> {
        self.started += 1;
        let program = std::env::current_exe().context("cannot find this program")?;
        let mut child = Command::new(program)
            .args(["selftest", "log-writer"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start a writer")?;
        let orders =
            Orders { scratch: self.scratch.clone(), process: self.started, writers: self.each };
        let mut input = child.stdin.take().context("the writer has no input")?;
        input.write_all(&serde_json::to_vec(&orders)?).await?;
        drop(input);
        let output = child.stdout.take().context("the writer has no output")?;
        let listening = tokio::spawn(listen(output));
        self.running.push(Process { child, listening });
        Ok(())
    }

    async fn bury(&mut self, mut process: Process) -> anyhow::Result<()> {
        if let Some(status) = process.child.try_wait()? {
            anyhow::bail!("a writer ended by itself: {status}");
        }
        process.child.kill().await.context("cannot kill a writer")?;
        self.killed += 1;
        self.acknowledged.extend(process.listening.await.context("a listener panicked")?);
        Ok(())
    }
}

/// Everything a process has said until it was killed.
async fn listen(output: ChildStdout) -> Vec<Acknowledgement> {
    let mut lines = BufReader::new(output).lines();
    let mut acknowledged = Vec::new();
    while let Ok(Some(line)) = lines.next_line().await {
        acknowledged.extend(line.parse::<Acknowledgement>());
    }
    acknowledged
}

/// The other side: a process that writes until it is killed.
///
/// # Errors
/// If the database cannot be used.
pub(super) async fn write_until_killed() -> anyhow::Result<()> {
    // Nothing else runs yet that this could block.
    let orders: Orders =
        serde_json::from_reader(std::io::stdin()).context("cannot read the orders")?;
    let store = orders.scratch.connect(Arc::new(SystemClock), Access::Write).await?;
    let writers: Vec<_> = (0..orders.writers)
        .map(|writer| {
            let writer = (u64::from(orders.process) << 32) | u64::from(writer);
            tokio::spawn(write(Arc::clone(&store.log), writer))
        })
        .collect();
    for writer in writers {
        writer.await.context("a writer panicked")??;
    }
    Ok(())
}

async fn write(log: Arc<dyn EventLog>, writer: u64) -> anyhow::Result<()> {
    let mut own_version = 0;
    for sequence in 0.. {
        let (own, shared) = {
            let mut random = rand::rng();
            (random.random_range(1..=4), random.random_range(0..=2))
        };
        let append = append(writer, sequence, own_version, own, shared);
        let first = append_for_sure(&*log, append).await?;
        print_line(&Acknowledgement { first, count: own + shared, writer, sequence }.to_string());
        own_version += own;
        let pause = rand::rng().random_range(0..PAUSE_US_MAX);
        sleep(Duration::from_micros(pause)).await;
    }
    Ok(())
}

/// Tries again with the same key until the log has answered; the position of the first event.
async fn append_for_sure(log: &dyn EventLog, append: Append) -> anyhow::Result<u64> {
    loop {
        match log.append(append.clone()).await {
            Ok(appended) => return Ok(appended.first.0),
            Err(AppendError::Unavailable(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Events for a stream of the writer's own, and maybe for one that all share.
fn append(writer: u64, sequence: u64, own_version: u64, own: u64, shared: u64) -> Append {
    let event = |number| NewEvent {
        event_id: event_id(writer, sequence, number),
        kind: "notice_kept",
        schema_version: 1,
        occurred_at: DateTime::UNIX_EPOCH,
        payload: Bytes::from(format!("{{\"writer\":{writer},\"sequence\":{sequence}}}")),
    };
    let part = |name: String, expected, numbers: std::ops::Range<u64>| StreamAppend {
        stream: StreamId::named(&name),
        expected,
        events: numbers.map(event).collect(),
    };
    let mut streams =
        vec![part(format!("selftest/own/{writer}"), Expected::Exact(own_version), 0..own)];
    if shared > 0 {
        let name = format!("selftest/shared/{}", sequence % SHARED_STREAMS);
        streams.push(part(name, Expected::Any, own..own + shared));
    }
    let mut key = [0; 32];
    key[..16].copy_from_slice(event_id(writer, sequence, 0).as_bytes());
    let once = Some(Once { key, fingerprint: key, answer: Bytes::new() });
    let provenance =
        Provenance { actor: Arc::from("system:selftest"), causation: None, correlation: None };
    Append { provenance, streams, once }
}
