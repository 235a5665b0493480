//! What a message costs, in the words of the `pricing` object.

use serde::Serialize;

use crate::clock::{Millis, day};
use crate::config::BillingConfig;
use crate::templates::Category;

/// Whether and how a message is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    Regular,
    /// Inside the window under the older rules, or within the monthly allowance.
    FreeCustomerService,
    /// Never priced: reactions.
    None,
}

/// The `pricing` object of a status.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Pricing {
    billable: bool,
    #[serde(rename = "pricing_model")]
    model: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    category: &'static str,
}

impl Charge {
    /// The rule of the day. `free_left` says whether the monthly allowance has room.
    pub(crate) fn of(
        billing: &BillingConfig,
        now: Millis,
        category: Category,
        in_window: bool,
        free_left: bool,
    ) -> Self {
        let service_charged = day(now) >= billing.service_charged_from;
        match category {
            Category::Utility if in_window && !service_charged => Self::FreeCustomerService,
            Category::Service if !service_charged || free_left => Self::FreeCustomerService,
            _ => Self::Regular,
        }
    }

    pub(crate) fn pricing(self, category: Category) -> Option<Pricing> {
        let (billable, kind) = match self {
            Self::Regular => (true, "regular"),
            Self::FreeCustomerService => (false, "free_customer_service"),
            Self::None => return None,
        };
        Some(Pricing { billable, model: "PMP", kind, category: category.lower() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEPTEMBER_2026: Millis = 1_790_000_000_000;
    const OCTOBER_2026: Millis = 1_791_500_000_000;

    #[track_caller]
    fn check(now: Millis, category: Category, in_window: bool, free_left: bool, expected: Charge) {
        let charge = Charge::of(&BillingConfig::default(), now, category, in_window, free_left);
        assert_eq!(charge, expected, "{category:?} in_window={in_window}");
    }

    #[test]
    fn the_rules_change_on_the_first_of_october_2026() {
        use Category::{Marketing, Service, Utility};
        use Charge::{FreeCustomerService, Regular};
        check(SEPTEMBER_2026, Utility, true, true, FreeCustomerService);
        check(SEPTEMBER_2026, Utility, false, true, Regular);
        check(SEPTEMBER_2026, Service, true, false, FreeCustomerService);
        check(SEPTEMBER_2026, Marketing, true, true, Regular);
        check(OCTOBER_2026, Utility, true, true, Regular);
        check(OCTOBER_2026, Service, true, true, FreeCustomerService);
        check(OCTOBER_2026, Service, true, false, Regular);
    }
}
