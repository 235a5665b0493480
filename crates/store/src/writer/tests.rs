//! The writer over a journal that can be told to fail, and to let another process be first.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use fanal_engine::contract::{TestClock, append_to, named};
use fanal_engine::envelope::{Expected, Hash, Position, RecordedEvent, StreamId};
use fanal_engine::ports::Clock as _;
use futures::future::join_all;

use super::journal::{Batch, Reply, Tip};
use super::*;

/// What happens next when a batch is to be committed.
#[derive(Debug)]
enum Fate {
    /// The database fails, having written nothing.
    Fail,
    /// The database fails after it has written.
    FailAfter,
    /// Another process appends to these streams first.
    AnotherIsFirst(Vec<&'static str>),
}

/// A database in memory. Clones are the same database.
#[derive(Debug, Clone, Default)]
struct Fake(Arc<Mutex<Disk>>);

#[derive(Debug, Default)]
struct Disk {
    events: Vec<RecordedEvent>,
    fates: Vec<Fate>,
    commits: usize,
}

impl Fake {
    fn disk(&self) -> std::sync::MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> Writer {
        let clock = Arc::new(TestClock::default());
        Writer::spawn(self.clone(), clock, Tail::new(Position(0)))
    }

    /// Fates in the order they strike.
    fn suffers(&self, fates: impl IntoIterator<Item = Fate>) {
        self.disk().fates = fates.into_iter().collect();
        self.disk().fates.reverse();
    }

    fn streams(&self) -> Vec<String> {
        self.disk().events.iter().map(|event| event.stream.to_string()).collect()
    }
}

impl Disk {
    fn head(&self) -> Head {
        let recorded_at = TestClock::default().now();
        Head { position: Position(self.events.len() as u64), recorded_at }
    }

    fn tip(&self, stream: &StreamId) -> Option<Tip> {
        let last = self.events.iter().rfind(|event| event.stream == *stream)?;
        Some(Tip { version: last.version, hash: last.hash })
    }

    fn append_as_another(&mut self, stream: &str) {
        let mut kinds = Kinds::default();
        let tips = self.tip(&named(stream)).map(|tip| (named(stream), tip));
        let known = Known { tips: tips.into_iter().collect(), ..Known::default() };
        let head = self.head();
        let mut plan = Plan::new(head, head.recorded_at, known, &mut kinds);
        plan.add(&append_to(&[stream])).unwrap();
        self.events.extend(plan.finish().0.events);
    }
}

fn failure() -> StoreError {
    StoreError::corrupt("event", "payload", "a test")
}

#[async_trait]
impl Journal for Fake {
    async fn head(&mut self) -> Result<Head, StoreError> {
        Ok(self.disk().head())
    }

    async fn ask(&mut self, question: Question) -> Result<Reply, StoreError> {
        let disk = self.disk();
        let tip = |stream: StreamId| Some((stream.clone(), disk.tip(&stream)?));
        let tips = question.streams.into_iter().filter_map(tip).collect();
        Ok(Reply { tips, answered: Vec::new() })
    }

