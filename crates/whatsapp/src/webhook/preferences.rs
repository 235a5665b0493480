//! What people want to hear from us, told in the app itself.

use fanal_engine::ports::Notice;
use serde_json::value::RawValue;

use super::fields::Fields;
use super::person::number;
use super::{instant, unrecognised};
use crate::lenient::Int;

/// Reads the field `user_preferences`.
pub(super) fn read(value: &RawValue, time: Int, notices: &mut Vec<Notice>) {
    for raw in Fields::of(value).elements("user_preferences") {
        let notice = preference(&Fields::of(raw), time);
        notices.push(notice.unwrap_or_else(|| unrecognised("user_preferences", raw)));
    }
}

fn preference(fields: &Fields<'_>, time: Int) -> Option<Notice> {
    if fields.text("category")? != "marketing_messages" {
        return None;
    }
    Some(Notice::MarketingPreference {
        from: fields.text("wa_id").as_deref().and_then(number),
        wanted: match fields.text("value")?.as_str() {
            "resume" => true,
            "stop" => false,
            _ => return None,
        },
        at: instant(fields.int("timestamp"), time)?,
    })
}
