//! Sorts the notices of one body by what is to be done with them.

use std::collections::BTreeMap;

use fanal_domain::phone::PhoneNumber;

use super::notices::Kept;
use crate::ports::{Inbound, Notice, Receipt};
use crate::reference::Reference;

/// The notices of one body, by what is to be done with them.
#[derive(Default)]
pub(super) struct Sorted {
    /// What became of messages that carry a reference of ours.
    pub(super) receipts: Vec<(Reference, Receipt)>,
    /// What people sent, by person, each in the order it came.
    pub(super) messages: Vec<Vec<Inbound>>,
    /// About templates, senders and preferences, in the order they came.
    pub(super) others: Vec<Notice>,
    /// What nothing follows from.
    pub(super) kept: Vec<Kept>,
}

impl Sorted {
    pub(super) fn of(notices: Vec<Notice>) -> Self {
        let mut sorted = Self::default();
        let mut people: BTreeMap<Option<PhoneNumber>, Vec<Inbound>> = BTreeMap::new();
        for notice in notices {
            match notice {
                Notice::Receipt(receipt) => {
                    match receipt.reference.as_deref().and_then(Reference::parse) {
                        Some(reference) => sorted.receipts.push((reference, receipt)),
                        None => sorted.kept.push(Kept::receipt(&receipt)),
                    }
                }
                Notice::Inbound(inbound) => {
                    people.entry(inbound.from.clone()).or_default().push(inbound);
                }
                Notice::Unrecognised { field, raw } => sorted.kept.push(Kept { field, raw }),
                other @ (Notice::TemplateStatus { .. }
                | Notice::TemplateCategory { .. }
                | Notice::SenderFacts { .. }
                | Notice::MarketingPreference { .. }) => sorted.others.push(other),
            }
        }
        sorted.messages = people.into_values().collect();
        sorted
    }
}
