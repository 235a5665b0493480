//! Receipts of the same content share one group, and all of one broadcast share one event.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fanal_domain::broadcast::{Pricing, ReceiptGroup, ReceiptStatus, ReceiptsRecorded};
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::ladder::Failure;
use fanal_domain::template::Category;
use fanal_projections::World;

use crate::ports::Receipt;
use crate::reference::Reference;

/// About how large an event may become; the log takes twice as much.
const EVENT_BYTES: usize = 512 * 1024;

/// At most so much is written for a group besides its recipients, and for each of those.
const GROUP_BYTES: usize = 200;
const INDEX_BYTES: usize = 11;

/// What receipts of one group have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Content {
    at: DateTime<Utc>,
    status: ReceiptStatus,
    failure: Option<Failure>,
    pricing: Option<(bool, Category)>,
}

/// Whether a receipt says something that is not known. One that only repeats what the ladder
/// shows would make the log longer and nothing else.
pub(super) fn is_news(world: &World, reference: &Reference, receipt: &Receipt) -> bool {
    let known = || {
        let view = world.broadcast(reference.broadcast_id)?;
        Some((*view.facts_at(reference.recipient)?, view.since_launch(receipt.at)?))
    };
    let Some((before, at)) = known() else { return true };
    let mut after = before;
    after.apply_receipt(receipt.status, at, receipt.failure.as_ref(), receipt.pricing.as_ref());
    after != before
}

/// Receipts on their way into the log, grouped by what they say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupedReceipts {
    broadcasts: BTreeMap<(IncidentId, BroadcastId), BTreeMap<Content, BTreeSet<u32>>>,
}

impl GroupedReceipts {
    /// Adds what a receipt says about one send of ours. The same said twice counts once.
    pub fn add(&mut self, reference: &Reference, receipt: &Receipt) {
        let content = Content {
            at: receipt.at,
            status: receipt.status,
            failure: receipt.failure.clone(),
            pricing: receipt.pricing.as_ref().map(|pricing| (pricing.billable, pricing.category)),
        };
        self.broadcasts
            .entry((reference.incident_id, reference.broadcast_id))
            .or_default()
            .entry(content)
            .or_default()
            .insert(reference.recipient);
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.broadcasts.is_empty()
    }

    /// One event per broadcast, or more if it would be too large; groups in order of time, so
    /// that the order of arrival leaves no trace.
    pub fn into_events(self) -> Vec<(IncidentId, BroadcastId, Vec<ReceiptsRecorded>)> {
        let events = |((incident_id, broadcast_id), groups): ((_, _), BTreeMap<_, _>)| {
            (incident_id, broadcast_id, in_pieces(groups.into_iter().map(into_group)))
        };
        self.broadcasts.into_iter().map(events).collect()
    }
}

/// Puts groups into events of about this size at most.
fn in_pieces(groups: impl Iterator<Item = ReceiptGroup>) -> Vec<ReceiptsRecorded> {
    let (mut pieces, mut bytes) = (Vec::new(), usize::MAX);
    for group in groups {
        let size = GROUP_BYTES + INDEX_BYTES * group.recipients.len();
        if bytes.saturating_add(size) > EVENT_BYTES {
            pieces.push(ReceiptsRecorded { receipts: Vec::new() });
            bytes = 0;
        }
        bytes += size;
        if let Some(piece) = pieces.last_mut() {
            piece.receipts.push(group);
        }
    }
    pieces
}

fn into_group((content, recipients): (Content, BTreeSet<u32>)) -> ReceiptGroup {
    ReceiptGroup {
        status: content.status,
        at: content.at,
        recipients: recipients.into_iter().collect(),
        failure: content.failure,
        pricing: content.pricing.map(|(billable, category)| Pricing { billable, category }),
    }
}

#[cfg(test)]
mod tests {
    use fanal_domain::ladder::FailureClass;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn reference(broadcast: u128, recipient: u32) -> Reference {
        Reference {
            incident_id: IncidentId(Uuid::from_u128(1)),
            broadcast_id: BroadcastId(Uuid::from_u128(broadcast)),
            recipient,
            attempt: 1,
        }
    }

