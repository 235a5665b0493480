//! What the engine is told once, at the start.

use chrono::{FixedOffset, Offset as _, Utc};
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
    /// Words that withdraw consent, besides the built-in ones.
    pub stop_words: Vec<String>,
    /// Words that give consent again, besides the built-in ones.
    pub start_words: Vec<String>,
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
            stop_words: Vec::new(),
            start_words: Vec::new(),
            dispatch: DispatchConfig::default(),
        }
    }
}
