//! Keeps the directory of contacts in step with the log, one page at a time.

mod fold;

use std::collections::{BTreeMap, BTreeSet};

use fanal_domain::Event;
use fanal_domain::id::ContactId;
use uuid::Uuid;

use self::fold::{Change, contact_of, fold};
use crate::Engine;
use crate::envelope::{Position, RecordedEvent};
use crate::error::UseCaseError;
use crate::execute::decode;
use crate::person::Profile;
use crate::ports::{ContactRow, ContactState, Directory, Filter, Unavailable};
use crate::step::Step;

/// How many events one step takes.
const PAGE_MAX: usize = 2_000;

/// The kinds that say something about a person.
const KINDS: [&str; 6] = [
    "contact_registered",
    "contact_changed",
    "contact_merged",
    "contact_erased",
    "consent_given",
    "consent_withdrawn",
];

impl Engine {
    /// Brings the directory one page nearer to the head of the log.
    ///
    /// Several processes may do so at the same time: the slower one's work is dropped.
    ///
    /// # Errors
    /// [`UseCaseError`] if a port is unavailable or an event cannot be read.
    pub async fn project_directory(&self) -> Result<Step, UseCaseError> {
        self.project_into(&*self.ports.directory).await
    }

    /// Brings the directory at least to `position`.
    ///
    /// # Errors
    /// As [`Engine::project_directory`].
    pub async fn project_directory_to(&self, position: Position) -> Result<(), UseCaseError> {
        while self.ports.directory.checkpoint().await? < position {
            self.project_directory().await?;
        }
        Ok(())
    }

    /// Starts to build the directory anew from the log, beside the one that serves.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written.
    pub async fn rebuild_directory(&self) -> Result<DirectoryRebuild, Unavailable> {
        let shadow = self.ports.directory.begin_rebuild().await?;
        Ok(DirectoryRebuild { engine: self.clone(), shadow })
    }

    async fn project_into(&self, directory: &dyn Directory) -> Result<Step, UseCaseError> {
        let from = directory.checkpoint().await?;
        let kinds = KINDS.map(str::to_owned).to_vec();
        let page =
            self.ports.log.read_all(from, PAGE_MAX, &Filter { kinds, ..Filter::default() }).await?;
        if page.read_to == from {
            return Ok(Step::Idle(None));
        }
        let rows = self.rows_after(directory, &page.events).await?;
        directory.save(rows, from, page.read_to).await?;
        Ok(if page.at_end { Step::Idle(None) } else { Step::Worked })
    }

    /// The rows these events change, as they stand after them.
    async fn rows_after(
        &self,
        directory: &dyn Directory,
        events: &[RecordedEvent],
    ) -> Result<Vec<ContactRow>, UseCaseError> {
        let ids: BTreeSet<ContactId> = events.iter().filter_map(contact_of).collect();
        let ids: Vec<ContactId> = ids.into_iter().collect();
        let known = directory.contacts(&ids).await?;
        let mut rows: BTreeMap<_, _> = known.into_iter().map(|row| (row.contact_id, row)).collect();
        let mut reindexed = BTreeSet::new();
        for recorded in events {
            let event = decode(recorded)?;
            if let Event::ContactErased(_) = event
                && let Some(id) = contact_of(recorded)
            {
                // Another process may have destroyed the key: it must not live on in our memory.
                self.vault.forget(id.0);
            }
            if let Some(Change { contact_id, moves_addresses: true }) =
                fold(&mut rows, recorded, event)
            {
                reindexed.insert(contact_id);
            }
        }
        self.index(&mut rows, &reindexed).await?;
        Ok(rows.into_values().collect())
    }

    /// Recomputes the keyed hashes of the numbers of some people.
    async fn index(
        &self,
        rows: &mut BTreeMap<ContactId, ContactRow>,
        ids: &BTreeSet<ContactId>,
    ) -> Result<(), UseCaseError> {
        let subjects: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let keys = self.vault.load(&subjects).await?;
        for id in ids {
            let Some(row) = rows.get_mut(id) else { continue };
            row.addresses = match row.state {
                ContactState::Active => Profile::open(&keys, *id, &row.profile)?
                    .map(|profile| profile.addresses(&self.vault))
                    .unwrap_or_default(),
                // A merged or forgotten contact is found by no number any more.
                ContactState::Merged(_) | ContactState::Erased => Vec::new(),
            };
        }
        Ok(())
    }
}

/// A directory being built anew while the old one serves.
#[derive(Debug)]
pub struct DirectoryRebuild {
    engine: Engine,
    shadow: Box<dyn Directory>,
}

impl DirectoryRebuild {
    /// Fills the copy with one more page; [`Step::Idle`] when it has caught up.
    ///
    /// # Errors
    /// As [`Engine::project_directory`].
    pub async fn step(&self) -> Result<Step, UseCaseError> {
        self.engine.project_into(&*self.shadow).await
    }

    /// Puts the copy in the old one's place. What it has not seen yet comes by the usual way.
    ///
    /// # Errors
    /// [`Unavailable`] if the database cannot be written; the old one then goes on serving.
    pub async fn finish(self) -> Result<(), Unavailable> {
        self.engine.ports.directory.finish_rebuild().await
    }
}

#[cfg(test)]
mod tests;
