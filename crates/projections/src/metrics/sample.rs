//! What all metrics are computed from: counts and durations of one or several broadcasts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fanal_domain::ladder::{Failure, Recipient, SinceLaunch, Status, SuppressionReason};
use fanal_domain::template::Category;

use crate::broadcast::BroadcastView;
use crate::cost::RateCard;

/// What a broadcast's own events do not say.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The prices on the day of its launch.
    pub card: &'a RateCard,
    /// The template's category at its launch, if the template is known.
    pub category: Option<Category>,
    /// Whether the template offers an acknowledging button.
    pub asks: bool,
}

/// Counts and durations. Two samples add up to the sample of both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// How many broadcasts.
    pub broadcasts: u32,
    /// How many people were to be told.
    pub recipients: u64,
    /// Recipients and suppressed people by where they stand; only where somebody does.
    pub statuses: BTreeMap<Status, u64>,
    /// The suppressed, by reason.
    pub suppressed: BTreeMap<SuppressionReason, u64>,
    /// Those who stand at failed, by reason; `None` if time simply ran out.
    pub failures: BTreeMap<Option<Failure>, u64>,
    /// With at least one attempt accepted or failed.
    pub attempted: u64,
    /// With evidence of delivery.
    pub delivered: u64,
    /// With evidence of reading.
    pub read: u64,
    /// Who answered at least once.
    pub answered: u64,
    /// Who were asked to acknowledge.
    pub asked: u64,
    /// All answers of all people.
    pub answers: u64,
    /// From the first evidence of delivery (else sent, else accepted) to the first answer.
    pub response_ms: Vec<u32>,
    /// From launch to the first evidence of delivery.
    pub reach_ms: Vec<u32>,
    /// From sent (else accepted, else delivered) to the first acknowledgement, of those asked.
    pub acknowledged_ms: Vec<u32>,
    /// Delivered messages by category and market.
    pub charges: BTreeMap<(Category, Arc<str>), Charged>,
    /// The rate cards that gave the prices.
    pub cards: BTreeSet<Arc<str>>,
    /// Delivered and not known to be free, without a price: no receipt told the category and the
    /// template is not known, or the card has no price.
    pub unpriced: u64,
}

/// How messages of one category in one market are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Charged {
    /// Charged, as a receipt says.
    pub told: u64,
    /// Charged, as no receipt told anything.
    pub assumed: u64,
    /// Free, as a receipt says.
    pub free: u64,
    /// In micro-dollars.
    pub micros: u64,
}

impl Sample {
    /// Reads every recipient of a broadcast once.
    pub(crate) fn of(view: &BroadcastView, terms: &Terms<'_>) -> Self {
        let tally = view.tally();
        let wide = |count: u32| u64::from(count);
        let mut sample = Self {
            broadcasts: 1,
            recipients: wide(tally.recipients),
            statuses: tally.statuses.into_iter().map(|(key, n)| (key, wide(n))).collect(),
            suppressed: tally.suppressed.into_iter().map(|(key, n)| (key, wide(n))).collect(),
            failures: tally.failures.into_iter().map(|(key, n)| (key, wide(n))).collect(),
            answers: tally.answers as u64,
            ..Self::default()
        };
        let mut splits: BTreeMap<(u16, Option<Category>), Charged> = BTreeMap::new();
        for (facts, market) in view.facts() {
            sample.count(facts, terms.asks);
            if facts.shows_delivery() {
                let category = facts.category().or(terms.category);
                splits.entry((market, category)).or_default().count(facts);
            }
        }
        for ((market, category), split) in splits {
            sample.charge(&view.market(market), category, split, terms.card);
        }
        sample
    }

    fn count(&mut self, facts: &Recipient, asks: bool) {
        let delivered = facts.delivered_at();
        let answered = facts.answered_at();
        self.attempted += u64::from(facts.was_attempted() || facts.is_undelivered());
        self.delivered += u64::from(delivered.is_some());
        self.read += u64::from(facts.read_at().is_some() || answered.is_some());
        self.answered += u64::from(answered.is_some());
        self.reach_ms.extend(delivered.map(SinceLaunch::millis));
        if let Some(answered) = answered {
            let had =
                facts.arrived_at().or_else(|| facts.sent_at()).or_else(|| facts.accepted_at());
            self.response_ms.push(from(had.unwrap_or(answered), answered));
        }
        let left = facts.sent_at().or_else(|| facts.accepted_at()).or(delivered);
        if let (true, Some(left)) = (asks, left) {
            self.asked += 1;
            self.acknowledged_ms.extend(facts.acknowledged_at().map(|at| from(left, at)));
        }
    }

    fn charge(
        &mut self,
        market: &Arc<str>,
        category: Option<Category>,
        split: Charged,
        card: &RateCard,
    ) {
        let charged = split.told + split.assumed;
        let price = category.and_then(|category| Some((category, card.price(market, category)?)));
        let Some((category, micros)) = price else {
            self.unpriced += charged;
            return;
        };
        let line = self.charges.entry((category, Arc::clone(market))).or_default();
        line.add(Charged { micros: micros.saturating_mul(charged), ..split });
        self.cards.insert(Arc::from(&*card.version));
    }

    /// Adds what another sample counted.
    pub fn add(&mut self, other: Self) {
        self.broadcasts += other.broadcasts;
        self.recipients += other.recipients;
        add_each(&mut self.statuses, other.statuses);
        add_each(&mut self.suppressed, other.suppressed);
        add_each(&mut self.failures, other.failures);
        self.attempted += other.attempted;
        self.delivered += other.delivered;
        self.read += other.read;
        self.answered += other.answered;
        self.asked += other.asked;
        self.answers += other.answers;
        self.response_ms.extend(other.response_ms);
        self.reach_ms.extend(other.reach_ms);
        self.acknowledged_ms.extend(other.acknowledged_ms);
        for (key, charged) in other.charges {
            self.charges.entry(key).or_default().add(charged);
        }
        self.cards.extend(other.cards);
        self.unpriced += other.unpriced;
    }
}

impl Charged {
    fn count(&mut self, facts: &Recipient) {
        match (facts.category(), facts.is_billable()) {
            (Some(_), true) => self.told += 1,
            (Some(_), false) => self.free += 1,
            (None, _) => self.assumed += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.told += other.told;
        self.assumed += other.assumed;
        self.free += other.free;
        self.micros = self.micros.saturating_add(other.micros);
    }
}

fn add_each<K: Ord>(to: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, count) in from {
        *to.entry(key).or_default() += count;
    }
}

fn from(earlier: SinceLaunch, later: SinceLaunch) -> u32 {
    later.millis().saturating_sub(earlier.millis())
}
