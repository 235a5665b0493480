//! A rate card: what one delivered message costs, by market and category, from a date on.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use fanal_domain::template::Category;
use serde::{Deserialize, Serialize};

use super::market::OTHER;
use super::rates_2026_10_01::{EFFECTIVE_FROM, ROWS};

/// What one delivered message costs, by market and category. Amounts in micro-dollars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateCard {
    /// Names the card in every figure that rests on it.
    pub version: String,
    /// The first day it holds, in UTC.
    pub effective_from: NaiveDate,
    /// Market, then category.
    pub rates: BTreeMap<String, BTreeMap<Category, u64>>,
}

impl RateCard {
    /// The card this build brings along: list prices, effective 1 October 2026.
    pub fn builtin() -> Self {
        let rates = ROWS.iter().map(|&(market, marketing, utility)| {
            let prices = [
                (Category::Marketing, u64::from(marketing)),
                (Category::Utility, u64::from(utility)),
                (Category::Authentication, u64::from(utility)),
                (Category::Service, u64::from(utility)),
            ];
            (market.to_owned(), BTreeMap::from(prices))
        });
        Self {
            version: format!("list-{EFFECTIVE_FROM}"),
            effective_from: EFFECTIVE_FROM,
            rates: rates.collect(),
        }
    }

    /// The price of one message in micro-dollars. A market that the card does not name costs what
    /// [`OTHER`] costs; `None` if the card names neither.
    pub fn price(&self, market: &str, category: Category) -> Option<u64> {
        let on_card = |market: &str| self.rates.get(market)?.get(&category).copied();
        on_card(market).or_else(|| on_card(OTHER))
    }
}

/// All cards an installation knows; the date of sending picks one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateBook {
    builtin: RateCard,
    dated: BTreeMap<NaiveDate, RateCard>,
}

impl RateBook {
    /// The built-in card and these; a card replaces another of the same date.
    pub fn with(cards: impl IntoIterator<Item = RateCard>) -> Self {
        let builtin = RateCard::builtin();
        let mut dated = BTreeMap::from([(builtin.effective_from, builtin.clone())]);
        dated.extend(cards.into_iter().map(|card| (card.effective_from, card)));
        Self { builtin, dated }
    }

    /// The newest card in effect on that day; before all cards, the built-in one.
    pub fn on(&self, day: NaiveDate) -> &RateCard {
        self.dated.range(..=day).next_back().map_or(&self.builtin, |(_, card)| card)
    }
}

impl Default for RateBook {
    fn default() -> Self {
        Self::with([])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_card_has_the_list_prices() {
        let card = RateCard::builtin();
        assert_eq!(card.version, "list-2026-10-01");
        for (market, category, micros) in [
            ("FR", Category::Utility, 30_000),
            ("FR", Category::Marketing, 85_900),
            ("DE", Category::Service, 55_000),
            ("CO", Category::Authentication, 800),
            ("north_america", Category::Utility, 3_400),
            ("other", Category::Marketing, 60_400),
        ] {
            assert_eq!(card.price(market, category), Some(micros), "{market}");
        }
    }

    #[test]
    fn an_unlisted_market_costs_what_other_costs() {
        assert_eq!(RateCard::builtin().price("atlantis", Category::Utility), Some(7_700));
    }

    #[test]
    fn an_empty_card_has_no_price() {
        let card = RateCard { rates: BTreeMap::new(), ..RateCard::builtin() };
        assert_eq!(card.price("FR", Category::Utility), None);
    }

    #[test]
    fn the_day_of_sending_picks_the_card() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let next = RateCard {
            version: "list-2027-01-01".to_owned(),
            effective_from: day(2027, 1, 1),
            ..RateCard::builtin()
        };
        let book = RateBook::with([next]);
        for (on, version) in [
            (day(2025, 1, 1), "list-2026-10-01"),
            (day(2026, 10, 1), "list-2026-10-01"),
            (day(2026, 12, 31), "list-2026-10-01"),
            (day(2027, 1, 1), "list-2027-01-01"),
            (day(2030, 1, 1), "list-2027-01-01"),
        ] {
            assert_eq!(book.on(on).version, version, "{on}");
        }
    }
}
