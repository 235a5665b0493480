//! Launching: the moment after which messages leave, with everything checked once more.

use std::collections::BTreeSet;

use fanal_domain::Event;
use fanal_domain::broadcast::{Brief, Broadcast, BroadcastCommand, Value};
use fanal_domain::decider::Decider as _;
use fanal_domain::id::{BroadcastId, IncidentId, PromiseId};
use fanal_domain::incident::{Incident, IncidentCommand, Mode};
use fanal_domain::language::Language;
use fanal_domain::template::{ProviderStatus, Template};

use crate::Engine;
use crate::authority::UseCase;
use crate::context::{Answer, Context, Written};
use crate::envelope::StreamId;
use crate::error::UseCaseError;
use crate::execute::{Tries, decode, rejected};

impl Engine {
    /// Begins sending a planned broadcast, and makes the promises its text makes.
    ///
    /// # Errors
    /// [`UseCaseError::Rejected`] if something has changed since it was planned, or if this
    /// installation may not tell the incident's people: an exercise reaches nobody real, and a
    /// live incident is never played on simulated phones.
    pub async fn launch_broadcast(
        &self,
        context: &Context,
        id: BroadcastId,
    ) -> Result<Written, UseCaseError> {
        context.may(UseCase::LaunchBroadcast)?;
        self.once(context, async {
            let incident_id = self.incident_of(id).await?;
            let mut count = Tries::of(context);
            loop {
                let tried = self.try_launch(context, incident_id, id).await;
                if count.are_over(&tried) {
                    return tried;
                }
            }
        })
        .await
    }

    async fn try_launch(
        &self,
        context: &Context,
        incident_id: IncidentId,
        id: BroadcastId,
    ) -> Result<Written, UseCaseError> {
        let loaded = self.load::<Broadcast>(StreamId::broadcast(incident_id, id)).await?;
        let broadcast =
            loaded.state.as_ref().ok_or(UseCaseError::NotFound { what: "broadcast" })?;
        context.check_version(loaded.version)?;
        let now = self.ports.clock.now();
        let launched = Broadcast::decide(&loaded.state, BroadcastCommand::Launch { now })
            .map_err(|rejection| rejected(&rejection))?;
        let (incident, incident_loaded) = self.workable_incident(incident_id).await?;
        self.check_reach(incident.mode)?;
        let template = self.check_brief(&broadcast.brief).await?.template;
        self.check_languages(broadcast, &template).await?;
        let promised = self.promises(incident, &broadcast.brief, &template, id)?;
        let version = loaded.version + launched.len() as u64;
        let mut parts = vec![loaded.then(self.envelopes(&launched))];
        if !promised.is_empty() {
            parts.push(incident_loaded.then(self.envelopes(&promised)));
        }
        self.append(context, Answer { id: id.0, version }, parts).await
    }

    /// Whether what leaves here reaches whom it should: both ways round it would be a disaster.
    fn check_reach(&self, mode: Mode) -> Result<(), UseCaseError> {
        let no = |code, message: &str| {
            Err(UseCaseError::Rejected { code, field: None, message: message.to_owned() })
        };
        match (mode, self.config.reaches_nobody) {
            (Mode::Exercise, false) => no(
                "exercise_would_reach_people",
                "the incident is an exercise and this installation reaches real phones: \
                 launch it on one that sends to the simulator",
            ),
            (Mode::Live, true) => no(
                "live_would_reach_nobody",
                "the incident is live and this installation reaches simulated phones only: \
                 launch it on one that sends to WhatsApp",
            ),
            _ if self.config.senders.is_empty() => no(
                "sender_missing",
                "there is no number to send from: name a sender in the configuration",
            ),
            (Mode::Exercise, true) | (Mode::Live, false) => Ok(()),
        }
    }

    /// Whether everybody's text may still be sent: the provider can stop one at any time.
    async fn check_languages(
        &self,
        broadcast: &Broadcast,
        template: &Template,
    ) -> Result<(), UseCaseError> {
        let is_approved = |language: &Language| {
            let translation = template.translations.get(language);
            translation.is_some_and(|one| one.status == ProviderStatus::Approved)
        };
        if template.translations.keys().all(is_approved) {
            return Ok(());
        }
        let used = self.frozen_languages(broadcast).await?;
        let stopped: Vec<_> = used.iter().filter(|language| !is_approved(language)).collect();
        let Some(first) = stopped.first() else { return Ok(()) };
        Err(UseCaseError::Rejected {
            code: "translation_not_approved",
            field: None,
            message: format!(
                "the text in `{first}` may not be sent any more ({} such languages): \
                 have it approved, or revise the broadcast and plan it again",
                stopped.len()
            ),
        })
    }

    /// The languages in which the frozen audience is to be told.
    async fn frozen_languages(
        &self,
        broadcast: &Broadcast,
    ) -> Result<BTreeSet<Language>, UseCaseError> {
        let Broadcast { incident_id, broadcast_id, last_plan, chunks, .. } = broadcast;
        let mut used = BTreeSet::new();
        for chunk in 0..*chunks {
            let stream = StreamId::chunk(*incident_id, *broadcast_id, *last_plan, chunk);
            for recorded in self.ports.log.read_stream(&stream, 0, 1).await? {
                let Event::AudienceFrozen(frozen) = decode(&recorded)? else { continue };
                for recipient in frozen.recipients {
                    if !used.contains(&recipient.language) {
                        used.insert(recipient.language);
                    }
                }
            }
        }
        Ok(used)
    }

    /// What people are told to expect by a time becomes a promise of the incident.
    fn promises(
        &self,
        incident: Incident,
        brief: &Brief,
        template: &Template,
        id: BroadcastId,
    ) -> Result<Vec<Event>, UseCaseError> {
        let mut state = Some(incident);
        let mut promised = Vec::new();
        for variable in template.commitments() {
            // That every time has a value was checked with the brief.
            let Some(Value::Time(deadline)) = brief.variables.get(&variable.name) else { continue };
            let command = IncidentCommand::MakePromise {
                promise_id: PromiseId(self.ports.ids.next()),
                text: format!("{}: {}", brief.title, variable.name.replace('_', " ")),
                deadline: *deadline,
                broadcast_id: Some(id),
                now: self.ports.clock.now(),
            };
            let events =
                Incident::decide(&state, command).map_err(|rejection| rejected(&rejection))?;
            state = events.iter().fold(state, Incident::evolve);
            promised.extend(events);
        }
        Ok(promised)
    }
}
