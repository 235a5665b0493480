//! The measurements: closed loops, in which each caller waits for its answer before it goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use chrono::DateTime;
use fanal_engine::envelope::{
    Append, Expected, NewEvent, Position, Provenance, StreamAppend, StreamId,
};
use fanal_engine::ports::{EventLog, Filter};
use hdrhistogram::Histogram;
use serde::Serialize;
use uuid::Uuid;

/// As large as a usual event.
const PAYLOAD: &str = r#"{"recipients":[0,1,2,3,4,5,6,7],"sender":"demo-1","claim":1,"slice":12,"at":"2026-11-22T13:00:00.000000Z","consents":[1001,1002,1003,1004,1005,1006,1007,1008],"note":"as large as a usual event"}"#;
/// Events read at once in a replay.
const PAGE: usize = 5_000;

/// What one measurement found.
#[derive(Debug, Serialize)]
pub(super) struct Rate {
    pub(super) callers: usize,
    pub(super) batch: usize,
    pub(super) events_per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

/// Lets so many callers append so many events at a time, each to a stream of its own.
pub(super) async fn appends(
    log: &Arc<dyn EventLog>,
    callers: usize,
    batch: usize,
    time: Duration,
) -> anyhow::Result<Rate> {
    let started = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let stream = StreamId::named(&format!("bench/{callers}x{batch}/{caller}"));
            tokio::spawn(call(Arc::clone(log), stream, batch, started + time))
        })
        .collect();
    let mut times = Histogram::<u64>::new(3)?;
    for task in tasks {
        times.add(task.await.context("a caller panicked")??)?;
    }
    let milliseconds = |quantile| Duration::from_nanos(times.value_at_quantile(quantile));
    Ok(Rate {
        callers,
        batch,
        events_per_second: per_second(times.len() * batch as u64, started.elapsed()),
        p50_ms: milliseconds(0.5).as_secs_f64() * 1e3,
        p99_ms: milliseconds(0.99).as_secs_f64() * 1e3,
    })
}

/// Appends until the time is over; how long each append took, in nanoseconds.
async fn call(
    log: Arc<dyn EventLog>,
    stream: StreamId,
    batch: usize,
    end: Instant,
) -> anyhow::Result<Histogram<u64>> {
    let mut times = Histogram::new(3)?;
    let mut version = 0;
    while Instant::now() < end {
        let append = append(&stream, version, batch);
        let started = Instant::now();
        log.append(append).await?;
        times.record(u64::try_from(started.elapsed().as_nanos())?)?;
        version += batch as u64;
    }
    Ok(times)
}

fn append(stream: &StreamId, version: u64, batch: usize) -> Append {
    let event = |number: u64| NewEvent {
        event_id: Uuid::from_u64_pair(version, number),
        kind: "sends_started",
        schema_version: 1,
        occurred_at: DateTime::UNIX_EPOCH,
        payload: Bytes::from_static(PAYLOAD.as_bytes()),
    };
    let part = StreamAppend {
        stream: stream.clone(),
        expected: Expected::Exact(version),
        events: (0..batch as u64).map(event).collect(),
    };
    let provenance =
        Provenance { actor: Arc::from("system:bench"), causation: None, correlation: None };
    Append { provenance, streams: vec![part], once: None }
}

/// What a replay found.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) events: u64,
    pub(super) events_per_second: f64,
}

/// Reads the whole log, page by page.
pub(super) async fn replay(log: &dyn EventLog) -> anyhow::Result<Replay> {
    let started = Instant::now();
    let (mut after, mut events) = (Position(0), 0);
    loop {
        let page = log.read_all(after, PAGE, &Filter::default()).await?;
        events += page.events.len() as u64;
        after = page.read_to;
        if page.at_end {
            break;
        }
    }
    Ok(Replay { events, events_per_second: per_second(events, started.elapsed()) })
}

#[expect(clippy::cast_precision_loss, reason = "a count of events is far below 2^52")]
fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
