//! The content of a send, type by type, with the limits of each.

use serde_json::Value;

use super::interactive;
use super::request::optional_text;
use crate::graph::GraphError;

/// The type of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Image,
    Video,
    Document,
    Audio,
    /// Audio sent as a voice message: the only kind with a `played` status.
    Voice,
    Sticker,
    Location,
    Contacts,
    Reaction,
    Interactive,
    Template,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Document => "document",
            Self::Audio | Self::Voice => "audio",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Contacts => "contacts",
            Self::Reaction => "reaction",
            Self::Interactive => "interactive",
            Self::Template => "template",
        }
    }
}

/// What a send is to show.
#[derive(Clone, Debug)]
pub(crate) enum Content<'v> {
    Template { name: &'v str, language: &'v str, components: Option<&'v Value> },
    Free(FreeForm<'v>),
}

/// Anything that is not a template.
#[derive(Clone, Debug)]
pub(crate) struct FreeForm<'v> {
    pub(crate) kind: Kind,
    /// What the person sees, as far as it is text.
    pub(crate) text: String,
    /// Id and title of what can be tapped.
    pub(crate) replies: Vec<(&'v str, &'v str)>,
    /// What a tap is called: `button_reply` or `list_reply`.
    pub(crate) reply_type: &'static str,
    /// The media object to fetch.
    pub(crate) media: Option<&'v Value>,
    /// The message a reaction is for.
    pub(crate) target: Option<&'v str>,
}

impl FreeForm<'_> {
    pub(super) fn of(kind: Kind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            replies: Vec::new(),
            reply_type: "button_reply",
            media: None,
            target: None,
        }
    }
}

const TYPES: &str = "AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, STICKER, \
                     TEMPLATE, TEXT, VIDEO";

/// Reads the object that `type` names.
pub(super) fn read(body: &Value) -> Result<Content<'_>, GraphError> {
    let kind = optional_text(body, "type")?.unwrap_or("text");
    let object = |key: &'static str| {
        body.get(key).filter(|object| object.is_object()).ok_or_else(|| {
            GraphError::of(131_008).details(format!("The parameter {key} is required."))
        })
    };
    let free = match kind {
        "template" => return template(object("template")?),
        "text" => text(object("text")?)?,
        "image" => media(Kind::Image, object("image")?, true)?,
        "video" => media(Kind::Video, object("video")?, true)?,
        "document" => media(Kind::Document, object("document")?, true)?,
        "sticker" => media(Kind::Sticker, object("sticker")?, false)?,
        "audio" => {
            let audio = object("audio")?;
            let voice = audio["voice"] == true;
            media(if voice { Kind::Voice } else { Kind::Audio }, audio, false)?
        }
        "location" => location(object("location")?)?,
        "contacts" => contacts(&body["contacts"])?,
        "reaction" => reaction(object("reaction")?)?,
        "interactive" => interactive::read(object("interactive")?)?,
        other => {
            let shown: String = other.chars().take(40).collect();
            let message = format!("Param type must be one of {{{TYPES}}} - got \"{shown}\".");
            return Err(GraphError::parameter(message));
        }
    };
    Ok(Content::Free(free))
}

fn template(template: &Value) -> Result<Content<'_>, GraphError> {
    let name = required(template, "name", "template['name']")?;
    let language = template["language"]["code"].as_str().ok_or_else(|| {
        GraphError::of(131_008).details("The parameter template['language']['code'] is required.")
    })?;
    let policy = &template["language"]["policy"];
    if !policy.is_null() && policy != "deterministic" {
        return Err(invalid("template['language']['policy'] must be deterministic"));
    }
    Ok(Content::Template { name, language, components: template.get("components") })
}

fn text(text: &Value) -> Result<FreeForm<'_>, GraphError> {
    let body = required(text, "body", "text['body']")?;
    limit("text['body']", body, 1, 4_096)?;
    if !matches!(text["preview_url"], Value::Null | Value::Bool(_)) {
        return Err(invalid("text['preview_url'] must be a boolean"));
    }
    Ok(FreeForm::of(Kind::Text, body))
}

fn media(kind: Kind, media: &Value, captioned: bool) -> Result<FreeForm<'_>, GraphError> {
    let word = kind.word();
    match (optional_text(media, "id")?, optional_text(media, "link")?) {
        (Some(_), None) | (None, Some(_)) => {}
        _ => return Err(invalid(format!("{word}: exactly one of id and link is required"))),
    }
    let caption = optional_text(media, "caption")?;
    if let Some(caption) = caption {
        if !captioned {
            return Err(invalid(format!("{word} cannot have a caption")));
        }
        limit("caption", caption, 0, 1_024)?;
    }
    Ok(FreeForm { media: Some(media), ..FreeForm::of(kind, caption.unwrap_or_default()) })
}

fn location(location: &Value) -> Result<FreeForm<'_>, GraphError> {
    let degrees = |key: &str, max: f64| {
        let value = &location[key];
        let degrees = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        degrees.filter(|degrees| degrees.abs() <= max).ok_or_else(|| {
            invalid(format!("location['{key}'] must be a number from -{max} to {max}"))
        })
    };
    let (latitude, longitude) = (degrees("latitude", 90.0)?, degrees("longitude", 180.0)?);
    let name = optional_text(location, "name")?.unwrap_or_default();
    Ok(FreeForm::of(Kind::Location, format!("{name} ({latitude}, {longitude})")))
}

fn contacts(contacts: &Value) -> Result<FreeForm<'_>, GraphError> {
    let list = contacts.as_array().map(Vec::as_slice).unwrap_or_default();
    if list.is_empty() || list.len() > 257 {
        return Err(invalid("contacts must be a list of 1 to 257 entries"));
    }
    let names = list.iter().map(|contact| {
        contact["name"]["formatted_name"].as_str().ok_or_else(|| {
            GraphError::of(131_008)
                .details("The parameter contacts['name']['formatted_name'] is required.")
        })
    });
    let names: Vec<&str> = names.collect::<Result<_, _>>()?;
    Ok(FreeForm::of(Kind::Contacts, names.join(", ")))
}

fn reaction(reaction: &Value) -> Result<FreeForm<'_>, GraphError> {
    let target = required(reaction, "message_id", "reaction['message_id']")?;
    let emoji = optional_text(reaction, "emoji")?.unwrap_or_default();
    limit("reaction['emoji']", emoji, 0, 16)?;
    Ok(FreeForm { target: Some(target), ..FreeForm::of(Kind::Reaction, emoji) })
}

/// A text that must be there.
pub(super) fn required<'v>(value: &'v Value, key: &str, path: &str) -> Result<&'v str, GraphError> {
    match value.get(key) {
        Some(Value::String(text)) => Ok(text),
        None | Some(Value::Null) => {
            Err(GraphError::of(131_008).details(format!("The parameter {path} is required.")))
        }
        Some(_) => Err(invalid(format!("{path} must be a string"))),
    }
}

/// Characters of a text, with both bounds included.
pub(super) fn limit(path: &str, text: &str, min: usize, max: usize) -> Result<(), GraphError> {
    let chars = text.chars().count();
    if (min..=max).contains(&chars) {
        return Ok(());
    }
    let message = format!("Param {path} must have {min} to {max} characters, got {chars}.");
    Err(GraphError::parameter(message))
}

pub(super) fn invalid(details: impl Into<std::borrow::Cow<'static, str>>) -> GraphError {
    GraphError::of(131_009).details(details)
}
