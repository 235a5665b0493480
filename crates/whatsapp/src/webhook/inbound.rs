//! What somebody wrote or pressed.

use fanal_domain::sender::SenderId;
use fanal_engine::ports::{Inbound, InboundBody, Notice};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::person::{Person, number};
use super::{instant, unrecognised};
use crate::lenient::{Int, Object, Text};

/// What stands beside the messages of one value.
pub(super) struct Context<'a> {
    pub(super) to: Option<SenderId>,
    pub(super) people: Vec<Person<'a>>,
    pub(super) time: Int,
}

/// Reads one element of `messages`.
pub(super) fn read(raw: &RawValue, context: &Context<'_>, notices: &mut Vec<Notice>) {
    let message = match serde_json::from_str::<Object<Message<'_>>>(raw.get()) {
        Ok(Object(Some(message))) => message,
        Ok(Object(None)) if raw.get() == "null" => return,
        Ok(Object(None)) | Err(_) => return notices.push(unrecognised("messages.messages", raw)),
    };
    // The provider speaking of a person, such as a changed number, not a person speaking to us.
    if message.form.get() == Some("system") {
        return notices.push(unrecognised("messages.system", raw));
    }
    notices.push(match message.into_inbound(raw, context) {
        Some(inbound) => Notice::Inbound(inbound),
        None => unrecognised("messages.messages", raw),
    });
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    from: Text<'a>,
    #[serde(borrow, default)]
    from_user_id: Text<'a>,
    #[serde(borrow, default)]
    group_id: Text<'a>,
    #[serde(default)]
    timestamp: Int,
    #[serde(borrow, default, rename = "type")]
    form: Text<'a>,
    #[serde(borrow, default)]
    context: Object<ReplyContext<'a>>,
    #[serde(borrow, default)]
    text: Object<Words<'a>>,
    #[serde(borrow, default)]
    button: Object<Button<'a>>,
    #[serde(borrow, default)]
    interactive: Object<Interactive<'a>>,
}

impl Message<'_> {
    fn into_inbound(self, raw: &RawValue, context: &Context<'_>) -> Option<Inbound> {
        let form = self.form.get()?.to_owned();
        let person = self.person(&context.people);
        let told = |own: &Text<'_>, beside: Option<&Text<'_>>| {
            own.get().or_else(|| beside?.get()).map(str::to_owned)
        };
        Some(Inbound {
            from: told(&self.from, person.map(|person| &person.wa_id))
                .and_then(|digits| number(&digits)),
            user_id: told(&self.from_user_id, person.map(|person| &person.user_id)),
            profile_name: person.and_then(Person::profile_name).map(str::to_owned),
            at: instant(self.timestamp, context.time)?,
            to: context.to.clone()?,
            in_reply_to: self.context.0.and_then(|context| context.id.into_string()),
            message_id: self.id.into_string()?,
            body: Body {
                in_group: self.group_id.get().is_some(),
                text: self.text.0,
                button: self.button.0,
                interactive: self.interactive.0,
            }
            .read(form, raw),
        })
    }

    /// Whoever wrote it, among those named beside it; if only one is named, it is that one.
    fn person<'p>(&self, people: &'p [Person<'p>]) -> Option<&'p Person<'p>> {
        let same =
            |one: &Text<'_>, other: &Text<'_>| one.get().is_some() && one.get() == other.get();
        let named = people.iter().find(|person| {
            same(&person.wa_id, &self.from) || same(&person.user_id, &self.from_user_id)
        });
        let anonymous = self.from.get().is_none() && self.from_user_id.get().is_none();
        named.or_else(|| people.first().filter(|_| anonymous && people.len() == 1))
    }
}

struct Body<'a> {
    in_group: bool,
    text: Option<Words<'a>>,
    button: Option<Button<'a>>,
    interactive: Option<Interactive<'a>>,
}

impl Body<'_> {
    fn read(self, form: String, raw: &RawValue) -> InboundBody {
        // What is said to a group is kept, but is nobody's answer to us.
        let understood = if self.in_group { None } else { self.understood(&form) };
        understood.unwrap_or_else(|| InboundBody::Other { form, raw: raw.get().to_owned() })
    }

    fn understood(self, form: &str) -> Option<InboundBody> {
        match form {
            "text" => Some(InboundBody::Text(self.text?.body.into_string()?)),
            "button" => {
                let Button { payload, text } = self.button?;
                reply(payload, text)
            }
            "interactive" => {
                let Interactive { button_reply, list_reply } = self.interactive?;
                let Reply { id, title } = button_reply.0.or(list_reply.0)?;
                reply(id, title)
            }
            _ => None,
        }
    }
}

/// A pressed button; where one of the two is missing, the provider means the other.
fn reply(payload: Text<'_>, label: Text<'_>) -> Option<InboundBody> {
    let (payload, label) = (payload.into_string(), label.into_string());
    let either = payload.clone().or_else(|| label.clone())?;
    Some(InboundBody::Button {
        payload: payload.unwrap_or_else(|| either.clone()),
        label: label.unwrap_or(either),
    })
}

/// The message it answers, or that it was forwarded.
#[derive(Deserialize)]
struct ReplyContext<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
}

#[derive(Deserialize)]
struct Words<'a> {
    #[serde(borrow, default)]
    body: Text<'a>,
}

/// A template's quick reply.
#[derive(Deserialize)]
struct Button<'a> {
    #[serde(borrow, default)]
    payload: Text<'a>,
    #[serde(borrow, default)]
    text: Text<'a>,
}

/// A reply to a message with buttons or a list of our own.
#[derive(Deserialize)]
struct Interactive<'a> {
    #[serde(borrow, default)]
    button_reply: Object<Reply<'a>>,
    #[serde(borrow, default)]
    list_reply: Object<Reply<'a>>,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    title: Text<'a>,
}
