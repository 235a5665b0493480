//! One batch of rows: who of them is known, what would change, written in one append.

use std::collections::HashMap;

use fanal_domain::Event;
use fanal_domain::contact::{Contact, ContactCommand};
use fanal_domain::id::ContactId;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use uuid::Uuid;

use super::row::Row;
use super::{ImportProblem, RowOutcome};
use crate::Engine;
use crate::contacts::{Checked, NewConsent, decide_all};
use crate::context::{Answer, Context};
use crate::envelope::{Position, StreamAppend, StreamId};
use crate::error::UseCaseError;
use crate::execute::{Loaded, Tries};
use crate::ports::BlindIndex;
use crate::vault::KeyRing;

/// How many persons are read at the same time.
const READS_AT_ONCE: usize = 16;

/// A row within all bounds.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) line: u64,
    pub(super) addresses: Vec<BlindIndex>,
    person: Checked,
    consents: Vec<NewConsent>,
}

/// Whom a row is about.
enum Whom {
    New(ContactId),
    Known(Loaded<Option<Contact>>),
    /// Its two numbers belong to two persons.
    Two,
}

impl Prepared {
    /// Reads the numbers and checks the bounds.
    pub(super) fn of(engine: &Engine, row: Row) -> Result<Self, ImportProblem> {
        let Row { line, draft, consents } = row;
        let person =
            draft.check(engine.config.default_country).map_err(|error| refusal(line, &error))?;
        let addresses = person.profile.addresses(&engine.vault);
        Ok(Self { line, addresses, person, consents })
    }
}

impl Engine {
    /// Brings in rows whose numbers all differ, and makes the directory know them.
    pub(super) async fn bring_in(
        &self,
        context: &Context,
        rows: &[Prepared],
    ) -> Result<Vec<RowOutcome>, UseCaseError> {
        let mut count = Tries::of(context);
        loop {
            let tried = self.try_bring_in(context, rows).await;
            if count.are_over(&tried) {
                return tried;
            }
            // Somebody changed one of these people meanwhile: look at all of them again.
            self.catch_up_directory().await?;
        }
    }

    async fn try_bring_in(
        &self,
        context: &Context,
        rows: &[Prepared],
    ) -> Result<Vec<RowOutcome>, UseCaseError> {
        let whom = self.whom(rows).await?;
        let keys = self.keys_of(&whom).await?;
        let mut outcomes = Vec::with_capacity(rows.len());
        let mut parts = Vec::new();
        for (row, whom) in rows.iter().zip(whom) {
            let (outcome, part) = self.decide_row(row, whom, &keys)?;
            outcomes.push(outcome);
            parts.extend(part);
        }
        if !parts.is_empty() {
            let nobody = Answer { id: Uuid::nil(), version: 0 };
            let written = self.append(context, nobody, parts).await?;
            self.project_directory_to(written.position).await?;
        }
        Ok(outcomes)
    }

    /// What comes of one row, and what to append for it.
    fn decide_row(
        &self,
        row: &Prepared,
        whom: Whom,
        keys: &KeyRing,
    ) -> Result<(RowOutcome, Option<StreamAppend>), UseCaseError> {
        let (loaded, decided) = match whom {
            Whom::Two => {
                let rule = "`phone` and `sms` belong to two different contacts".to_owned();
                let problem = ImportProblem { line: row.line, field: "sms".to_owned(), rule };
                return Ok((RowOutcome::Refused(problem), None));
            }
            Whom::New(id) => {
                let decided = self.registration(id, &row.person, &row.consents, keys);
                let stream = StreamId::contact(id);
                (Loaded { stream, state: None, version: 0, position: Position(0) }, decided)
            }
            Whom::Known(loaded) => {
                let decided = self.change_of(row, &loaded, keys);
                (loaded, decided)
            }
        };
        match decided {
            Ok(events) if events.is_empty() => Ok((RowOutcome::Unchanged, None)),
            Ok(events) => {
                let is_new = loaded.version == 0;
                let outcome = if is_new { RowOutcome::Registered } else { RowOutcome::Changed };
                Ok((outcome, Some(loaded.then(self.envelopes(&events)))))
            }
            Err(error @ (UseCaseError::Rejected { .. } | UseCaseError::Invalid { .. })) => {
                Ok((RowOutcome::Refused(refusal(row.line, &error)), None))
            }
            Err(error) => Err(error),
        }
    }

    /// What a row changes of a person who is known.
    fn change_of(
        &self,
        row: &Prepared,
        loaded: &Loaded<Option<Contact>>,
        keys: &KeyRing,
    ) -> Result<Vec<Event>, UseCaseError> {
        let contact = loaded.state.as_ref().ok_or(UseCaseError::NotFound { what: "contact" })?;
        let mut commands = vec![ContactCommand::Change {
            profile: row.person.resealed(contact, keys)?,
            language: row.person.language.clone(),
            relation: row.person.relation,
        }];
        for consent in &row.consents {
            commands.push(self.giving(consent, contact.contact_id, keys)?);
        }
        decide_all(&mut loaded.state.clone(), commands)
    }

    /// Whom each row is about, by its numbers.
    async fn whom(&self, rows: &[Prepared]) -> Result<Vec<Whom>, UseCaseError> {
        let addresses: Vec<BlindIndex> =
            rows.iter().flat_map(|row| row.addresses.iter().copied()).collect();
        let owners = self.ports.directory.owners(&addresses).await?;
        let owners: HashMap<BlindIndex, ContactId> = owners.into_iter().collect();
        let whom = rows.iter().map(|row| {
            let mut ids: Vec<ContactId> =
                row.addresses.iter().filter_map(|one| owners.get(one)).copied().collect();
            ids.dedup();
            async move {
                Ok(match ids.as_slice() {
                    [] => Whom::New(ContactId(self.ports.ids.next())),
                    [id] => Whom::Known(self.load_contact(*id).await?),
                    _ => Whom::Two,
                })
            }
        });
        stream::iter(whom).buffered(READS_AT_ONCE).try_collect().await
    }

    async fn keys_of(&self, whom: &[Whom]) -> Result<KeyRing, UseCaseError> {
        let subject = |whom: &Whom| match whom {
            Whom::New(id) => Some(id.0),
            Whom::Known(loaded) => loaded.state.as_ref().map(|contact| contact.contact_id.0),
            Whom::Two => None,
        };
        let subjects: Vec<Uuid> = whom.iter().filter_map(subject).collect();
        Ok(self.vault.ensure(&subjects).await?)
    }
}

/// A rule of the domain or a bound, in the words of the file.
fn refusal(line: u64, error: &UseCaseError) -> ImportProblem {
    let (field, rule) = match error {
        UseCaseError::Invalid { field, rule, .. } => (field.as_str(), rule.clone()),
        UseCaseError::Rejected { field, message, .. } => (field.unwrap_or("row"), message.clone()),
        other => ("row", other.to_string()),
    };
    let field = match field {
        "whatsapp" => "phone",
        "given_at" => "consent_at",
        other => other.strip_prefix("attributes.").unwrap_or(other),
    };
    ImportProblem { line, field: field.to_owned(), rule }
}
