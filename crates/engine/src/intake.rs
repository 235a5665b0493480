//! What the provider tells us: verified, understood, merged with what came meanwhile, made durable.

mod gatherer;
mod inbound;
mod notices;
mod people;
pub mod receipts;
mod reply;
mod sort;
mod variants;

use std::sync::Arc;

use futures::{StreamExt, future, stream};

use self::gatherer::Gatherer;
use self::notices::Kept;
use self::receipts::GroupedReceipts;
use self::sort::Sorted;
use crate::Engine;
use crate::context::{Answer, Context};
use crate::envelope::{Expected, Position, StreamAppend, StreamId};
use crate::error::UseCaseError;
use crate::ports::{AccessRole, Inbound, MalformedWebhook, Receipt};
use crate::reference::Reference;

/// Largest body that is looked at; the provider's own bound.
pub const BODY_BYTES_MAX: usize = 3 * 1024 * 1024;

/// Most notices in one body; the provider's own bound.
pub const NOTICES_MAX: usize = 1_000;

/// How many bodies' receipts go into one append at most.
const BODIES_MAX: usize = 64;

/// How many people's messages of one body are taken in at the same time.
const PEOPLE_AT_ONCE: usize = 16;

/// What was taken in. When this is returned, all of it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// How many notices the body had.
    pub notices: usize,
    /// Where the last event that came of them stands; `None` if there was no news in them.
    pub position: Option<Position>,
}

/// Why nothing, or not everything, was taken in.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The signature is not that of these bytes.
    #[error("the signature is not that of the body")]
    BadSignature,
    /// The body is not what the provider sends.
    #[error("the body cannot be read")]
    Malformed(#[from] MalformedWebhook),
    /// The body or what is in it exceeds the provider's own bounds.
    #[error("a body has at most {BODY_BYTES_MAX} bytes and {NOTICES_MAX} notices")]
    TooLarge,
    /// Not everything is on disk: let the provider send it again, which does no harm.
    #[error("not everything could be written down")]
    Unavailable(#[source] Arc<UseCaseError>),
}

impl From<UseCaseError> for IntakeError {
    fn from(error: UseCaseError) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}

/// What webhooks that come at the same time share.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    receipts: Gatherer<Vec<(Reference, Receipt)>, Recorded>,
    strangers: tokio::sync::Mutex<()>,
}

/// What came of receipts that were gathered.
type Recorded = Result<Option<Position>, Arc<UseCaseError>>;

impl Engine {
    /// Takes in a webhook's body. The same body again, or parts of it in another, changes nothing.
    ///
    /// # Errors
    /// [`IntakeError`]; only after [`IntakeError::Unavailable`] does sending it again help.
    pub async fn receive(
        &self,
        body: &[u8],
        signature: Option<&str>,
    ) -> Result<Received, IntakeError> {
        if body.len() > BODY_BYTES_MAX {
            return Err(IntakeError::TooLarge);
        }
        if !self.ports.webhook.is_signed(body, signature) {
            return Err(IntakeError::BadSignature);
        }
        let notices = self.ports.webhook.decode(body)?;
        self.catch_up_once().await?;
        let count = notices.len();
        if count > NOTICES_MAX {
            return Err(IntakeError::TooLarge);
        }
        let sorted = Sorted::of(notices);
        let (receipts, messages, others) = future::join3(
            self.take_in_receipts(sorted.receipts),
            self.take_in_messages(sorted.messages),
            self.take_in_others(sorted.others),
        )
        .await;
        let ((receipts, unknown), (messages, unreadable), (others, foreign)) =
            (receipts?, messages?, others?);
        let kept = [sorted.kept, unknown, unreadable, foreign].concat();
        let kept = self.keep(&kept, body).await?;
        let position = [receipts, messages, others, kept].into_iter().flatten().max();
        Ok(Received { notices: count, position })
    }

