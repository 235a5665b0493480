//! What leaves for one person: a broadcast's brief, its template and the person, made one message.
//!
//! A message of an exercise looks like any other, since a template's text is fixed at the provider:
//! it is kept from real people by its messenger, and known by its reference.

#[cfg(test)]
mod tests;
mod time;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::FixedOffset;
use fanal_domain::broadcast::{Brief, Broadcast, HeaderValue, Value};
use fanal_domain::consent::Purpose;
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::ladder::SuppressionReason;
use fanal_domain::language::Language;
use fanal_domain::template::{
    AnswerKind, Button, Content, Header, Template, as_address_end, check_value, render,
};

use crate::Engine;
use crate::envelope::StreamId;
use crate::error::UseCaseError;
use crate::person::Profile;
use crate::ports::{
    ButtonParameter, ButtonValue, Outgoing, OutgoingFile, OutgoingHeader, OutgoingMessage,
};
use crate::reference::{Payload, Reference};

/// Everything one broadcast says, ready to be made out to any number of people.
#[derive(Debug, Clone)]
pub struct Script {
    purpose: Purpose,
    template: String,
    texts: BTreeMap<Language, Text>,
}

/// One language's text with everything filled that is the same for everyone.
#[derive(Debug, Clone)]
struct Text {
    content: Content,
    header: Option<OutgoingHeader>,
    header_blanks: Vec<Blank>,
    body_blanks: Vec<Blank>,
    address_ends: Vec<(u32, Blank)>,
    replies: Vec<(u32, AnswerKind)>,
}

/// A blank and what to put there.
#[derive(Debug, Clone)]
struct Blank {
    name: String,
    /// `None` if the brief gives it no value.
    filling: Option<Filling>,
}

#[derive(Debug, Clone)]
enum Filling {
    Same(String),
    Attribute { name: String, otherwise: String },
}

impl Script {
    /// What a brief says in every language of its template.
    pub fn new(brief: &Brief, template: &Template, offset: FixedOffset) -> Self {
        let text = |(language, translation): (&Language, &_)| {
            (language.clone(), Text::new(brief, language, translation, offset))
        };
        let contents = template.translations.iter().map(|(language, one)| (language, &one.content));
        Self {
            purpose: brief.purpose,
            template: template.name.clone(),
            texts: contents.map(text).collect(),
        }
    }

    /// Which consent it rests on.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Whether everything can be filled for this person, within the provider's bounds.
    ///
    /// # Errors
    /// The reason why the person cannot be told.
    pub fn check(&self, language: &Language, profile: &Profile) -> Result<(), SuppressionReason> {
        let text = self.texts.get(language).ok_or(SuppressionReason::NoTranslation)?;
        let values = text
            .blanks()
            .map(|blank| Ok((blank.name.clone(), blank.fill(profile)?.into_owned())))
            .collect::<Result<_, _>>()?;
        render(&text.content, &values).map_err(|_| SuppressionReason::NoValue)?;
        Ok(())
    }

    /// Makes it out to one person.
    ///
    /// # Errors
    /// The reason why the person cannot be told.
    pub fn write(
        &self,
        language: &Language,
        profile: &Profile,
        reference: &Reference,
    ) -> Result<Outgoing, SuppressionReason> {
        let to = profile.whatsapp.clone().ok_or(SuppressionReason::NoAddress)?;
        let text = self.texts.get(language).ok_or(SuppressionReason::NoTranslation)?;
        let message = OutgoingMessage::Template {
            name: self.template.clone(),
            language: language.clone(),
            header: text.header.clone(),
            header_values: fill_all(&text.header_blanks, profile)?,
            body_values: fill_all(&text.body_blanks, profile)?,
            buttons: text.buttons(profile, reference)?,
        };
        Ok(Outgoing { reference: reference.to_string(), to, message })
    }
}

