//! STOP and START: the words by which people opt out and in again.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::words::{listed, plain};

/// What a word asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// To be told nothing more.
    Stop,
    /// To be told again.
    Start,
}

/// The words that ask for something, and what. A message must consist of the word alone:
/// "stop smoking" is no opt-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keywords {
    words: BTreeMap<String, Keyword>,
}

/// A table of words is of no use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidKeywords {
    /// A word has no letters or digits, or is too long.
    #[error("`{word}` is no word: use letters or digits, at most 500 bytes")]
    NoWord {
        /// The word.
        word: String,
    },
    /// A word asks for both.
    #[error("`{word}` both stops and starts: let it do one of them")]
    Ambiguous {
        /// The word.
        word: String,
    },
    /// Without a word that stops, people could not opt out.
    #[error("no word stops: give people at least one by which they can opt out")]
    NoStop,
}

impl Keywords {
    /// A table of one's own.
    ///
    /// # Errors
    /// [`InvalidKeywords`] if a word is empty or ambiguous, or if no word stops.
    pub fn new<'w>(
        stop: impl IntoIterator<Item = &'w str>,
        start: impl IntoIterator<Item = &'w str>,
    ) -> Result<Self, InvalidKeywords> {
        let mut words = BTreeMap::new();
        let stop = stop.into_iter().map(|word| (word, Keyword::Stop));
        let start = start.into_iter().map(|word| (word, Keyword::Start));
        for (word, keyword) in stop.chain(start) {
            let plain =
                plain(word).ok_or_else(|| InvalidKeywords::NoWord { word: word.to_owned() })?;
            let before = words.insert(plain, keyword);
            if before.is_some_and(|before| before != keyword) {
                return Err(InvalidKeywords::Ambiguous { word: word.to_owned() });
            }
        }
        if !words.values().any(|keyword| *keyword == Keyword::Stop) {
            return Err(InvalidKeywords::NoStop);
        }
        Ok(Self { words })
    }

    /// What a whole message asks for, if it consists of a word of the table alone.
    pub fn recognise(&self, message: &str) -> Option<Keyword> {
        self.words.get(&plain(message)?).copied()
    }
}

impl Default for Keywords {
    /// Every language we know: English, French, Spanish and Portuguese.
    fn default() -> Self {
        Self::new(listed("stop"), listed("start"))
            .expect("a test builds the table of every language")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: Option<Keyword>) {
        assert_eq!(Keywords::default().recognise(message), expected, "{message:?}");
    }

    #[test]
    fn knows_the_words_of_four_languages() {
        for message in ["STOP", "Unsubscribe", "ARRÊT", "se desabonner", "Baja", "SAIR", "parar"] {
            check(message, Some(Keyword::Stop));
        }
        for message in ["START", "reprendre", "Alta", "começar"] {
            check(message, Some(Keyword::Start));
        }
    }

    #[test]
    fn forgives_case_accents_punctuation_and_spaces() {
        for message in
            ["stop.", " Stop !!", "\"STOP\"", "arreter", "ARRÊTER…", "opt-out", "🛑 stop"]
        {
            check(message, Some(Keyword::Stop));
        }
    }

    #[test]
    fn takes_the_whole_message_or_nothing() {
        for message in [
            "stop smoking",
            "please stop",
            "don't stop",
            "startup",
            "stopp",
            "",
            "🛑",
            "cancel my order",
        ] {
            check(message, None);
        }
    }

    #[test]
    fn a_table_of_ones_own_replaces_the_words() {
        let keywords = Keywords::new(["HALT"], ["Weiter"]).unwrap();
        assert_eq!(keywords.recognise("halt!"), Some(Keyword::Stop));
        assert_eq!(keywords.recognise("weiter"), Some(Keyword::Start));
        assert_eq!(keywords.recognise("stop"), None);
    }

    #[test]
    fn refuses_a_table_of_no_use() {
        let word = |word: &str| word.to_owned();
        for (stop, start, expected) in [
            (vec!["!!"], vec![], InvalidKeywords::NoWord { word: word("!!") }),
            (vec!["ja"], vec!["Já"], InvalidKeywords::Ambiguous { word: word("Já") }),
            (vec![], vec!["go"], InvalidKeywords::NoStop),
        ] {
            assert_eq!(Keywords::new(stop, start), Err(expected));
        }
    }
}
