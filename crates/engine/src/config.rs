//! What the engine is told once, at the start.

use chrono::{FixedOffset, Offset as _, Utc};
use fanal_domain::acknowledgement::AnswerWords;
use fanal_domain::keyword::Keywords;
use fanal_domain::language::Language;
use fanal_domain::sender::SenderId;

use crate::dispatch::DispatchConfig;
use crate::numbering::Country;
use crate::vault::MasterKey;

/// What the engine is told once, at the start.
#[derive(Debug, Clone)]
pub struct EngineConfig {
    /// This node's name for this run of it, `<machine>/<run>`: once a run writes, all others of the
    /// same machine count as over.
    pub node: String,
    /// The numbers we may send from; the first is the default.
    pub senders: Vec<SenderId>,
    /// Wraps the keys of persons; see the vault.
    pub master_key: MasterKey,
    /// The country whose national numbers are meant when no calling code is written.
    pub default_country: Country,
    /// The offset from UTC in which people are told times.
    pub offset: FixedOffset,
    /// What one answered telephone call would have cost, in millionths of a US dollar.
    pub cost_per_call_micros: u64,
    /// Whether the messenger reaches only simulated phones. Exercises are launched on such
    /// messengers only; no user can change it while the engine runs.
    pub reaches_nobody: bool,
    /// The words that withdraw consent, and those that give it again.
    pub keywords: Keywords,
    /// What the words of an answer mean.
    pub answer_words: AnswerWords,
    /// The language to write in to whoever wrote to us first.
    pub stranger_language: Language,
    /// How fast and how carefully messages leave.
    pub dispatch: DispatchConfig,
}

impl EngineConfig {
    /// The defaults, for this node and sender.
    pub fn new(node: &str, sender: SenderId, master_key: MasterKey) -> Self {
        Self {
            node: node.to_owned(),
            senders: vec![sender],
            master_key,
            default_country: Country::FRANCE,
            offset: Utc.fix(),
            cost_per_call_micros: 1_500_000,
            reaches_nobody: false,
            keywords: Keywords::default(),
            answer_words: AnswerWords::default(),
            stranger_language: Language::english(),
            dispatch: DispatchConfig::default(),
        }
    }
}
