//! What happens when somebody wants something of a template.

use std::collections::BTreeSet;

use super::{
    Category, Content, ProviderStatus, Template, TemplateCategoryChanged, TemplateCommand,
    TemplateRegistered, TemplateRejection, TemplateRetired, TranslationAdded,
    TranslationStatusChanged, Variable, VariableType, state,
};
use crate::decider::Decider;
use crate::event::Event;
use crate::language::Language;
use crate::text::{is_snake_case, line};

/// Longest name, in characters.
pub const TEMPLATE_NAME_CHARS_MAX: usize = 512;
/// Most variables of one template.
pub const VARIABLES_MAX: usize = 50;
/// Longest example of a variable, in characters.
const EXAMPLE_CHARS_MAX: usize = 200;

type Decision = Result<Vec<Event>, TemplateRejection>;

impl Decider for Template {
    type State = Option<Self>;
    type Command = TemplateCommand;
    type Rejection = TemplateRejection;

    fn decide(state: &Option<Self>, command: TemplateCommand) -> Decision {
        use TemplateCommand as C;
        match (state, command) {
            (None, C::Register { template_id, name, category, variables }) => {
                check_name(&name)?;
                check_category(category)?;
                let variables = checked(variables)?;
                Ok(vec![TemplateRegistered { template_id, name, category, variables }.into()])
            }
            (None, _) => Err(TemplateRejection::NotRegistered),
            (Some(template), command) => template.carry_out(command),
        }
    }

    fn evolve(state: Option<Self>, event: &Event) -> Option<Self> {
        state::evolve(state, event)
    }
}

impl Template {
    fn carry_out(&self, command: TemplateCommand) -> Decision {
        use TemplateCommand as C;
        match command {
            C::Register { .. } => Err(TemplateRejection::AlreadyRegistered),
            // What the provider says is noted even of a retired template: it is a fact.
            C::NoteStatus(change) => self.note_status(change),
            C::NoteSubmitted { answer, stood } => {
                let stands = self.translations.get(&answer.language).map(|one| one.status);
                if stands == Some(stood) { self.note_status(answer) } else { Ok(Vec::new()) }
            }
            C::NoteCategory { category } if category == self.category => Ok(Vec::new()),
            C::NoteCategory { category } => Ok(vec![TemplateCategoryChanged { category }.into()]),
            C::Translate { .. } | C::Retire if self.retired => Err(TemplateRejection::Retired),
            C::Translate { language, content } => self.translate(language, content),
            C::Retire => Ok(vec![TemplateRetired {}.into()]),
        }
    }

    fn translate(&self, language: Language, content: Content) -> Decision {
        let content = content.checked(&self.variables)?;
        match self.translations.get(&language) {
            Some(before)
                if before.content == content && before.status != ProviderStatus::Deleted =>
            {
                Ok(Vec::new())
            }
            Some(before) if before.status == ProviderStatus::Pending => {
                Err(TemplateRejection::InReview { language })
            }
            Some(before) if before.status == ProviderStatus::Disabled => {
                Err(TemplateRejection::Disabled { language })
            }
            _ => Ok(vec![TranslationAdded { language, content }.into()]),
        }
    }

    /// The provider tells the same more than once.
    fn note_status(&self, change: TranslationStatusChanged) -> Decision {
        let Some(known) = self.translations.get(&change.language) else {
            return Err(TemplateRejection::TranslationUnknown { language: change.language });
        };
        let id_is_known = change.provider_id.is_none() || change.provider_id == known.provider_id;
        if id_is_known && change.status == known.status && change.reason == known.reason {
            return Ok(Vec::new());
        }
        Ok(vec![change.into()])
    }
}

fn check_name(name: &str) -> Result<(), TemplateRejection> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=TEMPLATE_NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(TemplateRejection::Name)
    }
}

/// One-time codes have the provider's own text, and `service` is no class of templates.
fn check_category(category: Category) -> Result<(), TemplateRejection> {
    match category {
        Category::Utility | Category::Marketing => Ok(()),
        Category::Authentication | Category::Service => Err(TemplateRejection::Category),
    }
}

fn checked(mut variables: Vec<Variable>) -> Result<Vec<Variable>, TemplateRejection> {
    if variables.len() > VARIABLES_MAX {
        return Err(TemplateRejection::TooManyVariables { count: variables.len() });
    }
    let mut names = BTreeSet::new();
    for variable in &mut variables {
        let name = &variable.name;
        if !is_snake_case(name) || name.len() > 64 {
            return Err(TemplateRejection::VariableName { name: name.clone() });
        }
        if !names.insert(name.clone()) {
            return Err(TemplateRejection::VariableTwice { name: name.clone() });
        }
        if variable.commitment && variable.kind != VariableType::Time {
            return Err(TemplateRejection::NotATime { name: name.clone() });
        }
        variable.example = line("variables", &variable.example, EXAMPLE_CHARS_MAX)?;
    }
    Ok(variables)
}
