//! What the provider lets stand in a blank.

use thiserror::Error;

/// Longest text with its blanks filled, in characters.
pub const FILLED_CHARS_MAX: usize = 1_024;
/// Longest address, in characters.
pub const LINK_CHARS_MAX: usize = 2_000;
/// Most spaces in a row inside a value.
const SPACES_MAX: usize = 4;

/// What is wrong with what is to stand in a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidValue {
    /// Nothing, or only spaces.
    #[error("is empty: give words, if need be for those without any")]
    Empty,
    /// Longer than the whole text may be.
    #[error("has {chars} characters: shorten it to {FILLED_CHARS_MAX}")]
    TooLong {
        /// How long it is.
        chars: usize,
    },
    /// Lines, tabs and other control characters are refused by the provider.
    #[error("holds a line break, a tab or another control character: write it in one line")]
    ControlCharacters,
    /// Many spaces in a row are refused by the provider.
    #[error("holds more than {SPACES_MAX} spaces in a row: take some out")]
    TooManySpaces,
}

/// Checks what is to stand in a blank, as the provider would.
///
/// # Errors
/// The first rule it breaks.
pub fn check_value(value: &str) -> Result<(), InvalidValue> {
    if value.trim().is_empty() {
        return Err(InvalidValue::Empty);
    }
    if value.chars().any(char::is_control) {
        return Err(InvalidValue::ControlCharacters);
    }
    let mut spaces = 0;
    for char in value.chars() {
        spaces = if char == ' ' { spaces + 1 } else { 0 };
        if spaces > SPACES_MAX {
            return Err(InvalidValue::TooManySpaces);
        }
    }
    match value.chars().count() {
        chars if chars > FILLED_CHARS_MAX => Err(InvalidValue::TooLong { chars }),
        _ => Ok(()),
    }
}

/// A value as the end of an address: what addresses cannot hold is escaped, what has a meaning
/// in them (`/`, `?`, `&`, `=`, `%` …) stays, so that a value can be `shelter?id=7`.
pub fn as_address_end(value: &str) -> String {
    let stands = |byte: u8| byte.is_ascii_graphic() && !br#"<>"{}|\^`"#.contains(&byte);
    let escaped = |byte: u8| {
        if stands(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    value.bytes().map(escaped).collect()
}

/// An address is not `https://`, names no host, is too long or holds what addresses never hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an address starts with `https://`, names a host and holds no spaces: mend it")]
pub struct InvalidLink;

/// Checks an `https` address.
///
/// # Errors
/// [`InvalidLink`] if it is none.
pub fn check_link(link: &str) -> Result<(), InvalidLink> {
    let rest = link.strip_prefix("https://").ok_or(InvalidLink)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_is_plain = host.starts_with(|char: char| char.is_ascii_alphanumeric())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
        && host.contains('.');
    let visible = |char: char| !char.is_whitespace() && !char.is_control();
    if host_is_plain
        && link.len() <= LINK_CHARS_MAX
        && rest.chars().all(|char| visible(char) && !matches!(char, '<' | '>' | '"' | '{' | '}'))
    {
        Ok(())
    } else {
        Err(InvalidLink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_the_provider_refuses_in_a_blank() {
        let long = "a".repeat(FILLED_CHARS_MAX + 1);
        for (given, expected) in [
            ("18:30", Ok(())),
            ("a    b", Ok(())),
            ("", Err(InvalidValue::Empty)),
            ("   ", Err(InvalidValue::Empty)),
            ("a\nb", Err(InvalidValue::ControlCharacters)),
            ("a\tb", Err(InvalidValue::ControlCharacters)),
            ("a     b", Err(InvalidValue::TooManySpaces)),
            (&long, Err(InvalidValue::TooLong { chars: 1_025 })),
        ] {
            assert_eq!(check_value(given), expected, "{given:?}");
        }
    }

    #[test]
    fn escapes_what_an_address_cannot_hold() {
        assert_eq!(as_address_end("shelter?id=7&x=%20"), "shelter?id=7&x=%20");
        assert_eq!(as_address_end("Rue Haute é{}"), "Rue%20Haute%20%C3%A9%7B%7D");
    }

    #[test]
    fn knows_an_address() {
        for given in ["https://example.org", "https://example.org:8443/a?b=c#d"] {
            assert_eq!(check_link(given), Ok(()), "{given}");
        }
        let long = format!("https://example.org/{}", "a".repeat(LINK_CHARS_MAX));
        for given in [
            "",
            "http://example.org",
            "https://",
            "https:///path",
            "https://localhost",
            "https://user@example.org",
            "https://example.org/a b",
            "https://example.org/{{x}}",
            "javascript:alert(1)",
            &long,
        ] {
            assert_eq!(check_link(given), Err(InvalidLink), "{given}");
        }
    }
}
