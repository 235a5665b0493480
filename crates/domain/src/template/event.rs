//! What can have happened to a template.

use serde::{Deserialize, Serialize};

use super::{Category, Content, ProviderStatus, Variable};
use crate::id::TemplateId;
use crate::language::Language;

/// A template was registered, without a text yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRegistered {
    /// The template.
    pub template_id: TemplateId,
    /// The provider's name for it: lower snake case.
    pub name: String,
    /// Price and policy class.
    pub category: Category,
    /// The blanks every translation may use.
    pub variables: Vec<Variable>,
}

/// A translation was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslationAdded {
    /// Its language.
    pub language: Language,
    /// Its text.
    pub content: Content,
}

/// The provider changed where a translation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslationStatusChanged {
    /// Its language.
    pub language: Language,
    /// Where it stands now.
    pub status: ProviderStatus,
    /// The provider's own id of the translation, once known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub provider_id: Option<String>,
    /// The provider's reason, if it gave one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// The provider put the template in another class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateCategoryChanged {
    /// The class from now on.
    pub category: Category,
}

/// The template is no longer to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRetired {}
