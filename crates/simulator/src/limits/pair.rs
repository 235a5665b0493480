//! What is remembered of one business number and one person: pace and service window.

use std::collections::HashMap;

use super::bucket::{Bucket, Rate};
use crate::clock::Millis;
use crate::people::PersonId;

/// Index of a sender in the account.
pub(crate) type SenderIndex = u16;

/// All pairs that ever exchanged a message.
#[derive(Debug, Default)]
pub(crate) struct Pairs(HashMap<(SenderIndex, PersonId), Pair>);

#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    pace: Bucket,
    wrote_at: Option<Millis>,
}

impl Pairs {
    pub(crate) fn has_room(&self, pair: (SenderIndex, PersonId), now: Millis, rate: Rate) -> bool {
        self.0.get(&pair).copied().unwrap_or_default().pace.has_room(now, rate)
    }

    pub(crate) fn take(&mut self, pair: (SenderIndex, PersonId), now: Millis, rate: Rate) {
        self.0.entry(pair).or_default().pace.take(now, rate);
    }

    /// The person wrote: the customer service window opens anew.
    pub(crate) fn wrote(&mut self, pair: (SenderIndex, PersonId), now: Millis) {
        self.0.entry(pair).or_default().wrote_at = Some(now);
    }

    /// Whether the customer service window is open.
    pub(crate) fn is_open(
        &self,
        pair: (SenderIndex, PersonId),
        now: Millis,
        window: Millis,
    ) -> bool {
        let wrote_at = self.0.get(&pair).and_then(|pair| pair.wrote_at);
        wrote_at.is_some_and(|at| now < at.saturating_add(window))
    }
}
