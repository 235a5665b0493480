//! What may leave in any window of time, and how the pace falls and recovers.

use proptest::prelude::*;

use super::*;

fn at(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_700_000_000_000 + ms).unwrap()
}

/// Takes whatever it can get, waking when told, and returns when each permit was given.
fn drain(bucket: &mut Bucket, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let (mut now, mut given) = (from, Vec::new());
    while now < until {
        match bucket.take(100, now) {
            Grant::Permits(permits) => given.extend((0..permits).map(|_| now)),
            Grant::Wait(until) => {
                assert!(until > now, "waiting must move time");
                now = until;
            }
        }
    }
    given
}

#[track_caller]
fn check_rate(limit_per_s: u32, seconds: i64) {
    let mut bucket = Bucket::new(limit_per_s, at(0));
    let given = drain(&mut bucket, at(0), at(seconds * 1_000)).len();

    let most = f64::from(limit_per_s) * (f64::from(i32::try_from(seconds).unwrap()) + 0.1) + 1.0;
    let given = f64::from(u32::try_from(given).unwrap());
    assert!(given <= most, "{given} left in {seconds} s at {limit_per_s}/s");
    assert!(given >= most * 0.97 - 2.0, "only {given} left in {seconds} s at {limit_per_s}/s");
}

#[test]
fn keeps_and_uses_the_rate() {
    for limit_per_s in [1, 5, 20, 80, 1_000, 20_000] {
        check_rate(limit_per_s, 30);
    }
}

#[test]
fn hands_out_batches_that_are_worth_an_append() {
    let mut bucket = Bucket::new(1_000, at(0));
    assert_eq!(bucket.take(100, at(0)), Grant::Permits(100));

    let Grant::Wait(until) = bucket.take(100, at(0)) else { panic!("the bucket is empty") };

    assert!((at(25)..=at(26)).contains(&until));
    assert_eq!(bucket.take(100, until), Grant::Permits(25));
}

#[test]
fn a_single_message_waits_for_one_permit_only() {
    let mut bucket = Bucket::new(1_000, at(0));
    bucket.take(100, at(0));

    assert_eq!(bucket.take(1, at(1)), Grant::Permits(1));
}

#[test]
fn what_came_in_leaves_less_to_go_out() {
    let mut bucket = Bucket::new(100, at(0));
    bucket.count(10, at(0));

    assert!(matches!(bucket.take(1, at(0)), Grant::Wait(_)));
    bucket.count(1_000_000, at(0));
    let Grant::Wait(until) = bucket.take(1, at(0)) else { panic!("the bucket is empty") };
    assert!(until <= at(1_020), "a flood of inbound must not stop us for more than a second");
}

#[test]
fn unused_permits_come_back_but_never_overflow() {
    let mut bucket = Bucket::new(1_000, at(0));
    let Grant::Permits(permits) = bucket.take(100, at(0)) else { panic!("the bucket is full") };
    bucket.give_back(permits);
    bucket.give_back(permits);

    assert_eq!(bucket.take(1_000, at(0)), Grant::Permits(100));
}

#[test]
fn halves_once_for_one_throttling_and_recovers() {
    let mut bucket = Bucket::new(1_000, at(0));
    bucket.throttle(None, at(0));
    bucket.throttle(None, at(100));
    assert!((500..=510).contains(&bucket.pace_per_s()), "{}", bucket.pace_per_s());

    bucket.throttle(None, at(1_000));
    assert!((250..=280).contains(&bucket.pace_per_s()), "{}", bucket.pace_per_s());

    bucket.take(1, at(30_000));
    assert_eq!(bucket.pace_per_s(), 1_000);
}

#[test]
fn never_falls_to_nothing() {
    let mut bucket = Bucket::new(80, at(0));
    for second in 0..1_000 {
        bucket.throttle(None, at(second * 501));
    }

    assert!(bucket.pace_per_s() >= 5);
}

#[test]
fn waits_as_long_as_the_provider_said() {
    let mut bucket = Bucket::new(80, at(0));
    bucket.throttle(Some(Duration::from_secs(4)), at(0));
    bucket.throttle(Some(Duration::from_secs(1)), at(10));

    assert_eq!(bucket.take(1, at(20)), Grant::Wait(at(4_000)));
    assert!(matches!(bucket.take(1, at(4_000)), Grant::Permits(_)));
}

proptest! {
    #[test]
    fn no_window_of_time_sees_more_than_the_rate_and_the_burst(
        limit_per_s in 1_u32..2_000,
        asks in prop::collection::vec((0_i64..400, 1_u32..150, any::<bool>()), 1..200),
    ) {
        let mut bucket = Bucket::new(limit_per_s, at(0));
        let (mut ms, mut given) = (0, Vec::new());
        for (pause_ms, wanted, back) in asks {
            ms += pause_ms;
            if let Grant::Permits(permits) = bucket.take(wanted, at(ms)) {
                prop_assert!((1..=wanted).contains(&permits));
                if back { bucket.give_back(permits) } else { given.push((ms, i64::from(permits))) }
            }
        }
        for (first, (from, _)) in given.iter().enumerate() {
            let mut sum = 0;
            for (to, permits) in &given[first..] {
                sum += permits;
                let most = i64::from(limit_per_s) * (to - from + BURST_MS) / 1_000 + 2;
                prop_assert!(sum <= most, "{sum} in {} ms at {limit_per_s}/s", to - from);
            }
        }
    }

    #[test]
    fn survives_any_clock(times in prop::collection::vec(any::<i32>(), 1..50), limit in any::<u32>()) {
        let mut bucket = Bucket::new(limit, at(0));
        for time in times {
            bucket.count(limit, at(i64::from(time)));
            bucket.take(limit, at(i64::from(time)));
            bucket.throttle(Some(Duration::MAX), at(i64::from(time)));
            bucket.set_limit(u32::MAX - limit, at(i64::from(time)));
            bucket.give_back(limit);
        }
    }
}
