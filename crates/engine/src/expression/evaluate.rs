//! What a rule means for one person. Cannot fail: what is absent is neither true nor false.

use std::cmp::Ordering;

use fanal_domain::contact::Relation;
use fanal_domain::language::Language;

use crate::person::{AttributeValue, Profile, relation_word};

/// A person, as rules see them.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Name, numbers, attributes.
    pub profile: &'a Profile,
    /// The language to write in.
    pub language: &'a Language,
    /// What the person is to us.
    pub relation: Relation,
}

/// A rule as a tree.
#[derive(Debug, Clone)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Compare(Field, Comparison, Literal),
    CompareFields(Field, Comparison, Field),
    Member(Field, Vec<Literal>),
    Match(Field, TextTest, String),
    Present(Field),
    /// A field that is itself yes or no.
    Holds(Field),
    Constant(bool),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field {
    Language,
    Relation,
    Name,
    Whatsapp,
    Sms,
    ExternalId,
    Attribute(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Text(&'a str),
    Number(f64),
    Bool(bool),
}

impl Node {
    /// `None` if it cannot be said of this person.
    pub(super) fn evaluate(&self, person: &Person<'_>) -> Option<bool> {
        match self {
            Self::All(parts) => decide(parts, person, false),
            Self::Any(parts) => decide(parts, person, true),
            Self::Not(inner) => inner.evaluate(person).map(|holds| !holds),
            Self::Compare(field, comparison, literal) => {
                let order = field.value(person)?.compare(literal.value())?;
                Some(comparison.holds(order))
            }
            Self::CompareFields(left, comparison, right) => {
                let order = left.value(person)?.compare(right.value(person)?)?;
                Some(comparison.holds(order))
            }
            Self::Member(field, list) => {
                let value = field.value(person)?;
                // A value of another type than every element cannot be judged.
                list.iter()
                    .filter_map(|one| value.compare(one.value()))
                    .map(Ordering::is_eq)
                    .reduce(|one, other| one || other)
            }
            Self::Match(field, test, pattern) => match field.value(person)? {
                Value::Text(words) => Some(test.holds(words, pattern)),
                Value::Number(_) | Value::Bool(_) => None,
            },
            Self::Present(field) => Some(field.value(person).is_some()),
            Self::Holds(field) => match field.value(person)? {
                Value::Bool(value) => Some(value),
                Value::Text(_) | Value::Number(_) => None,
            },
            Self::Constant(value) => Some(*value),
        }
    }
}

/// Over parts of which one that is `decisive` decides the whole.
fn decide(parts: &[Node], person: &Person<'_>, decisive: bool) -> Option<bool> {
    let mut whole = Some(!decisive);
    for part in parts {
        match part.evaluate(person) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => whole = None,
        }
    }
    whole
}

impl Field {
    fn value<'a>(&self, person: &Person<'a>) -> Option<Value<'a>> {
        let profile = person.profile;
        match self {
            Self::Language => Some(Value::Text(person.language.as_str())),
            Self::Relation => Some(Value::Text(relation_word(person.relation))),
            Self::Name => profile.name.as_deref().map(Value::Text),
            Self::Whatsapp => profile.whatsapp.as_ref().map(|number| Value::Text(number.as_e164())),
            Self::Sms => profile.sms.as_ref().map(|number| Value::Text(number.as_e164())),
            Self::ExternalId => profile.external_id.as_deref().map(Value::Text),
            Self::Attribute(name) => profile.attributes.get(name).map(|value| match value {
                AttributeValue::Text(text) => Value::Text(text),
                AttributeValue::Number(number) => Value::Number(*number),
                AttributeValue::Bool(value) => Value::Bool(*value),
            }),
        }
    }
}

impl Literal {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Number(number) => Value::Number(*number),
            Self::Bool(value) => Value::Bool(*value),
        }
    }
}

impl Value<'_> {
    fn compare(self, other: Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            (Self::Number(left), Value::Number(right)) => left.partial_cmp(&right),
            (Self::Bool(left), Value::Bool(right)) => Some(left.cmp(&right)),
            _ => None,
        }
    }
}

impl Comparison {
    /// The same with both sides exchanged.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl TextTest {
    fn holds(self, text: &str, pattern: &str) -> bool {
        match self {
            Self::StartsWith => text.starts_with(pattern),
            Self::EndsWith => text.ends_with(pattern),
            Self::Contains => text.contains(pattern),
        }
    }
}
