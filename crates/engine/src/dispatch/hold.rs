//! A chunk in a lane's hands, and what to do with it next.
//!
//! Each step writes one entry into the chunk's stream: what came of the last slice, together with
//! the intent to send the next one. Only when that stands does a call go out.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::Event;
use fanal_domain::broadcast::chunk::{ChunkCommand, SLICE_MAX, Stage};
use fanal_domain::id::BroadcastId;
use fanal_domain::sender::SenderId;
use futures::{StreamExt, stream};

use super::board::{ChunkId, Urgency};
use super::brake::{Halt, Way};
use super::desk::{Held, Permits, PutBack};
use super::entry::{Entered, Entry};
use super::slice::{Send, Slice};
use super::work::Work;
use crate::Engine;
use crate::compose::Script;
use crate::envelope::Position;
use crate::error::UseCaseError;
use crate::execute::{decode, rejected};
use crate::ports::Outcome;

/// How many events of a chunk's stream are read at once.
const PAGE_MAX: usize = 1_000;

/// A chunk in a lane's hands.
#[derive(Debug)]
pub(crate) struct Hold {
    held: Held,
    urgency: Urgency,
    sender: SenderId,
    opened: Option<(Work, Arc<Script>)>,
    /// What was decided and is not in an entry yet: first of all what came of the last slice.
    decided: Vec<Event>,
    /// What was planned and perhaps written, not yet carried out.
    plan: Option<Plan>,
    is_closing: bool,
    /// The position of the last event this lane wrote or read of it.
    shown_at: Position,
}

/// One entry, and what follows once it stands.
#[derive(Debug)]
struct Plan {
    entry: Option<Entry>,
    slice: Option<Slice>,
    next: Next,
}

/// What to do after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// The next step.
    GoOn,
    /// The next step, at this time.
    Wait(DateTime<Utc>),
    /// Put it back: there is nothing to do, or not before this time.
    PutBack(Option<DateTime<Utc>>),
    /// Put it back: nothing of this broadcast leaves for now.
    Halt(Halt),
    /// Put it back: somebody else has it now.
    Fenced,
}

/// What a look at the queue, the clock and the bucket says.
enum Intent {
    Leave(Next),
    Expire,
    Send(Vec<u32>, Permits),
}

impl Hold {
    pub(crate) fn new(held: Held, urgency: Urgency, sender: SenderId) -> Self {
        Self {
            held,
            urgency,
            sender,
            opened: None,
            decided: Vec::new(),
            plan: None,
            is_closing: false,
            shown_at: Position(0),
        }
    }

    /// One entry, and what follows from it.
    pub(crate) async fn step(&mut self, engine: &Engine) -> Result<Next, UseCaseError> {
        let mut plan = match self.plan.take() {
            Some(plan) => plan,
            None => self.plan(engine).await?,
        };
        let mut is_stale = self.is_closing;
        if let Some(entry) = &mut plan.entry {
            // An entry that had to be tried again was decided on what may no longer be so.
            is_stale |= entry.is_unsure();
            match entry.enter(engine).await {
                Ok(Entered::Stands(position)) => self.shown_at = position,
                Ok(Entered::Fenced) => return Ok(Next::Fenced),
                Err(error) => {
                    self.plan = Some(plan);
                    return Err(error);
                }
            }
        }
        if let Some(slice) = plan.slice.filter(|slice| !slice.sends.is_empty()) {
            self.send(engine, &slice, is_stale).await?;
        }
        Ok(plan.next)
    }

    /// Nothing more is to be started: the steps from now on only write down what happened.
    pub(crate) fn close(&mut self) {
        self.is_closing = true;
    }

    /// Gives the chunk back to the desk.
    pub(crate) fn put_back(self, until: Option<DateTime<Utc>>) {
        self.held.put_back(PutBack { until, shown_at: self.shown_at });
    }

    pub(crate) fn broadcast_id(&self) -> BroadcastId {
        self.held.chunk().broadcast_id
    }

    async fn plan(&mut self, engine: &Engine) -> Result<Plan, UseCaseError> {
        let now = engine.ports.clock.now();
        let Some((work, script)) = &self.opened else {
            let is_closing = self.is_closing;
            let next =
                if is_closing { Next::PutBack(None) } else { self.open(engine, now).await? };
            return Ok(self.write(engine, None, next, now));
        };
        let (slice, next) = match self.intent(engine, work, now) {
            Intent::Leave(next) => (None, next),
            Intent::Expire => {
                self.decide(ChunkCommand::Expire, now)?;
                (None, Next::PutBack(None))
            }
            Intent::Send(recipients, permits) => {
                let chunk = self.held.chunk();
                let slice = Slice::prepare(engine, chunk, work, script, &recipients).await?;
                permits.use_up(slice.sends.len());
                self.decide_on(&slice, now)?;
                (Some(slice), Next::GoOn)
            }
        };
        Ok(self.write(engine, slice, next, now))
    }

    /// Reads the chunk's stream and claims it, unless it is another node's or done.
    async fn open(&mut self, engine: &Engine, now: DateTime<Utc>) -> Result<Next, UseCaseError> {
        let work = self.read(engine).await?;
        let Some(chunk) = work.chunk().filter(|chunk| !chunk.is_worked_off()) else {
            return Ok(Next::PutBack(None));
        };
        let asker = engine.asker(now);
        let owner = chunk.claimed_by().map(ToOwned::to_owned);
        if let Some(until) =
            owner.as_deref().and_then(|owner| asker.waits_for(owner, work.active_at()))
        {
            return Ok(Next::PutBack(Some(until)));
        }
        let is_ours = owner.as_deref() == Some(asker.node) && chunk.count(Stage::Started) == 0;
        // What is sent rests on the live view and the directory, which may lag behind the log,
        // above all at the start of a run: the broadcast may be cancelled, the people not known.
        engine.catch_up().await?;
        engine.project_directory_to(self.shown_at).await?;
        if engine.live.launch(self.broadcast_id()).is_none() && chunk.count(Stage::Started) == 0 {
            return Ok(Next::PutBack(None));
        }
        let ChunkId { incident_id, broadcast_id, .. } = self.held.chunk();
        let script = engine.script(incident_id, broadcast_id).await?;
        self.opened = Some((work, script));
        if !is_ours {
            self.decide(ChunkCommand::Claim { node: asker.node.to_owned() }, now)?;
        }
        Ok(Next::GoOn)
    }

