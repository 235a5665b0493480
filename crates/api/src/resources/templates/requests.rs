//! What callers say about templates, and the parts of a template in both directions.

use fanal_domain::language::Language;
use fanal_domain::template as domain;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::{AnswerKind, Category, VariableType};

/// Registers a template, without a text yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "water_alert",
    "category": "utility",
    "variables": [
        {"name": "district", "type": "text", "example": "Lyon 3e"},
        {"name": "next_update", "type": "time", "commitment": true,
            "example": "2026-12-01T18:30:00Z"},
    ],
}))]
pub(super) struct RegisterTemplate {
    /// The provider's name for it: lower snake case.
    #[schema(pattern = "^[a-z][a-z0-9_]*$", max_length = 512)]
    pub(super) name: String,
    /// Price and policy class.
    pub(super) category: Category,
    /// The blanks every translation may use.
    #[serde(default)]
    pub(super) variables: Vec<Variable>,
}

/// A typed blank in the text, written `{{name}}` there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Variable {
    /// Lower snake case.
    name: String,
    /// What it holds.
    #[serde(rename = "type")]
    kind: VariableType,
    /// A time by which we promise something: launching makes a promise on the incident.
    #[serde(default)]
    commitment: bool,
    /// What the reviewer at the provider sees in its place.
    example: String,
}

/// Writes a translation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "language": "fr",
    "content": {
        "header": {"text": "Alerte eau"},
        "body": "Ne buvez pas l'eau du robinet à {{district}}. Nouvelles avant {{next_update}}.",
        "footer": "Répondez STOP pour ne plus rien recevoir.",
        "buttons": [
            {"quick_reply": {"text": "Bien reçu", "answer": "received"}},
            {"quick_reply": {"text": "Besoin d'aide", "answer": "need_help"}},
        ],
    },
}))]
pub(super) struct AddTranslation {
    /// Its language.
    #[schema(value_type = String)]
    pub(super) language: Language,
    /// Its text.
    pub(super) content: Content,
}

/// Names the translation to submit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"language": "fr"}))]
pub(super) struct SubmitTranslation {
    /// Its language.
    #[schema(value_type = String)]
    pub(super) language: Language,
}

/// One language's text.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    /// Above the body.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    header: Option<Header>,
    /// The text.
    #[schema(min_length = 1, max_length = 1024)]
    body: String,
    /// Below the body, without variables.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(max_length = 60, nullable = false)]
    footer: Option<String>,
    /// Quick replies before the others.
    #[serde(default)]
    #[schema(max_items = 10)]
    buttons: Vec<Button>,
}

/// What stands above the body.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Header {
    /// One line of at most 60 characters.
    Text(String),
    /// A picture the broadcast names.
    Image,
    /// A document the broadcast names.
    Document,
    /// A pin on the map the broadcast names.
    Location,
}

/// Something to press.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Button {
    /// Sends an answer back.
    QuickReply {
        /// Its label.
        #[schema(max_length = 25)]
        text: String,
        /// What pressing it means.
        answer: AnswerKind,
    },
    /// Opens a page.
    Url {
        /// Its label.
        #[schema(max_length = 25)]
        text: String,
        /// The address; may end in one variable.
        url: String,
    },
}

impl From<Variable> for domain::Variable {
    fn from(Variable { name, kind, commitment, example }: Variable) -> Self {
        Self { name, kind: kind.into(), commitment, example }
    }
}

impl From<domain::Variable> for Variable {
    fn from(domain::Variable { name, kind, commitment, example }: domain::Variable) -> Self {
        Self { name, kind: kind.into(), commitment, example }
    }
}

impl From<Content> for domain::Content {
    fn from(Content { header, body, footer, buttons }: Content) -> Self {
        let buttons = buttons.into_iter().map(Into::into).collect();
        Self { header: header.map(Into::into), body, footer, buttons }
    }
}

impl From<domain::Content> for Content {
    fn from(domain::Content { header, body, footer, buttons }: domain::Content) -> Self {
        let buttons = buttons.into_iter().map(Into::into).collect();
        Self { header: header.map(Into::into), body, footer, buttons }
    }
}

impl From<Header> for domain::Header {
    fn from(header: Header) -> Self {
        match header {
            Header::Text(text) => Self::Text(text),
            Header::Image => Self::Image,
            Header::Document => Self::Document,
            Header::Location => Self::Location,
        }
    }
}

impl From<domain::Header> for Header {
    fn from(header: domain::Header) -> Self {
        match header {
            domain::Header::Text(text) => Self::Text(text),
            domain::Header::Image => Self::Image,
            domain::Header::Document => Self::Document,
            domain::Header::Location => Self::Location,
        }
    }
}

impl From<Button> for domain::Button {
    fn from(button: Button) -> Self {
        match button {
            Button::QuickReply { text, answer } => Self::QuickReply { text, answer: answer.into() },
            Button::Url { text, url } => Self::Url { text, url },
        }
    }
}

impl From<domain::Button> for Button {
    fn from(button: domain::Button) -> Self {
        match button {
            domain::Button::QuickReply { text, answer } => {
                Self::QuickReply { text, answer: answer.into() }
            }
            domain::Button::Url { text, url } => Self::Url { text, url },
        }
    }
}
