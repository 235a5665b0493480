//! A content with its blanks filled: what a person will read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    Button, Content, FILLED_CHARS_MAX, HEADER_CHARS_MAX, Header, InvalidValue, LINK_CHARS_MAX,
    MalformedBlank, Piece, as_address_end, check_value, pieces,
};

/// What a person will read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Above the body, if that is text.
    pub header: Option<String>,
    /// The text.
    pub body: String,
    /// Below the body.
    pub footer: Option<String>,
    /// The buttons, addresses complete.
    pub buttons: Vec<Button>,
}

/// Why a content cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenderError {
    /// A blank has nothing to stand in it.
    #[error("`{name}` has no value: give it one")]
    Missing {
        /// The variable.
        name: String,
    },
    /// What should stand in a blank cannot.
    #[error("`{name}` {problem}")]
    Value {
        /// The variable.
        name: String,
        /// What is wrong with it.
        problem: InvalidValue,
    },
    /// The filled text is too long.
    #[error("`{field}` has {chars} characters once filled: shorten the values to fit {chars_max}")]
    TooLong {
        /// Which part.
        field: &'static str,
        /// How long it is.
        chars: usize,
        /// How long it may be.
        chars_max: usize,
    },
    /// The content never passed its check.
    #[error("`{field}` {problem}")]
    Malformed {
        /// Which part.
        field: &'static str,
        /// What stands there.
        problem: MalformedBlank,
    },
}

/// Fills every blank, and checks what the provider would check then.
///
/// # Errors
/// [`RenderError`] at the first blank that has no value or a bad one, or if a part gets too long.
pub fn render(
    content: &Content,
    values: &BTreeMap<String, String>,
) -> Result<Rendered, RenderError> {
    let words = |name: &str| value(name, values).map(Cow::Borrowed);
    let address_end = |name: &str| Ok(as_address_end(value(name, values)?).into());
    let header = match &content.header {
        Some(Header::Text(text)) => {
            Some(bounded("header", fill("header", text, words)?, HEADER_CHARS_MAX)?)
        }
        _ => None,
    };
    let body = bounded("body", fill("body", &content.body, words)?, FILLED_CHARS_MAX)?;
    let buttons = content.buttons.iter().map(|button| match button {
        Button::Url { text, url } => {
            let url = bounded("buttons", fill("buttons", url, address_end)?, LINK_CHARS_MAX)?;
            Ok(Button::Url { text: text.clone(), url })
        }
        Button::QuickReply { .. } => Ok(button.clone()),
    });
    let buttons = buttons.collect::<Result<_, _>>()?;
    Ok(Rendered { header, body, footer: content.footer.clone(), buttons })
}

fn fill<'v>(
    field: &'static str,
    text: &str,
    value: impl Fn(&str) -> Result<Cow<'v, str>, RenderError>,
) -> Result<String, RenderError> {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text).map_err(|problem| RenderError::Malformed { field, problem })? {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Blank(name) => filled.push_str(&value(name)?),
        }
    }
    Ok(filled)
}

fn bounded(field: &'static str, filled: String, chars_max: usize) -> Result<String, RenderError> {
    match filled.chars().count() {
        chars if chars > chars_max => Err(RenderError::TooLong { field, chars, chars_max }),
        _ => Ok(filled),
    }
}

fn value<'v>(name: &str, values: &'v BTreeMap<String, String>) -> Result<&'v str, RenderError> {
    let value = values.get(name).ok_or_else(|| RenderError::Missing { name: name.to_owned() })?;
    check_value(value).map_err(|problem| RenderError::Value { name: name.to_owned(), problem })?;
    Ok(value)
}
