//! What can be asked about templates: write them, submit them to the provider, learn where they
//! stand.

use fanal_domain::id::TemplateId;
use fanal_domain::language::Language;
use fanal_domain::template::{
    Category, Content, Template, TemplateCommand, TranslationStatusChanged, Variable,
};

use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Context, Written};
use crate::envelope::StreamId;
use crate::error::UseCaseError;
use crate::execute::Subject;
use crate::ports::ProviderTemplate;

/// What came of asking the provider where our templates stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Synced {
    /// Translations whose standing changed.
    pub changed: u32,
    /// Translations that stand as we believed.
    pub unchanged: u32,
    /// Translations the provider has and we do not know.
    pub foreign: u32,
}

impl Engine {
    /// Registers a template, without a text yet. Its name must not be in use.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn register_template(
        &self,
        context: &Context,
        name: String,
        category: Category,
        variables: Vec<Variable>,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteTemplate)?;
        self.once(context, async {
            let taken = self.live.read(|world| world.catalogue().template_named(&name).is_some());
            if taken {
                return Err(UseCaseError::invalid(
                    "name",
                    format!("there is a template `{name}` already"),
                    "choose another name, or translate the existing one",
                ));
            }
            let id = TemplateId(self.ports.ids.next());
            let command = TemplateCommand::Register { template_id: id, name, category, variables };
            let subject = Subject::new("template", id.0, StreamId::template(id));
            self.execute::<Template>(context, subject, command).await
        })
        .await
    }

    /// Writes a translation, or writes it anew.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn translate_template(
        &self,
        context: &Context,
        id: TemplateId,
        language: Language,
        text: Content,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteTemplate)?;
        let command = TemplateCommand::Translate { language, content: text };
        self.on_template(context, id, command).await
    }

    /// Submits a translation to the provider for review, and notes where it stands then.
    ///
    /// # Errors
    /// [`UseCaseError::Provider`] if the provider refuses; else as every use case.
    pub async fn submit_template(
        &self,
        context: &Context,
        id: TemplateId,
        language: &Language,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteTemplate)?;
        self.once(context, async {
            let loaded = self.load::<Template>(StreamId::template(id)).await?;
            let template = loaded.state.ok_or(UseCaseError::NotFound { what: "template" })?;
            let translation = template
                .translations
                .get(language)
                .ok_or(UseCaseError::NotFound { what: "translation" })?;
            let Template { name, category, variables, .. } = &template;
            let text = &translation.content;
            let provider = &self.ports.provider;
            let submitted =
                provider.submit_template(name, *category, variables, language, text).await?;
            self.note_category(context, id, *category, submitted.category).await?;
            let (answer, stood) = (status_of(submitted), translation.status);
            let command = TemplateCommand::NoteSubmitted { answer, stood };
            self.on_template(context, id, command).await
        })
        .await
    }

    /// Asks the provider where every translation stands, and notes what has changed.
    ///
    /// # Errors
    /// [`UseCaseError::Provider`] if the provider cannot be asked; else as every use case.
    pub async fn sync_templates(&self, context: &Context) -> Result<Synced, UseCaseError> {
        context.may(UseCase::WriteTemplate)?;
        let mut synced = Synced::default();
        for told in self.ports.provider.templates().await? {
            let known = self.live.read(|world| {
                let template = &world.catalogue().template_named(&told.name)?.state;
                let translation = template.translations.get(&told.language)?;
                let stands = translation.status == told.status
                    && translation.provider_id.as_ref() == Some(&told.provider_id)
                    && template.category == told.category;
                Some((template.template_id, template.category, stands))
            });
            match known {
                None => synced.foreign += 1,
                Some((_, _, true)) => synced.unchanged += 1,
                Some((id, category, false)) => {
                    self.note_category(context, id, category, told.category).await?;
                    let command = TemplateCommand::NoteStatus(status_of(told));
                    self.on_template(context, id, command).await?;
                    synced.changed += 1;
                }
            }
        }
        Ok(synced)
    }

    /// Uses a template no more. It stays at the provider.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn retire_template(
        &self,
        context: &Context,
        id: TemplateId,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::WriteTemplate)?;
        self.on_template(context, id, TemplateCommand::Retire).await
    }

    async fn note_category(
        &self,
        context: &Context,
        id: TemplateId,
        known: Category,
        told: Category,
    ) -> Result<(), UseCaseError> {
        if known == told {
            return Ok(());
        }
        // A request's key belongs to its last write; this one repeats itself harmlessly.
        let context = Context { once: None, if_version: None, ..context.clone() };
        let command = TemplateCommand::NoteCategory { category: told };
        self.on_template(&context, id, command).await.map(drop)
    }

    async fn on_template(
        &self,
        context: &Context,
        id: TemplateId,
        command: TemplateCommand,
    ) -> Result<Written, UseCaseError> {
        let subject = Subject::known("template", id.0, StreamId::template(id));
        self.execute::<Template>(context, subject, command).await
    }
}

fn status_of(told: ProviderTemplate) -> TranslationStatusChanged {
    TranslationStatusChanged {
        language: told.language,
        status: told.status,
        provider_id: Some(told.provider_id),
        reason: told.reason,
    }
}

#[cfg(test)]
mod tests;
