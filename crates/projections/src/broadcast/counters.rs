//! Live counters of a broadcast: kept up with every change, so that reading never scans.

use std::collections::BTreeMap;

use fanal_domain::ladder::{Failure, Recipient, Status, SuppressionReason};

/// How many stand at each status, in the order of [`Status::ALL`].
pub(super) type PerStatus = [u32; Status::ALL.len()];

/// Where recipients stand, in several breakdowns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Counters {
    pub(super) statuses: PerStatus,
    /// Those who stand at failed; `None` for those whose time simply ran out.
    pub(super) failures: BTreeMap<Option<Failure>, u32>,
    /// Those who stand at suppressed.
    pub(super) suppressed: BTreeMap<SuppressionReason, u32>,
    /// By language code.
    pub(super) languages: Vec<PerStatus>,
    /// By market code.
    pub(super) markets: Vec<PerStatus>,
    /// Those who are neither terminal nor delivered-side.
    pub(super) open: u32,
}

/// What the counters know of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    status: Status,
    settled: bool,
    failure: Option<Failure>,
    suppressed: Option<SuppressionReason>,
}

impl Standing {
    pub(super) fn of(recipient: &Recipient) -> Self {
        let status = recipient.status();
        Self {
            status,
            settled: recipient.is_settled(),
            failure: if status == Status::Failed { recipient.failure() } else { None },
            suppressed: recipient.suppressed().filter(|_| status == Status::Suppressed),
        }
    }
}

impl Counters {
    pub(super) fn add(&mut self, standing: &Standing, language: u16, market: u16) {
        self.shift(standing, language, market, |count| *count += 1);
    }

    pub(super) fn remove(&mut self, standing: &Standing, language: u16, market: u16) {
        self.shift(standing, language, market, |count| *count -= 1);
        if matches!(standing.status, Status::Failed | Status::Suppressed) {
            self.failures.retain(|_, count| *count > 0);
            self.suppressed.retain(|_, count| *count > 0);
        }
    }

    /// Somebody was meant and never became a recipient.
    pub(super) fn add_suppressed(&mut self, reason: SuppressionReason) {
        self.statuses[Status::Suppressed as usize] += 1;
        *self.suppressed.entry(reason).or_default() += 1;
    }

    fn shift(
        &mut self,
        standing: &Standing,
        language: u16,
        market: u16,
        by_one: impl Fn(&mut u32),
    ) {
        let status = standing.status as usize;
        by_one(&mut self.statuses[status]);
        by_one(&mut row(&mut self.languages, language)[status]);
        by_one(&mut row(&mut self.markets, market)[status]);
        if !standing.settled {
            by_one(&mut self.open);
        }
        if standing.status == Status::Failed {
            by_one(self.failures.entry(standing.failure.clone()).or_default());
        }
        if let Some(reason) = standing.suppressed {
            by_one(self.suppressed.entry(reason).or_default());
        }
    }

    pub(super) fn delivered(&self) -> u32 {
        Status::ALL
            .into_iter()
            .filter(|status| status.shows_delivery())
            .map(|status| self.count(status))
            .sum()
    }

    pub(super) fn count(&self, status: Status) -> u32 {
        self.statuses[status as usize]
    }
}

fn row(rows: &mut Vec<PerStatus>, code: u16) -> &mut PerStatus {
    let code = usize::from(code);
    if rows.len() <= code {
        rows.resize(code + 1, PerStatus::default());
    }
    &mut rows[code]
}
