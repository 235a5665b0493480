//! What a figure is made of: its definition, where the log stood, a value, perhaps a target.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// How far the log had been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct AsOf {
    /// The position of the last event counted; 0 before everything.
    pub position: u64,
    /// When that event was recorded.
    pub at: Option<DateTime<Utc>>,
}

/// What a figure means. A changed meaning gets the next version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The stable name.
    pub name: &'static str,
    /// From 1.
    pub version: u16,
    /// The meaning in one sentence.
    pub text: &'static str,
}

/// A value that says what it is and when it was true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure<T> {
    /// What it means.
    pub definition: Definition,
    /// How far the log had been read.
    pub as_of: AsOf,
    /// The value.
    pub value: T,
    /// What it should be, and whether it is, if there is a target.
    pub goal: Option<Goal>,
}

/// A part of a whole, kept as two counts so that rates can be added up exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Rate {
    /// How many of them.
    pub part: u64,
    /// Out of how many.
    pub whole: u64,
}

impl Rate {
    /// Between 0 and 1; `None` if there is nothing to compare with.
    #[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
    pub fn value(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }
}

/// The middle and the tail of many durations, in milliseconds.
///
/// Exact, by nearest rank: the smallest duration that at least that share does not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    /// How many durations.
    pub count: u64,
    /// Half take no longer.
    pub p50_ms: u32,
    /// Nine in ten take no longer.
    pub p90_ms: u32,
    /// Ninety-nine in a hundred take no longer.
    pub p99_ms: u32,
}

impl Percentiles {
    /// Picks the ranks out of the durations, which it puts in another order; `None` of none.
    pub fn of(durations_ms: &mut [u32]) -> Option<Self> {
        let count = durations_ms.len();
        let mut rank = |percent: usize| {
            let index = (count * percent).div_ceil(100).checked_sub(1)?;
            Some(*durations_ms.select_nth_unstable(index).1)
        };
        Some(Self { count: count as u64, p50_ms: rank(50)?, p90_ms: rank(90)?, p99_ms: rank(99)? })
    }
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// At least this many percent.
    AtLeastPercent(u8),
    /// A median below this many milliseconds.
    MedianBelowMs(u32),
}

/// Whether a figure is what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// There is nothing to judge yet.
    NotApplicable,
}

/// A target, and whether it is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Goal {
    /// What the figure should be.
    pub target: Target,
    /// Whether it is.
    pub verdict: Verdict,
}

impl Goal {
    /// Judges a rate, exactly.
    pub(super) fn at_least(percent: u8, rate: Rate) -> Self {
        let share = u128::from(rate.part) * 100;
        let met = share >= u128::from(rate.whole) * u128::from(percent);
        let verdict = Verdict::judged((rate.whole > 0).then_some(met));
        Self { target: Target::AtLeastPercent(percent), verdict }
    }

    /// Judges a median.
    pub(super) fn median_below(limit_ms: u32, durations: Option<Percentiles>) -> Self {
        let met = durations.map(|durations| durations.p50_ms < limit_ms);
        Self { target: Target::MedianBelowMs(limit_ms), verdict: Verdict::judged(met) }
    }
}

impl Verdict {
    fn judged(met: Option<bool>) -> Self {
        match met {
            Some(true) => Self::Met,
            Some(false) => Self::NotMet,
            None => Self::NotApplicable,
        }
    }
}
