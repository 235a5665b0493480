//! At most a hundred people about to be told: checked once more, their messages written.

use std::collections::HashMap;

use fanal_domain::Sealed;
use fanal_domain::broadcast::{AcceptedSend, RefusedSend, SendsRecorded, WithheldSend};
use fanal_domain::consent::Purpose;
use fanal_domain::id::ContactId;
use fanal_domain::ladder::SuppressionReason;
use uuid::Uuid;

use super::board::ChunkId;
use super::deferrals::{Deferrals, STOOD_ASIDE, Verdict};
use super::work::Work;
use crate::Engine;
use crate::compose::Script;
use crate::error::UseCaseError;
use crate::person::Profile;
use crate::ports::{ConsentState, ContactRow, ContactState, Outcome, Outgoing};
use crate::reference::Reference;
use crate::vault::KeyRing;

/// The place a provider's message id is sealed for.
const MESSAGE_PLACE: &str = "send.message";

/// Some people of one chunk: who is about to be told what, and who is not to be told any more.
#[derive(Debug)]
pub(crate) struct Slice {
    pub(crate) sends: Vec<Send>,
    pub(crate) withheld: Vec<WithheldSend>,
    keys: KeyRing,
}

/// One message about to be sent.
#[derive(Debug)]
pub(crate) struct Send {
    pub(crate) recipient: u32,
    pub(crate) message: Outgoing,
    contact_id: ContactId,
}

impl Slice {
    /// Looks everyone up and writes their messages. Whoever withdrew consent, was forgotten, or
    /// cannot be written to any more is withheld.
    pub(crate) async fn prepare(
        engine: &Engine,
        chunk: ChunkId,
        work: &Work,
        script: &Script,
        recipients: &[u32],
    ) -> Result<Self, UseCaseError> {
        let ids: Vec<ContactId> = recipients
            .iter()
            .filter_map(|recipient| Some(work.recipient(*recipient)?.contact_id))
            .collect();
        let subjects: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = engine.ports.directory.contacts(&ids).await?;
        let keys = engine.vault.load(&subjects).await?;
        let rows: HashMap<ContactId, ContactRow> =
            rows.into_iter().map(|row| (row.contact_id, row)).collect();
        let (mut sends, mut withheld) = (Vec::with_capacity(recipients.len()), Vec::new());
        for &recipient in recipients {
            let Some(frozen) = work.recipient(recipient) else { continue };
            let reference = Reference {
                incident_id: chunk.incident_id,
                broadcast_id: chunk.broadcast_id,
                recipient,
                attempt: work.attempts(recipient) + 1,
            };
            let contact_id = frozen.contact_id;
            let written = match may_be_told(rows.get(&contact_id), script.purpose()) {
                Ok(row) => match Profile::open(&keys, contact_id, &row.profile)? {
                    Some(profile) => script.write(&frozen.language, &profile, &reference),
                    None => Err(SuppressionReason::Erased),
                },
                Err(reason) => Err(reason),
            };
            match written {
                Ok(message) => sends.push(Send { recipient, message, contact_id }),
                Err(reason) => withheld.push(WithheldSend { recipient, reason }),
            }
        }
        Ok(Self { sends, withheld, keys })
    }

    /// The outcomes if no call is made.
    pub(crate) fn stand_aside(&self) -> Vec<(usize, Option<Outcome>)> {
        (0..self.sends.len()).map(|nth| (nth, None)).collect()
    }

    /// What to record once every call has come to an end; `None` is a call that was not made.
    pub(crate) fn record(
        &self,
        outcomes: Vec<(usize, Option<Outcome>)>,
        deferrals: &Deferrals,
        is_halted: bool,
    ) -> SendsRecorded {
        let mut recorded = SendsRecorded::default();
        for (nth, outcome) in outcomes {
            let Send { recipient, contact_id, .. } = self.sends[nth];
            let verdict = match outcome {
                Some(outcome) => deferrals.judge(recipient, outcome, is_halted),
                None => Verdict::Deferred(STOOD_ASIDE),
            };
            match verdict {
                Verdict::Accepted(message_id) => {
                    let message = self.seal(contact_id, &message_id);
                    recorded.accepted.push(AcceptedSend { recipient, message });
                }
                Verdict::Refused(failure) => {
                    recorded.refused.push(RefusedSend { recipient, failure });
                }
                Verdict::Deferred(failure) => {
                    recorded.deferred.push(RefusedSend { recipient, failure });
                }
                Verdict::Unknown => recorded.unknown.push(recipient),
            }
        }
        recorded
    }

    fn seal(&self, contact_id: ContactId, message_id: &str) -> Sealed {
        self.keys
            .seal(contact_id.0, MESSAGE_PLACE, message_id.as_bytes())
            // The key was there when the message was written. Without one there is nobody left
            // who may be known, and nothing is what remains of the id.
            .unwrap_or_else(|_| Sealed::from_bytes(Vec::new()))
    }
}

/// Whether a person may be told something of this purpose at this moment.
fn may_be_told(
    row: Option<&ContactRow>,
    purpose: Purpose,
) -> Result<&ContactRow, SuppressionReason> {
    // Nobody is told whom the directory does not know.
    let row = row.ok_or(SuppressionReason::NoAddress)?;
    match row.state {
        ContactState::Active => {}
        ContactState::Merged(_) => return Err(SuppressionReason::Merged),
        ContactState::Erased => return Err(SuppressionReason::Erased),
    }
    match row.consents.get(&purpose) {
        Some(ConsentState::Given(_)) => Ok(row),
        Some(ConsentState::Withdrawn(_)) => Err(SuppressionReason::OptedOut),
        None => Err(SuppressionReason::NoConsent),
    }
}
