//! The provider's words for classes, states and limits, and ours for them.

use fanal_domain::sender::Quality;
use fanal_domain::template::{Category, ProviderStatus};
use fanal_engine::ports::UNLIMITED_PEOPLE;

/// The price class of a message or template; the provider spells `authentication_international`
/// with a dash too, and counts more classes than we price apart.
pub(crate) fn category(word: &str) -> Option<Category> {
    let known = |word: &str| {
        Some(match word {
            "utility" | "group_utility" => Category::Utility,
            "marketing" | "marketing_lite" | "group_marketing" => Category::Marketing,
            "authentication" | "authentication_international" => Category::Authentication,
            // What follows an advertisement is free, whatever is said there.
            "service" | "group_service" | "general_purpose_ai" | "referral_conversion" => {
                Category::Service
            }
            _ => return None,
        })
    };
    known(word).or_else(|| known(&word.to_ascii_lowercase().replace('-', "_")))
}

/// The class to submit a template in; there is none for free-form messages.
pub(crate) fn category_word(category: Category) -> Option<&'static str> {
    match category {
        Category::Utility => Some("UTILITY"),
        Category::Marketing => Some("MARKETING"),
        Category::Authentication => Some("AUTHENTICATION"),
        Category::Service => None,
    }
}

/// Where a translation stands, from a state in an answer or an event in a webhook.
///
/// `FLAGGED` (a warning) and `LOCKED` (no edits) change nothing about sending, so they are none.
pub(crate) fn template_status(word: &str) -> Option<ProviderStatus> {
    Some(match word.to_ascii_uppercase().as_str() {
        "APPROVED" | "REINSTATED" | "UNARCHIVED" => ProviderStatus::Approved,
        "PENDING" | "IN_APPEAL" => ProviderStatus::Pending,
        "REJECTED" => ProviderStatus::Rejected,
        "PAUSED" => ProviderStatus::Paused,
        "DISABLED" | "ARCHIVED" | "LIMIT_EXCEEDED" => ProviderStatus::Disabled,
        "DELETED" | "PENDING_DELETION" => ProviderStatus::Deleted,
        _ => return None,
    })
}

/// A reason worth keeping: the provider writes `NONE` for none.
pub(crate) fn reason(word: Option<&str>) -> Option<String> {
    word.filter(|word| !word.eq_ignore_ascii_case("none")).map(str::to_owned)
}

/// How people receive what a sender sends.
pub(crate) fn quality(word: &str) -> Option<Quality> {
    Some(match word.to_ascii_uppercase().as_str() {
        "GREEN" => Quality::Green,
        "YELLOW" => Quality::Yellow,
        "RED" => Quality::Red,
        "UNKNOWN" | "NA" => Quality::Unknown,
        _ => return None,
    })
}

/// People per moving 24 hours: `TIER_2K`, `TIER_250`, `TIER_UNLIMITED`, also `2000` and `-1`.
pub(crate) fn people_per_day(word: &str) -> Option<u32> {
    let word = word.strip_prefix("TIER_").unwrap_or(word);
    if matches!(word, "UNLIMITED" | "-1") {
        return Some(UNLIMITED_PEOPLE);
    }
    match word.strip_suffix('K') {
        Some(thousands) => thousands.parse::<u32>().ok()?.checked_mul(1_000),
        None => word.parse().ok(),
    }
}

/// Messages per second of a throughput level.
pub(crate) fn rate_per_s(level: &str, shares_number_with_app: bool) -> Option<u32> {
    match level {
        // A number that is also used in the business app stays at 20 whatever its level.
        "STANDARD" | "HIGH" if shares_number_with_app => Some(20),
        "STANDARD" => Some(80),
        "HIGH" => Some(UPGRADED_RATE_PER_S),
        _ => None,
    }
}

/// What a number may send after its throughput was upgraded.
pub(crate) const UPGRADED_RATE_PER_S: u32 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_of_one_class_are_one() {
        for word in
            ["authentication-international", "authentication_international", "AUTHENTICATION"]
        {
            assert_eq!(category(word), Some(Category::Authentication), "{word}");
        }
        assert_eq!(category("marketing_lite"), Some(Category::Marketing));
        assert_eq!(category("referral_conversion"), Some(Category::Service));
        assert_eq!(category("carrier_pigeon"), None);
    }

    #[test]
    fn what_we_submit_reads_back() {
        for class in [Category::Utility, Category::Marketing, Category::Authentication] {
            assert_eq!(category_word(class).and_then(category), Some(class));
        }
        assert_eq!(category_word(Category::Service), None);
    }

    #[test]
    fn reads_every_tier() {
        for (word, expected) in [
            ("TIER_50", Some(50)),
            ("TIER_250", Some(250)),
            ("TIER_1K", Some(1_000)),
            ("TIER_2K", Some(2_000)),
            ("TIER_10K", Some(10_000)),
            ("TIER_100K", Some(100_000)),
            ("TIER_UNLIMITED", Some(UNLIMITED_PEOPLE)),
            ("-1", Some(UNLIMITED_PEOPLE)),
            ("2000", Some(2_000)),
            ("TIER_NOT_SET", None),
            ("UNTIERED", None),
            ("TIER_99999999K", None),
            ("", None),
        ] {
            assert_eq!(people_per_day(word), expected, "{word}");
        }
    }

    #[test]
    fn reads_every_template_state() {
        for (word, expected) in [
            ("APPROVED", Some(ProviderStatus::Approved)),
            ("REINSTATED", Some(ProviderStatus::Approved)),
            ("UNARCHIVED", Some(ProviderStatus::Approved)),
            ("PENDING", Some(ProviderStatus::Pending)),
            ("IN_APPEAL", Some(ProviderStatus::Pending)),
            ("REJECTED", Some(ProviderStatus::Rejected)),
            ("PAUSED", Some(ProviderStatus::Paused)),
            ("DISABLED", Some(ProviderStatus::Disabled)),
            ("ARCHIVED", Some(ProviderStatus::Disabled)),
            ("LIMIT_EXCEEDED", Some(ProviderStatus::Disabled)),
            ("DELETED", Some(ProviderStatus::Deleted)),
            ("PENDING_DELETION", Some(ProviderStatus::Deleted)),
            ("FLAGGED", None),
            ("LOCKED", None),
            ("SOMETHING_NEW", None),
        ] {
            assert_eq!(template_status(word), expected, "{word}");
        }
    }

    #[test]
    fn knows_what_a_number_may_send() {
        assert_eq!(rate_per_s("STANDARD", false), Some(80));
        assert_eq!(rate_per_s("HIGH", false), Some(1_000));
        assert_eq!(rate_per_s("HIGH", true), Some(20));
        assert_eq!(rate_per_s("NOT_APPLICABLE", true), None);
    }
}
