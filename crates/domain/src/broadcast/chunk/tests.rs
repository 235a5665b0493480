//! Each rule of a chunk, by name, and what holds whatever a node does.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use uuid::Uuid;

use super::*;
use crate::broadcast::{
    AcceptedSend, ChunkClaimed, FrozenRecipient, RefusedSend, SendsExpired, SendsInDoubt,
    SendsStarted, SendsWithheld, UnknownsRequeued, WithheldSend,
};
use crate::decider::Decider;
use crate::decider::testing::{Given, given};
use crate::id::ContactId;
use crate::ladder::{Failure, FailureClass, SuppressionReason};
use crate::sealed::Sealed;
use crate::sender::SenderId;
use crate::text::{InvalidText, TextProblem};

const FIRST: u32 = 2_000;

/// Four people from index 2,000 on.
fn frozen() -> Event {
    audience(4)
}

fn audience(people: u32) -> Event {
    let one = |n: u32| FrozenRecipient {
        contact_id: ContactId(Uuid::from_u128(n.into())),
        consent: 1,
        language: "fr".parse().unwrap(),
        market: "France".into(),
    };
    let recipients = (0..people).map(one).collect();
    AudienceFrozen { chunk: 2, first: FIRST, recipients, suppressed: vec![] }.into()
}

fn sender() -> SenderId {
    SenderId("1".into())
}

fn claimed() -> Event {
    ChunkClaimed { node: "node-1".into() }.into()
}

fn claim() -> ChunkCommand {
    ChunkCommand::Claim { node: "node-1".into() }
}

fn start(recipients: &[u32]) -> ChunkCommand {
    ChunkCommand::Start { sender: sender(), recipients: recipients.to_vec() }
}

fn started(recipients: &[u32]) -> Event {
    SendsStarted { sender: sender(), recipients: recipients.to_vec() }.into()
}

fn accepted(recipient: u32) -> AcceptedSend {
    AcceptedSend { recipient, message: Sealed::from_bytes(vec![1]) }
}

fn refused(recipient: u32) -> RefusedSend {
    RefusedSend { recipient, failure: Failure { class: FailureClass::Refused, code: 131_026 } }
}

/// One of each outcome, for 2,000 to 2,003.
fn outcomes() -> SendsRecorded {
    SendsRecorded {
        accepted: vec![accepted(2_000)],
        refused: vec![refused(2_001)],
        deferred: vec![refused(2_002)],
        unknown: vec![2_003],
    }
}

fn withhold(recipient: u32) -> ChunkCommand {
    ChunkCommand::Withhold(vec![withheld(recipient)])
}

fn withheld(recipient: u32) -> WithheldSend {
    WithheldSend { recipient, reason: SuppressionReason::OptedOut }
}

fn all() -> [u32; 4] {
    [2_000, 2_001, 2_002, 2_003]
}

fn past<const N: usize>(history: [Event; N]) -> Given<Chunk> {
    given(history)
}

fn chunk(history: impl IntoIterator<Item = Event>) -> Chunk {
    history.into_iter().fold(None, |state, event| Chunk::evolve(state, &event)).unwrap()
}

#[test]
fn is_claimed_before_it_is_worked_on() {
    past([frozen()]).when(claim()).then([claimed()]);
    past([]).when(claim()).then_rejected(ChunkRejection::NotFrozen);
    past([frozen()]).when(start(&[2_000])).then_rejected(ChunkRejection::NotClaimed);
    past([frozen()])
        .when(ChunkCommand::Claim { node: String::new() })
        .then_rejected(InvalidText { field: "node", problem: TextProblem::Empty }.into());
}

#[test]
fn claiming_puts_what_an_earlier_run_left_open_in_doubt() {
    let next = ChunkCommand::Claim { node: "node-2".into() };
    past([frozen(), claimed(), started(&[2_001, 2_000])]).when(next).then([
        ChunkClaimed { node: "node-2".into() }.into(),
        SendsInDoubt { recipients: vec![2_000, 2_001] }.into(),
    ]);
}

#[test]
fn starts_those_who_wait_in_order() {
    let chunk = chunk([frozen(), claimed()]);
    assert_eq!(chunk.next(2), [2_000, 2_001]);
    past([frozen(), claimed()]).when(start(&[2_000, 2_001])).then([started(&[2_000, 2_001])]);
}

