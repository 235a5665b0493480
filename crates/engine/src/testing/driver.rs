//! Drives an engine's steps in an order that a seed decides, as the binary's loops would.

use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{join_all, poll_fn};
use futures::{FutureExt, join};

use crate::Engine;
use crate::contract::TestClock;
use crate::dispatch::{Lane, LaneStep};
use crate::error::UseCaseError;
use crate::fault::Faults;
use crate::step::Step;

/// Longest run, in rounds: more is a run that does not end.
const ROUNDS_MAX: usize = 100_000;

/// One process: an engine, its lanes, and what would be its loops.
#[derive(Debug)]
pub struct Driver {
    pub engine: Engine,
    lanes: Vec<Lane>,
    clock: TestClock,
    faults: Faults,
    seed: u64,
}

impl Driver {
    /// A process that runs this engine.
    pub fn new(engine: Engine, clock: &TestClock, faults: &Faults, seed: u64) -> Self {
        let lanes = (0..engine.config().dispatch.lanes).map(|_| engine.lane()).collect();
        Self { engine, lanes, clock: clock.clone(), faults: faults.clone(), seed }
    }

    /// Goes on until `is_done`, moving the clock whenever nothing is left to do before it moves.
    /// Returns `false` if the process died on the way.
    pub async fn run(&mut self, is_done: impl Fn(&Engine) -> bool + Sync) -> bool {
        Self::run_all(std::slice::from_mut(self), |engines| engines.iter().any(|one| is_done(one)))
            .await
    }

    /// The same with several processes at the same time; over as soon as one of them dies.
    pub async fn run_all(
        drivers: &mut [Self],
        is_done: impl Fn(&[&Engine]) -> bool + Sync,
    ) -> bool {
        for _ in 0..ROUNDS_MAX {
            if !Self::turn(drivers).await {
                return false;
            }
            let engines: Vec<&Engine> = drivers.iter().map(|driver| &driver.engine).collect();
            if is_done(&engines) {
                return true;
            }
        }
        panic!("the run does not end");
    }

    /// Some steps of each, or if nobody has anything to do, some time. Returns `false` if one died.
    pub async fn turn(drivers: &mut [Self]) -> bool {
        let mut round = Round::Rest(None);
        for everyone in [false, true] {
            if let Round::Worked = round {
                break;
            }
            round = Round::Rest(None);
            for driver in &mut *drivers {
                let chosen = driver.choose(everyone);
                let Some(one) = driver.round(&chosen).await else { return false };
                round = round.and(one);
            }
        }
        if let (Round::Rest(until), [driver, ..]) = (round, &*drivers) {
            driver.rest(until);
        }
        true
    }

    fn rest(&self, until: Option<DateTime<Utc>>) {
        let now = self.engine.ports().clock.now();
        let least = TimeDelta::milliseconds(1);
        let pause = until.map_or(TimeDelta::seconds(60), |until| until - now).max(least);
        self.clock.advance(pause);
    }

    /// One step of some of the loops, at the same time. `None` if the process died.
    async fn round(&mut self, chosen: &[bool]) -> Option<Round> {
        let (background, lanes) = chosen.split_at(3);
        let engine = &self.engine;
        let lanes = self.lanes.iter_mut().zip(lanes).filter(|(_, chosen)| **chosen);
        let lanes = join_all(lanes.map(|(lane, _)| lane.step()));
        let follow = if_chosen(background[0], engine.follow());
        let project = if_chosen(background[1], engine.project_directory());
        let settle = if_chosen(background[2], engine.settle());
        let applied = engine.live().applied();
        let all = Box::pin(async { join!(lanes, follow, project, settle) });
        let (lanes, follow, project, settle) = until_death(&self.faults, all).await?;
        // Others may have something to do with what the live view shows now.
        let news =
            if applied == engine.live().applied() { Round::Rest(None) } else { Round::Worked };
        let background = [follow, project, settle].into_iter().map(after);
        let lanes = lanes.into_iter().map(after_lane);
        Some(background.chain(lanes).fold(news, Round::and))
    }

    /// Whose turn it is: follow, project, settle, then each lane.
    fn choose(&mut self, everyone: bool) -> Vec<bool> {
        (0..3 + self.lanes.len()).map(|_| everyone || self.flip()).collect()
    }

    /// A coin that the seed throws.
    fn flip(&mut self) -> bool {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        !self.seed.is_multiple_of(3)
    }
}

/// What to do after a round.
#[derive(Debug, Clone, Copy)]
enum Round {
    Worked,
    Rest(Option<DateTime<Utc>>),
}

impl Round {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Rest(one), Self::Rest(two)) => {
                Self::Rest([one, two].into_iter().flatten().min())
            }
            _ => Self::Worked,
        }
    }
}

fn after(step: Result<Step, UseCaseError>) -> Round {
    match step {
        Ok(Step::Worked) | Err(UseCaseError::Unavailable(_)) => Round::Worked,
        Ok(Step::Idle(until)) => Round::Rest(until),
        Err(defect) => panic!("a step met a defect: {defect:?}"),
    }
}

fn after_lane(step: Result<LaneStep, UseCaseError>) -> Round {
    match step {
        Ok(LaneStep::Worked | LaneStep::Fenced | LaneStep::Halted(..))
        | Err(UseCaseError::Unavailable(_)) => Round::Worked,
        Ok(LaneStep::Idle(until)) => Round::Rest(until),
        Ok(LaneStep::Paced(until)) => Round::Rest(Some(until)),
        Err(defect) => panic!("a lane met a defect: {defect:?}"),
    }
}

/// A step, or nothing to do.
async fn if_chosen(
    chosen: bool,
    step: impl Future<Output = Result<Step, UseCaseError>>,
) -> Result<Step, UseCaseError> {
    if chosen { step.await } else { Ok(Step::Idle(None)) }
}

/// What the work comes to, unless a call dies in the middle of it.
pub async fn until_death<Output>(
    faults: &Faults,
    mut work: impl Future<Output = Output> + Unpin,
) -> Option<Output> {
    poll_fn(|context| match work.poll_unpin(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if faults.has_crashed() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}
