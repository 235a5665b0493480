//! Appending: expectations, atomicity, order, bounds.

use futures::future::join_all;

use super::Subject;
use super::support::{
    append, append_to, assert_well_formed, event, everything, expecting, named, part,
};
use crate::envelope::{Append, Expected, Position, RecordedEvent};
use crate::ports::{AppendError, EventLog, bounds};

pub async fn appends_to_a_new_stream(subject: &dyn Subject) {
    let ports = subject.connect().await;

    let appended = ports.log.append(append(vec![part("a", Expected::NoStream, 3)])).await.unwrap();

    assert_eq!((appended.first, appended.last), (Position(1), Position(3)));
    assert_eq!(appended.replayed, None);
    assert_eq!(ports.log.head().await.unwrap(), Position(3));
    let events = ports.log.read_stream(&named("a"), 0, 10).await.unwrap();
    assert_eq!(places(&events), [(1, 1), (2, 2), (3, 3)]);
}

pub async fn appends_to_an_existing_stream(subject: &dyn Subject) {
    let ports = subject.connect().await;
    ports.log.append(append_to(&["a"])).await.unwrap();
    ports.log.append(append_to(&["b"])).await.unwrap();

    let appended = ports.log.append(expecting("a", Expected::Exact(1))).await.unwrap();

    assert_eq!((appended.first, appended.last), (Position(3), Position(3)));
    let events = ports.log.read_stream(&named("a"), 0, 10).await.unwrap();
    assert_eq!(places(&events), [(1, 1), (3, 2)]);
}

pub async fn checks_what_the_caller_expects(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let cases = [
        (Expected::Any, [true, true, true]),
        (Expected::NoStream, [true, false, false]),
        (Expected::Exists, [false, true, true]),
        (Expected::Exact(0), [true, false, false]),
        (Expected::Exact(1), [false, true, false]),
        (Expected::Exact(2), [false, false, true]),
        (Expected::Exact(u64::MAX), [false, false, false]),
    ];
    for (case, (expected, admitted)) in cases.into_iter().enumerate() {
        for (version, admitted) in (0_u64..).zip(admitted) {
            let name = format!("case-{case}/version-{version}");
            for _ in 0..version {
                ports.log.append(append_to(&[&name])).await.unwrap();
            }

            let result = ports.log.append(expecting(&name, expected)).await;

            let told = match result {
                Ok(_) => None,
                Err(AppendError::Conflict { stream, expected, actual }) => {
                    Some((stream, expected, actual))
                }
                Err(other) => panic!("{expected:?} at {version}: {other:?}"),
            };
            let conflict = (!admitted).then(|| (named(&name), expected, version));
            assert_eq!(told, conflict, "{expected:?} at {version}");
        }
    }
}

pub async fn a_conflict_appends_nothing(subject: &dyn Subject) {
    let ports = subject.connect().await;
    ports.log.append(append_to(&["a"])).await.unwrap();

    let result = ports.log.append(expecting("a", Expected::Exact(7))).await;

    assert!(matches!(result, Err(AppendError::Conflict { actual: 1, .. })), "{result:?}");
    assert_eq!(everything(&*ports.log).await.len(), 1);
}

pub async fn appends_to_several_streams_all_or_nothing(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let both = || append(vec![part("a", Expected::Any, 2), part("b", Expected::NoStream, 1)]);

    let appended = ports.log.append(both()).await.unwrap();
    let refused = ports.log.append(both()).await;

    assert_eq!((appended.first, appended.last), (Position(1), Position(3)));
    assert!(
        matches!(&refused, Err(AppendError::Conflict { stream, actual: 1, .. }) if *stream == named("b")),
        "{refused:?}"
    );
    let names: Vec<_> =
        everything(&*ports.log).await.iter().map(|event| event.stream.to_string()).collect();
    assert_eq!(names, ["a", "a", "b"]);
}

pub async fn each_append_sees_those_before_it(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let appends = (0..20).map(|version| expecting("a", Expected::Exact(version)));

    let results = join_all(appends.map(|append| ports.log.append(append))).await;

    for (position, result) in (1..).zip(results) {
        assert_eq!(result.unwrap().first, Position(position));
    }
}

