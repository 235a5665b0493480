//! The body that answers an accepted send.

use serde::Serialize;

use super::record::outgoing_id;
use super::request::Recipient;
use crate::world::State;

#[derive(Serialize)]
struct Answer<'a> {
    messaging_product: &'static str,
    contacts: [Contact<'a>; 1],
    messages: [Message; 1],
}

#[derive(Serialize)]
struct Contact<'a> {
    input: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    wa_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
}

#[derive(Serialize)]
struct Message {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_status: Option<&'static str>,
}

/// `wa_id` may differ from what was dialled; a send to a user id is answered without it.
pub(super) fn answer(state: &State, to: Recipient<'_>, number: u32, held: bool) -> String {
    let message = state.outgoing.get(number);
    let person = message.and_then(|message| state.crowd.get(message.person));
    let profile = message.and_then(|message| state.profile(message.person));
    let (input, wa_id, user_id) = match (to, profile) {
        (Recipient::Phone(input), Some(profile)) => {
            // Whoever dials a number knows it, so it is not hidden here.
            let wa_id = profile.wa_id.or_else(|| person.map(|person| person.number));
            (input, wa_id.map(|number| number.to_string()), profile.user_id)
        }
        (Recipient::User(input), Some(profile)) => (input, None, profile.user_id),
        (Recipient::Phone(input) | Recipient::User(input), None) => (input, None, None),
    };
    let is_template = message.is_some_and(|message| message.template.is_some());
    let status = if held { "held_for_quality_assessment" } else { "accepted" };
    let answer = Answer {
        messaging_product: "whatsapp",
        contacts: [Contact { input, wa_id, user_id }],
        messages: [Message {
            id: person.map(|p| outgoing_id(state.run, p.number, number)).unwrap_or_default(),
            message_status: is_template.then_some(status),
        }],
    };
    serde_json::to_string(&answer).unwrap_or_default()
}
