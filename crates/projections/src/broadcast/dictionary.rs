//! Words as small codes: millions of recipients share a handful of languages and markets.

use std::sync::Arc;

/// Gives each word a code, in order of first use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Dictionary {
    words: Vec<Arc<str>>,
}

impl Dictionary {
    /// The word's code. Should there ever be 65,535 words, all further ones share the last code.
    pub(super) fn code(&mut self, word: &str) -> u16 {
        let known = self.words.iter().position(|known| &**known == word);
        let index = known.unwrap_or_else(|| {
            if self.words.len() < usize::from(u16::MAX) {
                self.words.push(Arc::from(word));
            }
            self.words.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// The word of a code that this dictionary gave.
    pub(super) fn word(&self, code: u16) -> Arc<str> {
        self.words.get(usize::from(code)).map_or_else(|| Arc::from(""), Arc::clone)
    }

    /// Every word, in the order of the codes.
    pub(super) fn words(&self) -> &[Arc<str>] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_a_word_one_code_and_gives_it_back() {
        let mut dictionary = Dictionary::default();
        let codes = ["fr", "en", "fr", "pt_BR"].map(|word| dictionary.code(word));
        assert_eq!(codes, [0, 1, 0, 2]);
        assert_eq!(&*dictionary.word(2), "pt_BR");
        assert_eq!(&*dictionary.word(3), "");
    }

    #[test]
    fn never_gives_a_code_that_it_cannot_read_back() {
        let words = (0..u16::MAX).map(|number| Arc::from(number.to_string())).collect();
        let mut dictionary = Dictionary { words };
        let code = dictionary.code("one too many");
        assert_eq!(&*dictionary.word(code), "65534");
    }
}
