//! What the provider says about itself and us: templates, senders, preferences, and the rest.

use std::iter;

use chrono::{DateTime, Utc};
use fanal_domain::Event;
use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{Consent, ConsentWithdrawn, Contact, ContactCommand};
use fanal_domain::id::TemplateId;
use fanal_domain::phone::PhoneNumber;
use fanal_domain::sender::{NoticeKept, SenderFactsLearned};
use fanal_domain::template::{Template, TemplateCommand, TranslationStatusChanged};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Engine;
use crate::contacts::NewConsent;
use crate::context::{Answer, Context, OnceKey};
use crate::envelope::{Expected, Position, StreamAppend, StreamId};
use crate::error::UseCaseError;
use crate::execute::Subject;
use crate::ports::{Inbound, Notice, Receipt};
use crate::vault::INSTALLATION;

/// The place a notice is sealed for.
const NOTICE: &str = "notice.raw";

/// How much of a notice one event takes: an odd one may be longer, and is kept in parts.
const PART_BYTES_MAX: usize = 512 * 1024;

/// Something we keep but do not act on.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) field: String,
    pub(super) raw: String,
}

/// What came of a notice.
enum Effect {
    /// Something, which stands here.
    At(Position),
    /// Nothing: it was known, or is settled otherwise.
    NoNews,
    /// Nothing: it is about nothing of ours.
    Foreign,
}

impl Kept {
    /// A receipt of a message that is none of ours.
    pub(super) fn receipt(receipt: &Receipt) -> Self {
        let raw = json!({
            "reference": receipt.reference,
            "message_id": receipt.message_id,
            "status": receipt.status,
            "at": receipt.at,
            "failure": receipt.failure,
            "pricing": receipt.pricing,
        });
        Self { field: "statuses".to_owned(), raw: raw.to_string() }
    }

    /// A message whose sender cannot be told, or that could not be taken in.
    pub(super) fn message(inbound: &Inbound) -> Self {
        let raw = json!({
            "message_id": inbound.message_id,
            "from": inbound.from,
            "user_id": inbound.user_id,
            "profile_name": inbound.profile_name,
            "at": inbound.at,
            "to": inbound.to,
            "in_reply_to": inbound.in_reply_to,
            "form": inbound.body.form(),
            "content": inbound.body.content(),
        });
        Self { field: "messages".to_owned(), raw: raw.to_string() }
    }

    /// Something about a template or a person that is none of ours.
    fn other(notice: &Notice) -> Self {
        let (field, raw) = match notice {
            Notice::TemplateStatus { name, language, status, provider_id, reason } => {
                let raw = json!({
                    "name": name,
                    "language": language,
                    "status": status,
                    "provider_id": provider_id,
                    "reason": reason,
                });
                ("message_template_status_update", raw)
            }
            Notice::TemplateCategory { name, category } => {
                ("template_category_update", json!({ "name": name, "category": category }))
            }
            Notice::MarketingPreference { from, wanted, at } => {
                ("user_preferences", json!({ "from": from, "wanted": wanted, "at": at }))
            }
            _ => ("unknown", json!({})),
        };
        Self { field: field.to_owned(), raw: raw.to_string() }
    }
}

impl Engine {
    /// Takes in what is about templates, senders and preferences, in order. Returns what is about
    /// nothing of ours, too.
    pub(super) async fn take_in_others(
        &self,
        notices: Vec<Notice>,
    ) -> Result<(Option<Position>, Vec<Kept>), UseCaseError> {
        let (mut position, mut foreign) = (None, Vec::new());
        for notice in notices {
            match self.take_in_other(&notice).await? {
                Effect::At(at) => position = position.max(Some(at)),
                Effect::NoNews => {}
                Effect::Foreign => foreign.push(Kept::other(&notice)),
            }
        }
        Ok((position, foreign))
    }

    async fn take_in_other(&self, notice: &Notice) -> Result<Effect, UseCaseError> {
        match notice.clone() {
            Notice::TemplateStatus { name, language, status, provider_id, reason } => {
                let status = TranslationStatusChanged { language, status, provider_id, reason };
                self.note_on_template(&name, TemplateCommand::NoteStatus(status)).await
            }
            Notice::TemplateCategory { name, category } => {
                self.note_on_template(&name, TemplateCommand::NoteCategory { category }).await
            }
            Notice::SenderFacts { sender, rate_per_s, quality, daily_people_max, notice } => {
                self.learn_sender(SenderFactsLearned {
                    sender,
                    rate_per_s,
                    quality,
                    daily_people_max,
                    notice,
                })
                .await
            }
            Notice::MarketingPreference { from: Some(from), wanted, at } => {
                self.note_preference(&from, wanted, at).await
            }
            _ => Ok(Effect::Foreign),
        }
    }

