//! What happens when somebody wants something of an incident.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Incident, IncidentClosed, IncidentCommand, IncidentDeescalated, IncidentEscalated,
    IncidentOpened, IncidentPhase, IncidentRejection, IncidentReopened, IncidentResolved,
    PromiseBroken, PromiseKept, PromiseMade, PromiseState, Role, RoleAssigned, RoleRelieved,
    Severity, SituationUpdated, state,
};
use crate::decider::Decider;
use crate::event::Event;
use crate::id::PromiseId;
use crate::text::{handle, line, prose};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 120;
/// Longest name of a kind, in characters.
pub const KIND_CHARS_MAX: usize = 64;
/// Longest account of a situation, in characters.
pub const SITUATION_CHARS_MAX: usize = 4_000;
/// Longest reason, note or promise, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;
/// How far ahead a promise's deadline may lie.
const DEADLINE_AHEAD_MAX: TimeDelta = TimeDelta::days(366);

type Decision = Result<Event, IncidentRejection>;

impl Decider for Incident {
    type State = Option<Self>;
    type Command = IncidentCommand;
    type Rejection = IncidentRejection;

    fn decide(
        state: &Option<Self>,
        command: IncidentCommand,
    ) -> Result<Vec<Event>, IncidentRejection> {
        let event = match state {
            None => open(command),
            Some(incident) => incident.carry_out(command),
        };
        event.map(|event| vec![event])
    }

    fn evolve(state: Option<Self>, event: &Event) -> Option<Self> {
        state::evolve(state, event)
    }
}

fn open(command: IncidentCommand) -> Decision {
    let IncidentCommand::Open { incident_id, title, kind, severity, mode, summary } = command
    else {
        return Err(IncidentRejection::NotOpened);
    };
    let opened = IncidentOpened {
        incident_id,
        title: line("title", &title, TITLE_CHARS_MAX)?,
        kind: line("kind", &kind, KIND_CHARS_MAX)?,
        severity,
        mode,
        summary: prose("summary", &summary, SITUATION_CHARS_MAX)?,
    };
    Ok(opened.into())
}

impl Incident {
    fn carry_out(&self, command: IncidentCommand) -> Decision {
        use IncidentCommand as C;
        match (self.phase, command) {
            (_, C::Open { .. }) => Err(IncidentRejection::AlreadyOpened),
            (IncidentPhase::Closed, _) => Err(IncidentRejection::Closed),
            (_, C::AssignRole { role, holder }) => self.assign(role, &holder),
            (_, C::RelieveRole { role, holder }) => self.relieve(role, &holder),
            (_, C::UpdateSituation { text }) => {
                let text = prose("text", &text, SITUATION_CHARS_MAX)?;
                Ok(SituationUpdated { text }.into())
            }
            (_, C::KeepPromise { promise_id, note }) => {
                self.open_promise(promise_id)?;
                let note = prose("note", &note, REASON_CHARS_MAX)?;
                Ok(PromiseKept { promise_id, note }.into())
            }
            (_, C::BreakPromise { promise_id, reason }) => {
                self.open_promise(promise_id)?;
                Ok(PromiseBroken { promise_id, reason: because(&reason)? }.into())
            }
            (_, C::Close { reason, running_broadcasts }) => {
                self.close(reason.as_deref(), running_broadcasts)
            }
            (IncidentPhase::Resolved, C::Reopen { reason }) => {
                Ok(IncidentReopened { reason: because(&reason)? }.into())
            }
            (IncidentPhase::Open, C::Reopen { .. }) => Err(IncidentRejection::NotResolved),
            (IncidentPhase::Resolved, _) => Err(IncidentRejection::Resolved),
            (IncidentPhase::Open, C::Escalate { to, reason }) => self.escalate(to, &reason),
            (IncidentPhase::Open, C::Deescalate { to, reason }) => self.deescalate(to, &reason),
            (
                IncidentPhase::Open,
                C::MakePromise { promise_id, text, deadline, broadcast_id, now },
            ) => {
                self.check_promise(promise_id, deadline, now)?;
                let text = prose("text", &text, REASON_CHARS_MAX)?;
                Ok(PromiseMade { promise_id, text, deadline, broadcast_id }.into())
            }
            (IncidentPhase::Open, C::Resolve { summary }) => {
                let summary = prose("summary", &summary, SITUATION_CHARS_MAX)?;
                Ok(IncidentResolved { summary }.into())
            }
        }
    }

    fn escalate(&self, to: Severity, reason: &str) -> Decision {
        let from = self.severity;
        if to <= from {
            return Err(IncidentRejection::NotHigher { current: from });
        }
        Ok(IncidentEscalated { from, to, reason: because(reason)? }.into())
    }

    fn deescalate(&self, to: Severity, reason: &str) -> Decision {
        let from = self.severity;
        if to >= from {
            return Err(IncidentRejection::NotLower { current: from });
        }
        Ok(IncidentDeescalated { from, to, reason: because(reason)? }.into())
    }

    fn assign(&self, role: Role, holder: &str) -> Decision {
        let holder = handle("holder", holder)?;
        if self.roles.contains(&(role, holder.clone())) {
            return Err(IncidentRejection::RoleHeld);
        }
        Ok(RoleAssigned { role, holder }.into())
    }

    fn relieve(&self, role: Role, holder: &str) -> Decision {
        let holder = handle("holder", holder)?;
        if !self.roles.contains(&(role, holder.clone())) {
            return Err(IncidentRejection::RoleNotHeld);
        }
        Ok(RoleRelieved { role, holder }.into())
    }

    fn check_promise(
        &self,
        promise_id: PromiseId,
        deadline: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), IncidentRejection> {
        if self.promises.contains_key(&promise_id) {
            return Err(IncidentRejection::PromiseExists);
        }
        if deadline <= now {
            return Err(IncidentRejection::DeadlinePassed);
        }
        if deadline - now > DEADLINE_AHEAD_MAX {
            return Err(IncidentRejection::DeadlineTooFar);
        }
        Ok(())
    }

    fn open_promise(&self, promise_id: PromiseId) -> Result<(), IncidentRejection> {
        match self.promises.get(&promise_id).map(|promise| promise.state) {
            Some(PromiseState::Open) => Ok(()),
            Some(PromiseState::Kept | PromiseState::Broken) => {
                Err(IncidentRejection::PromiseSettled)
            }
            None => Err(IncidentRejection::PromiseUnknown),
        }
    }

    /// A reason is not needed, and kept if given, when nothing speaks against closing.
    fn close(&self, reason: Option<&str>, running: u32) -> Decision {
        let reason = reason.map(because).transpose()?;
        if reason.is_none() {
            if running > 0 {
                return Err(IncidentRejection::BroadcastRunning { running });
            }
            let open = self.open_promises();
            if open > 0 {
                return Err(IncidentRejection::PromiseOpen { open });
            }
        }
        Ok(IncidentClosed { reason }.into())
    }
}

fn because(reason: &str) -> Result<String, IncidentRejection> {
    Ok(prose("reason", reason, REASON_CHARS_MAX)?)
}
