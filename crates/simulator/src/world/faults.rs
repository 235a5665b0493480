//! Planned misfortune: what strikes the next sends, and outages of the webhooks.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// What strikes a send, whoever it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// HTTP 500, nothing accepted.
    ServerError,
    /// This error code, nothing accepted.
    Refused(u32),
    /// Accepted, and the connection breaks before the answer.
    Cut,
    /// The connection breaks, nothing accepted.
    CutBefore,
    /// Accepted, answered after this many milliseconds.
    Slow(Millis),
    /// Accepted, answered after its first status webhook was.
    WebhookFirst,
}

/// What becomes of webhooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outage {
    #[default]
    None,
    /// They wait.
    Held,
    /// They are lost for ever.
    Lost,
}

/// All that is planned.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    next: VecDeque<(Fault, u32)>,
    outage: Outage,
}

impl Faults {
    /// Plans a fault for the next `count` sends, after those already planned.
    pub(crate) fn plan(&mut self, fault: Fault, count: u32) {
        if count > 0 {
            self.next.push_back((fault, count));
        }
    }

    /// The fault for one more send.
    pub(crate) fn draw(&mut self) -> Option<Fault> {
        let (fault, left) = self.next.front_mut()?;
        let fault = *fault;
        *left -= 1;
        if *left == 0 {
            self.next.pop_front();
        }
        Some(fault)
    }

    pub(crate) fn planned(&self) -> impl Iterator<Item = &(Fault, u32)> {
        self.next.iter()
    }

    pub(crate) fn outage(&self) -> Outage {
        self.outage
    }

    pub(crate) fn set_outage(&mut self, outage: Outage) {
        self.outage = outage;
    }
}
