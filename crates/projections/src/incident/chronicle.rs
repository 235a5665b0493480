//! What an incident's own events say on its timeline.

use fanal_domain::Event;
use fanal_domain::id::PromiseId;

use super::IncidentView;
use crate::timeline::Fact;

impl IncidentView {
    pub(super) fn fact(&self, event: &Event) -> Option<Fact> {
        Some(match event {
            Event::IncidentOpened(event) => Fact::IncidentOpened {
                title: event.title.clone(),
                incident_kind: event.kind.clone(),
                severity: event.severity,
                mode: event.mode,
            },
            Event::IncidentEscalated(event) => Fact::IncidentEscalated {
                from: event.from,
                to: event.to,
                reason: event.reason.clone(),
            },
            Event::IncidentDeescalated(event) => Fact::IncidentDeescalated {
                from: event.from,
                to: event.to,
                reason: event.reason.clone(),
            },
            Event::RoleAssigned(event) => {
                Fact::RoleAssigned { role: event.role, holder: event.holder.clone() }
            }
            Event::RoleRelieved(event) => {
                Fact::RoleRelieved { role: event.role, holder: event.holder.clone() }
            }
            Event::SituationUpdated(event) => Fact::SituationUpdated { text: event.text.clone() },
            Event::PromiseMade(event) => Fact::PromiseMade {
                promise_id: event.promise_id,
                text: event.text.clone(),
                deadline: event.deadline,
            },
            Event::PromiseKept(event) => Fact::PromiseKept {
                promise_id: event.promise_id,
                text: self.promised(event.promise_id),
                note: event.note.clone(),
            },
            Event::PromiseBroken(event) => Fact::PromiseBroken {
                promise_id: event.promise_id,
                text: self.promised(event.promise_id),
                reason: event.reason.clone(),
            },
            Event::IncidentResolved(event) => {
                Fact::IncidentResolved { summary: event.summary.clone() }
            }
            Event::IncidentReopened(event) => {
                Fact::IncidentReopened { reason: event.reason.clone() }
            }
            Event::IncidentClosed(event) => Fact::IncidentClosed { reason: event.reason.clone() },
            _ => return None,
        })
    }

    fn promised(&self, promise_id: PromiseId) -> String {
        self.promises.get(&promise_id).map(|promise| promise.text.clone()).unwrap_or_default()
    }
}
