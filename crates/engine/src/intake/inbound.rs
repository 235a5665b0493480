//! Somebody wrote or pressed a button: an answer, an opt-out, or a message to read.

use chrono::{DateTime, Utc};
use fanal_domain::broadcast::{Answer, AnswersRecorded};
use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{Consent, ConsentWithdrawn, Contact, ContactCommand, MessageReceived};
use fanal_domain::id::ContactId;
use fanal_domain::keyword::Keyword;
use fanal_domain::{Event, Sealed};
use sha2::{Digest, Sha256};

use super::reply::{Answering, by_button, by_words, is_ours, words_of};
use crate::Engine;
use crate::contacts::{NewConsent, decide_all};
use crate::context::{self, Context, OnceKey};
use crate::envelope::{Expected, Position, StreamAppend, StreamId};
use crate::error::UseCaseError;
use crate::execute::Tries;
use crate::ports::Inbound;
use crate::vault::KeyRing;

/// The place the content of an answer or a message is sealed for.
const CONTENT: &str = "inbound.content";

/// The place the provider's id of a message is sealed for.
const MESSAGE_ID: &str = "inbound.message_id";

/// What STOP withdraws: everything.
const ALL_PURPOSES: [Purpose; 3] = [Purpose::Alerts, Purpose::Service, Purpose::Marketing];

/// What START gives to whoever never agreed to anything. Marketing takes more than a word.
const FIRST_PURPOSES: [Purpose; 2] = [Purpose::Alerts, Purpose::Service];

/// A message and what was found out about it.
#[derive(Clone, Copy)]
struct Message<'a> {
    inbound: &'a Inbound,
    /// The broadcast whose button it is, if it is one of ours.
    pressed: Option<Answering>,
    keyword: Option<Keyword>,
    /// Whose number it came from.
    person: ContactId,
}

impl Engine {
    /// Takes in one message, once, however often it comes. Returns where its events stand.
    pub(super) async fn take_in(
        &self,
        inbound: &Inbound,
    ) -> Result<Option<Position>, UseCaseError> {
        let Some(from) = &inbound.from else { return Ok(None) };
        let pressed = self.pressed(inbound).await?;
        let keyword = words_of(&inbound.body).and_then(|word| self.config.keywords.recognise(word));
        // STOP is said by whoever has the number now, whomever the button was sent to.
        let person = if let (Some(answering), None) = (pressed, keyword) {
            answering.contact_id
        } else {
            let shown_name = inbound.profile_name.as_deref();
            self.person_of(&self.provider_context(), from, shown_name).await?
        };
        let message = Message { inbound, pressed, keyword, person };
        let context = self.provider_context().with_once(once(&inbound.message_id));
        let mut count = Tries::of(&context);
        let written = loop {
            let tried = self.try_take_in(&context, &message).await;
            if count.are_over(&tried) {
                break tried?;
            }
        };
        if keyword.is_some() {
            // Whoever is told of our answer may rely on it: no slice is prepared on the old rows.
            self.project_directory_to(written.position).await?;
        }
        Ok(Some(written.position))
    }

    /// The broadcast whose button it is, if it is one of ours.
    async fn pressed(&self, inbound: &Inbound) -> Result<Option<Answering>, UseCaseError> {
        let look = || self.live.read(|world| by_button(world, &inbound.body, inbound.at));
        let pressed = look();
        if pressed.is_some() || !is_ours(&inbound.body) {
            return Ok(pressed);
        }
        // Another node may have sent it, and the live view not show that yet.
        self.catch_up().await?;
        Ok(look())
    }

    async fn try_take_in(
        &self,
        context: &Context,
        message: &Message<'_>,
    ) -> Result<context::Written, UseCaseError> {
        let Message { inbound, pressed, person, .. } = *message;
        let answering = pressed.or_else(|| {
            let words = words_of(&inbound.body)?;
            self.live.read(|world| by_words(world, &self.config, person, words, inbound.at))
        });
        let subject = answering.map_or(person, |answering| answering.contact_id);
        let keys = self.vault.load(&[subject.0, person.0]).await?;
        let (stream, event) = match answering {
            Some(answering) => answer_event(&answering, inbound, &keys),
            None => message_event(inbound, person, &keys),
        };
        let events = self.envelopes(&[event]);
        let mut streams = vec![StreamAppend { stream, expected: Expected::Any, events }];
        streams.extend(self.consent_part(message, &keys).await?);
        let answer = context::Answer { id: person.0, version: 0 };
        self.append(context, answer, streams).await
    }

