//! The live counters of a broadcast as plain values.

use std::collections::BTreeMap;
use std::sync::Arc;

use fanal_domain::ladder::{Failure, Status, SuppressionReason};

use super::BroadcastView;
use super::counters::PerStatus;
use super::dictionary::Dictionary;

/// How many stand where. Only what is not zero is named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many are to be told.
    pub recipients: u32,
    /// How many have neither a terminal nor a delivered-side state.
    pub open: u32,
    /// How many answers there are, all people's together.
    pub answers: usize,
    /// Recipients and suppressed people by where they stand.
    pub statuses: BTreeMap<Status, u32>,
    /// The failed, by reason; `None` if nobody told us and time simply ran out.
    pub failures: BTreeMap<Option<Failure>, u32>,
    /// The suppressed, by reason.
    pub suppressed: BTreeMap<SuppressionReason, u32>,
    /// Recipients by language, then by where they stand.
    pub languages: BTreeMap<Arc<str>, BTreeMap<Status, u32>>,
    /// Recipients by market, then by where they stand.
    pub markets: BTreeMap<Arc<str>, BTreeMap<Status, u32>>,
}

impl BroadcastView {
    /// How many stand where; takes as long for millions as for one.
    pub fn tally(&self) -> Tally {
        let counters = &self.ladder.counters;
        Tally {
            recipients: self.recipients(),
            open: self.open_count(),
            answers: self.ladder.answers.len(),
            statuses: named(&counters.statuses),
            failures: counters.failures.clone(),
            suppressed: counters.suppressed.clone(),
            languages: by_word(&self.ladder.languages, &counters.languages),
            markets: by_word(&self.ladder.markets, &counters.markets),
        }
    }
}

fn named(counts: &PerStatus) -> BTreeMap<Status, u32> {
    Status::ALL.into_iter().zip(*counts).filter(|(_, count)| *count > 0).collect()
}

fn by_word(
    dictionary: &Dictionary,
    rows: &[PerStatus],
) -> BTreeMap<Arc<str>, BTreeMap<Status, u32>> {
    let words = dictionary.words().iter().map(Arc::clone);
    words.zip(rows.iter().map(named)).filter(|(_, counts)| !counts.is_empty()).collect()
}
