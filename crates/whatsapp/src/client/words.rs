//! The provider's words without what must not be printed: numbers, ids, tokens.

/// A phone number has at least eight digits; seven also catch one that is cut.
const DIGITS_MAX: usize = 6;

/// Longer words are tokens or ids.
const WORD_CHARS_MAX: usize = 32;

/// Longer explanations help nobody.
const TEXT_CHARS_MAX: usize = 400;

/// The text with everything hidden that may name a person or open a door.
pub(super) fn harmless(text: &str) -> String {
    let shortened: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let words: Vec<&str> = shortened.split_whitespace().collect();
    // A number may be written in groups, so neighbours without letters are judged together.
    words
        .chunk_by(|one, next| !has_letters(one) && !has_letters(next))
        .map(|group| if tells_too_much(group) { "…".to_owned() } else { group.join(" ") })
        .collect::<Vec<_>>()
        .join(" ")
}

fn has_letters(word: &str) -> bool {
    word.chars().any(char::is_alphabetic)
}

fn tells_too_much(group: &[&str]) -> bool {
    let digits = group.iter().flat_map(|word| word.chars()).filter(char::is_ascii_digit).count();
    digits > DIGITS_MAX || group.iter().any(|word| word.chars().count() > WORD_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, expected: &str) {
        assert_eq!(harmless(given), expected);
    }

    #[test]
    fn keeps_words_and_codes() {
        check("(#131030) Recipient not in allowed list", "(#131030) Recipient not in allowed list");
    }

    #[test]
    fn hides_numbers_and_tokens() {
        check("Unsupported post +33612345678, sorry", "Unsupported post … sorry");
        check("to 1-631-555-1234.", "to …");
        check("to +1 (631) 555 1234 now", "to … now");
        check("at most 1024 characters, not 2048", "at most 1024 characters, not 2048");
        check(
            "Malformed access token EAAGm0PX4ZCpsBAKZCvZBZCQZDZDabcdefgh",
            "Malformed access token …",
        );
    }

    #[test]
    fn is_one_short_line() {
        check("a\r\nb\tc", "a b c");
        assert!(harmless(&"word ".repeat(500)).chars().count() <= TEXT_CHARS_MAX);
    }
}
