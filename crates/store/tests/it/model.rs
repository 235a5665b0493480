//! Whatever is asked of it, in whatever order, a store answers as the reference model does.

use std::sync::Arc;

use fanal_engine::contract::{Subject, TestClock, event, named};
use fanal_engine::envelope::{Append, Expected, Once, Position, Provenance, StreamAppend};
use fanal_engine::memory::MemoryLog;
use fanal_engine::ports::{Clock as _, EventLog, Filter};
use futures::future::join_all;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const STREAMS: [&str; 5] =
    ["incident/1", "incident/12", "incident/1/broadcast/1", "incident/1-", "contact/é"];
const KINDS: [&str; 3] = ["incident_opened", "incident_closed", "notice_kept"];

/// Something to ask of a log.
#[derive(Debug, Clone)]
enum Action {
    /// All at once, handed in in this order.
    Append(Vec<Append>),
    ReadStream(&'static str, u64, usize),
    ReadAll(u64, usize, Filter),
    Answered(u8),
    PositionAt(i64),
    AdvanceClock(i64),
    Restart,
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let action = prop_oneof![
        8 => vec(append(), 1..6).prop_map(Action::Append),
        2 => (select(&STREAMS), 0..6_u64, 0..5_usize)
            .prop_map(|(stream, after, limit)| Action::ReadStream(stream, after, limit)),
        4 => (0..30_u64, 0..9_usize, filter())
            .prop_map(|(after, limit, filter)| Action::ReadAll(after, limit, filter)),
        1 => (0..4_u8).prop_map(Action::Answered),
        1 => (-5_i64..20).prop_map(Action::PositionAt),
        2 => (-3_i64..6).prop_map(Action::AdvanceClock),
        1 => Just(Action::Restart),
    ];
    vec(action, 1..25)
}

fn append() -> impl Strategy<Value = Append> {
    let once = (0..4_u8, 0..2_u8).prop_map(|(key, fingerprint)| Once {
        key: [key; 32],
        fingerprint: [fingerprint; 32],
        answer: vec![key, fingerprint].into(),
    });
    let parts = subsequence(&STREAMS, 0..3)
        .prop_shuffle()
        .prop_flat_map(|streams| streams.into_iter().map(part).collect::<Vec<_>>());
    (parts, option::weighted(0.3, once)).prop_map(|(streams, once)| {
        let provenance =
            Provenance { actor: Arc::from("token:duty"), causation: None, correlation: None };
        Append { provenance, streams, once }
    })
}

fn part(stream: &'static str) -> impl Strategy<Value = StreamAppend> {
    let expected = prop_oneof![
        4 => Just(Expected::Any),
        1 => Just(Expected::NoStream),
        1 => Just(Expected::Exists),
        2 => (0..5_u64).prop_map(Expected::Exact),
    ];
    let events =
        vec((select(&KINDS), "[a-z]{0,4}").prop_map(|(kind, text)| event(kind, &text)), 0..4);
    (expected, events).prop_map(move |(expected, events)| StreamAppend {
        stream: named(stream),
        expected,
        events,
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let kinds = subsequence(&KINDS, 0..3);
    let under = option::of(select(&["incident/1", "incident", "contact/é"][..]));
    (kinds, under, option::of(0..30_u64)).prop_map(|(kinds, under, until)| Filter {
        kinds: kinds.into_iter().map(str::to_owned).collect(),
        under: under.map(named),
        until: until.map(Position),
    })
}

/// Runs the actions on both, and compares every answer.
async fn check(actions: &[Action], subject: &dyn Subject) {
    let model = MemoryLog::new(Arc::new(subject.clock().clone()));
    let mut log = subject.connect().await.log;
    for action in actions {
        if matches!(action, Action::Restart) {
            drop(log);
            subject.shut_down().await;
            log = subject.connect().await.log;
        }
        let expected = answer(action, &model, &TestClock::default()).await;
        let actual = answer(action, &*log, subject.clock()).await;
        assert_eq!(actual, expected, "{action:?}");
    }
    let everything = Action::ReadAll(0, 10_000, Filter::default());
    let expected = answer(&everything, &model, subject.clock()).await;
    assert_eq!(answer(&everything, &*log, subject.clock()).await, expected);
    subject.shut_down().await;
}

/// What a log says to it, in full. The clock moves with the last of the two logs that is asked.
async fn answer(action: &Action, log: &dyn EventLog, clock: &TestClock) -> String {
    match action {
        Action::Append(appends) => {
            let appends = appends.iter().map(|append| log.append(append.clone()));
            format!("{:?}", join_all(appends).await)
        }
        Action::ReadStream(stream, after, limit) => {
            format!("{:?}", log.read_stream(&named(stream), *after, *limit).await)
        }
        Action::ReadAll(after, limit, filter) => {
            format!("{:?}", log.read_all(Position(*after), *limit, filter).await)
        }
        Action::Answered(key) => format!("{:?}", log.answered(&[*key; 32]).await),
        Action::PositionAt(seconds) => {
            let time = TestClock::default().now() + chrono::TimeDelta::seconds(*seconds);
            format!("{:?}", log.position_at(time).await)
        }
        Action::AdvanceClock(seconds) => {
            clock.advance(chrono::TimeDelta::seconds(*seconds));
            String::new()
        }
        Action::Restart => format!("{:?}", log.head().await),
    }
}

fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future);
}

mod sqlite {
    use super::*;
    use crate::sqlite::Sqlite;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

        #[test]
        fn answers_as_the_model_does(actions in actions()) {
            block_on(async { check(&actions, &Sqlite::new()).await });
        }
    }
}

mod postgres {
    use super::*;
    use crate::postgres::Postgres;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(30) })]

        #[test]
        fn answers_as_the_model_does(actions in actions()) {
            block_on(async { check(&actions, &Postgres::new()).await });
        }
    }
}