    async fn commit(&mut self, batch: Batch) -> Result<(Batch, bool), StoreError> {
        // Lets the callers hand in what comes next, as a real commit does.
        tokio::task::yield_now().await;
        let mut disk = self.disk();
        disk.commits += 1;
        let fate = disk.fates.pop();
        match &fate {
            Some(Fate::Fail) => return Err(failure()),
            Some(Fate::AnotherIsFirst(streams)) => {
                for stream in streams {
                    disk.append_as_another(stream);
                }
            }
            Some(Fate::FailAfter) | None => {}
        }
        if batch.from.position != disk.head().position {
            return Ok((batch, false));
        }
        disk.events.extend(batch.events.iter().cloned());
        match fate {
            Some(Fate::FailAfter) => Err(failure()),
            _ => Ok((batch, true)),
        }
    }
}

fn expecting(stream: &str, expected: Expected) -> Append {
    let mut append = append_to(&[stream]);
    append.streams[0].expected = expected;
    append
}

fn is_unavailable<T>(result: &Result<T, AppendError>) -> bool {
    matches!(result, Err(AppendError::Unavailable(_)))
}

#[tokio::test]
async fn what_arrives_during_a_commit_is_one_batch() {
    let fake = Fake::default();
    let writer = fake.writer();

    let appends = (0..100).map(|_| writer.append(append_to(&["a"])));
    for result in join_all(appends).await {
        result.unwrap();
    }

    assert_eq!(fake.disk().events.len(), 100);
    assert!(fake.disk().commits <= 2, "{} commits", fake.disk().commits);
}

#[tokio::test]
async fn a_batch_has_an_end() {
    let fake = Fake::default();
    let writer = fake.writer();
    let mut large = append_to(&["a"]);
    large.streams[0].events = vec![large.streams[0].events[0].clone(); BATCH_EVENTS_ENOUGH];

    let appends = (0..3).map(|_| writer.append(large.clone()));
    for result in join_all(appends).await {
        result.unwrap();
    }

    assert_eq!(fake.disk().commits, 3);
}

#[tokio::test]
async fn appends_after_another_process() {
    let fake = Fake::default();
    let writer = fake.writer();
    writer.append(append_to(&["a"])).await.unwrap();
    fake.suffers([Fate::AnotherIsFirst(vec!["b", "a"]), Fate::AnotherIsFirst(vec!["c"])]);

    let appended = writer.append(append_to(&["a"])).await.unwrap();

    assert_eq!(appended.first, Position(5));
    assert_eq!(fake.streams(), ["a", "b", "a", "c", "a"]);
    let disk = fake.disk();
    assert_eq!(disk.events[4].version, 3);
    assert_eq!(disk.events[4].predecessor, disk.events[2].hash);
}

#[tokio::test]
async fn judges_again_what_another_process_has_changed() {
    let fake = Fake::default();
    let writer = fake.writer();
    writer.append(append_to(&["a"])).await.unwrap();
    fake.suffers([Fate::AnotherIsFirst(vec!["a"])]);

    let appends =
        [expecting("a", Expected::Exact(1)), expecting("a", Expected::Exact(2)), append_to(&["b"])];
    let results = join_all(appends.map(|append| writer.append(append))).await;

    let conflict = matches!(results[0], Err(AppendError::Conflict { actual: 2, .. }));
    assert!(conflict, "{results:?}");
    assert_eq!(results[1].as_ref().unwrap().first, Position(3));
    assert_eq!(results[2].as_ref().unwrap().first, Position(4));
}

#[tokio::test]
async fn refuses_only_by_what_is_in_the_log_now() {
    let fake = Fake::default();
    let writer = fake.writer();
    writer.append(append_to(&["a"])).await.unwrap();
    fake.disk().append_as_another("a");

    let refused = writer.append(expecting("a", Expected::Exact(1))).await;
    fake.disk().append_as_another("a");
    let appended = writer.append(expecting("a", Expected::Exact(3))).await;

    assert!(matches!(refused, Err(AppendError::Conflict { actual: 2, .. })), "{refused:?}");
    assert_eq!(appended.unwrap().first, Position(4));
}

#[tokio::test]
async fn a_failure_is_told_to_its_whole_batch_and_to_no_other() {
    for fate in [Fate::Fail, Fate::FailAfter] {
        let fake = Fake::default();
        let writer = fake.writer();
        writer.append(append_to(&["a"])).await.unwrap();
        let has_written = matches!(fate, Fate::FailAfter);
        fake.suffers([fate]);

        let both = [writer.append(append_to(&["a"])), writer.append(append_to(&["b"]))];
        let failed = join_all(both).await;
        let appended = writer.append(append_to(&["a"])).await.unwrap();

        assert!(failed.iter().all(is_unavailable), "{failed:?}");
        assert_eq!(appended.first, Position(if has_written { 4 } else { 2 }));
        assert_chained(&fake.disk().events, "a");
    }
}

#[tokio::test]
async fn gives_up_when_others_are_always_first() {
    let fake = Fake::default();
    let writer = fake.writer();
    fake.suffers((0..TRIES_MAX).map(|_| Fate::AnotherIsFirst(vec!["b"])));

    let crowded = writer.append(append_to(&["a"])).await;

    assert!(is_unavailable(&crowded), "{crowded:?}");
    writer.append(append_to(&["a"])).await.unwrap();
}

#[tokio::test]
async fn closing_writes_what_was_handed_in_before_and_nothing_after() {
    let fake = Fake::default();
    let writer = fake.writer();

    let (before, ()) = futures::join!(writer.append(append_to(&["a"])), writer.close());
    let after = writer.append(append_to(&["a"])).await;
    writer.close().await;

    before.unwrap();
    assert!(is_unavailable(&after), "{after:?}");
    assert_eq!(fake.disk().events.len(), 1);
}

#[track_caller]
fn assert_chained(events: &[RecordedEvent], stream: &str) {
    let of_stream: Vec<_> = events.iter().filter(|event| event.stream == named(stream)).collect();
    let hashes: Vec<Hash> = of_stream.iter().map(|event| event.hash).collect();
    let predecessors: Vec<Hash> = of_stream.iter().map(|event| event.predecessor).collect();
    assert_eq!(predecessors[1..], hashes[..hashes.len() - 1]);
}
