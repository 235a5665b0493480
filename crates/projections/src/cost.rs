//! What messages cost: dated rate cards, and the market a number belongs to.

mod card;
mod market;
mod rates_2026_10_01;

pub use card::{RateBook, RateCard};
pub use market::{OTHER, market_of};
