//! Any value of the vocabulary, for property tests; each area adds its own next to its types.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::language::Language;
use crate::sealed::Sealed;

/// One of a few ids, so that two often are the same.
pub(crate) fn ids<T: Debug>(wrap: fn(Uuid) -> T) -> impl Strategy<Value = T> {
    (0_u128..4).prop_map(move |number| wrap(Uuid::from_u128(number)))
}

/// Words as people write them, and as attackers do.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Zéß ]{1,20}",
        1 => any::<String>(),
        1 => Just(String::new()),
    ]
}

/// Words that most rules accept.
pub(crate) fn good_texts() -> impl Strategy<Value = String> {
    "[a-zé]{1,12}"
}

/// An instant of some years around now, to the microsecond.
pub(crate) fn times() -> impl Strategy<Value = DateTime<Utc>> {
    let micros = 1_700_000_000_000_000_i64..2_100_000_000_000_000;
    micros.prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
}

/// Sealed bytes.
pub(crate) fn sealed() -> impl Strategy<Value = Sealed> {
    vec(any::<u8>(), 0..24).prop_map(Sealed::from_bytes)
}

/// A language.
pub(crate) fn languages() -> impl Strategy<Value = Language> {
    select(vec!["en", "fr", "pt_BR"]).prop_map(|code| code.parse().unwrap())
}

/// One of these.
pub(crate) fn one_of<T: Clone + Debug + 'static>(
    all: impl Into<Vec<T>>,
) -> impl Strategy<Value = T> {
    select(all.into())
}

/// One of any of these, boxed since each has its own type.
pub(crate) fn either<T: Debug + 'static>(
    strategies: Vec<BoxedStrategy<T>>,
) -> impl Strategy<Value = T> {
    proptest::strategy::Union::new(strategies)
}
