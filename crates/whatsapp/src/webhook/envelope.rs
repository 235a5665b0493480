//! The envelope: several entries, each with several changes, each of a field of its own.

use fanal_engine::ports::{MalformedWebhook, Notice};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{messages, preferences, senders, templates, unrecognised};
use crate::lenient::{Int, List, Object, Text};

const PRODUCT: &str = "whatsapp_business_account";

/// Reads a body; only one that is no envelope at all is an error.
pub(super) fn decode(body: &[u8]) -> Result<Vec<Notice>, MalformedWebhook> {
    let nowhere = MalformedWebhook { line: 0, column: 0 };
    // Checked once for the whole, so that it need not be checked for every text in it.
    let body = std::str::from_utf8(body).map_err(|_| nowhere)?;
    let envelope: Envelope<'_> = serde_json::from_str(body)
        .map_err(|error| MalformedWebhook { line: error.line(), column: error.column() })?;
    let Some(entries) = envelope.entry else { return Err(nowhere) };
    let ours = envelope.object.get().is_none_or(|object| object == PRODUCT);
    let mut notices = Vec::new();
    for entry in entries.0.into_iter().filter_map(|entry| entry.0) {
        for change in entry.changes.0.into_iter().filter_map(|change| change.0) {
            let field = change.field.get().unwrap_or("unnamed");
            match change.value {
                Some(value) if ours => read(field, value, entry.time, &mut notices),
                Some(value) => notices.push(unrecognised(field, value)),
                None => {}
            }
        }
    }
    Ok(notices)
}

/// Reads a change by its field; whatever nobody reads is kept.
fn read(field: &str, value: &RawValue, time: Int, notices: &mut Vec<Notice>) {
    let before = notices.len();
    match field {
        "messages" => messages::read(value, time, notices),
        "user_preferences" => preferences::read(value, time, notices),
        "message_template_status_update" => notices.extend(templates::status(value)),
        "template_category_update" => notices.extend(templates::category(value)),
        "phone_number_quality_update" => notices.extend(senders::limits(value)),
        _ => {}
    }
    if notices.len() == before {
        notices.push(unrecognised(field, value));
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    object: Text<'a>,
    #[serde(borrow)]
    entry: Option<List<Object<Entry<'a>>>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    /// Missing where each message tells its own time.
    #[serde(default)]
    time: Int,
    #[serde(borrow, default)]
    changes: List<Object<Change<'a>>>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow, default)]
    field: Text<'a>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}