    /// Notes something about a template, if it is one of ours.
    async fn note_on_template(
        &self,
        name: &str,
        command: TemplateCommand,
    ) -> Result<Effect, UseCaseError> {
        let id =
            self.live.read(|world| Some(world.catalogue().template_named(name)?.state.template_id));
        let Some(TemplateId(id)) = id else { return Ok(Effect::Foreign) };
        let subject = Subject::known("template", id, StreamId::template(TemplateId(id)));
        let noted = self.execute::<Template>(&self.provider_context(), subject, command).await;
        match noted {
            Ok(written) => Ok(Effect::At(written.position)),
            // A translation we never made: the notice is kept, and nothing follows from it.
            Err(UseCaseError::Rejected { .. }) => Ok(Effect::Foreign),
            Err(error) => Err(error),
        }
    }

    /// Notes what a sender may do, if that is news.
    async fn learn_sender(&self, mut facts: SenderFactsLearned) -> Result<Effect, UseCaseError> {
        if let [only] = &*self.config.senders {
            // The provider may name a sender by its number; with one sender there is no doubt.
            facts.sender = only.clone();
        }
        if !self.is_news(&facts) {
            return Ok(Effect::NoNews);
        }
        let stream = StreamId::sender(&facts.sender);
        self.note(&self.provider_context(), stream, &[facts.into()]).await.map(Effect::At)
    }

    fn is_news(&self, facts: &SenderFactsLearned) -> bool {
        self.live.read(|world| {
            let Some(known) = world.catalogue().sender(&facts.sender) else { return true };
            differs(facts.rate_per_s, known.rate_per_s)
                || differs(facts.quality, known.quality)
                || differs(facts.daily_people_max, known.daily_people_max)
        })
    }

    /// Notes that a person stopped or resumed marketing from us in the app itself.
    async fn note_preference(
        &self,
        number: &PhoneNumber,
        wanted: bool,
        at: DateTime<Utc>,
    ) -> Result<Effect, UseCaseError> {
        let context = self.provider_context();
        let id = self.person_of(&context, number, None).await?;
        let Some(contact) = self.load_contact(id).await?.state else { return Ok(Effect::Foreign) };
        let now = self.ports.clock.now();
        let command = match (wanted, contact.consents.get(&Purpose::Marketing)) {
            (false, _) => {
                let withdrawal = ConsentWithdrawn {
                    purposes: vec![Purpose::Marketing],
                    method: Method::Provider,
                    withdrawn_at: at,
                    evidence: None,
                };
                ContactCommand::WithdrawConsent { withdrawal, now }
            }
            (true, Some(Consent::Withdrawn { .. })) => {
                let consent = NewConsent {
                    purpose: Purpose::Marketing,
                    basis: Basis::Consent,
                    method: Method::Provider,
                    given_at: at.min(now),
                    evidence: None,
                };
                self.giving(&consent, id, &self.vault.load(&[id.0]).await?)?
            }
            // Resuming undoes a stop; it agrees to nothing that was never agreed to.
            (true, _) => return Ok(Effect::NoNews),
        };
        let subject = Subject::known("contact", id.0, StreamId::contact(id));
        match self.execute::<Contact>(&context, subject, command).await {
            Ok(written) => {
                self.project_directory_to(written.position).await?;
                Ok(Effect::At(written.position))
            }
            Err(UseCaseError::Rejected { .. }) => Ok(Effect::NoNews),
            Err(error) => Err(error),
        }
    }

    /// Keeps what nothing follows from, once for each body it came in.
    pub(super) async fn keep(
        &self,
        kept: &[Kept],
        body: &[u8],
    ) -> Result<Option<Position>, UseCaseError> {
        if kept.is_empty() {
            return Ok(None);
        }
        let keys = self.vault.ensure(&[INSTALLATION]).await?;
        let mut events = Vec::with_capacity(kept.len());
        for Kept { field, raw } in kept {
            let raw = raw.as_bytes();
            let (first, rest) = raw.split_at(raw.len().min(PART_BYTES_MAX));
            for part in iter::once(first).chain(rest.chunks(PART_BYTES_MAX)) {
                let raw = keys.seal(INSTALLATION, NOTICE, part)?;
                events.push(NoticeKept { field: field.clone(), raw }.into());
            }
        }
        let key = Sha256::digest([b"notices\0", body].concat()).into();
        let context = self.provider_context().with_once(OnceKey { key, fingerprint: key });
        self.note(&context, StreamId::notices(), &events).await.map(Some)
    }

    async fn note(
        &self,
        context: &Context,
        stream: StreamId,
        events: &[Event],
    ) -> Result<Position, UseCaseError> {
        let part = StreamAppend { stream, expected: Expected::Any, events: self.envelopes(events) };
        let answer = Answer { id: INSTALLATION, version: 0 };
        Ok(self.append(context, answer, vec![part]).await?.position)
    }
}

fn differs<T: PartialEq + Copy>(told: Option<T>, known: Option<T>) -> bool {
    told.is_some() && told != known
}
