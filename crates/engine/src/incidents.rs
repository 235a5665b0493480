//! What can be asked about incidents.

use chrono::{DateTime, Utc};
use fanal_domain::Event;
use fanal_domain::id::{IncidentId, PromiseId};
use fanal_domain::incident::{Incident, IncidentCommand, Mode, Role, Severity};
use serde::{Deserialize, Serialize};

use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Context, Written};
use crate::envelope::{Position, StreamId};
use crate::error::UseCaseError;
use crate::execute::{Subject, decode};
use crate::ports::Filter;

/// What opening an incident takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewIncident {
    /// One line that names it.
    pub title: String,
    /// What sort of crisis, in the team's own words.
    pub kind: String,
    /// How bad it is.
    pub severity: Severity,
    /// Live or exercise, for good.
    pub mode: Mode,
    /// What is known so far.
    pub summary: String,
}

impl Engine {
    /// Opens an incident.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn open_incident(
        &self,
        context: &Context,
        new: NewIncident,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::OpenIncident)?;
        let incident_id = IncidentId(self.ports.ids.next());
        let NewIncident { title, kind, severity, mode, summary } = new;
        let command = IncidentCommand::Open { incident_id, title, kind, severity, mode, summary };
        let subject = Subject::new("incident", incident_id.0, StreamId::incident(incident_id));
        self.execute::<Incident>(context, subject, command).await
    }

    /// Raises the severity.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn escalate(
        &self,
        context: &Context,
        id: IncidentId,
        to: Severity,
        reason: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::ChangeSeverity)?;
        self.on_incident(context, id, IncidentCommand::Escalate { to, reason }).await
    }

    /// Lowers the severity.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn deescalate(
        &self,
        context: &Context,
        id: IncidentId,
        to: Severity,
        reason: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::ChangeSeverity)?;
        self.on_incident(context, id, IncidentCommand::Deescalate { to, reason }).await
    }

    /// Gives somebody a role.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn assign_role(
        &self,
        context: &Context,
        id: IncidentId,
        role: Role,
        holder: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::AssignRole)?;
        self.on_incident(context, id, IncidentCommand::AssignRole { role, holder }).await
    }

    /// Takes a role from somebody.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn relieve_role(
        &self,
        context: &Context,
        id: IncidentId,
        role: Role,
        holder: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::AssignRole)?;
        self.on_incident(context, id, IncidentCommand::RelieveRole { role, holder }).await
    }

    /// Describes the situation anew.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn update_situation(
        &self,
        context: &Context,
        id: IncidentId,
        text: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::UpdateSituation)?;
        self.on_incident(context, id, IncidentCommand::UpdateSituation { text }).await
    }

    /// Promises something by a deadline; returns the promise's id beside what was written.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn make_promise(
        &self,
        context: &Context,
        id: IncidentId,
        text: String,
        deadline: DateTime<Utc>,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::HandlePromise)?;
        let promise_id = PromiseId(self.ports.ids.next());
        let now = self.ports.clock.now();
        let command =
            IncidentCommand::MakePromise { promise_id, text, deadline, broadcast_id: None, now };
        let subject = Subject { id: promise_id.0, ..incident(id) };
        self.execute::<Incident>(context, subject, command).await
    }

    /// Notes that a promise was kept.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn keep_promise(
        &self,
        context: &Context,
        id: IncidentId,
        promise_id: PromiseId,
        note: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::HandlePromise)?;
        self.on_incident(context, id, IncidentCommand::KeepPromise { promise_id, note }).await
    }

    /// Notes that a promise was broken.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn break_promise(
        &self,
        context: &Context,
        id: IncidentId,
        promise_id: PromiseId,
        reason: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::HandlePromise)?;
        self.on_incident(context, id, IncidentCommand::BreakPromise { promise_id, reason }).await
    }

    /// Notes that the cause is dealt with.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn resolve_incident(
        &self,
        context: &Context,
        id: IncidentId,
        summary: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::ResolveIncident)?;
        self.on_incident(context, id, IncidentCommand::Resolve { summary }).await
    }

    /// Takes a resolved incident up again.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn reopen_incident(
        &self,
        context: &Context,
        id: IncidentId,
        reason: String,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::ReopenIncident)?;
        self.on_incident(context, id, IncidentCommand::Reopen { reason }).await
    }

    /// Completes the record. Takes a reason if a broadcast still runs or a promise is open.
    ///
    /// # Errors
    /// [`UseCaseError`], as every use case.
    pub async fn close_incident(
        &self,
        context: &Context,
        id: IncidentId,
        reason: Option<String>,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::CloseIncident)?;
        let running_broadcasts = self.running_broadcasts(id).await?;
        let command = IncidentCommand::Close { reason, running_broadcasts };
        self.on_incident(context, id, command).await
    }

    async fn on_incident(
        &self,
        context: &Context,
        id: IncidentId,
        command: IncidentCommand,
    ) -> Result<Written, UseCaseError> {
        self.execute::<Incident>(context, incident(id), command).await
    }

    /// How many broadcasts of an incident run, by the log itself: no view can lag behind it.
    async fn running_broadcasts(&self, id: IncidentId) -> Result<u32, UseCaseError> {
        let kinds = ["broadcast_launched", "broadcast_completed", "broadcast_cancelled"];
        let filter = Filter {
            kinds: kinds.map(str::to_owned).to_vec(),
            under: Some(StreamId::incident(id)),
            until: None,
        };
        let mut running = std::collections::BTreeSet::new();
        let mut after = Position(0);
        loop {
            let page = self.ports.log.read_all(after, 1_000, &filter).await?;
            for recorded in &page.events {
                match decode(recorded)? {
                    Event::BroadcastLaunched(_) => running.insert(recorded.stream.clone()),
                    _ => running.remove(&recorded.stream),
                };
            }
            if page.at_end {
                return Ok(u32::try_from(running.len()).unwrap_or(u32::MAX));
            }
            after = page.read_to;
        }
    }
}

fn incident(id: IncidentId) -> Subject {
    Subject::known("incident", id.0, StreamId::incident(id))
}