pub async fn a_conflict_fails_only_its_own_append(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let expected = [Expected::NoStream, Expected::NoStream, Expected::Exact(1), Expected::Exact(1)];

    let appends = expected.map(|expected| ports.log.append(expecting("a", expected)));
    let results = join_all(appends).await;

    let outcomes: Vec<_> = results
        .into_iter()
        .map(|result| match result {
            Ok(appended) => Ok(appended.first.0),
            Err(AppendError::Conflict { actual, .. }) => Err(actual),
            Err(other) => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(outcomes, [Ok(1), Err(1), Ok(2), Err(2)]);
}

pub async fn one_of_many_racing_appends_wins(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await, subject.connect().await);
    for round in 0..5_u64 {
        let attempt = || expecting("a", Expected::Exact(round));
        let racers = (0..10).flat_map(|_| [one.log.append(attempt()), other.log.append(attempt())]);

        let results = join_all(racers).await;

        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        let actual = round + 1;
        for result in results.into_iter().filter_map(Result::err) {
            let told =
                matches!(&result, AppendError::Conflict { actual: told, .. } if *told == actual);
            assert!(told, "{result:?}");
        }
    }
}

pub async fn positions_are_dense_under_concurrency(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let names: Vec<_> = (0..100).map(|number| format!("stream-{}", number % 7)).collect();

    let appends = names.iter().map(|name| ports.log.append(append_to(&[name, "shared"])));
    let results = join_all(appends).await;

    let mut given: Vec<_> = results.into_iter().map(|result| result.unwrap().first.0).collect();
    given.sort_unstable();
    assert_eq!(given, (0..100).map(|append| append * 2 + 1).collect::<Vec<_>>());
    assert_well_formed(&everything(&*ports.log).await, 200);
}

pub async fn two_connections_share_one_order(subject: &dyn Subject) {
    let (one, other) = (subject.connect().await, subject.connect().await);
    let write = async |log: &dyn EventLog, own: &str| {
        for _ in 0..50 {
            log.append(append_to(&[own, "shared"])).await.unwrap();
        }
    };

    futures::join!(write(&*one.log, "one"), write(&*other.log, "other"));

    let events = everything(&*one.log).await;
    assert_well_formed(&events, 200);
    assert_eq!(events, everything(&*other.log).await);
}

pub async fn refuses_what_is_malformed(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let with = |change: fn(&mut Append)| {
        let mut append = append_to(&["a"]);
        change(&mut append);
        append
    };
    let cases = [
        (with(|append| append.streams.clear()), "it names at least one stream"),
        (with(|append| append.streams[0].events.clear()), "each stream gets at least one event"),
        (append_to(&["a", "b", "a"]), "each stream is named once"),
        (append_to(&[""]), "names have 1 to 512 bytes and no NUL"),
        (append_to(&["a\0b"]), "names have 1 to 512 bytes and no NUL"),
        (append_to(&[&"é".repeat(257)]), "names have 1 to 512 bytes and no NUL"),
        (
            with(|append| append.provenance.actor = "".into()),
            "names have 1 to 512 bytes and no NUL",
        ),
        (
            append(vec![part("a", Expected::Any, bounds::EVENTS_MAX), part("b", Expected::Any, 1)]),
            "it has at most 10,000 events",
        ),
        (
            with(|append| {
                append.streams[0].events[0].payload = vec![0; bounds::PAYLOAD_BYTES_MAX + 1].into();
            }),
            "each payload has at most 1 MiB",
        ),
        (
            with(|append| {
                let mut large = event("notice_kept", "");
                large.payload = vec![0; bounds::PAYLOAD_BYTES_MAX].into();
                append.streams[0].events = vec![large; 16];
                append.streams[0].events.push(event("notice_kept", "1"));
            }),
            "its payloads have at most 16 MiB together",
        ),
    ];
    for (malformed, broken) in cases {
        let result = ports.log.append(malformed).await;

        let told = matches!(&result, Err(AppendError::Malformed { rule }) if *rule == broken);
        assert!(told, "{broken}: {result:?}");
    }
    assert_eq!(ports.log.head().await.unwrap(), Position(0));
}

pub async fn accepts_what_is_just_within_bounds(subject: &dyn Subject) {
    let ports = subject.connect().await;
    let longest = "n".repeat(bounds::NAME_BYTES_MAX);

    let many = append(vec![part(&longest, Expected::NoStream, bounds::EVENTS_MAX)]);
    let appended = ports.log.append(many).await.unwrap();

    assert_eq!(appended.last.0, bounds::EVENTS_MAX as u64);
    assert_well_formed(&everything(&*ports.log).await, bounds::EVENTS_MAX);
}

fn places(events: &[RecordedEvent]) -> Vec<(u64, u64)> {
    events.iter().map(|event| (event.position.0, event.version)).collect()
}
