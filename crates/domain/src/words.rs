//! What people write, compared as they mean it: without case, accents, punctuation and emoji.

/// Longest message that is compared with words, in bytes. Longer ones are no keyword.
const MESSAGE_BYTES_MAX: usize = 500;

/// The words of every language we know. To add a language is to add a file.
const LANGUAGES: [&str; 4] = [
    include_str!("words/en.txt"),
    include_str!("words/fr.txt"),
    include_str!("words/es.txt"),
    include_str!("words/pt.txt"),
];

/// The words listed under a heading, such as `stop`, in every language.
pub(crate) fn listed(heading: &str) -> impl Iterator<Item = &'static str> {
    let lines = LANGUAGES.iter().flat_map(|file| file.lines());
    let under = lines.filter_map(move |line| line.strip_prefix(heading)?.strip_prefix(':'));
    under.flat_map(|words| words.split(',')).map(str::trim)
}

/// The words of a text in lower case, unaccented, one space between them.
///
/// `None` if none are left, or if the text is too long to be a keyword.
pub fn plain(text: &str) -> Option<String> {
    if text.len() > MESSAGE_BYTES_MAX {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for char in text.chars().flat_map(char::to_lowercase) {
        if is_combining_accent(char) {
            continue;
        }
        match unaccented(char) {
            Some(letters) => plain.push_str(letters),
            None if char.is_alphanumeric() => plain.push(char),
            None if plain.ends_with(' ') || plain.is_empty() => {}
            None => plain.push(' '),
        }
    }
    plain.truncate(plain.trim_end().len());
    (!plain.is_empty()).then_some(plain)
}

/// The accents of letters written in two characters, as some phones do.
fn is_combining_accent(char: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&char)
}

/// The plain letters of an accented one in Western European languages.
fn unaccented(char: char) -> Option<&'static str> {
    Some(match char {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_line_of_every_language_is_a_heading_with_words() {
        let headings = ["stop", "start", "received", "safe", "need_help"];
        for line in LANGUAGES.iter().flat_map(|file| file.lines()) {
            let (heading, words) = line.split_once(':').unwrap_or((line, ""));
            assert!(line.starts_with('#') || headings.contains(&heading), "{line}");
            assert!(line.starts_with('#') || words.split(',').all(|word| plain(word).is_some()));
        }
        assert!(headings.iter().all(|heading| listed(heading).count() >= LANGUAGES.len()));
    }

    #[test]
    fn forgets_case_accents_punctuation_and_emoji() {
        for (given, expected) in [
            ("STOP", Some("stop")),
            ("  Stop!!! ", Some("stop")),
            ("«Arrêter»", Some("arreter")),
            ("arre\u{302}ter", Some("arreter")),
            ("À l’abri.", Some("a l abri")),
            ("opt-out", Some("opt out")),
            ("CŒUR", Some("coeur")),
            ("ok 👍", Some("ok")),
            ("ПОМОЩЬ", Some("помощь")),
            ("👍", None),
            ("", None),
        ] {
            assert_eq!(plain(given).as_deref(), expected, "{given:?}");
        }
        assert_eq!(plain(&"a".repeat(501)), None);
    }

    proptest! {
        #[test]
        fn plain_words_stay_as_they_are(text in ".{0,80}") {
            if let Some(once) = plain(&text) {
                prop_assert_eq!(plain(&once), Some(once));
            }
        }
    }
}
