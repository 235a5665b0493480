//! What the past of a template amounts to.

use std::collections::BTreeMap;

use super::{Category, Content, ProviderStatus, TemplateRegistered, Variable};
use crate::event::Event;
use crate::id::TemplateId;
use crate::language::Language;

/// A template as it stands. One that was never registered is no template: `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub template_id: TemplateId,
    /// The provider's name for it.
    pub name: String,
    /// Price and policy class.
    pub category: Category,
    /// The blanks every translation may use.
    pub variables: Vec<Variable>,
    /// Its texts.
    pub translations: BTreeMap<Language, Translation>,
    /// Whether it is not to be used any more.
    pub retired: bool,
}

/// One language's text as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The text.
    pub content: Content,
    /// Where it stands with the provider.
    pub status: ProviderStatus,
    /// The provider's own id of it, once known.
    pub provider_id: Option<String>,
    /// The provider's latest reason, if it gave one.
    pub reason: Option<String>,
}

impl Template {
    /// The approved translation for somebody who reads `language`: the very one, else one of the
    /// same base language, else the fallback; `None` if none of these is approved.
    pub fn translation_for<'a>(
        &'a self,
        language: &Language,
        fallback: &Language,
    ) -> Option<(&'a Language, &'a Translation)> {
        let approved = || {
            let approved =
                |one: &(&Language, &Translation)| one.1.status == ProviderStatus::Approved;
            self.translations.iter().filter(approved)
        };
        approved()
            .find(|(one, _)| *one == language)
            .or_else(|| approved().find(|(one, _)| one.base() == language.base()))
            .or_else(|| approved().find(|(one, _)| *one == fallback))
    }

    /// The variables that make a promise when a broadcast launches.
    pub fn commitments(&self) -> impl Iterator<Item = &Variable> {
        self.variables.iter().filter(|variable| variable.commitment)
    }

    fn registered(event: &TemplateRegistered) -> Self {
        Self {
            template_id: event.template_id,
            name: event.name.clone(),
            category: event.category,
            variables: event.variables.clone(),
            translations: BTreeMap::new(),
            retired: false,
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::TranslationAdded(event) => {
                let before = self.translations.remove(&event.language);
                let translation = Translation {
                    content: event.content.clone(),
                    status: ProviderStatus::Draft,
                    provider_id: before.and_then(|before| before.provider_id),
                    reason: None,
                };
                self.translations.insert(event.language.clone(), translation);
            }
            Event::TranslationStatusChanged(event) => {
                if let Some(translation) = self.translations.get_mut(&event.language) {
                    translation.status = event.status;
                    translation.reason.clone_from(&event.reason);
                    if event.provider_id.is_some() {
                        translation.provider_id.clone_from(&event.provider_id);
                    }
                }
            }
            Event::TemplateCategoryChanged(event) => self.category = event.category,
            Event::TemplateRetired(_) => self.retired = true,
            _ => {}
        }
    }
}

/// The state after an event.
pub(super) fn evolve(state: Option<Template>, event: &Event) -> Option<Template> {
    match (state, event) {
        (None, Event::TemplateRegistered(event)) => Some(Template::registered(event)),
        (None, _) => None,
        (Some(mut template), event) => {
            template.apply(event);
            Some(template)
        }
    }
}
