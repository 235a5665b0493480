//! What the provider lets a number do.

use fanal_domain::sender::{Quality, SenderId};
use fanal_engine::ports::Notice;
use serde_json::value::RawValue;

use super::fields::Fields;
use crate::vocabulary::{self, UPGRADED_RATE_PER_S};

/// A number's limits changed. The number is named by its digits, never by its id.
pub(super) fn limits(value: &RawValue) -> Option<Notice> {
    let value = Fields::of(value);
    let event = value.text("event")?;
    let limit =
        value.text("max_daily_conversations_per_business").or_else(|| value.text("current_limit"));
    Some(Notice::SenderFacts {
        sender: SenderId(digits(&value.text("display_phone_number")?)?),
        rate_per_s: (event == "THROUGHPUT_UPGRADE").then_some(UPGRADED_RATE_PER_S),
        quality: (event == "FLAGGED").then_some(Quality::Red),
        daily_people_max: limit.as_deref().and_then(vocabulary::people_per_day),
        notice: event,
    })
}

/// The number without `+` and punctuation, which some answers carry and others do not.
fn digits(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}
