//! An acknowledgement: an answer that counts as "I got it", tied to the broadcast that asked.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::broadcast::Answer;
use crate::template::AnswerKind;
use crate::words::{listed, plain};

/// How a person replied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply<'a> {
    /// By a button, whose meaning the template fixes.
    Pressed(AnswerKind),
    /// In words of their own.
    Wrote(&'a str),
}

/// The words that mean something, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerWords {
    words: BTreeMap<String, AnswerKind>,
}

/// How much of a long message is searched for a call for help.
const BEGINNING_CHARS: usize = 100;

impl AnswerWords {
    /// What a reply means. Words must be the whole message, save a call for help: that counts
    /// with words after it too, since overhearing one is worse than answering one too many.
    pub fn meaning(&self, reply: Reply<'_>) -> AnswerKind {
        match reply {
            Reply::Pressed(kind) => kind,
            Reply::Wrote(message) => self.meaning_of(message),
        }
    }

    fn meaning_of(&self, message: &str) -> AnswerKind {
        if let Some(kind) = plain(message).and_then(|whole| self.words.get(&whole)) {
            return *kind;
        }
        let beginning: String = message.chars().take(BEGINNING_CHARS).collect();
        match plain(&beginning) {
            Some(beginning) if self.calls_for_help(&beginning) => AnswerKind::NeedHelp,
            _ => AnswerKind::Other,
        }
    }

    fn calls_for_help(&self, message: &str) -> bool {
        self.words.iter().filter(|(_, kind)| **kind == AnswerKind::NeedHelp).any(|(words, _)| {
            message
                .strip_prefix(words.as_str())
                .is_some_and(|after| after.is_empty() || after.starts_with(' '))
        })
    }
}

impl Default for AnswerWords {
    /// Every language we know: English, French, Spanish and Portuguese.
    fn default() -> Self {
        let table = [
            ("received", AnswerKind::Received),
            ("safe", AnswerKind::Safe),
            ("need_help", AnswerKind::NeedHelp),
        ];
        let words = table.into_iter().flat_map(|(heading, kind)| {
            listed(heading).filter_map(move |word| Some((plain(word)?, kind)))
        });
        Self { words: words.collect() }
    }
}

/// Whether an answer comes later than the broadcast asks.
pub fn is_late(launched_at: DateTime<Utc>, answer_within_s: u32, at: DateTime<Utc>) -> bool {
    at - launched_at > TimeDelta::seconds(answer_within_s.into())
}

/// All that one person answered to one broadcast. In whatever order the answers come, and however
/// often, it ends up the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acknowledgement {
    answers: Vec<AnswerGiven>,
}

/// One answer, without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerGiven {
    /// When, as the provider says.
    pub at: DateTime<Utc>,
    /// What it means.
    pub kind: AnswerKind,
    /// Whether it came later than the broadcast asks.
    pub late: bool,
}

impl Acknowledgement {
    /// Adds an answer to the history.
    pub fn apply(&mut self, answer: &Answer) {
        let given = AnswerGiven { at: answer.at, kind: answer.kind, late: answer.late };
        if let Err(place) = self.answers.binary_search(&given) {
            self.answers.insert(place, given);
        }
    }

    /// All answers, oldest first.
    pub fn history(&self) -> &[AnswerGiven] {
        &self.answers
    }

    /// The one that counts: the first that says "I got it".
    pub fn first(&self) -> Option<AnswerGiven> {
        self.answers.iter().find(|answer| answer.kind.acknowledges()).copied()
    }

    /// How the person is now: the last answer that says so.
    pub fn latest(&self) -> Option<AnswerGiven> {
        self.answers.iter().rfind(|answer| answer.kind.acknowledges()).copied()
    }

    /// Whether the person called for help and has not said since that they are safe.
    pub fn needs_help(&self) -> bool {
        let told = self.answers.iter().rev().map(|answer| answer.kind);
        told.into_iter().find(|kind| matches!(kind, AnswerKind::Safe | AnswerKind::NeedHelp))
            == Some(AnswerKind::NeedHelp)
    }
}

#[cfg(test)]
mod tests;
