//! A message before anything is decided about it: its parts found, checked and packed.

use super::content::{Content, FreeForm, Kind};
use super::packed::Packed;
use crate::graph::GraphError;
use crate::limits::SenderIndex;
use crate::people::PersonId;
use crate::templates::{Category, Filled, TemplateIndex, fill};
use crate::world::State;

/// What is known of a message before anything is decided.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) sender: SenderIndex,
    pub(super) person: PersonId,
    pub(super) kind: Kind,
    pub(super) category: Category,
    pub(super) template: Option<TemplateIndex>,
    pub(super) content: Packed,
    /// The code it will fail with later, because of what it holds.
    pub(super) flaw: Option<u32>,
}

impl Draft {
    pub(super) fn of(
        state: &State,
        sender: SenderIndex,
        person: PersonId,
        content: &Content<'_>,
    ) -> Result<Self, GraphError> {
        match content {
            Content::Free(free) => {
                let flaw = match (free.target, free.media) {
                    (Some(target), _) => (!state.knows(target)).then_some(131_009),
                    (_, Some(media)) => media_flaw(state, media)?,
                    _ => None,
                };
                let content = pack_free(free);
                let (kind, category) = (free.kind, Category::Service);
                Ok(Self { sender, person, kind, category, template: None, content, flaw })
            }
            Content::Template { name, language, components } => {
                let index = state.templates.find(name, language).ok_or_else(|| {
                    GraphError::of(132_001)
                        .details("The template name does not exist in this language.")
                })?;
                let template = state.templates.get(index).ok_or_else(|| GraphError::of(132_001))?;
                if let Some(code) = template.status.refusal() {
                    return Err(GraphError::of(code));
                }
                let filled = fill(template, *components)?;
                let flaw = match filled.media {
                    Some(media) => media_flaw(state, media)?,
                    None => None,
                };
                Ok(Self {
                    sender,
                    person,
                    kind: Kind::Template,
                    category: template.category,
                    template: Some(index),
                    content: pack_template(&filled, template.quick_replies()),
                    flaw,
                })
            }
        }
    }
}

/// Unknown ids are refused; links that can never be fetched fail later.
fn media_flaw(state: &State, media: &serde_json::Value) -> Result<Option<u32>, GraphError> {
    if let Some(id) = media["id"].as_str() {
        // Expired files fail when the message is made, as unknown ones do.
        if state.media.knows(id) {
            return Ok(None);
        }
        return Err(GraphError::of(131_009).details("There is no media with this id."));
    }
    let link = media["link"].as_str().unwrap_or_default();
    let host = link.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
    let host = host.map(|(_, rest)| rest.split(['/', '?', ':']).next().unwrap_or_default());
    let reachable = host.is_some_and(|host| !host.is_empty() && !host.ends_with(".invalid"));
    Ok((!reachable).then_some(131_053))
}

fn pack_free(free: &FreeForm<'_>) -> Packed {
    let ids = free.replies.iter().map(|(id, _)| *id);
    let titles = free.replies.iter().map(|(_, title)| *title);
    let groups: [Vec<&str>; 3] =
        [vec![&free.text, free.reply_type], ids.collect(), titles.collect()];
    Packed::of(groups)
}

fn pack_template<'a>(
    filled: &'a Filled<'_>,
    quick_replies: impl Iterator<Item = (usize, &'a str)>,
) -> Packed {
    let payloads = quick_replies.map(|(index, text)| {
        let given = filled.payloads.iter().find(|(at, _)| *at == index);
        given.map_or(text, |(_, payload)| payload)
    });
    let groups: [Vec<&str>; 3] = [
        filled.header.as_deref().into_iter().collect(),
        filled.body.iter().map(AsRef::as_ref).collect(),
        payloads.collect(),
    ];
    Packed::of(groups)
}
