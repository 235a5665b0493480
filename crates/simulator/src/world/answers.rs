//! People writing: by their script, or because the control API makes them.

use serde_json::{Value, json};

use super::state::State;
use crate::clock::Millis;
use crate::limits::SenderIndex;
use crate::messages::{Incoming, Kind, Outgoing, Shown};
use crate::people::{Choice, PersonId, choose};
use crate::webhooks::Notice;

/// Why a person cannot answer as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AnswerError {
    #[error("this phone has received no message that could be answered so")]
    NoMessage,
    #[error("the message has no such button")]
    NoButton,
    #[error("an answer needs `text`, `button` or `message`")]
    Nothing,
}

impl State {
    /// The scripted answer to a message.
    pub(super) fn let_answer(&mut self, number: u32, at: Millis) {
        let Some(message) = self.outgoing.get(number) else {
            self.stats.forgotten_steps += 1;
            return;
        };
        let (person, sender) = (message.person, message.sender);
        let buttons = self.buttons(message);
        let Some(subject) = self.subject(person, message.ordinal, message.category) else {
            return;
        };
        let fragment = match choose(&self.config.people, subject, buttons.len()) {
            Choice::Button(index) => buttons.get(index).map(Button::fragment),
            Choice::Text(text) => Some(text_fragment(text)),
        };
        // A typed text stands alone; a tap names the message it was on.
        let context = fragment.as_ref().filter(|fragment| fragment["type"] != "text");
        let context = context.map(|_| number);
        if let Some(fragment) = fragment {
            self.write(person, sender, context, &fragment, at);
            if let Some(message) = self.outgoing.get_mut(number) {
                message.shown.add(Shown::ANSWERED);
            }
        }
    }

    /// An answer made by hand: `{"text"}`, `{"button": title, payload or index}` or
    /// `{"message": {"type", …}}`, optionally to the message with id `context`.
    pub(crate) fn answer_by_hand(
        &mut self,
        person: PersonId,
        sender: SenderIndex,
        answer: &Value,
        now: Millis,
    ) -> Result<u32, AnswerError> {
        let context = match answer["context"].as_str() {
            Some(id) => Some(self.find_outgoing(id).ok_or(AnswerError::NoMessage)?.0),
            None => None,
        };
        if let Some(text) = answer["text"].as_str() {
            return Ok(self.write(person, sender, context, &text_fragment(text), now));
        }
        if answer["message"]["type"].is_string() {
            return Ok(self.write(person, sender, context, &answer["message"], now));
        }
        if answer["button"].is_null() {
            return Err(AnswerError::Nothing);
        }
        let context = context.or_else(|| self.latest_with_buttons(person));
        let number = context.ok_or(AnswerError::NoMessage)?;
        let message = self.outgoing.get(number).ok_or(AnswerError::NoMessage)?;
        let sender = message.sender;
        let buttons = self.buttons(message);
        let button = match &answer["button"] {
            Value::Number(index) => {
                index.as_u64().and_then(|i| buttons.get(usize::try_from(i).ok()?))
            }
            name => buttons.iter().find(|button| *name == button.text || *name == button.id),
        };
        let fragment = button.ok_or(AnswerError::NoButton)?.fragment();
        if let Some(message) = self.outgoing.get_mut(number) {
            message.shown.add(Shown::ANSWERED);
        }
        Ok(self.write(person, sender, Some(number), &fragment, now))
    }

    /// A person writes to a business number.
    fn write(
        &mut self,
        person: PersonId,
        sender: SenderIndex,
        context: Option<u32>,
        fragment: &Value,
        at: Millis,
    ) -> u32 {
        self.pairs.wrote((sender, person), at);
        if let Some(sender) = self.sender_mut(sender) {
            let rate = sender.rate();
            sender.pace.take(at, rate);
        }
        if let Some(person) = self.crowd.get_mut(person) {
            person.answers += 1;
        }
        self.stats.answers += 1;
        let fragment = fragment.to_string().into();
        let incoming = Incoming { at, person, sender, context, fragment };
        let number = self.incoming.push(incoming, self.config.memory.answers_max);
        self.announce(Notice::Incoming { message: number });
        number
    }

    fn latest_with_buttons(&self, person: PersonId) -> Option<u32> {
        self.messages_to(person)
            .find(|(_, message)| !self.buttons(message).is_empty())
            .map(|(number, _)| number)
    }

    /// What can be tapped on a message.
    pub(crate) fn buttons(&self, message: &Outgoing) -> Vec<Button> {
        let template = message.template.and_then(|template| self.templates.get(template));
        if let Some(template) = template {
            let payloads = message.content.group(2);
            let replies = template.quick_replies().map(|(_, text)| text);
            return replies
                .zip(payloads)
                .map(|(text, payload)| Button::of("button", payload, text))
                .collect();
        }
        if message.kind != Kind::Interactive {
            return Vec::new();
        }
        let kind = message.content.group(0).nth(1).unwrap_or("button_reply").to_owned();
        let ids = message.content.group(1);
        ids.zip(message.content.group(2)).map(|(id, title)| Button::of(&kind, id, title)).collect()
    }
}

/// Something to tap.
#[derive(Clone, Debug)]
pub(crate) struct Button {
    kind: String,
    id: String,
    pub(crate) text: String,
}

impl Button {
    fn of(kind: &str, id: &str, text: &str) -> Self {
        Self { kind: kind.to_owned(), id: id.to_owned(), text: text.to_owned() }
    }

    fn fragment(&self) -> Value {
        let Self { kind, id, text } = self;
        if kind == "button" {
            return json!({ "type": "button", "button": { "payload": id, "text": text } });
        }
        let reply = json!({ "id": id, "title": text });
        json!({ "type": "interactive", "interactive": { "type": kind, kind: reply } })
    }
}

fn text_fragment(text: &str) -> Value {
    json!({ "type": "text", "text": { "body": text } })
}
