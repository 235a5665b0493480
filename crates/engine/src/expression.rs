//! Rules over persons, written in a part of CEL: `contact.language == "fr" && contact.floor in [3, 4]`.
//!
//! A rule reads the fields of `contact`: `language`, `relation`, `name`, `whatsapp`, `sms`,
//! `external_id`, and any attribute by name. It may use `&&`, `||`, `!`, comparison, `in` with a
//! list, `startsWith`, `endsWith`, `contains`, and `has()` for presence. Anything else CEL can do
//! is refused, so that a rule always ends, never fails, and costs well under a microsecond.
//! We read it ourselves, since hostile nesting exhausts the stack of general CEL parsers; a test
//! holds our meaning against that of a full interpreter.
//!
//! Whoever lacks what a comparison reads is neither in it nor in its opposite: `contact.age < 18`
//! and `!(contact.age < 18)` both leave out a person whose age is not known. The same holds for a
//! person whose value is of another type. `has(contact.age)` asks for presence itself.

mod evaluate;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use self::evaluate::Node;
pub use self::evaluate::Person;
use self::parse::Parser;
use crate::error::UseCaseError;
use crate::person::{AttributeValue, Profile};

/// Longest rule, in bytes.
pub const TEXT_BYTES_MAX: usize = 4_096;

/// A rule, ready to be asked of any number of persons.
#[derive(Debug, Clone)]
pub struct Condition {
    root: Node,
    needs: BTreeSet<Need>,
}

/// An attribute a rule reads, and as what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The attribute's name.
    pub attribute: String,
    /// What the rule takes it for.
    pub kind: Kind,
}

/// What a rule takes an attribute for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Anything: only presence is asked.
    Any,
    /// Words.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
}

/// Why a rule cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct ExpressionError {
    /// Line and column, from 1, if the fault has a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub rule: String,
    /// What to do.
    pub remedy: String,
}

impl Condition {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`ExpressionError`] with the place of the fault and what to do.
    pub fn compile(text: &str) -> Result<Self, ExpressionError> {
        if text.trim().is_empty() {
            return Err(ExpressionError::new("an empty rule selects nobody", "say who is meant"));
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err(ExpressionError::new(
                format!("a rule has at most {TEXT_BYTES_MAX} bytes"),
                "define several segments; a broadcast takes their union",
            ));
        }
        let (root, needs) = Parser::new(text)?.rule()?;
        Ok(Self { root, needs })
    }

    /// The attributes it reads. They must be known before it is trusted: a misspelt one would
    /// silently select nobody.
    pub fn needs(&self) -> &BTreeSet<Need> {
        &self.needs
    }

    /// Whether it selects this person.
    pub fn selects(&self, person: &Person<'_>) -> bool {
        self.root.evaluate(person) == Some(true)
    }
}

impl Need {
    /// Whether this person has it, as what the rule takes it for.
    pub fn is_met_by(&self, profile: &Profile) -> bool {
        let value = profile.attributes.get(&self.attribute);
        matches!(
            (self.kind, value),
            (Kind::Any, Some(_))
                | (Kind::Text, Some(AttributeValue::Text(_)))
                | (Kind::Number, Some(AttributeValue::Number(_)))
                | (Kind::Bool, Some(AttributeValue::Bool(_)))
        )
    }
}

impl ExpressionError {
    fn new(rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: None, rule: rule.into(), remedy: remedy.into() }
    }

    fn at(self, place: (usize, usize)) -> Self {
        Self { place: Some(place), ..self }
    }

    /// Nobody in the directory has what the rule reads.
    pub fn unknown(need: &Need) -> Self {
        let Need { attribute, kind } = need;
        let kind = match kind {
            Kind::Any => "",
            Kind::Text => " as words",
            Kind::Number => " as a number",
            Kind::Bool => " as yes or no",
        };
        Self::new(
            format!("nobody has the attribute `{attribute}`{kind}"),
            "check its spelling and type, or import it first",
        )
    }
}

impl From<ExpressionError> for UseCaseError {
    fn from(ExpressionError { place, rule, remedy }: ExpressionError) -> Self {
        let rule = match place {
            Some((line, column)) => format!("line {line}, column {column}: {rule}"),
            None => rule,
        };
        Self::Invalid { field: "rule.expression".to_owned(), rule, remedy }
    }
}

/// Line and column, from 1, of a byte offset.
fn place_of(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let column = before.chars().rev().take_while(|one| *one != '\n').count() + 1;
    (before.matches('\n').count() + 1, column)
}
