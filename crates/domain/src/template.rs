//! A template: a message text the provider approves, with typed variables, per language.

#[cfg(test)]
pub(crate) mod arbitrary;
mod command;
mod content;
mod decide;
mod event;
mod placeholder;
mod render;
mod state;
#[cfg(test)]
mod tests;
mod value;

pub use command::*;
pub use content::*;
pub use decide::{TEMPLATE_NAME_CHARS_MAX, VARIABLES_MAX};
pub use event::*;
pub use placeholder::*;
pub use render::*;
use serde::{Deserialize, Serialize};
pub use state::*;
pub use value::*;

/// The provider's price and policy class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Follows from something the person does with us.
    Utility,
    /// Everything commercial.
    Marketing,
    /// One-time codes.
    Authentication,
    /// Free-form messages in the 24-hour window.
    Service,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableType {
    /// Words.
    Text,
    /// An instant, RFC 3339.
    Time,
    /// A number.
    Number,
    /// An `https` address.
    Link,
}

/// A typed blank in the text, written `{{name}}` there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Lower snake case.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: VariableType,
    /// A time by which we promise something: launching makes a promise on the incident.
    #[serde(default)]
    pub commitment: bool,
    /// What the reviewer at the provider sees in its place.
    pub example: String,
}

/// One language's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Above the body.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub header: Option<Header>,
    /// The text, at most 1,024 characters.
    pub body: String,
    /// Below the body, at most 60 characters, without variables.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub footer: Option<String>,
    /// At most ten, quick replies before the others.
    #[serde(default)]
    pub buttons: Vec<Button>,
}

/// What stands above the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Header {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Sends an answer back.
    QuickReply {
        /// Its label, at most 25 characters.
        text: String,
        /// What pressing it means.
        answer: AnswerKind,
    },
    /// Opens a page.
    Url {
        /// Its label, at most 25 characters.
        text: String,
        /// The address; may end in one variable.
        url: String,
    },
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// "I got it."
    Received,
    /// "I am safe."
    Safe,
    /// "I need help."
    NeedHelp,
    /// Any other answer; not an acknowledgement.
    Other,
}

impl AnswerKind {
    /// Whether it counts as "I got it".
    pub fn acknowledges(self) -> bool {
        self != Self::Other
    }
}

/// Where a translation stands with the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderStatus {
    /// Not yet submitted.
    Draft,
    /// In review.
    Pending,
    /// May be sent.
    Approved,
    /// Refused in review.
    Rejected,
    /// Stopped for some hours by the provider.
    Paused,
    /// Stopped for good by the provider.
    Disabled,
    /// Gone at the provider.
    Deleted,
}