#[test]
fn starts_only_who_waits_and_each_once() {
    past([frozen(), claimed()]).when(start(&[])).then_rejected(ChunkRejection::NoRecipients);
    past([frozen(), claimed()])
        .when(start(&[2_000, 2_000]))
        .then_rejected(ChunkRejection::NamedTwice { recipient: 2_000 });
    for recipient in [0, 1_999, 2_004, u32::MAX] {
        past([frozen(), claimed()])
            .when(start(&[recipient]))
            .then_rejected(ChunkRejection::WrongStage { recipient, wanted: Stage::Queued });
    }
}

#[test]
fn starts_at_most_a_hundred_at_once() {
    let many: Vec<u32> = (FIRST..FIRST + 101).collect();
    past([audience(200), claimed()])
        .when(start(&many))
        .then_rejected(ChunkRejection::SliceTooLarge { count: 101 });
    past([audience(200), claimed()]).when(start(&many[..100])).then([started(&many[..100])]);
}

#[test]
fn starts_nothing_before_the_last_slice_is_recorded() {
    past([frozen(), claimed(), started(&[2_000])])
        .when(start(&[2_001]))
        .then_rejected(ChunkRejection::OutcomesMissing { count: 1 });
}

#[test]
fn records_exactly_what_was_started() {
    past([frozen(), claimed(), started(&all())])
        .when(ChunkCommand::Record(outcomes()))
        .then([outcomes().into()]);
    let partial = SendsRecorded { accepted: vec![accepted(2_000)], ..SendsRecorded::default() };
    past([frozen(), claimed(), started(&[2_000, 2_001])])
        .when(ChunkCommand::Record(partial.clone()))
        .then_rejected(ChunkRejection::OutcomesIncomplete { recorded: 1, started: 2 });
    past([frozen(), claimed(), started(&[2_001])])
        .when(ChunkCommand::Record(partial.clone()))
        .then_rejected(ChunkRejection::WrongStage { recipient: 2_000, wanted: Stage::Started });
    let twice = SendsRecorded { unknown: vec![2_000], ..partial };
    past([frozen(), claimed(), started(&[2_000])])
        .when(ChunkCommand::Record(twice))
        .then_rejected(ChunkRejection::NamedTwice { recipient: 2_000 });
    past([frozen(), claimed()])
        .when(ChunkCommand::Record(SendsRecorded::default()))
        .then_rejected(ChunkRejection::NoRecipients);
}

#[test]
fn each_outcome_leads_somewhere() {
    let chunk = chunk([frozen(), claimed(), started(&all()), outcomes().into()]);
    let stages = all().map(|recipient| chunk.stage(recipient).unwrap());
    assert_eq!(stages, [Stage::Done, Stage::Done, Stage::Queued, Stage::Unknown]);
    assert!(!chunk.is_worked_off());
}

#[test]
fn the_deferred_go_to_the_back_with_their_attempts_counted() {
    let deferred = SendsRecorded { deferred: vec![refused(2_000)], ..SendsRecorded::default() };
    let chunk = chunk([frozen(), claimed(), started(&[2_000]), deferred.into()]);
    assert_eq!(chunk.next(10), [2_001, 2_002, 2_003, 2_000]);
    assert_eq!((chunk.attempts(2_000), chunk.attempts(2_001)), (1, 0));
}

#[test]
fn withholds_only_who_waits() {
    past([frozen(), claimed()])
        .when(withhold(2_002))
        .then([SendsWithheld { withheld: vec![withheld(2_002)] }.into()]);
    past([frozen(), claimed(), started(&[2_002])])
        .when(withhold(2_002))
        .then_rejected(ChunkRejection::WrongStage { recipient: 2_002, wanted: Stage::Queued });
    past([frozen(), claimed()])
        .when(ChunkCommand::Withhold(vec![]))
        .then_rejected(ChunkRejection::NoRecipients);
    let chunk =
        chunk([frozen(), claimed(), SendsWithheld { withheld: vec![withheld(2_002)] }.into()]);
    assert_eq!(chunk.next(10), [2_000, 2_001, 2_003]);
}

