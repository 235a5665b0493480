//! What happens when somebody wants something of a broadcast.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Broadcast, BroadcastCancelled, BroadcastCommand, BroadcastCompleted, BroadcastDrafted,
    BroadcastLaunched, BroadcastPhase, BroadcastPlanned, BroadcastRejection, BroadcastRevised,
    CHUNK_RECIPIENTS_MAX, state,
};
use crate::decider::Decider;
use crate::event::Event;
use crate::ladder::Status;
use crate::text::prose;

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 1_000;

type Decision = Result<Event, BroadcastRejection>;

impl Decider for Broadcast {
    type State = Option<Self>;
    type Command = BroadcastCommand;
    type Rejection = BroadcastRejection;

    fn decide(
        state: &Option<Self>,
        command: BroadcastCommand,
    ) -> Result<Vec<Event>, BroadcastRejection> {
        use BroadcastCommand as C;
        let event = match (state, command) {
            (None, C::Draft { broadcast_id, incident_id, brief }) => {
                let brief = brief.checked()?;
                Ok(BroadcastDrafted { broadcast_id, incident_id, brief }.into())
            }
            (None, _) => Err(BroadcastRejection::NotDrafted),
            (Some(broadcast), command) => broadcast.carry_out(command),
        };
        event.map(|event| vec![event])
    }

    fn evolve(state: Option<Self>, event: &Event) -> Option<Self> {
        state::evolve(state, event)
    }
}

impl Broadcast {
    fn carry_out(&self, command: BroadcastCommand) -> Decision {
        use BroadcastCommand as C;
        use BroadcastPhase as P;
        match (self.phase, command) {
            (_, C::Draft { .. }) => Err(BroadcastRejection::AlreadyDrafted),
            (P::Draft | P::Planned, C::Revise { brief }) => {
                Ok(BroadcastRevised { brief: brief.checked()? }.into())
            }
            (_, C::Revise { .. }) => Err(self.refuse("revised", "a draft or planned")),
            (P::Draft, C::Plan { plan }) => self.plan(plan),
            (_, C::Plan { .. }) => Err(self.refuse("planned", "a draft")),
            (P::Planned, C::Launch { now }) => Ok(self.launch(now)),
            (_, C::Launch { .. }) => Err(self.refuse("launched", "planned")),
            (P::Running, C::Complete { open, tally }) => self.complete(open, tally),
            (_, C::Complete { .. }) => Err(self.refuse("completed", "running")),
            (P::Draft | P::Planned | P::Running, C::Cancel { reason }) => {
                let reason = prose("reason", &reason, REASON_CHARS_MAX)?;
                Ok(BroadcastCancelled { reason }.into())
            }
            (P::Completed | P::Cancelled, C::Cancel { .. }) => {
                Err(self.refuse("cancelled", "a draft, planned or running"))
            }
        }
    }

    fn refuse(&self, wanted: &'static str, allowed: &'static str) -> BroadcastRejection {
        BroadcastRejection::WrongPhase { phase: self.phase, wanted, allowed }
    }

    fn plan(&self, plan: BroadcastPlanned) -> Decision {
        if plan.recipients == 0 {
            return Err(BroadcastRejection::NoRecipients);
        }
        if plan.plan <= self.last_plan {
            let last = self.last_plan;
            return Err(BroadcastRejection::PlanReused { given: plan.plan, last });
        }
        let hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        if plan.audience_hash.len() != 64 || !plan.audience_hash.bytes().all(hex) {
            let rule = "its hash is not 64 lower-case hexadecimal digits";
            return Err(BroadcastRejection::PlanMalformed { rule });
        }
        if plan.chunks < plan.recipients.div_ceil(CHUNK_RECIPIENTS_MAX) {
            let rule = "it has too few chunks for its recipients";
            return Err(BroadcastRejection::PlanMalformed { rule });
        }
        Ok(plan.into())
    }

    fn launch(&self, now: DateTime<Utc>) -> Event {
        let after = |seconds: u32| now + TimeDelta::seconds(seconds.into());
        let rules = &self.brief.rules;
        BroadcastLaunched {
            expires_at: after(rules.expires_after_s),
            settles_at: after(rules.settles_after_s),
        }
        .into()
    }

    /// Both the caller's count and the tally itself must say that nobody is missing.
    fn complete(&self, open: u32, tally: BTreeMap<Status, u32>) -> Decision {
        let counted: u64 = tally.values().copied().map(u64::from).sum();
        if counted != u64::from(self.recipients) {
            let recipients = self.recipients;
            return Err(BroadcastRejection::TallyIncomplete { counted, recipients });
        }
        let moving = tally.iter().filter(|(status, _)| !status.may_be_last());
        let moving = moving.map(|(_, count)| *count).sum::<u32>();
        match open.max(moving) {
            0 => Ok(BroadcastCompleted { tally }.into()),
            open => Err(BroadcastRejection::RecipientsOpen { open }),
        }
    }
}
