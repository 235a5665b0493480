//! The way in: what the provider calls us with, verified and decoded.

use std::fmt::{self, Debug};

use chrono::{DateTime, Utc};
use fanal_domain::broadcast::{Pricing, ReceiptStatus};
use fanal_domain::ladder::Failure;
use fanal_domain::language::Language;
use fanal_domain::phone::PhoneNumber;
use fanal_domain::sender::{Quality, SenderId};
use fanal_domain::template::{Category, ProviderStatus};

/// Verifies and decodes what the provider calls us with.
pub trait Webhook: Debug + Send + Sync {
    /// The challenge to echo if the provider's question carries the right token.
    fn answer_challenge(&self, mode: &str, token: &str, challenge: &str) -> Option<String>;

    /// Whether the signature is that of these exact bytes. Takes the same time either way.
    fn is_signed(&self, body: &[u8], signature: Option<&str>) -> bool;

    /// Reads a signed body. What is not understood comes back as [`Notice::Unrecognised`].
    ///
    /// # Errors
    /// [`MalformedWebhook`] only if the body is not JSON of the provider's envelope at all.
    fn decode(&self, body: &[u8]) -> Result<Vec<Notice>, MalformedWebhook>;
}

/// The body is not what the provider sends. Says where, never what: it may name people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the webhook body is not the provider's envelope (line {line}, column {column})")]
pub struct MalformedWebhook {
    /// The line where reading failed, from 1; 0 if the whole is meant.
    pub line: usize,
    /// The column where reading failed.
    pub column: usize,
}

/// One thing the provider told us. `Debug` shows nothing about people.
#[derive(Clone, PartialEq)]
pub enum Notice {
    /// What became of a message of ours.
    Receipt(Receipt),
    /// Somebody wrote or pressed a button.
    Inbound(Inbound),
    /// A translation moved in review, or was paused or disabled.
    TemplateStatus {
        /// The template's name at the provider.
        name: String,
        /// The translation.
        language: Language,
        /// Where it stands now.
        status: ProviderStatus,
        /// The provider's id of the translation.
        provider_id: Option<String>,
        /// Why.
        reason: Option<String>,
    },
    /// A template was put in another class.
    TemplateCategory {
        /// The template's name at the provider.
        name: String,
        /// The class from now on.
        category: Category,
    },
    /// What a sender may do changed.
    SenderFacts {
        /// The sender; by its id, or by its number's digits if the provider named only that.
        sender: SenderId,
        /// Messages per second, if told.
        rate_per_s: Option<u32>,
        /// How people receive what we send, if told.
        quality: Option<Quality>,
        /// Unique people per moving 24 hours, if told;
        /// [`UNLIMITED_PEOPLE`](super::UNLIMITED_PEOPLE) if there is no limit.
        daily_people_max: Option<u32>,
        /// The provider's word for what happened.
        notice: String,
    },
    /// A person stopped or resumed marketing from us in the app itself.
    MarketingPreference {
        /// Who.
        from: Option<PhoneNumber>,
        /// Whether the person wants it.
        wanted: bool,
        /// When.
        at: DateTime<Utc>,
    },
    /// Something we keep but do not act on.
    Unrecognised {
        /// The provider's name for it.
        field: String,
        /// As it came.
        raw: String,
    },
}

impl Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Receipt(receipt) => receipt.fmt(f),
            Self::Inbound(inbound) => inbound.fmt(f),
            Self::TemplateStatus { name, language, status, .. } => {
                write!(f, "TemplateStatus({name}, {language}, {status:?})")
            }
            Self::TemplateCategory { name, category } => {
                write!(f, "TemplateCategory({name}, {category:?})")
            }
            Self::SenderFacts { notice, .. } => write!(f, "SenderFacts({notice})"),
            Self::MarketingPreference { wanted, .. } => {
                write!(f, "MarketingPreference(wanted: {wanted})")
            }
            Self::Unrecognised { field, .. } => write!(f, "Unrecognised({field})"),
        }
    }
}

/// What became of a message of ours.
#[derive(Clone, PartialEq)]
pub struct Receipt {
    /// The reference we sent along, if it came back.
    pub reference: Option<String>,
    /// The provider's id of the message.
    pub message_id: String,
    /// What happened.
    pub status: ReceiptStatus,
    /// When; whole seconds.
    pub at: DateTime<Utc>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// What it costs, if told.
    pub pricing: Option<Pricing>,
}

impl Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt({:?} at {}", self.status, self.at)?;
        if let Some(failure) = &self.failure {
            write!(f, ", {:?} {}", failure.class, failure.code)?;
        }
        f.write_str(")")
    }
}

/// Somebody wrote or pressed a button.
#[derive(Clone, PartialEq)]
pub struct Inbound {
    /// The provider's id of the message.
    pub message_id: String,
    /// Who; absent if the person hides the number.
    pub from: Option<PhoneNumber>,
    /// The provider's own id of the person, if told.
    pub user_id: Option<String>,
    /// The name the person shows, if told.
    pub profile_name: Option<String>,
    /// When; whole seconds.
    pub at: DateTime<Utc>,
    /// To which of our numbers.
    pub to: SenderId,
    /// The provider's id of the message it answers, if it does.
    pub in_reply_to: Option<String>,
    /// What.
    pub body: InboundBody,
}

impl Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inbound({} at {})", self.body.form(), self.at)
    }
}

/// What somebody wrote or pressed.
#[derive(Clone, PartialEq)]
pub enum InboundBody {
    /// A button: what we attached to it, and its label.
    Button {
        /// What we attached: a template's payload or a reply's id.
        payload: String,
        /// Its label.
        label: String,
    },
    /// Words.
    Text(String),
    /// Anything else, as the provider gave it.
    Other {
        /// The provider's word for it: `image`, `location`, `reaction`, …
        form: String,
        /// As it came.
        raw: String,
    },
}

impl InboundBody {
    /// The words, the label, or whatever it is as the provider gave it.
    pub fn content(&self) -> &str {
        match self {
            Self::Button { label, .. } => label,
            Self::Text(words) => words,
            Self::Other { raw, .. } => raw,
        }
    }

    /// The provider's word for what it is.
    pub fn form(&self) -> &str {
        match self {
            Self::Button { .. } => "button",
            Self::Text(_) => "text",
            Self::Other { form, .. } => form,
        }
    }
}

impl Debug for InboundBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.form())
    }
}