    async fn read(&mut self, engine: &Engine) -> Result<Work, UseCaseError> {
        let stream = self.held.chunk().stream();
        let mut work = Work::default();
        loop {
            let page = engine.ports.log.read_stream(&stream, work.version(), PAGE_MAX).await?;
            for recorded in &page {
                work.apply(&decode(recorded)?, recorded.recorded_at);
                self.shown_at = recorded.position;
            }
            if page.len() < PAGE_MAX {
                return Ok(work);
            }
        }
    }

    /// What the broadcast, the clock, the brake, the queue and the bucket say, in this order.
    fn intent(&self, engine: &Engine, work: &Work, now: DateTime<Utc>) -> Intent {
        let Some(launch) = engine.live.launch(self.broadcast_id()) else {
            return Intent::Leave(Next::PutBack(None));
        };
        if self.is_closing || engine.has_more_urgent(self.urgency, now) {
            return Intent::Leave(Next::PutBack(None));
        }
        if now >= work.deadline(&launch) {
            return Intent::Expire;
        }
        let limit = match engine.desk.way(self.broadcast_id(), now) {
            Way::Free => SLICE_MAX,
            Way::OneMessage => 1,
            Way::Closed(halt) => return Intent::Leave(Next::Halt(halt)),
        };
        let mut recipients = work.due(limit, now);
        let Ok(wanted @ 1..) = u32::try_from(recipients.len()) else {
            return Intent::Leave(Next::PutBack(work.next_due()));
        };
        let limit_per_s = engine.rate_of(&self.sender);
        match engine.desk.permits(&self.sender, limit_per_s, wanted, now) {
            Ok(permits) => {
                recipients.truncate(permits.count() as usize);
                Intent::Send(recipients, permits)
            }
            Err(until) => Intent::Leave(Next::Wait(until)),
        }
    }

    fn decide_on(&mut self, slice: &Slice, now: DateTime<Utc>) -> Result<(), UseCaseError> {
        if !slice.withheld.is_empty() {
            self.decide(ChunkCommand::Withhold(slice.withheld.clone()), now)?;
        }
        if !slice.sends.is_empty() {
            let recipients = slice.sends.iter().map(|send| send.recipient).collect();
            self.decide(ChunkCommand::Start { sender: self.sender.clone(), recipients }, now)?;
        }
        Ok(())
    }

    fn decide(&mut self, command: ChunkCommand, now: DateTime<Utc>) -> Result<(), UseCaseError> {
        if let Some((work, _)) = &mut self.opened {
            work.carry_out(command, now, &mut self.decided).map_err(|rule| rejected(&rule))?;
        }
        Ok(())
    }

    /// Makes an entry of everything that was decided.
    fn write(
        &mut self,
        engine: &Engine,
        slice: Option<Slice>,
        next: Next,
        now: DateTime<Utc>,
    ) -> Plan {
        let events = std::mem::take(&mut self.decided);
        let entry = self.opened.as_ref().filter(|_| !events.is_empty()).map(|(work, _)| {
            let after = work.version() - events.len() as u64;
            Entry::new(engine, self.held.chunk().stream(), after, &events, now)
        });
        Plan { entry, slice, next }
    }

    /// Makes the calls, and decides to record what came of them.
    async fn send(
        &mut self,
        engine: &Engine,
        slice: &Slice,
        is_stale: bool,
    ) -> Result<(), UseCaseError> {
        let outcomes =
            if is_stale { slice.stand_aside() } else { self.call_all(engine, slice).await };
        let Some((work, _)) = &self.opened else { return Ok(()) };
        let now = engine.ports.clock.now();
        let is_halted = engine.desk.way(self.broadcast_id(), now) != Way::Free;
        let recorded = slice.record(outcomes, work.deferrals(), is_halted);
        self.decide(ChunkCommand::Record(recorded), now)
    }

    async fn call_all(&self, engine: &Engine, slice: &Slice) -> Vec<(usize, Option<Outcome>)> {
        let calls = (0..slice.sends.len()).map(|nth| self.call(engine, nth, &slice.sends[nth]));
        let in_flight_max = engine.config.dispatch.in_flight_max.max(1);
        let mut outcomes: Vec<_> =
            stream::iter(calls).buffer_unordered(in_flight_max).collect().await;
        outcomes.sort_unstable_by_key(|(nth, _)| *nth);
        outcomes
    }

    /// One call, unless the broadcast was cancelled or halted meanwhile.
    async fn call(&self, engine: &Engine, nth: usize, send: &Send) -> (usize, Option<Outcome>) {
        let broadcast_id = self.broadcast_id();
        let is_halted =
            matches!(engine.desk.way(broadcast_id, engine.ports.clock.now()), Way::Closed(_));
        if is_halted || engine.live.launch(broadcast_id).is_none() {
            return (nth, None);
        }
        let outcome = engine.ports.messenger.send(&self.sender, &send.message).await;
        engine.desk.learn(broadcast_id, &self.sender, &outcome, engine.ports.clock.now());
        (nth, Some(outcome))
    }
}
