//! Planning a broadcast: who will be told, who will not and why, frozen for good.
//!
//! The audience is written down part by part, and counts only once the broadcast itself says so.
//! Whoever dies in between leaves parts behind that no plan names: the next try has a number of
//! its own.

mod freezer;
mod judge;
#[cfg(test)]
mod tests;

use fanal_domain::Event;
use fanal_domain::broadcast::{
    Broadcast, BroadcastCommand, BroadcastPhase, BroadcastPlanned, BroadcastRejection,
};
use fanal_domain::decider::Decider as _;
use fanal_domain::id::BroadcastId;

use self::freezer::Freezer;
use self::judge::Judge;
use crate::Engine;
use crate::authority::UseCase;
use crate::broadcasts::Named;
use crate::context::{Context, Written};
use crate::envelope::StreamId;
use crate::error::UseCaseError;
use crate::execute::{Tries, decode, rejected};
use crate::segments::walk::{Meant, Rules};

/// A plan that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What came of the write.
    pub written: Written,
    /// The frozen audience in numbers.
    pub plan: BroadcastPlanned,
}

impl Engine {
    /// Freezes the audience of a draft.
    ///
    /// # Errors
    /// [`UseCaseError::Rejected`] with the code `audience_empty` if nobody would be told: it says
    /// how many are not, by reason.
    pub async fn plan_broadcast(
        &self,
        context: &Context,
        id: BroadcastId,
    ) -> Result<Planned, UseCaseError> {
        context.may(UseCase::PlanBroadcast)?;
        let stream = StreamId::broadcast(self.incident_of(id).await?, id);
        let work = async {
            let mut count = Tries::of(context);
            loop {
                let tried = self.try_plan(context, &stream).await;
                if count.are_over(&tried) {
                    return tried;
                }
            }
        };
        let written = self.once(context, work).await?;
        // Read back, since a second try of the same request must get the first one's numbers.
        let before = written.version.saturating_sub(1);
        match self.ports.log.read_stream(&stream, before, 1).await?.first().map(decode) {
            Some(Ok(Event::BroadcastPlanned(plan))) => Ok(Planned { written, plan }),
            Some(Err(error)) => Err(error),
            _ => Err(UseCaseError::NotFound { what: "plan" }),
        }
    }

    async fn try_plan(
        &self,
        context: &Context,
        stream: &StreamId,
    ) -> Result<Written, UseCaseError> {
        let loaded = self.load::<Broadcast>(stream.clone()).await?;
        let broadcast =
            loaded.state.as_ref().ok_or(UseCaseError::NotFound { what: "broadcast" })?;
        context.check_version(loaded.version)?;
        // Asked before the work: the domain is asked again after it.
        if broadcast.phase != BroadcastPhase::Draft {
            let phase = broadcast.phase;
            let (wanted, allowed) = ("planned", "a draft");
            return Err(rejected(&BroadcastRejection::WrongPhase { phase, wanted, allowed }));
        }
        self.workable_incident(broadcast.incident_id).await?;
        let named = self.check_brief(&broadcast.brief).await?;
        let plan = self.freeze(context, broadcast, &named).await?;
        let events = Broadcast::decide(&loaded.state, BroadcastCommand::Plan { plan })
            .map_err(|rejection| rejected(&rejection))?;
        self.append_to(context, broadcast.broadcast_id.0, &loaded, &events).await
    }

    /// Writes the audience down.
    async fn freeze(
        &self,
        context: &Context,
        broadcast: &Broadcast,
        named: &Named,
    ) -> Result<BroadcastPlanned, UseCaseError> {
        let rules = Rules::compile(named.segments.iter().map(|segment| &segment.rule))?;
        self.catch_up_directory().await?;
        let plan = self.next_plan(broadcast).await?;
        let mut judge = Judge::new(&broadcast.brief, &named.template, self.config.offset);
        let mut freezer = Freezer::new(self, context.provenance(), broadcast, plan);
        let mut walk = self.walk(rules);
        loop {
            let mut visit = |meant: Meant<'_>| freezer.take(judge.judge(meant));
            let has_more = walk.next(&mut visit).await?;
            if !has_more {
                return freezer.finish().await;
            }
            freezer.write_full().await?;
        }
    }

    /// The first number under which nothing was frozen yet. Every try begins with chunk 0.
    async fn next_plan(&self, broadcast: &Broadcast) -> Result<u32, UseCaseError> {
        let (incident_id, id) = (broadcast.incident_id, broadcast.broadcast_id);
        let mut plan = broadcast.last_plan.saturating_add(1);
        loop {
            let first = StreamId::chunk(incident_id, id, plan, 0);
            if self.ports.log.read_stream(&first, 0, 1).await?.is_empty() {
                return Ok(plan);
            }
            plan = plan.saturating_add(1);
        }
    }
}
