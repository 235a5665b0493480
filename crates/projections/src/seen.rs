//! What a fold is shown of the log: an event, where it stands, when and by whom.

use chrono::{DateTime, Utc};
use fanal_domain::Event;

/// One event of the log, in the order of the log.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Its place in the whole log; the first event stands at 1.
    pub position: u64,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Who did it.
    pub actor: &'a str,
    /// The stream it stands in, such as `incident/<id>/broadcast/<id>`.
    pub stream: &'a str,
    /// What happened.
    pub event: &'a Event,
}