    /// What STOP or START changes, if it is one.
    async fn consent_part(
        &self,
        message: &Message<'_>,
        keys: &KeyRing,
    ) -> Result<Option<StreamAppend>, UseCaseError> {
        let Message { inbound, person, .. } = *message;
        let Some(keyword) = message.keyword else { return Ok(None) };
        let mut loaded = self.load_contact(person).await?;
        let Some(contact) = &loaded.state else { return Ok(None) };
        let now = self.ports.clock.now();
        let commands = match keyword {
            Keyword::Stop => {
                let withdrawal = ConsentWithdrawn {
                    purposes: ALL_PURPOSES.to_vec(),
                    method: Method::Message,
                    withdrawn_at: inbound.at,
                    evidence: None,
                };
                vec![ContactCommand::WithdrawConsent { withdrawal, now }]
            }
            Keyword::Start => self.starting(contact, inbound, now, keys)?,
        };
        match decide_all(&mut loaded.state, commands) {
            Ok(events) if events.is_empty() => Ok(None),
            Ok(events) => {
                let events = self.envelopes(&events);
                let expected = Expected::Exact(loaded.version);
                Ok(Some(StreamAppend { stream: loaded.stream, expected, events }))
            }
            // A START that was overtaken by a STOP, or somebody forgotten: only words to keep.
            Err(UseCaseError::Rejected { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives again what was withdrawn; to whoever never agreed to anything, what START is for.
    fn starting(
        &self,
        contact: &Contact,
        inbound: &Inbound,
        now: DateTime<Utc>,
        keys: &KeyRing,
    ) -> Result<Vec<ContactCommand>, UseCaseError> {
        let withdrawn = |purpose: &Purpose| {
            matches!(contact.consents.get(purpose), Some(Consent::Withdrawn { .. }))
        };
        let purposes: Vec<Purpose> = if contact.consents.is_empty() {
            FIRST_PURPOSES.to_vec()
        } else {
            ALL_PURPOSES.into_iter().filter(withdrawn).collect()
        };
        let giving = |purpose| {
            let consent = NewConsent {
                purpose,
                basis: Basis::Consent,
                method: Method::Message,
                given_at: inbound.at.min(now),
                evidence: words_of(&inbound.body).map(ToOwned::to_owned),
            };
            self.giving(&consent, contact.contact_id, keys)
        };
        purposes.into_iter().map(giving).collect()
    }
}

/// The same message is taken in once, even by another process after a restart.
fn once(message_id: &str) -> OnceKey {
    let key = Sha256::digest([b"inbound\0", message_id.as_bytes()].concat()).into();
    OnceKey { key, fingerprint: key }
}

fn answer_event(answering: &Answering, inbound: &Inbound, keys: &KeyRing) -> (StreamId, Event) {
    let answer = Answer {
        recipient: answering.recipient,
        at: inbound.at,
        kind: answering.kind,
        late: answering.late,
        content: seal(keys, answering.contact_id, CONTENT, inbound.body.content()),
        message: seal(keys, answering.contact_id, MESSAGE_ID, &inbound.message_id),
    };
    let stream = StreamId::receipts(answering.incident_id, answering.broadcast_id);
    (stream, AnswersRecorded { answers: vec![answer] }.into())
}

fn message_event(inbound: &Inbound, contact_id: ContactId, keys: &KeyRing) -> (StreamId, Event) {
    let received = MessageReceived {
        message: seal(keys, contact_id, MESSAGE_ID, &inbound.message_id),
        form: inbound.body.form().to_owned(),
        content: seal(keys, contact_id, CONTENT, inbound.body.content()),
    };
    (StreamId::conversation(contact_id), received.into())
}

/// Seals a value for a person. That somebody forgotten still answered is kept; their words cannot
/// be, since nobody may be able to read them.
fn seal(keys: &KeyRing, contact_id: ContactId, place: &str, clear: &str) -> Sealed {
    keys.seal(contact_id.0, place, clear.as_bytes())
        .unwrap_or_else(|_| Sealed::from_bytes(Vec::new()))
}
