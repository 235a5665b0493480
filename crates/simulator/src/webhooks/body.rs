//! The JSON of a webhook POST, made anew for every try and the same every time.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::escape;
use super::notice::{Notice, Told};
use crate::clock::seconds;
use crate::graph::webhook_error;
use crate::limits::SenderIndex;
use crate::messages::{Pricing, incoming_id, outgoing_id};
use crate::people::Profile;
use crate::world::State;

#[derive(Serialize)]
struct Envelope<'a> {
    object: &'static str,
    entry: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    /// Absent for `messages` and `user_preferences`.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<u64>,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    value: ChangeValue<'a>,
    field: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ChangeValue<'a> {
    Messages(Box<MessagesValue<'a>>),
    Other(&'a Value),
}

#[derive(Serialize)]
struct MessagesValue<'a> {
    #[serde(skip)]
    sender: SenderIndex,
    messaging_product: &'static str,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<Contact>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statuses: Vec<StatusUpdate<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Value>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    display_phone_number: String,
    phone_number_id: &'a str,
}

#[derive(Serialize)]
struct Contact {
    profile: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    wa_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
}

#[derive(Serialize)]
struct Name {
    name: &'static str,
}

#[derive(Serialize)]
struct StatusUpdate<'a> {
    id: String,
    #[serde(rename = "status")]
    word: &'static str,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pricing: Option<Pricing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[Value; 1]>,
}

/// The body that tells of `notices`; `None` when all they are about is forgotten.
pub(super) fn body(state: &State, notices: &[Notice]) -> Option<Bytes> {
    let account = state.config.account.waba_id.as_str();
    let mut messages = Vec::new();
    let mut entries = Vec::new();
    for notice in notices {
        // What is about a forgotten message is left out.
        let _remembered = match notice {
            Notice::Status { message, told, priced, at } => {
                add_status(state, &mut messages, (*message, *told, *priced, *at))
            }
            Notice::Incoming { message } => add_incoming(state, &mut messages, *message),
            Notice::Change(change) => {
                let timeless = matches!(&*change.field, "messages" | "user_preferences");
                let value = ChangeValue::Other(&change.value);
                let changes = vec![Change { value, field: &change.field }];
                let time = (!timeless).then_some(change.at);
                entries.push(Entry { id: account, time, changes });
                Some(())
            }
        };
    }
    if !messages.is_empty() {
        entries.push(Entry { id: account, time: None, changes: messages });
    }
    if entries.is_empty() {
        return None;
    }
    let envelope = Envelope { object: "whatsapp_business_account", entry: entries };
    Some(Bytes::from(escape::to_bytes(&envelope)))
}

fn add_status<'a>(
    state: &'a State,
    changes: &mut Vec<Change<'a>>,
    (number, told, priced, at): (u32, Told, bool, u32),
) -> Option<()> {
    let message = state.outgoing.get(number)?;
    let profile = state.profile(message.person)?;
    let peer = state.crowd.get(message.person)?.number;
    let failed = match told {
        Told::Failed(code) => Some([webhook_error(code)]),
        _ => None,
    };
    let pricing = if priced { message.charge.pricing(message.category) } else { None };
    let old_fashioned = state.config.webhooks.version < 24 && pricing.is_some();
    let conversation = old_fashioned.then(|| {
        let mut conversation = json!({
            "id": format!("{:032x}", u128::from(state.run) << 32 | u128::from(number)),
            "origin": { "type": message.category.lower() },
        });
        if told == Told::Sent {
            let expires = seconds(message.accepted_at) + 86_400;
            conversation["expiration_timestamp"] = json!(expires.to_string());
        }
        conversation
    });
    let status = StatusUpdate {
        id: outgoing_id(state.run, peer, number),
        word: told.word(),
        timestamp: at.to_string(),
        recipient_id: profile.wa_id.map(|wa_id| wa_id.to_string()),
        recipient_user_id: profile.user_id.clone(),
        conversation,
        pricing,
        biz_opaque_callback_data: message.reference.as_deref(),
        errors: failed,
    };
    let with_contact = state.config.webhooks.contacts_on_statuses && status.errors.is_none();
    let value = value_for(state, changes, message.sender, true)?;
    if with_contact {
        value.contacts.push(contact(profile));
    }
    value.statuses.push(status);
    Some(())
}

fn add_incoming<'a>(state: &'a State, changes: &mut Vec<Change<'a>>, number: u32) -> Option<()> {
    let incoming = state.incoming.get(number)?;
    let profile = state.profile(incoming.person)?;
    let peer = state.crowd.get(incoming.person)?.number;
    let fragment: Map<String, Value> = serde_json::from_str(&incoming.fragment).ok()?;
    let mut message = Map::new();
    if let Some(wa_id) = profile.wa_id {
        message.insert("from".to_owned(), json!(wa_id.to_string()));
    }
    if let Some(user_id) = &profile.user_id {
        message.insert("from_user_id".to_owned(), json!(user_id));
    }
    message.insert("id".to_owned(), json!(incoming_id(state.run, peer, number)));
    message.insert("timestamp".to_owned(), json!(seconds(incoming.at).to_string()));
    let business = state.sender(incoming.sender)?.number.to_string();
    if let Some(context) = incoming.context {
        let id = outgoing_id(state.run, peer, context);
        message.insert("context".to_owned(), json!({ "from": business, "id": id }));
    }
    let is_system = fragment.get("type").is_some_and(|kind| kind == "system");
    message.extend(fragment);
    let value = value_for(state, changes, incoming.sender, false)?;
    if !is_system {
        value.contacts.push(contact(profile));
    }
    value.messages.push(Value::Object(message));
    Some(())
}

/// The value to add to: the last one, if it is of the same sender and kind and not yet full.
fn value_for<'c, 'a>(
    state: &'a State,
    changes: &'c mut Vec<Change<'a>>,
    sender: SenderIndex,
    statuses: bool,
) -> Option<&'c mut MessagesValue<'a>> {
    let fits = |change: &Change<'_>| match &change.value {
        ChangeValue::Messages(value) => {
            value.sender == sender && value.messages.is_empty() == statuses
        }
        ChangeValue::Other(_) => false,
    };
    if !changes.last().is_some_and(fits) {
        let business = state.sender(sender)?;
        let metadata = Metadata {
            display_phone_number: business.number.to_string(),
            phone_number_id: &business.config.phone_number_id,
        };
        let value = MessagesValue {
            sender,
            messaging_product: "whatsapp",
            metadata,
            contacts: Vec::new(),
            statuses: Vec::new(),
            messages: Vec::new(),
        };
        let value = ChangeValue::Messages(Box::new(value));
        changes.push(Change { value, field: "messages" });
    }
    match &mut changes.last_mut()?.value {
        ChangeValue::Messages(value) => Some(value),
        ChangeValue::Other(_) => None,
    }
}

fn contact(profile: Profile) -> Contact {
    Contact {
        profile: Name { name: profile.name },
        wa_id: profile.wa_id.map(|wa_id| wa_id.to_string()),
        user_id: profile.user_id,
    }
}