    fn receipt(status: ReceiptStatus, second: i64) -> Receipt {
        Receipt {
            reference: None,
            message_id: String::new(),
            status,
            at: DateTime::from_timestamp(second, 0).unwrap(),
            failure: None,
            pricing: None,
        }
    }

    fn grouped(
        receipts: impl IntoIterator<Item = (Reference, Receipt)>,
    ) -> Vec<(IncidentId, BroadcastId, Vec<ReceiptsRecorded>)> {
        let mut grouped = GroupedReceipts::default();
        for (reference, receipt) in receipts {
            grouped.add(&reference, &receipt);
        }
        grouped.into_events()
    }

    #[test]
    fn what_says_the_same_shares_a_group_and_a_broadcast_shares_an_event() {
        let events = grouped([
            (reference(1, 9), receipt(ReceiptStatus::Delivered, 60)),
            (reference(1, 4), receipt(ReceiptStatus::Delivered, 60)),
            (reference(1, 4), receipt(ReceiptStatus::Sent, 59)),
            (reference(2, 4), receipt(ReceiptStatus::Delivered, 60)),
        ]);

        let shape: Vec<Vec<_>> = events
            .iter()
            .map(|(_, _, pieces)| {
                let groups = pieces.iter().flat_map(|piece| &piece.receipts);
                groups.map(|group| (group.status, group.recipients.clone())).collect()
            })
            .collect();
        assert_eq!(
            shape,
            [
                vec![(ReceiptStatus::Sent, vec![4]), (ReceiptStatus::Delivered, vec![4, 9])],
                vec![(ReceiptStatus::Delivered, vec![4])],
            ]
        );
    }

    #[test]
    fn failures_and_prices_are_kept_apart() {
        let mut failed = receipt(ReceiptStatus::Failed, 60);
        failed.failure = Some(Failure { class: FailureClass::Refused, code: 131_026 });
        let mut priced = receipt(ReceiptStatus::Sent, 60);
        priced.pricing = Some(Pricing { billable: true, category: Category::Utility });

        let events = grouped([
            (reference(1, 0), failed.clone()),
            (reference(1, 1), receipt(ReceiptStatus::Failed, 60)),
            (reference(1, 2), priced.clone()),
            (reference(1, 3), receipt(ReceiptStatus::Sent, 60)),
        ]);

        let groups = &events[0].2[0].receipts;
        assert_eq!(groups.len(), 4);
        assert!(groups.iter().any(|group| group.failure == failed.failure));
        assert!(groups.iter().any(|group| group.pricing == priced.pricing));
    }

    #[test]
    fn no_event_becomes_larger_than_the_log_takes() {
        let scattered = (0..60_000).map(|recipient| {
            (reference(1, recipient), receipt(ReceiptStatus::Read, i64::from(recipient)))
        });
        let events = grouped(scattered);

        let (_, _, pieces) = &events[0];
        assert!(pieces.len() > 1);
        let kept: usize = pieces.iter().map(|piece| piece.receipts.len()).sum();
        assert_eq!(kept, 60_000);
        for piece in pieces {
            assert!(fanal_domain::Event::from(piece.clone()).encode().len() <= 1024 * 1024);
        }
    }

    proptest! {
        #[test]
        fn order_and_repetition_leave_no_trace(
            said in prop::collection::vec((0_u128..3, 0_u32..20, 0_usize..5, 0_i64..4), 0..60),
            order in any::<prop::sample::Index>(),
        ) {
            const STATUSES: [ReceiptStatus; 5] = [
                ReceiptStatus::Sent, ReceiptStatus::Delivered, ReceiptStatus::Read,
                ReceiptStatus::Played, ReceiptStatus::Failed,
            ];
            let receipts: Vec<_> = said.iter().map(|(broadcast, recipient, status, second)| {
                (reference(*broadcast, *recipient), receipt(STATUSES[*status], *second))
            }).collect();
            let mut disordered = receipts.clone();
            disordered.extend(receipts.iter().cloned());
            disordered.reverse();
            let middle = order.index(disordered.len() + 1).min(disordered.len());
            disordered.rotate_left(middle);

            prop_assert_eq!(grouped(disordered), grouped(receipts));
        }
    }
}
