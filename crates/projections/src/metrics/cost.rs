//! Cost by category and market, and the cost of the calls that answers made unnecessary.

use std::collections::BTreeSet;
use std::sync::Arc;

use fanal_domain::template::Category;
use serde::Serialize;

use super::figure::Definition;
use super::sample::Sample;

/// Changes when the meaning of either changes.
pub const DEFINITION_VERSION: u16 = 1;

/// What the cost means.
pub const DEFINITION: Definition = Definition {
    name: "cost",
    version: DEFINITION_VERSION,
    text: "each recipient with evidence of delivery is charged once, at the price of the rate \
           card in effect on the day of launch: if a receipt told the pricing, as it says; if \
           none did, in the template's category",
};

/// What the cost avoided means.
pub const AVOIDED_DEFINITION: Definition = Definition {
    name: "cost_avoided",
    version: DEFINITION_VERSION,
    text: "answers × declared cost of one call",
};

/// What messages cost, by list price: not an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cost {
    /// All lines together, in micro-dollars.
    pub micros: u64,
    /// By category, then market.
    pub lines: Vec<CostLine>,
    /// The rate cards it rests on.
    pub cards: BTreeSet<Arc<str>>,
    /// Delivered and not known to be free, without a price: no receipt told the category and the
    /// template is not known, or the card has no price.
    pub unpriced: u64,
}

/// What messages of one category in one market cost, and how we know that they do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostLine {
    /// The class they are charged in.
    pub category: Category,
    /// The provider's market.
    pub market: Arc<str>,
    /// Charged, as a receipt says.
    pub told: u64,
    /// Charged, as no receipt told anything.
    pub assumed: u64,
    /// Free, as a receipt says.
    pub free: u64,
    /// In micro-dollars.
    pub micros: u64,
}

/// What the calls would have cost that people did not have to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CostAvoided {
    /// How many answers.
    pub answers: u64,
    /// The declared cost of one call, in micro-dollars.
    pub per_call_micros: u64,
    /// In micro-dollars.
    pub micros: u64,
}

/// The lines of the bill, and their sum.
pub fn cost(sample: &Sample) -> Cost {
    let lines = sample.charges.iter().map(|((category, market), charged)| CostLine {
        category: *category,
        market: Arc::clone(market),
        told: charged.told,
        assumed: charged.assumed,
        free: charged.free,
        micros: charged.micros,
    });
    Cost {
        micros: sample.charges.values().map(|charged| charged.micros).sum(),
        lines: lines.collect(),
        cards: sample.cards.clone(),
        unpriced: sample.unpriced,
    }
}

/// Answers × declared cost of one call.
pub fn cost_avoided(sample: &Sample, per_call_micros: u64) -> CostAvoided {
    let micros = sample.answers.saturating_mul(per_call_micros);
    CostAvoided { answers: sample.answers, per_call_micros, micros }
}
