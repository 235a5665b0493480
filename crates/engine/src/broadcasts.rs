//! What can be asked about broadcasts: draft them, change them, launch them, cancel them.
//! Planning, which freezes the audience, has a file of its own.

mod check;
#[cfg(test)]
pub(crate) mod desk;
mod launch;
#[cfg(test)]
mod tests;

use fanal_domain::broadcast::{Brief, Broadcast, BroadcastCommand};
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::incident::{Incident, IncidentPhase, IncidentRejection};

pub(crate) use self::check::Named;
use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Context, Written};
use crate::envelope::StreamId;
use crate::error::UseCaseError;
use crate::execute::{Loaded, Subject, rejected};

impl Engine {
    /// Drafts a broadcast.
    ///
    /// # Errors
    /// [`UseCaseError::Invalid`] naming the part of the brief that does not fit the template, or
    /// the segment that cannot be used.
    pub async fn draft_broadcast(
        &self,
        context: &Context,
        incident_id: IncidentId,
        brief: Brief,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::DraftBroadcast)?;
        self.once(context, async {
            self.workable_incident(incident_id).await?;
            self.check_brief(&brief).await?;
            let broadcast_id = BroadcastId(self.ports.ids.next());
            let stream = StreamId::broadcast(incident_id, broadcast_id);
            let command = BroadcastCommand::Draft { broadcast_id, incident_id, brief };
            let subject = Subject::new("broadcast", broadcast_id.0, stream);
            self.execute::<Broadcast>(context, subject, command).await
        })
        .await
    }

    /// Changes a draft, or takes a plan back to a draft.
    ///
    /// # Errors
    /// As [`Engine::draft_broadcast`].
    pub async fn revise_broadcast(
        &self,
        context: &Context,
        id: BroadcastId,
        brief: Brief,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::DraftBroadcast)?;
        self.once(context, async {
            let incident_id = self.incident_of(id).await?;
            self.workable_incident(incident_id).await?;
            self.check_brief(&brief).await?;
            self.on_broadcast(context, incident_id, id, BroadcastCommand::Revise { brief }).await
        })
        .await
    }

    /// Lets nothing more of a broadcast leave.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn cancel_broadcast(
        &self,
        context: &Context,
        id: BroadcastId,
        reason: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::CancelBroadcast)?;
        let incident_id = self.incident_of(id).await?;
        self.on_broadcast(context, incident_id, id, BroadcastCommand::Cancel { reason }).await
    }

    /// The incident a broadcast belongs to. Who has just drafted it need not wait for the view.
    pub(crate) async fn incident_of(&self, id: BroadcastId) -> Result<IncidentId, UseCaseError> {
        let known = || self.live.read(|world| world.incident_of(id));
        if let Some(incident_id) = known() {
            return Ok(incident_id);
        }
        let head = self.ports.log.head().await?;
        self.follow_to(head).await?;
        known().ok_or(UseCaseError::NotFound { what: "broadcast" })
    }

    /// An incident whose record is not complete yet.
    pub(crate) async fn workable_incident(
        &self,
        id: IncidentId,
    ) -> Result<(Incident, Loaded<Option<Incident>>), UseCaseError> {
        let loaded = self.load::<Incident>(StreamId::incident(id)).await?;
        let incident = loaded.state.clone().ok_or(UseCaseError::NotFound { what: "incident" })?;
        match incident.phase {
            IncidentPhase::Open | IncidentPhase::Resolved => Ok((incident, loaded)),
            IncidentPhase::Closed => Err(rejected(&IncidentRejection::Closed)),
        }
    }

    async fn on_broadcast(
        &self,
        context: &Context,
        incident_id: IncidentId,
        id: BroadcastId,
        command: BroadcastCommand,
    ) -> Result<Written, UseCaseError> {
        let stream = StreamId::broadcast(incident_id, id);
        self.execute::<Broadcast>(context, Subject::known("broadcast", id.0, stream), command).await
    }
}
