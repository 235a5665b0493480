//! From words to a tree: refuses whatever could fail, or mean something else than its writer thinks.

use std::collections::BTreeSet;

use fanal_domain::language::Language;

use super::evaluate::{Comparison, Field, Literal, Node, TextTest};
use super::lex::{Token, tokens};
use super::{ExpressionError, Kind, Need, place_of};
use crate::person::{is_attribute_name, parse_relation};

/// Deepest nesting of parentheses.
const DEPTH_MAX: usize = 20;

pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    needs: BTreeSet<Need>,
    reads_something: bool,
}

/// A part of a rule, and where it starts.
struct Term {
    at: usize,
    what: What,
}

enum What {
    Condition(Node),
    Field(Field),
    Literal(Literal),
    List(Vec<Literal>),
}

type Parsed<T> = Result<T, ExpressionError>;

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Parsed<Self> {
        Ok(Self {
            text,
            tokens: tokens(text)?,
            next: 0,
            depth: 0,
            needs: BTreeSet::new(),
            reads_something: false,
        })
    }

    /// The whole rule, and the attributes it reads.
    pub(super) fn rule(mut self) -> Parsed<(Node, BTreeSet<Need>)> {
        let term = self.any()?;
        let root = self.condition(term)?;
        let (at, token) = self.peek();
        if *token != Token::End {
            return Err(self.fault(at, "the rule should end here", "join conditions by && or ||"));
        }
        if !self.reads_something {
            return Err(ExpressionError::new(
                "the rule does not depend on the person",
                "name a field of `contact`",
            ));
        }
        Ok((root, self.needs))
    }

    fn any(&mut self) -> Parsed<Term> {
        self.chain("||", Self::all, Node::Any)
    }

    fn all(&mut self) -> Parsed<Term> {
        self.chain("&&", Self::relation, Node::All)
    }

    fn chain(
        &mut self,
        sign: &'static str,
        part: fn(&mut Self) -> Parsed<Term>,
        join: fn(Vec<Node>) -> Node,
    ) -> Parsed<Term> {
        let first = part(self)?;
        if !self.sees(sign) {
            return Ok(first);
        }
        let at = first.at;
        let mut parts = vec![self.condition(first)?];
        while self.take(sign) {
            let next = part(self)?;
            parts.push(self.condition(next)?);
        }
        Ok(Term { at, what: What::Condition(join(parts)) })
    }

    fn relation(&mut self) -> Parsed<Term> {
        let left = self.negation()?;
        let (at, token) = self.peek();
        let node = match token {
            Token::Name(name) if name == "in" => {
                self.next += 1;
                let right = self.negation()?;
                self.member(left, right)?
            }
            Token::Sign(sign) => match comparison(sign) {
                Some(comparison) => {
                    self.next += 1;
                    let right = self.negation()?;
                    self.compare(at, left, comparison, right)?
                }
                None => return Ok(left),
            },
            _ => return Ok(left),
        };
        Ok(Term { at, what: What::Condition(node) })
    }

    fn negation(&mut self) -> Parsed<Term> {
        let at = self.peek().0;
        let mut signs = 0_usize;
        while self.take("!") {
            signs += 1;
        }
        let term = self.primary()?;
        if signs == 0 {
            return Ok(term);
        }
        let inner = self.condition(term)?;
        let node = if signs.is_multiple_of(2) { inner } else { Node::Not(inner.into()) };
        Ok(Term { at, what: What::Condition(node) })
    }

    fn primary(&mut self) -> Parsed<Term> {
        let (at, token) = self.peek();
        let token = token.clone();
        self.next += 1;
        let what = match token {
            Token::Sign("(") => return self.parenthesis(at),
            Token::Sign("[") => What::List(self.list(at)?),
            Token::Text(text) => What::Literal(Literal::Text(text)),
            Token::Number(number) => What::Literal(Literal::Number(number)),
            Token::Name(name) => match name.as_str() {
                "true" | "false" => What::Literal(Literal::Bool(name == "true")),
                "has" => What::Condition(self.presence()?),
                "contact" => self.field_or_test()?,
                _ => {
                    return Err(self.fault(
                        at,
                        &format!("a rule cannot use `{name}`"),
                        "name a field of `contact`, put text in quotes",
                    ));
                }
            },
            Token::Sign(_) | Token::End => {
                return Err(self.fault(at, "something is missing here", "complete the condition"));
            }
        };
        Ok(Term { at, what })
    }

    fn parenthesis(&mut self, at: usize) -> Parsed<Term> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault(at, "too many parentheses in each other", "simplify the rule"));
        }
        let inner = self.any()?;
        self.expect(")")?;
        self.depth -= 1;
        Ok(Term { at, what: inner.what })
    }

    fn list(&mut self, at: usize) -> Parsed<Vec<Literal>> {
        let mut elements = Vec::new();
        while !self.take("]") {
            if !elements.is_empty() {
                self.expect(",")?;
            }
            match self.primary()? {
                Term { what: What::Literal(literal), .. } => elements.push(literal),
                Term { at, .. } => {
                    return Err(self.fault(at, "a list holds values", "write them out"));
                }
            }
        }
        if elements.is_empty() {
            return Err(self.fault(at, "an empty list selects nobody", "name what is meant"));
        }
        Ok(elements)
    }

    fn presence(&mut self) -> Parsed<Node> {
        self.expect("(")?;
        let (at, token) = self.peek();
        if *token != Token::Name("contact".to_owned()) {
            return Err(self.fault(at, "has() asks for a field", "write `has(contact.name)`"));
        }
        self.next += 1;
        let field = self.field()?;
        self.expect(")")?;
        self.need(&field, Kind::Any);
        Ok(Node::Present(field))
    }

    fn field_or_test(&mut self) -> Parsed<What> {
        let field = self.field()?;
        if !self.take(".") {
            return Ok(What::Field(field));
        }
        let (at, token) = self.peek();
        let test = match token {
            Token::Name(name) => text_test(name),
            _ => None,
        };
        let Some(test) = test else {
            return Err(self.fault(
                at,
                "a field has no parts",
                "use startsWith, endsWith or contains on text",
            ));
        };
        self.next += 1;
        self.expect("(")?;
        let (at, token) = self.peek();
        let pattern = match token {
            Token::Text(pattern) if !pattern.is_empty() => pattern.clone(),
            Token::Text(_) => {
                return Err(self.fault(at, "empty text matches everyone", "name what is meant"));
            }
            _ => return Err(self.fault(at, "here must stand text", "put it in quotes")),
        };
        self.next += 1;
        self.expect(")")?;
        self.need(&field, Kind::Text);
        Ok(What::Condition(Node::Match(field, test, pattern)))
    }

    /// What stands after `contact`.
    fn field(&mut self) -> Parsed<Field> {
        let by_index = self.take("[");
        if !by_index {
            self.expect(".")?;
        }
        let (at, token) = self.peek();
        let name = match (token, by_index) {
            (Token::Name(name), false) | (Token::Text(name), true) => name.clone(),
            _ => return Err(self.fault(at, "here must stand a field's name", "`contact.name`")),
        };
        self.next += 1;
        if by_index {
            self.expect("]")?;
        }
        self.reads_something = true;
        Field::named(&name).ok_or_else(|| {
            self.fault(at, "this cannot be an attribute", "use its lower_snake_case name")
        })
    }

    fn condition(&mut self, Term { at, what }: Term) -> Parsed<Node> {
        match what {
            What::Condition(node) => Ok(node),
            What::Literal(Literal::Bool(value)) => Ok(Node::Constant(value)),
            What::Field(field @ Field::Attribute(_)) => {
                self.need(&field, Kind::Bool);
                Ok(Node::Holds(field))
            }
            What::Field(_) => {
                Err(self.fault(at, "this field is words, not yes or no", "compare it"))
            }
            What::Literal(_) | What::List(_) => {
                Err(self.fault(at, "here must stand a condition", "compare a field of `contact`"))
            }
        }
    }

    fn compare(
        &mut self,
        at: usize,
        left: Term,
        comparison: Comparison,
        right: Term,
    ) -> Parsed<Node> {
        match (left.what, right.what) {
            (What::Field(left), What::Field(right)) => {
                self.need(&left, Kind::Any);
                self.need(&right, Kind::Any);
                Ok(Node::CompareFields(left, comparison, right))
            }
            (What::Field(field), What::Literal(literal)) => {
                self.compare_with(at, field, comparison, literal)
            }
            (What::Literal(literal), What::Field(field)) => {
                self.compare_with(at, field, comparison.mirrored(), literal)
            }
            (What::Literal(_), What::Literal(_)) => {
                Err(self.fault(at, "this does not depend on the person", "compare a field"))
            }
            _ => {
                Err(self.fault(at, "only fields and values compare", "join conditions by && or ||"))
            }
        }
    }

    fn compare_with(
        &mut self,
        at: usize,
        field: Field,
        comparison: Comparison,
        literal: Literal,
    ) -> Parsed<Node> {
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordered && matches!(literal, Literal::Bool(_)) {
            return Err(self.fault(at, "yes and no have no order", "use == or !="));
        }
        self.check_literal(at, &field, &literal)?;
        Ok(Node::Compare(field, comparison, literal))
    }

    fn member(&mut self, left: Term, right: Term) -> Parsed<Node> {
        let What::List(list) = right.what else {
            return Err(self.fault(right.at, "`in` takes a list", "write `in [\"a\", \"b\"]`"));
        };
        let What::Field(field) = left.what else {
            return Err(self.fault(
                left.at,
                "`in` asks about a field",
                "write `contact.name in …`",
            ));
        };
        for literal in &list {
            self.check_literal(right.at, &field, literal)?;
        }
        Ok(Node::Member(field, list))
    }

    /// A value a field can never have is a misspelling, not a rule.
    fn check_literal(&mut self, at: usize, field: &Field, literal: &Literal) -> Parsed<()> {
        match (field, literal) {
            (Field::Attribute(_), _) => self.need(field, literal.kind()),
            (_, Literal::Number(_) | Literal::Bool(_)) => {
                return Err(self.fault(at, "this field is words", "put the value in quotes"));
            }
            (Field::Relation, Literal::Text(word)) if parse_relation(word).is_none() => {
                return Err(self.fault(
                    at,
                    "there is no such relation",
                    "use employee, customer, supplier, resident, patient, stranger or other",
                ));
            }
            (Field::Language, Literal::Text(code))
                if code.parse::<Language>().map(String::from).as_ref() != Ok(code) =>
            {
                return Err(self.fault(
                    at,
                    "this is not a language",
                    "write it as `fr` or `pt_BR`",
                ));
            }
            (_, Literal::Text(_)) => {}
        }
        Ok(())
    }

    fn need(&mut self, field: &Field, kind: Kind) {
        if let Field::Attribute(name) = field {
            self.needs.insert(Need { attribute: name.clone(), kind });
        }
    }

    fn peek(&self) -> (usize, &Token) {
        self.tokens
            .get(self.next)
            .map_or((self.text.len(), &Token::End), |(at, token)| (*at, token))
    }

    fn sees(&self, sign: &str) -> bool {
        matches!(self.peek(), (_, Token::Sign(seen)) if *seen == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let seen = self.sees(sign);
        self.next += usize::from(seen);
        seen
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.fault(self.peek().0, &format!("here must stand `{sign}`"), "complete the rule"))
    }

    fn fault(&self, at: usize, rule: &str, remedy: &str) -> ExpressionError {
        ExpressionError::new(rule, remedy).at(place_of(self.text, at))
    }
}

impl Field {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "language" => Self::Language,
            "relation" => Self::Relation,
            "name" => Self::Name,
            "whatsapp" => Self::Whatsapp,
            "sms" => Self::Sms,
            "external_id" => Self::ExternalId,
            name if is_attribute_name(name) => Self::Attribute(name.to_owned()),
            _ => return None,
        })
    }
}

impl Literal {
    fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::Number,
            Self::Bool(_) => Kind::Bool,
        }
    }
}

fn comparison(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "==" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn text_test(name: &str) -> Option<TextTest> {
    Some(match name {
        "startsWith" => TextTest::StartsWith,
        "endsWith" => TextTest::EndsWith,
        "contains" => TextTest::Contains,
        _ => return None,
    })
}
