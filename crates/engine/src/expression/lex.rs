//! Words of a rule, each with its place.

use super::{ExpressionError, place_of};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(f64),
    /// One of [`SIGNS`].
    Sign(&'static str),
    End,
}

/// Longer signs stand before their beginnings.
const SIGNS: [&str; 17] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "+", "?"];

/// Cuts a rule into tokens, each with its byte offset; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let (token, length) = match rest.chars().next() {
            None => {
                tokens.push((at, Token::End));
                return Ok(tokens);
            }
            Some('"' | '\'') => quoted(rest).map_err(|error| error.at(place_of(text, at)))?,
            Some(first) if first.is_ascii_digit() || first == '-' => number(rest)
                .ok_or_else(|| unreadable("this is not a number").at(place_of(text, at)))?,
            Some(first) if first.is_ascii_alphabetic() || first == '_' => {
                let length = rest.find(|next: char| !is_of_name(next)).unwrap_or(rest.len());
                (Token::Name(rest.chars().take(length).collect()), length)
            }
            Some(_) => SIGNS
                .iter()
                .find(|sign| rest.starts_with(**sign))
                .map(|sign| (Token::Sign(sign), sign.len()))
                .ok_or_else(|| {
                    unreadable("a rule does not use this character").at(place_of(text, at))
                })?,
        };
        tokens.push((at, token));
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn is_of_name(next: char) -> bool {
    next.is_ascii_alphanumeric() || next == '_'
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let is_of_number = |next: char| next.is_ascii_alphanumeric() || next == '.';
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let sign_length = rest.len() - digits.len();
    let length = sign_length + digits.find(|next| !is_of_number(next)).unwrap_or(digits.len());
    let written = rest.get(..length)?;
    // Rust would also read `inf` and `nan`.
    let starts_well = digits.starts_with(|first: char| first.is_ascii_digit());
    let value = written.parse::<f64>().ok().filter(|value| starts_well && value.is_finite())?;
    Some((Token::Number(value), length))
}

fn quoted(rest: &str) -> Result<(Token, usize), ExpressionError> {
    let mut text = String::new();
    let mut characters = rest.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    while let Some((at, next)) = characters.next() {
        match next {
            _ if Some(next) == quote => return Ok((Token::Text(text), at + next.len_utf8())),
            '\\' => match characters.next() {
                Some((_, escaped @ ('\\' | '"' | '\''))) => text.push(escaped),
                _ => return Err(unreadable("after \\ only \\, \" and ' can stand")),
            },
            _ => text.push(next),
        }
    }
    Err(unreadable("this text has no closing quote"))
}

fn unreadable(rule: &str) -> ExpressionError {
    ExpressionError::new(rule, "write it as `contact.language == \"fr\"`")
}
