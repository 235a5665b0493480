//! What happens when somebody wants something of a segment, and what its past amounts to.

use std::collections::HashSet;

use super::{
    Rule, SegmentCommand, SegmentDefined, SegmentRedefined, SegmentRejection, SegmentRetired,
};
use crate::decider::Decider;
use crate::event::Event;
use crate::id::SegmentId;
use crate::text::{line, prose};

/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest expression, in characters.
pub const EXPRESSION_CHARS_MAX: usize = 4_000;
/// Most contacts in a list.
pub const CONTACTS_MAX: usize = 20_000;

/// A segment as it stands. One that was never defined is no segment: `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its id.
    pub segment_id: SegmentId,
    /// Its name.
    pub name: String,
    /// Who belongs.
    pub rule: Rule,
    /// Whether it is not to be used any more.
    pub retired: bool,
}

impl Decider for Segment {
    type State = Option<Self>;
    type Command = SegmentCommand;
    type Rejection = SegmentRejection;

    fn decide(
        state: &Option<Self>,
        command: SegmentCommand,
    ) -> Result<Vec<Event>, SegmentRejection> {
        use SegmentCommand as C;
        match (state, command) {
            (None, C::Define { segment_id, name, rule }) => {
                let (name, rule) = checked(&name, rule)?;
                Ok(vec![SegmentDefined { segment_id, name, rule }.into()])
            }
            (None, _) => Err(SegmentRejection::NotDefined),
            (Some(_), C::Define { .. }) => Err(SegmentRejection::AlreadyDefined),
            (Some(segment), _) if segment.retired => Err(SegmentRejection::Retired),
            (Some(segment), C::Redefine { name, rule }) => {
                let (name, rule) = checked(&name, rule)?;
                if name == segment.name && rule == segment.rule {
                    return Ok(Vec::new());
                }
                Ok(vec![SegmentRedefined { name, rule }.into()])
            }
            (Some(_), C::Retire) => Ok(vec![SegmentRetired {}.into()]),
        }
    }

    fn evolve(state: Option<Self>, event: &Event) -> Option<Self> {
        match (state, event) {
            (None, Event::SegmentDefined(SegmentDefined { segment_id, name, rule })) => {
                Some(Self {
                    segment_id: *segment_id,
                    name: name.clone(),
                    rule: rule.clone(),
                    retired: false,
                })
            }
            (Some(segment), Event::SegmentRedefined(SegmentRedefined { name, rule })) => {
                Some(Self { name: name.clone(), rule: rule.clone(), ..segment })
            }
            (Some(segment), Event::SegmentRetired(_)) => Some(Self { retired: true, ..segment }),
            (state, _) => state,
        }
    }
}

fn checked(name: &str, rule: Rule) -> Result<(String, Rule), SegmentRejection> {
    let name = line("name", name, NAME_CHARS_MAX)?;
    let rule = match rule {
        Rule::Contacts(contacts) => {
            if contacts.is_empty() {
                return Err(SegmentRejection::NoContacts);
            }
            if contacts.len() > CONTACTS_MAX {
                return Err(SegmentRejection::TooManyContacts { count: contacts.len() });
            }
            let mut seen = HashSet::with_capacity(contacts.len());
            if let Some(&contact_id) = contacts.iter().find(|id| !seen.insert(**id)) {
                return Err(SegmentRejection::ContactTwice { contact_id });
            }
            Rule::Contacts(contacts)
        }
        Rule::Expression(text) => {
            Rule::Expression(prose("expression", &text, EXPRESSION_CHARS_MAX)?)
        }
    };
    Ok((name, rule))
}
