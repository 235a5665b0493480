//! The way out: one message to one person through a provider, and what the provider knows.

use std::fmt::{self, Debug};
use std::time::Duration;

use async_trait::async_trait;
use fanal_domain::language::Language;
use fanal_domain::phone::PhoneNumber;
use fanal_domain::sender::{Quality, SenderId};
use fanal_domain::template::{Category, Content, ProviderStatus, Variable};

/// One message to one person. `Debug` shows neither words nor number.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Our own name for this send; comes back in every receipt. At most 512 bytes.
    pub reference: String,
    /// To whom.
    pub to: PhoneNumber,
    /// What.
    pub message: OutgoingMessage,
}

/// What to send.
#[derive(Clone, PartialEq)]
pub enum OutgoingMessage {
    /// An approved text with its blanks filled.
    Template {
        /// The provider's name for it.
        name: String,
        /// Which translation.
        language: Language,
        /// What to put above the body, if that is not text.
        header: Option<OutgoingHeader>,
        /// What to put into the header's text, by variable name.
        header_values: Vec<(String, String)>,
        /// What to put into the body, by variable name, each once, in the order they appear.
        body_values: Vec<(String, String)>,
        /// What each button that needs something gets.
        buttons: Vec<ButtonValue>,
    },
    /// Free words, inside the 24-hour window only.
    Text(String),
    /// Free words with up to three buttons, inside the 24-hour window only.
    Buttons {
        /// The words.
        body: String,
        /// Each button's id, which comes back when it is pressed, and its label.
        buttons: Vec<(String, String)>,
    },
}

impl Debug for OutgoingMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template { name, language, .. } => write!(f, "Template({name}, {language})"),
            Self::Text(_) => f.write_str("Text"),
            Self::Buttons { .. } => f.write_str("Buttons"),
        }
    }
}

/// What stands above the body, if that is not text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutgoingHeader {
    /// A picture.
    Image(OutgoingFile),
    /// A document.
    Document(OutgoingFile),
    /// A pin on the map.
    Location {
        /// Degrees north, as decimal text.
        latitude: String,
        /// Degrees east, as decimal text.
        longitude: String,
        /// The place's name.
        name: String,
        /// Its address.
        address: String,
    },
}

/// Where the provider finds a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutgoingFile {
    /// Among those we uploaded, by the provider's id.
    Uploaded(String),
    /// At an `https` address it fetches.
    Link(String),
}

/// What one button of a template gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ButtonValue {
    /// The button's place among all buttons, from 0.
    pub index: u32,
    /// What it gets.
    pub value: ButtonParameter,
}

/// What a button gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ButtonParameter {
    /// A quick reply's payload, which comes back when it is pressed.
    Payload(String),
    /// The variable end of an address.
    UrlSuffix(String),
}

/// What came of one call to the provider; "we do not know" is one of the answers.
/// `Debug` hides the message id, since it contains the number.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it. Says nothing about delivery.
    Accepted {
        /// The provider's id of the message. Contains the number: seal it.
        message_id: String,
        /// Whether the provider holds it back to judge the template first.
        held: bool,
    },
    /// Too fast; nothing was sent.
    Throttled {
        /// The provider's code; 0 if it gave none.
        code: u32,
        /// When to try again, if the provider said.
        retry_after: Option<Duration>,
        /// Whether only this person is throttled, not the sender.
        only_this_person: bool,
    },
    /// The provider's trouble; nothing was sent.
    Retry {
        /// The provider's code; 0 if it gave none.
        code: u32,
        /// When to try again, if the provider said.
        retry_after: Option<Duration>,
    },
    /// Will not pass for this person; nothing was sent.
    Refused {
        /// The provider's code.
        code: u32,
    },
    /// Will not pass for anybody until our configuration is mended; nothing was sent.
    Reconfigure {
        /// The provider's code.
        code: u32,
    },
    /// The connection broke after the request may have left: it may have been sent.
    Unknown,
}

