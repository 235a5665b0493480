//! What somebody can want of a template, and why they may not have it.

use thiserror::Error;

use super::{
    Category, Content, ContentProblem, ProviderStatus, TEMPLATE_NAME_CHARS_MAX,
    TranslationStatusChanged, VARIABLES_MAX, Variable,
};
use crate::decider::Rejection;
use crate::id::TemplateId;
use crate::language::Language;
use crate::text::InvalidText;

/// What somebody wants of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateCommand {
    /// Register it, without a text yet.
    Register {
        /// Its new id.
        template_id: TemplateId,
        /// The provider's name for it.
        name: String,
        /// Price and policy class.
        category: Category,
        /// The blanks every translation may use.
        variables: Vec<Variable>,
    },
    /// Write a translation, or write it anew.
    Translate {
        /// Its language.
        language: Language,
        /// Its text.
        content: Content,
    },
    /// Note where a translation stands with the provider.
    NoteStatus(TranslationStatusChanged),
    /// Note what the provider answered when a translation was submitted. If the provider has told
    /// of the translation since, that is newer: its word may overtake its answer.
    NoteSubmitted {
        /// The answer.
        answer: TranslationStatusChanged,
        /// Where the translation stood when it was submitted.
        stood: ProviderStatus,
    },
    /// Note that the provider put the template in another class.
    NoteCategory {
        /// The class from now on.
        category: Category,
    },
    /// Use it no more.
    Retire,
}

/// Why a template does not do what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateRejection {
    /// There is no such template.
    #[error("the template was never registered: register it first")]
    NotRegistered,
    /// There is one already.
    #[error("the template is registered already: translate it, or use another id")]
    AlreadyRegistered,
    /// It is not to be used any more.
    #[error("the template is retired: register a new one under another name")]
    Retired,
    /// The provider's names are narrow.
    #[error("`name` is none: use 1 to {TEMPLATE_NAME_CHARS_MAX} of `a-z`, `0-9` and `_`")]
    Name,
    /// A broadcast cannot use this class.
    #[error("`category` cannot be sent to an audience: choose `utility` or `marketing`")]
    Category,
    /// Variables have a bound.
    #[error("`variables` declares {count}: declare at most {VARIABLES_MAX}")]
    TooManyVariables {
        /// How many.
        count: usize,
    },
    /// A variable's name is none.
    #[error(
        "`variables` declares `{name}`: use lower-case letters, digits and `_`, a letter first"
    )]
    VariableName {
        /// The name.
        name: String,
    },
    /// Each variable is declared once.
    #[error("`variables` declares `{name}` twice: declare it once")]
    VariableTwice {
        /// The name.
        name: String,
    },
    /// Only a time can be a commitment.
    #[error("`variables` makes `{name}` a commitment: only a variable of type `time` can be one")]
    NotATime {
        /// The name.
        name: String,
    },
    /// The provider is reading the translation.
    #[error("the provider reviews the translation `{language}`: wait for the outcome")]
    InReview {
        /// Which.
        language: Language,
    },
    /// The provider has closed the translation.
    #[error("the provider has disabled the translation `{language}`: register a new template")]
    Disabled {
        /// Which.
        language: Language,
    },
    /// There is no such translation.
    #[error(
        "`language` names no translation of the template: translate it into `{language}` first"
    )]
    TranslationUnknown {
        /// Which.
        language: Language,
    },
    /// A translation breaks a rule.
    #[error(transparent)]
    Content(#[from] ContentProblem),
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl Rejection for TemplateRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotRegistered => "template_not_registered",
            Self::AlreadyRegistered => "template_already_registered",
            Self::Retired => "template_retired",
            Self::Name => "template_name_malformed",
            Self::Category => "category_not_sendable",
            Self::TooManyVariables { .. } => "variables_too_many",
            Self::VariableName { .. } => "variable_name_malformed",
            Self::VariableTwice { .. } => "variable_twice",
            Self::NotATime { .. } => "commitment_not_a_time",
            Self::InReview { .. } => "translation_in_review",
            Self::Disabled { .. } => "translation_disabled",
            Self::TranslationUnknown { .. } => "translation_unknown",
            Self::Content(problem) => problem.code(),
            Self::Text(invalid) => invalid.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotRegistered
            | Self::AlreadyRegistered
            | Self::Retired
            | Self::InReview { .. }
            | Self::Disabled { .. } => None,
            Self::Name => Some("name"),
            Self::Category => Some("category"),
            Self::TooManyVariables { .. }
            | Self::VariableName { .. }
            | Self::VariableTwice { .. }
            | Self::NotATime { .. } => Some("variables"),
            Self::TranslationUnknown { .. } => Some("language"),
            Self::Content(problem) => Some(problem.field()),
            Self::Text(invalid) => Some(invalid.field),
        }
    }
}
