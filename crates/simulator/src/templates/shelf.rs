//! All templates of the account: by id, by name and language, and page by page.

use std::collections::HashMap;

use super::template::Template;
use crate::clock::Millis;
use crate::graph::GraphError;

/// Place of a template on the shelf; stays valid after deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TemplateIndex(pub(crate) u32);

const FIRST_ID: u64 = 1_310_260_000_000_001;
const NAME_TAKEN: u32 = 2_388_024;
const NAME_BLOCKED: u32 = 2_388_023;
const TOO_MANY: u32 = 2_388_019;
const NAME_BLOCKED_FOR: Millis = 30 * 86_400_000;

/// The templates, live and deleted.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    templates: Vec<Template>,
    live: Vec<TemplateIndex>,
    /// Live templates by language within name.
    by_name: HashMap<Box<str>, HashMap<Box<str>, TemplateIndex>>,
    blocked: HashMap<Box<str>, Millis>,
}

/// Which templates a list call asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) status: Option<&'a str>,
    pub(crate) category: Option<&'a str>,
    pub(crate) language: Option<&'a str>,
}

impl Listing<'_> {
    fn includes(&self, template: &Template) -> bool {
        let same = |wanted: Option<&str>, value: &str| {
            wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        self.name.is_none_or(|part| template.name.contains(part))
            && same(self.status, template.status.word())
            && same(self.category, template.category.upper())
            && same(self.language, &template.language)
    }
}

impl Shelf {
    /// Puts a template on the shelf and gives it an id.
    pub(crate) fn add(
        &mut self,
        mut template: Template,
        now: Millis,
        max: usize,
    ) -> Result<TemplateIndex, GraphError> {
        if self.live.len() >= max {
            let message = format!("The account already holds {max} templates.");
            return Err(GraphError::template(TOO_MANY, "Template limit reached", message));
        }
        if self.blocked.get(&template.name).is_some_and(|until| now < *until) {
            let message = "A template of this name was deleted less than 30 days ago.";
            return Err(GraphError::template(NAME_BLOCKED, "Name is not available yet", message));
        }
        if self.find(&template.name, &template.language).is_some() {
            let message = "There is already content in this language for this template.";
            let title = "Content in this language already exists";
            return Err(GraphError::template(NAME_TAKEN, title, message));
        }
        let index = TemplateIndex(u32::try_from(self.templates.len()).unwrap_or(u32::MAX));
        template.id = FIRST_ID + u64::from(index.0);
        let by_language = self.by_name.entry(template.name.clone()).or_default();
        by_language.insert(template.language.clone(), index);
        self.live.push(index);
        self.templates.push(template);
        Ok(index)
    }

    pub(crate) fn find(&self, name: &str, language: &str) -> Option<TemplateIndex> {
        self.by_name.get(name)?.get(language).copied()
    }

    pub(crate) fn find_id(&self, id: &str) -> Option<TemplateIndex> {
        let offset = id.parse::<u64>().ok()?.checked_sub(FIRST_ID)?;
        let index = TemplateIndex(u32::try_from(offset).ok()?);
        self.live.contains(&index).then_some(index)
    }

    pub(crate) fn get(&self, index: TemplateIndex) -> Option<&Template> {
        self.templates.get(usize::try_from(index.0).ok()?)
    }

    pub(crate) fn get_mut(&mut self, index: TemplateIndex) -> Option<&mut Template> {
        self.templates.get_mut(usize::try_from(index.0).ok()?)
    }

    /// Live templates from the `from`-th on that match; each with the place after it.
    pub(crate) fn list<'a>(
        &'a self,
        listing: &'a Listing<'a>,
        from: usize,
    ) -> impl Iterator<Item = (usize, &'a Template)> {
        let live = self.live.iter().enumerate().skip(from);
        live.filter_map(|(place, index)| Some((place + 1, self.get(*index)?)))
            .filter(|(_, template)| listing.includes(template))
    }

    pub(crate) fn len(&self) -> usize {
        self.live.len()
    }

    /// Takes templates off the shelf and blocks their names.
    pub(crate) fn remove(&mut self, indexes: &[TemplateIndex], now: Millis) {
        for index in indexes {
            let Some(template) = self.get(*index) else { continue };
            let (name, language) = (template.name.clone(), template.language.clone());
            if let Some(by_language) = self.by_name.get_mut(&name) {
                by_language.remove(&language);
            }
            self.blocked.insert(name, now.saturating_add(NAME_BLOCKED_FOR));
        }
        self.live.retain(|index| !indexes.contains(index));
    }

    /// All languages of a name.
    pub(crate) fn named(&self, name: &str) -> Vec<TemplateIndex> {
        self.by_name.get(name).into_iter().flat_map(|of| of.values().copied()).collect()
    }
}
