//! A template: its parts, as sends and answers need them.

use serde_json::{Value, json};

use super::state::{Quality, Status};
use super::text::Text;
use crate::clock::Millis;
use crate::messages::Packed;

/// One name in one language.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) id: u64,
    pub(crate) name: Box<str>,
    pub(crate) language: Box<str>,
    pub(crate) category: Category,
    pub(crate) named: bool,
    pub(crate) header: Option<Header>,
    pub(crate) body: Text,
    pub(crate) footer: Option<Box<str>>,
    pub(crate) buttons: Vec<Button>,
    /// The components as they were submitted, for reading them back.
    pub(crate) components: Value,
    pub(crate) ttl_seconds: Option<i64>,
    pub(crate) status: Status,
    pub(crate) quality: Quality,
    pub(crate) rejected_reason: Option<Box<str>>,
    pub(crate) pauses: u32,
    /// Sends so far, for pacing.
    pub(crate) sends: u32,
    /// Messages held for quality assessment.
    pub(crate) held: Vec<u32>,
    pub(crate) edited_at: Vec<Millis>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    Marketing,
    Utility,
    Authentication,
    /// Everything that is not a template.
    Service,
}

impl Category {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "MARKETING" => Some(Self::Marketing),
            "UTILITY" => Some(Self::Utility),
            "AUTHENTICATION" => Some(Self::Authentication),
            _ => None,
        }
    }

    pub(crate) fn upper(self) -> &'static str {
        match self {
            Self::Marketing => "MARKETING",
            Self::Utility => "UTILITY",
            Self::Authentication => "AUTHENTICATION",
            Self::Service => "SERVICE",
        }
    }

    pub(crate) fn lower(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Utility => "utility",
            Self::Authentication => "authentication",
            Self::Service => "service",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    Text(Text),
    Media(MediaKind),
    Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Image,
    Video,
    Document,
    Gif,
}

impl MediaKind {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "IMAGE" => Some(Self::Image),
            "VIDEO" => Some(Self::Video),
            "DOCUMENT" => Some(Self::Document),
            "GIF" => Some(Self::Gif),
            _ => None,
        }
    }

    pub(crate) fn lower(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Document => "document",
            Self::Gif => "gif",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Button {
    QuickReply {
        text: Box<str>,
    },
    Url {
        text: Box<str>,
        url: Text,
    },
    CopyCode,
    Otp,
    /// Phone numbers, flows, catalogues: they neither answer by webhook nor need parameters.
    Other {
        text: Box<str>,
    },
}

impl Button {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::QuickReply { text } | Self::Url { text, .. } | Self::Other { text } => text,
            Self::CopyCode | Self::Otp => "Copy code",
        }
    }
}

impl Template {
    /// Texts of the quick-reply buttons, with their place among all buttons.
    pub(crate) fn quick_replies(&self) -> impl Iterator<Item = (usize, &str)> {
        self.buttons.iter().enumerate().filter_map(|(index, button)| match button {
            Button::QuickReply { text } => Some((index, &**text)),
            _ => None,
        })
    }

    /// What the person sees, from the packed values of a message: header, body, footer.
    pub(crate) fn rendered(&self, content: &Packed) -> String {
        let header = match &self.header {
            Some(Header::Text(text)) => Some(text.render(content.group(0))),
            Some(Header::Media(kind)) => Some(format!("[{}]", kind.lower())),
            Some(Header::Location) => Some("[location]".to_owned()),
            None => None,
        };
        let body = self.body.render(content.group(1));
        let footer = self.footer.as_deref().map(str::to_owned);
        let parts: Vec<String> = header.into_iter().chain([body]).chain(footer).collect();
        parts.join("\n")
    }

    /// The node as the Graph API shows it.
    pub(crate) fn node(&self) -> Value {
        let mut node = json!({
            "id": self.id.to_string(),
            "name": self.name,
            "language": self.language,
            "category": self.category.upper(),
            "parameter_format": if self.named { "NAMED" } else { "POSITIONAL" },
            "status": self.status.word(),
            "components": self.components,
            "quality_score": { "score": self.quality.word() },
            "rejected_reason": self.rejected_reason.as_deref().unwrap_or("NONE"),
        });
        if let Some(ttl) = self.ttl_seconds {
            node["message_send_ttl_seconds"] = json!(ttl);
        }
        node
    }
}
