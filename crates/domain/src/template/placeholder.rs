//! The blanks in a text: `{{name}}`, and where they stand.

use thiserror::Error;

use super::{Button, Content, Header};
use crate::text::is_snake_case;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words that stand as they are.
    Words(&'a str),
    /// A blank to be filled, by the name of its variable.
    Blank(&'a str),
}

/// Braces in a text do not make a blank.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("holds `{braces}`, which is no blank: write blanks as `{{{{name}}}}`, in lower snake case")]
pub struct MalformedBlank {
    /// What stands there.
    pub braces: String,
}

/// The names of the blanks of a content, each part's in order of first appearance, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placeholders<'a> {
    /// In the header's text.
    pub header: Vec<&'a str>,
    /// In the body.
    pub body: Vec<&'a str>,
    /// At the end of a button's address, by the button's place among all buttons, from 0.
    pub buttons: Vec<(u32, &'a str)>,
}

impl Placeholders<'_> {
    /// All of them; one that stands in several parts comes several times.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let buttons = self.buttons.iter().map(|(_, name)| name);
        self.header.iter().chain(&self.body).chain(buttons).copied()
    }
}

/// Splits a text at its blanks.
///
/// # Errors
/// [`MalformedBlank`] at the first double braces that are not the braces of a blank.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, MalformedBlank> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once("{{") {
        push_words(&mut pieces, words)?;
        let malformed = || MalformedBlank {
            braces: format!("{{{{{}", after.chars().take(20).collect::<String>()),
        };
        let (name, after) = after.split_once("}}").ok_or_else(malformed)?;
        if !is_snake_case(name) {
            return Err(malformed());
        }
        pieces.push(Piece::Blank(name));
        rest = after;
    }
    push_words(&mut pieces, rest)?;
    Ok(pieces)
}

fn push_words<'a>(pieces: &mut Vec<Piece<'a>>, words: &'a str) -> Result<(), MalformedBlank> {
    if words.contains("}}") {
        return Err(MalformedBlank { braces: "}}".to_owned() });
    }
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    Ok(())
}

impl Content {
    /// The blanks of each part. Of a text whose braces are malformed, none.
    pub fn placeholders(&self) -> Placeholders<'_> {
        let header = match &self.header {
            Some(Header::Text(text)) => blanks(text),
            _ => Vec::new(),
        };
        let buttons = (0..).zip(&self.buttons).filter_map(|(index, button)| match button {
            Button::Url { url, .. } => Some((index, *blanks(url).first()?)),
            Button::QuickReply { .. } => None,
        });
        Placeholders { header, body: blanks(&self.body), buttons: buttons.collect() }
    }
}

/// The names of a text's blanks, each once, in order of first appearance.
fn blanks(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for piece in pieces(text).unwrap_or_default() {
        if let Piece::Blank(name) = piece
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn splits_a_text_at_its_blanks() {
        use Piece::{Blank, Words};
        assert_eq!(
            pieces("Hello {{name}}, by {{when}}."),
            Ok(vec![Words("Hello "), Blank("name"), Words(", by "), Blank("when"), Words(".")])
        );
        assert_eq!(pieces("{one} brace"), Ok(vec![Words("{one} brace")]));
        assert_eq!(pieces(""), Ok(vec![]));
    }

    #[test]
    fn refuses_braces_that_are_no_blank() {
        for given in ["{{", "{{}}", "{{ a }}", "{{A}}", "{{1}}", "{{a", "a}}", "{{{a}}}", "{{a}}}}"]
        {
            assert!(pieces(given).is_err(), "{given}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_split_without_panic_and_without_loss(text in "[a-c{} \u{e9}]{0,24}") {
            if let Ok(pieces) = pieces(&text) {
                let joined: String = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Words(words) => (*words).to_owned(),
                        Piece::Blank(name) => format!("{{{{{name}}}}}"),
                    })
                    .collect();
                prop_assert_eq!(joined, text);
            }
        }
    }
}