impl Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { held, .. } => write!(f, "Accepted {{ held: {held} }}"),
            Self::Throttled { code, retry_after, only_this_person } => f
                .debug_struct("Throttled")
                .field("code", code)
                .field("retry_after", retry_after)
                .field("only_this_person", only_this_person)
                .finish(),
            Self::Retry { code, retry_after } => f
                .debug_struct("Retry")
                .field("code", code)
                .field("retry_after", retry_after)
                .finish(),
            Self::Refused { code } => write!(f, "Refused {{ code: {code} }}"),
            Self::Reconfigure { code } => write!(f, "Reconfigure {{ code: {code} }}"),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

/// Sends one message at a time; keeps connections, decides nothing.
#[async_trait]
pub trait Messenger: Debug + Send + Sync {
    /// Sends one message from a sender. Returns within the adapter's time limit.
    async fn send(&self, sender: &SenderId, message: &Outgoing) -> Outcome;
}

/// A provider's call failed; `code` is 0 if the provider gave none.
#[derive(Debug, thiserror::Error)]
#[error("the provider refused with code {code}: {message}")]
pub struct ProviderError {
    /// The provider's code.
    pub code: u32,
    /// The provider's words; no personal data.
    pub message: String,
}

/// A translation as the provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderTemplate {
    /// The provider's id of the translation.
    pub provider_id: String,
    /// The provider's name for the template.
    pub name: String,
    /// The translation's language.
    pub language: Language,
    /// Price and policy class.
    pub category: Category,
    /// Where it stands.
    pub status: ProviderStatus,
    /// Why it was refused, if it was.
    pub reason: Option<String>,
}

/// Stands for "no limit" where a sender's people per day are counted.
pub const UNLIMITED_PEOPLE: u32 = u32::MAX;

/// What a sender may do, as the provider tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderFacts {
    /// Messages per second, in and out together.
    pub rate_per_s: Option<u32>,
    /// How people receive what we send.
    pub quality: Option<Quality>,
    /// Unique people outside a conversation per moving 24 hours; [`UNLIMITED_PEOPLE`] if there is
    /// no limit, none if not told.
    pub daily_people_max: Option<u32>,
    /// The number as people see it.
    pub display_number: String,
}

/// What the provider manages for us besides sending.
#[async_trait]
pub trait Provider: Debug + Send + Sync {
    /// Every translation the provider has for us.
    ///
    /// # Errors
    /// [`ProviderError`] if the provider refuses or cannot be reached.
    async fn templates(&self) -> Result<Vec<ProviderTemplate>, ProviderError>;

    /// Submits a translation for review.
    ///
    /// # Errors
    /// [`ProviderError`] if the provider refuses or cannot be reached.
    async fn submit_template(
        &self,
        name: &str,
        category: Category,
        variables: &[Variable],
        language: &Language,
        content: &Content,
    ) -> Result<ProviderTemplate, ProviderError>;

    /// Deletes every translation of a template.
    ///
    /// # Errors
    /// [`ProviderError`] if the provider refuses or cannot be reached.
    async fn delete_template(&self, name: &str) -> Result<(), ProviderError>;

    /// What a sender may do.
    ///
    /// # Errors
    /// [`ProviderError`] if the provider refuses or cannot be reached.
    async fn sender_facts(&self, sender: &SenderId) -> Result<SenderFacts, ProviderError>;

    /// Marks a person's message as read.
    ///
    /// # Errors
    /// [`ProviderError`] if the provider refuses or cannot be reached.
    async fn mark_read(&self, sender: &SenderId, message_id: &str) -> Result<(), ProviderError>;

    /// Uploads a file and returns the provider's id of it, good for 30 days.
    ///
    /// # Errors
    /// [`ProviderError`] if the provider refuses or cannot be reached.
    async fn upload_media(
        &self,
        sender: &SenderId,
        mime_type: &str,
        bytes: bytes::Bytes,
    ) -> Result<String, ProviderError>;
}
