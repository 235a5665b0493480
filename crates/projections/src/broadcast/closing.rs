//! What has to be known of each recipient to take in receipts, to settle and to complete.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fanal_domain::id::ContactId;
use fanal_domain::ladder::{Recipient, SinceLaunch, Status};

use super::BroadcastView;

impl BroadcastView {
    /// The facts about the recipient at a place in the audience.
    pub fn facts_at(&self, index: u32) -> Option<&Recipient> {
        self.ladder.rows.get(index as usize).map(|row| &row.facts)
    }

    /// Who stands at a place in the audience.
    pub fn contact_at(&self, index: u32) -> Option<ContactId> {
        self.ladder.rows.get(index as usize).map(|row| row.contact_id)
    }

    /// How long after the launch an instant is; `None` before there is one.
    pub fn since_launch(&self, at: DateTime<Utc>) -> Option<SinceLaunch> {
        Some(SinceLaunch::between(self.course.launched?.at, at))
    }

    /// Everybody with neither a terminal nor a delivered-side state, by index. Looks at everybody.
    pub fn open(&self) -> impl Iterator<Item = (u32, Status)> {
        let open = (0..).zip(&self.ladder.rows).filter(|(_, row)| !row.facts.is_settled());
        open.map(|(index, row)| (index, row.facts.status()))
    }

    /// How many recipients stand where, without those who were suppressed at planning.
    pub fn closing_tally(&self) -> BTreeMap<Status, u32> {
        let planned = u32::try_from(self.ladder.suppressed.len()).unwrap_or(u32::MAX);
        let count = |status| match status {
            Status::Suppressed => self.count(status).saturating_sub(planned),
            _ => self.count(status),
        };
        let counts = Status::ALL.into_iter().map(|status| (status, count(status)));
        counts.filter(|(_, count)| *count > 0).collect()
    }
}
