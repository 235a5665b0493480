//! What can be asked about segments: define them, and count who belongs.

#[cfg(test)]
mod tests;
pub(crate) mod walk;

use std::collections::HashSet;

use fanal_domain::id::{ContactId, SegmentId};
use fanal_domain::segment::{Rule, Segment, SegmentCommand, SegmentRejection};

use self::walk::{Meant, Rules};
use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Context, Written};
use crate::envelope::{Position, StreamId};
use crate::error::UseCaseError;
use crate::execute::{Subject, rejected};
use crate::ports::ContactState;

/// How many people a preview names.
const SAMPLE_MAX: usize = 20;

/// Who belongs to a segment, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentPreview {
    /// How many.
    pub people: u64,
    /// Of these, how many have a number we can send to.
    pub reachable: u64,
    /// Some of them, to look at.
    pub sample: Vec<ContactId>,
    /// Everything up to here was counted.
    pub position: Position,
}

impl Engine {
    /// Defines a segment.
    ///
    /// # Errors
    /// [`UseCaseError::Invalid`] if the rule cannot be read, reads an attribute that nobody has,
    /// or lists somebody who is not known.
    pub async fn define_segment(
        &self,
        context: &Context,
        name: String,
        rule: Rule,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::DefineSegment)?;
        self.once(context, async {
            self.check_rule(&rule).await?;
            let id = SegmentId(self.ports.ids.next());
            let command = SegmentCommand::Define { segment_id: id, name, rule };
            let subject = Subject::new("segment", id.0, StreamId::segment(id));
            self.execute::<Segment>(context, subject, command).await
        })
        .await
    }

    /// Gives a segment another name or rule.
    ///
    /// # Errors
    /// As [`Engine::define_segment`].
    pub async fn redefine_segment(
        &self,
        context: &Context,
        id: SegmentId,
        name: String,
        rule: Rule,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::DefineSegment)?;
        self.once(context, async {
            self.check_rule(&rule).await?;
            self.on_segment(context, id, SegmentCommand::Redefine { name, rule }).await
        })
        .await
    }

    /// Uses a segment no more.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn retire_segment(
        &self,
        context: &Context,
        id: SegmentId,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::DefineSegment)?;
        self.on_segment(context, id, SegmentCommand::Retire).await
    }

    /// Counts who belongs to a segment now.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn count_segment(
        &self,
        context: &Context,
        id: SegmentId,
    ) -> Result<SegmentPreview, UseCaseError> {
        context.may(UseCase::ViewSegment)?;
        let segment = self.load::<Segment>(StreamId::segment(id)).await?;
        let segment = segment.state.ok_or(UseCaseError::NotFound { what: "segment" })?;
        self.count(&segment.rule).await
    }

    /// Counts who would belong by a rule before it is defined.
    ///
    /// # Errors
    /// As [`Engine::define_segment`].
    pub async fn preview_segment(
        &self,
        context: &Context,
        rule: &Rule,
    ) -> Result<SegmentPreview, UseCaseError> {
        context.may(UseCase::ViewSegment)?;
        if let Rule::Contacts(ids) = rule {
            if ids.is_empty() {
                return Err(rejected(&SegmentRejection::NoContacts));
            }
            self.check_known(ids).await?;
        }
        self.count(rule).await
    }

    async fn count(&self, rule: &Rule) -> Result<SegmentPreview, UseCaseError> {
        let rules = Rules::compile([rule])?;
        let position = self.catch_up_directory().await?;
        let mut preview = SegmentPreview { people: 0, reachable: 0, sample: Vec::new(), position };
        let mut walk = self.walk(rules);
        let mut visit = |meant: Meant<'_>| {
            let (ContactState::Active, Some(profile)) = (meant.row.state, meant.profile) else {
                return;
            };
            preview.people += 1;
            preview.reachable += u64::from(profile.whatsapp.is_some());
            if preview.sample.len() < SAMPLE_MAX {
                preview.sample.push(meant.row.contact_id);
            }
        };
        while walk.next(&mut visit).await? {}
        Ok(preview)
    }

    async fn check_rule(&self, rule: &Rule) -> Result<(), UseCaseError> {
        match rule {
            Rule::Expression(_) => {
                let rules = Rules::compile([rule])?;
                self.catch_up_directory().await?;
                self.check_attributes(rules).await
            }
            Rule::Contacts(ids) => self.check_known(ids).await,
        }
    }

    async fn check_known(&self, ids: &[ContactId]) -> Result<(), UseCaseError> {
        self.catch_up_directory().await?;
        for part in ids.chunks(walk::PAGE_MAX) {
            let rows = self.ports.directory.contacts(part).await?;
            let known: HashSet<_> = rows.iter().map(|row| row.contact_id).collect();
            if let Some(id) = part.iter().find(|id| !known.contains(id)) {
                return Err(UseCaseError::invalid(
                    "rule.contacts",
                    format!("contact {id} is not known"),
                    "register the person first, or take them off the list",
                ));
            }
        }
        Ok(())
    }

    async fn on_segment(
        &self,
        context: &Context,
        id: SegmentId,
        command: SegmentCommand,
    ) -> Result<Written, UseCaseError> {
        let subject = Subject::known("segment", id.0, StreamId::segment(id));
        self.execute::<Segment>(context, subject, command).await
    }
}
