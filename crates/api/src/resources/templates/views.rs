//! How templates are shown.

use fanal_domain::language::Language;
use fanal_domain::template as domain;
use fanal_projections::world::Kept;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::requests::{Content, Variable};
use crate::words::{Category, ProviderStatus};

/// A template with its translations.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Template {
    /// Its id.
    template_id: Uuid,
    /// Its version, for `If-Match`.
    version: u64,
    /// The provider's name for it.
    name: String,
    /// Price and policy class.
    category: Category,
    /// The blanks every translation may use.
    variables: Vec<Variable>,
    /// Its texts.
    translations: Vec<Translation>,
    /// Whether it is not to be used any more.
    retired: bool,
}

/// One language's text as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct Translation {
    /// Its language.
    language: String,
    /// The text.
    content: Content,
    /// Where it stands with the provider.
    status: ProviderStatus,
    /// The provider's own id of it, once known.
    provider_id: Option<String>,
    /// The provider's latest reason, if it gave one.
    reason: Option<String>,
}

/// What came of asking the provider.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Synced {
    /// Translations whose standing changed.
    changed: u32,
    /// Translations that stand as we believed.
    unchanged: u32,
    /// Translations the provider has and we do not know.
    foreign: u32,
}

impl Template {
    /// The template as it stands.
    pub(super) fn of(kept: &Kept<domain::Template>) -> Self {
        let template = kept.state.clone();
        Self {
            template_id: template.template_id.0,
            version: kept.version,
            name: template.name,
            category: template.category.into(),
            variables: template.variables.into_iter().map(Into::into).collect(),
            translations: template.translations.into_iter().map(Into::into).collect(),
            retired: template.retired,
        }
    }

    /// Its version.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Its place in a list.
    pub(super) fn place(&self) -> u128 {
        self.template_id.as_u128()
    }
}

impl From<(Language, domain::Translation)> for Translation {
    fn from((language, translation): (Language, domain::Translation)) -> Self {
        let domain::Translation { content, status, provider_id, reason } = translation;
        Self {
            language: language.to_string(),
            content: content.into(),
            status: status.into(),
            provider_id,
            reason,
        }
    }
}

impl From<fanal_engine::templates::Synced> for Synced {
    fn from(synced: fanal_engine::templates::Synced) -> Self {
        let fanal_engine::templates::Synced { changed, unchanged, foreign } = synced;
        Self { changed, unchanged, foreign }
    }
}