impl Text {
    fn new(brief: &Brief, language: &Language, content: &Content, offset: FixedOffset) -> Self {
        let blank = |name: &str| Blank {
            name: name.to_owned(),
            filling: brief.variables.get(name).map(|value| match value {
                Value::Text(words) => Filling::Same(words.clone()),
                Value::Time(instant) => {
                    Filling::Same(time::written(instant.with_timezone(&offset), language))
                }
                Value::Attribute { name, otherwise } => {
                    Filling::Attribute { name: name.clone(), otherwise: otherwise.clone() }
                }
            }),
        };
        let placeholders = content.placeholders();
        let replies = (0..).zip(&content.buttons).filter_map(|(index, button)| match button {
            Button::QuickReply { answer, .. } => Some((index, *answer)),
            Button::Url { .. } => None,
        });
        Self {
            header: header(content.header.as_ref(), brief.header.as_ref()),
            header_blanks: placeholders.header.iter().map(|name| blank(name)).collect(),
            body_blanks: placeholders.body.iter().map(|name| blank(name)).collect(),
            address_ends: placeholders
                .buttons
                .iter()
                .map(|(index, name)| (*index, blank(name)))
                .collect(),
            replies: replies.collect(),
            content: content.clone(),
        }
    }

    fn blanks(&self) -> impl Iterator<Item = &Blank> {
        let ends = self.address_ends.iter().map(|(_, blank)| blank);
        self.header_blanks.iter().chain(&self.body_blanks).chain(ends)
    }

    fn buttons(
        &self,
        profile: &Profile,
        reference: &Reference,
    ) -> Result<Vec<ButtonValue>, SuppressionReason> {
        let replies = self.replies.iter().map(|(index, answer)| {
            let payload = Payload { reference: *reference, answer: *answer };
            let value = ButtonParameter::Payload(payload.to_string());
            Ok(ButtonValue { index: *index, value })
        });
        let ends = self.address_ends.iter().map(|(index, blank)| {
            let value = ButtonParameter::UrlSuffix(as_address_end(&blank.fill(profile)?));
            Ok(ButtonValue { index: *index, value })
        });
        replies.chain(ends).collect()
    }
}

impl Blank {
    /// What stands in it for this person, if the provider would take that.
    fn fill<'a>(&'a self, profile: &'a Profile) -> Result<Cow<'a, str>, SuppressionReason> {
        let words = match self.filling.as_ref().ok_or(SuppressionReason::NoValue)? {
            Filling::Same(words) => words.into(),
            Filling::Attribute { name, otherwise } => {
                profile.field(name).unwrap_or_else(|| otherwise.into())
            }
        };
        check_value(&words).map_err(|_| SuppressionReason::NoValue)?;
        Ok(words)
    }
}

fn fill_all(
    blanks: &[Blank],
    profile: &Profile,
) -> Result<Vec<(String, String)>, SuppressionReason> {
    let fill = |blank: &Blank| Ok((blank.name.clone(), blank.fill(profile)?.into_owned()));
    blanks.iter().map(fill).collect()
}

/// What stands above the body, if that is not text and the brief names the right thing.
pub(crate) fn header(
    wanted: Option<&Header>,
    given: Option<&HeaderValue>,
) -> Option<OutgoingHeader> {
    let file = |value: &HeaderValue| match value {
        HeaderValue::Media(id) => Some(OutgoingFile::Uploaded(id.clone())),
        HeaderValue::Link(link) => Some(OutgoingFile::Link(link.clone())),
        HeaderValue::Location { .. } => None,
    };
    match (wanted?, given?) {
        (Header::Image, value) => file(value).map(OutgoingHeader::Image),
        (Header::Document, value) => file(value).map(OutgoingHeader::Document),
        (Header::Location, HeaderValue::Location { latitude, longitude, name, address }) => {
            Some(OutgoingHeader::Location {
                latitude: latitude.clone(),
                longitude: longitude.clone(),
                name: name.clone(),
                address: address.clone(),
            })
        }
        (Header::Text(_) | Header::Location, _) => None,
    }
}

impl Engine {
    /// What a broadcast says, as the log has it now.
    ///
    /// # Errors
    /// [`UseCaseError::NotFound`] if there is no such broadcast or its template is gone.
    pub async fn script(
        &self,
        incident: IncidentId,
        broadcast: BroadcastId,
    ) -> Result<Arc<Script>, UseCaseError> {
        let broadcast = self.load::<Broadcast>(StreamId::broadcast(incident, broadcast)).await?;
        let brief = broadcast.state.ok_or(UseCaseError::NotFound { what: "broadcast" })?.brief;
        let template = self.load::<Template>(StreamId::template(brief.template_id)).await?;
        let template = template.state.ok_or(UseCaseError::NotFound { what: "template" })?;
        Ok(Arc::new(Script::new(&brief, &template, self.config.offset)))
    }
}