    /// Takes in receipts together with those of other bodies that come at the same time. Returns
    /// those that are about nothing of ours, too.
    async fn take_in_receipts(
        &self,
        receipts: Vec<(Reference, Receipt)>,
    ) -> Result<(Option<Position>, Vec<Kept>), IntakeError> {
        let (mut ours, mut foreign) = (Vec::with_capacity(receipts.len()), Vec::new());
        for (reference, receipt) in receipts {
            if self.sent(&reference).await? {
                ours.push((reference, receipt));
            } else {
                foreign.push(Kept::receipt(&receipt));
            }
        }
        if ours.is_empty() {
            return Ok((None, foreign));
        }
        let record = |gathered| self.record_receipts(gathered);
        let recorded = self.intake.receipts.submit(ours, BODIES_MAX, record).await;
        Ok((recorded.map_err(IntakeError::Unavailable)?, foreign))
    }

    /// Whether a reference names a send of ours.
    async fn sent(&self, reference: &Reference) -> Result<bool, UseCaseError> {
        let Reference { incident_id, broadcast_id, recipient, .. } = *reference;
        let known = self.live.read(|world| {
            let view = world.broadcast(broadcast_id)?;
            let is_its = view.course().state.incident_id == incident_id;
            Some(is_its && recipient < view.recipients())
        });
        if let Some(known) = known {
            return Ok(known);
        }
        // Another node may have sent it, and the live view not show that yet.
        let trunk = StreamId::broadcast(incident_id, broadcast_id);
        Ok(!self.ports.log.read_stream(&trunk, 0, 1).await?.is_empty())
    }

    /// Writes down what is news in the receipts of several bodies, in one append.
    async fn record_receipts(&self, gathered: Vec<Arc<Vec<(Reference, Receipt)>>>) -> Recorded {
        let grouped = self.live.read(|world| {
            let mut grouped = GroupedReceipts::default();
            for (reference, receipt) in gathered.iter().flat_map(|receipts| &**receipts) {
                if receipts::is_news(world, reference, receipt) {
                    grouped.add(reference, receipt);
                }
            }
            grouped
        });
        if grouped.is_empty() {
            return Ok(None);
        }
        let part = |(incident_id, broadcast_id, pieces): (_, _, Vec<_>)| StreamAppend {
            stream: StreamId::receipts(incident_id, broadcast_id),
            expected: Expected::Any,
            events: self.envelopes(&pieces.into_iter().map(Into::into).collect::<Vec<_>>()),
        };
        let streams = grouped.into_events().into_iter().map(part).collect();
        let answer = Answer { id: uuid::Uuid::nil(), version: 0 };
        let written = self.append(&self.provider_context(), answer, streams).await;
        written.map(|written| Some(written.position)).map_err(Arc::new)
    }

    /// Takes in what people sent: one person's messages in order, those of several at once.
    async fn take_in_messages(
        &self,
        people: Vec<Vec<Inbound>>,
    ) -> Result<(Option<Position>, Vec<Kept>), IntakeError> {
        let taken = people.into_iter().map(|messages| self.take_in_person(messages));
        let mut taken = stream::iter(taken).buffer_unordered(PEOPLE_AT_ONCE);
        let (mut position, mut unreadable) = (None, Vec::new());
        while let Some(one) = taken.next().await {
            let (at, kept) = one?;
            position = position.max(at);
            unreadable.extend(kept);
        }
        Ok((position, unreadable))
    }

    async fn take_in_person(
        &self,
        messages: Vec<Inbound>,
    ) -> Result<(Option<Position>, Vec<Kept>), UseCaseError> {
        let (mut position, mut unreadable) = (None, Vec::new());
        let now = self.ports.clock.now();
        for inbound in messages {
            self.desk.count_inbound(&inbound.to, self.rate_of(&inbound.to), 1, now);
            match self.take_in(&inbound).await {
                Ok(Some(at)) => position = position.max(Some(at)),
                Ok(None) => unreadable.push(Kept::message(&inbound)),
                Err(error @ UseCaseError::Unavailable(_)) => return Err(error),
                Err(UseCaseError::Busy) => return Err(UseCaseError::Busy),
                Err(error) => {
                    // One message that nobody can take in must not keep the provider from
                    // delivering the others for ever.
                    let cause: &dyn std::error::Error = &error;
                    tracing::error!(error = cause, "a message was kept instead of taken in");
                    unreadable.push(Kept::message(&inbound));
                }
            }
        }
        Ok((position, unreadable))
    }

    fn provider_context(&self) -> Context {
        Context::new("provider:whatsapp", AccessRole::Admin, self.ports.ids.next())
    }
}

#[cfg(test)]
mod tests;
