//! The field `messages`: what people wrote, and what became of what we wrote.

use fanal_domain::sender::SenderId;
use fanal_engine::ports::Notice;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::inbound::{self, Context};
use super::person::Person;
use super::{status, unrecognised};
use crate::lenient::{Int, List, Object, Text};

/// Reads a value element by element, so that one we cannot read takes no other with it.
pub(super) fn read(value: &RawValue, time: Int, notices: &mut Vec<Notice>) {
    let Ok(Object(Some(value))) = serde_json::from_str::<Object<Value<'_>>>(value.get()) else {
        return;
    };
    for element in value.statuses.0 {
        status::read(element, time, notices);
    }
    if !value.messages.0.is_empty() {
        let context = Context {
            to: value.metadata.0.and_then(Metadata::into_sender),
            people: value.contacts.0.into_iter().filter_map(|person| person.0).collect(),
            time,
        };
        for element in value.messages.0 {
            inbound::read(element, &context, notices);
        }
    }
    notices.extend(value.errors.0.into_iter().map(|raw| unrecognised("messages.errors", raw)));
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow, default)]
    metadata: Object<Metadata<'a>>,
    #[serde(borrow, default)]
    contacts: List<Object<Person<'a>>>,
    #[serde(borrow, default)]
    messages: List<&'a RawValue>,
    #[serde(borrow, default)]
    statuses: List<&'a RawValue>,
    #[serde(borrow, default)]
    errors: List<&'a RawValue>,
}

/// Which of our numbers this is about.
#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, default)]
    phone_number_id: Text<'a>,
    #[serde(borrow, default)]
    display_phone_number: Text<'a>,
}

impl Metadata<'_> {
    fn into_sender(self) -> Option<SenderId> {
        let id = self.phone_number_id.into_string();
        id.or_else(|| self.display_phone_number.into_string()).map(SenderId)
    }
}
