//! Bounds on what people write: trimmed, not empty, not endless, nothing invisible.

use thiserror::Error;

/// A text breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{field}` {problem}")]
pub struct InvalidText {
    /// Which text.
    pub field: &'static str,
    /// Which rule.
    pub problem: TextProblem,
}

/// Which rule a text breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextProblem {
    /// Nothing is left of it once trimmed.
    #[error("is empty: write something")]
    Empty,
    /// It is too long.
    #[error("has {chars} characters: shorten it to {chars_max}")]
    TooLong {
        /// How long it is.
        chars: usize,
        /// How long it may be.
        chars_max: usize,
    },
    /// It has more than one line.
    #[error("has several lines: write it in one")]
    SeveralLines,
    /// It holds control characters.
    #[error("holds control characters: remove them")]
    ControlCharacters,
    /// It holds something else than the few characters a handle may have.
    #[error("is no handle: use 1 to 64 of `a-z`, `0-9`, `.`, `_` and `-`")]
    NoHandle,
}

impl InvalidText {
    /// The stable name of the rule.
    pub fn code(&self) -> &'static str {
        match self.problem {
            TextProblem::Empty => "text_empty",
            TextProblem::TooLong { .. } => "text_too_long",
            TextProblem::SeveralLines => "text_several_lines",
            TextProblem::ControlCharacters => "text_control_characters",
            TextProblem::NoHandle => "handle_malformed",
        }
    }
}

/// One line of text, trimmed.
///
/// # Errors
/// [`InvalidText`] if it is empty, too long, has several lines or control characters.
pub fn line(field: &'static str, text: &str, chars_max: usize) -> Result<String, InvalidText> {
    let text = prose(field, text, chars_max)?;
    if text.contains('\n') {
        return Err(InvalidText { field, problem: TextProblem::SeveralLines });
    }
    Ok(text)
}

/// Text of one or several lines, trimmed; line ends become `\n`.
///
/// # Errors
/// [`InvalidText`] if it is empty, too long, or has control characters other than line ends.
pub fn prose(field: &'static str, text: &str, chars_max: usize) -> Result<String, InvalidText> {
    let invalid = |problem| InvalidText { field, problem };
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(invalid(TextProblem::Empty));
    }
    let chars = text.chars().count();
    if chars > chars_max {
        return Err(invalid(TextProblem::TooLong { chars, chars_max }));
    }
    if text.chars().any(|char| char.is_control() && char != '\n') {
        return Err(invalid(TextProblem::ControlCharacters));
    }
    Ok(text)
}

/// An operator's handle.
///
/// # Errors
/// [`InvalidText`] if it is not 1 to 64 of `[a-z0-9._-]`.
pub fn handle(field: &'static str, text: &str) -> Result<String, InvalidText> {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
    };
    if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(InvalidText { field, problem: TextProblem::NoHandle })
    }
}

/// Whether it is lower snake case that starts with a letter, as names of variables are.
pub fn is_snake_case(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(result: &Result<String, InvalidText>, expected: Result<&str, TextProblem>) {
        let got = result.as_ref().map(String::as_str).map_err(|invalid| invalid.problem);
        assert_eq!(got, expected);
    }

    #[test]
    fn trims_and_bounds_prose() {
        check(&prose("text", "  a\r\nb \n", 3), Ok("a\nb"));
        check(&prose("text", " \n\t ", 3), Err(TextProblem::Empty));
        check(&prose("text", "éééé", 3), Err(TextProblem::TooLong { chars: 4, chars_max: 3 }));
        check(&prose("text", "a\tb", 3), Err(TextProblem::ControlCharacters));
        check(&prose("text", "a\rb", 3), Err(TextProblem::ControlCharacters));
    }

    #[test]
    fn refuses_a_second_line_where_one_is_meant() {
        check(&line("title", "a\nb", 3), Err(TextProblem::SeveralLines));
        check(&line("title", "a b\n", 3), Ok("a b"));
    }

    #[test]
    fn knows_a_handle() {
        check(&handle("holder", "anna.b-1_x"), Ok("anna.b-1_x"));
        let long = "a".repeat(65);
        for given in ["", "Anna", "anna b", "ann@", "é", &long] {
            check(&handle("holder", given), Err(TextProblem::NoHandle));
        }
    }

    #[test]
    fn tells_field_rule_and_remedy() {
        let invalid = line("title", "", 3).unwrap_err();
        assert_eq!(invalid.to_string(), "`title` is empty: write something");
        assert_eq!(invalid.code(), "text_empty");
    }
}
