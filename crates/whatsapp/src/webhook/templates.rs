//! What the provider does with our templates.

use fanal_engine::ports::Notice;
use serde_json::value::RawValue;

use super::fields::Fields;
use crate::vocabulary;

/// A translation moved in review, or was paused, disabled or deleted.
pub(super) fn status(value: &RawValue) -> Option<Notice> {
    let value = Fields::of(value);
    Some(Notice::TemplateStatus {
        name: value.text("message_template_name")?,
        language: value.text("message_template_language")?.parse().ok()?,
        status: vocabulary::template_status(&value.text("event")?)?,
        provider_id: value.text("message_template_id"),
        reason: vocabulary::reason(value.text("reason").as_deref())
            .or_else(|| value.object("other_info")?.text("title")),
    })
}

/// A template was put in another class. The notice a day ahead names the coming class too; it
/// changes nothing yet.
pub(super) fn category(value: &RawValue) -> Option<Notice> {
    let value = Fields::of(value);
    if value.has("correct_category") {
        return None;
    }
    Some(Notice::TemplateCategory {
        name: value.text("message_template_name")?,
        category: vocabulary::category(&value.text("new_category")?)?,
    })
}