#[test]
fn expires_everybody_who_waits_and_nobody_else() {
    let expired = SendsExpired { recipients: vec![2_001, 2_002, 2_003] };
    past([frozen(), claimed(), started(&[2_000])])
        .when(ChunkCommand::Expire)
        .then([expired.clone().into()]);
    past([frozen(), claimed(), started(&[2_000]), expired.into()])
        .when(ChunkCommand::Expire)
        .then([]);
}

#[test]
fn requeues_only_what_is_unknown() {
    let history = [frozen(), claimed(), started(&all()), outcomes().into()];
    past(history.clone())
        .when(ChunkCommand::Requeue { recipients: vec![2_003] })
        .then([UnknownsRequeued { recipients: vec![2_003] }.into()]);
    past(history)
        .when(ChunkCommand::Requeue { recipients: vec![2_000] })
        .then_rejected(ChunkRejection::WrongStage { recipient: 2_000, wanted: Stage::Unknown });
}

#[test]
fn the_last_indices_there_are_do_not_overflow() {
    let Event::AudienceFrozen(mut event) = frozen() else { unreachable!() };
    event.first = u32::MAX - 2;
    let chunk = chunk([event.into(), started(&[u32::MAX])]);
    assert_eq!(chunk.next(10), [u32::MAX - 2, u32::MAX - 1]);
    assert_eq!(chunk.standing(Stage::Queued).count(), 2);
}

/// What a node may try: the number says whom it concerns.
#[derive(Debug, Clone)]
enum Move {
    Claim,
    Start(usize),
    Record(Vec<u8>),
    Withhold(Index),
    Expire,
    Requeue(Index),
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        1 => Just(Move::Claim),
        6 => (1_usize..6).prop_map(Move::Start),
        6 => vec(0_u8..4, 6).prop_map(Move::Record),
        2 => any::<Index>().prop_map(Move::Withhold),
        1 => Just(Move::Expire),
        2 => any::<Index>().prop_map(Move::Requeue),
    ]
}

impl Move {
    fn command(&self, chunk: &Chunk) -> ChunkCommand {
        match self {
            Self::Claim => claim(),
            Self::Start(count) => start(&chunk.next(*count)),
            Self::Record(choices) => {
                let mut outcomes = SendsRecorded::default();
                for (recipient, choice) in chunk.standing(Stage::Started).zip(choices) {
                    match choice {
                        0 => outcomes.accepted.push(accepted(recipient)),
                        1 => outcomes.refused.push(refused(recipient)),
                        2 => outcomes.deferred.push(refused(recipient)),
                        _ => outcomes.unknown.push(recipient),
                    }
                }
                ChunkCommand::Record(outcomes)
            }
            Self::Withhold(index) => {
                let waiting: Vec<u32> = chunk.waiting().collect();
                if waiting.is_empty() { withhold(0) } else { withhold(*index.get(&waiting)) }
            }
            Self::Expire => ChunkCommand::Expire,
            Self::Requeue(index) => {
                let unknown: Vec<u32> = chunk.standing(Stage::Unknown).collect();
                let chosen = (!unknown.is_empty()).then(|| *index.get(&unknown));
                ChunkCommand::Requeue { recipients: chosen.into_iter().collect() }
            }
        }
    }
}

proptest! {
    #[test]
    fn nobody_is_lost_or_queued_twice_and_replay_equals_live(moves in vec(moves(), 0..60)) {
        let mut history = vec![audience(12), claimed()];
        let mut live = Chunk::fold(&history);
        for one in moves {
            let chunk = live.clone().unwrap();
            let Ok(events) = Chunk::decide(&live, one.command(&chunk)) else { continue };
            live = events.iter().fold(live, Chunk::evolve);
            history.extend(events);

            let chunk = live.clone().unwrap();
            let mut waiting: Vec<u32> = chunk.waiting().collect();
            waiting.sort_unstable();
            prop_assert_eq!(waiting, chunk.standing(Stage::Queued).collect::<Vec<_>>());
            let counted = Stage::ALL.map(|stage| chunk.count(stage) as usize);
            prop_assert_eq!(counted, Stage::ALL.map(|stage| chunk.standing(stage).count()));
            prop_assert_eq!(counted.iter().sum::<usize>(), 12);
        }
        prop_assert_eq!(Chunk::fold(&history), live);
    }
}
