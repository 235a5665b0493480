//! Which chunk comes first, and for whom.

use chrono::TimeZone;
use fanal_domain::broadcast::{
    AudienceFrozen, Brief, BroadcastCancelled, BroadcastCompleted, BroadcastDrafted,
    BroadcastLaunched, BroadcastPlanned, ChunkClaimed, FrozenRecipient, Rules, SendsExpired,
    SendsInDoubt, SendsRecorded, SendsStarted, UnknownRule, UnknownsRequeued,
};
use fanal_domain::consent::Purpose;
use fanal_domain::id::{ContactId, TemplateId};
use fanal_domain::incident::{IncidentEscalated, IncidentOpened};
use fanal_domain::sender::SenderId;
use uuid::Uuid;

use super::*;

const LEASE: TimeDelta = TimeDelta::seconds(120);

fn at(second: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(1_700_000_000 + second, 0).unwrap()
}

fn incident(n: u128) -> IncidentId {
    IncidentId(Uuid::from_u128(n))
}

fn broadcast(n: u128) -> BroadcastId {
    BroadcastId(Uuid::from_u128(n))
}

fn part(chunk: u32) -> Part {
    Part { plan: 1, chunk }
}

/// A board, and a log that only it reads.
#[derive(Default)]
struct Fixture {
    board: Board,
    position: u64,
}

impl Fixture {
    fn say(&mut self, second: i64, stream: &StreamId, event: impl Into<Event>) {
        self.position += 1;
        self.board.apply(&Seen {
            position: self.position,
            recorded_at: at(second),
            occurred_at: at(second),
            actor: "test",
            stream: stream.as_str(),
            event: &event.into(),
        });
    }

    fn on_chunk(&mut self, second: i64, n: u128, chunk: u32, event: impl Into<Event>) {
        self.say(second, &StreamId::chunk(incident(n), broadcast(n), 1, chunk), event);
    }

    /// An incident with a running broadcast of chunks with two people each.
    fn launched(&mut self, n: u128, severity: Severity, mode: Mode, second: i64, chunks: u32) {
        let (title, kind, summary) = (String::new(), String::new(), String::new());
        self.say(
            second,
            &StreamId::incident(incident(n)),
            IncidentOpened { incident_id: incident(n), title, kind, severity, mode, summary },
        );
        let trunk = StreamId::broadcast(incident(n), broadcast(n));
        let (incident_id, broadcast_id) = (incident(n), broadcast(n));
        self.say(second, &trunk, BroadcastDrafted { broadcast_id, incident_id, brief: brief() });
        for chunk in 0..chunks {
            let recipients = vec![recipient(), recipient()];
            let frozen =
                AudienceFrozen { chunk, first: chunk * 2, recipients, suppressed: Vec::new() };
            self.on_chunk(second, n, chunk, frozen);
        }
        self.say(
            second,
            &trunk,
            BroadcastPlanned {
                audience_hash: String::new(),
                plan: 1,
                chunks,
                recipients: chunks * 2,
                suppressed: BTreeMap::new(),
            },
        );
        let (expires_at, settles_at) = (at(second + 600), at(second + 3_600));
        self.say(second, &trunk, BroadcastLaunched { expires_at, settles_at });
    }

    fn find(&self, second: i64) -> Finding {
        self.board.find(&asker("one/a", second), |_| Availability::Free)
    }

    #[track_caller]
    fn check_first(&self, second: i64, n: u128, chunk: u32) {
        match self.find(second) {
            Finding::Chunk(found, _) => {
                assert_eq!((found.broadcast_id, found.part), (broadcast(n), part(chunk)));
            }
            nothing @ Finding::Nothing(_) => panic!("{nothing:?}"),
        }
    }
}

fn asker(node: &str, second: i64) -> Asker<'_> {
    Asker { node, lease: LEASE, reaches_nobody: false, now: at(second) }
}

fn recipient() -> FrozenRecipient {
    FrozenRecipient {
        contact_id: ContactId(Uuid::nil()),
        consent: 1,
        language: "fr".parse().unwrap(),
        market: "FR".to_owned(),
    }
}

fn brief() -> Brief {
    Brief {
        title: String::new(),
        template_id: TemplateId(Uuid::nil()),
        fallback_language: "fr".parse().unwrap(),
        purpose: Purpose::Alerts,
        segments: Vec::new(),
        variables: BTreeMap::new(),
        header: None,
        rules: Rules {
            expires_after_s: 600,
            settles_after_s: 3_600,
            unknown: UnknownRule::Leave,
            answer_within_s: 300,
        },
    }
}

fn claim(node: &str) -> ChunkClaimed {
    ChunkClaimed { node: node.to_owned() }
}

#[test]
fn the_worst_incident_comes_first_and_then_who_was_launched_first() {
    let mut fixture = Fixture::default();
    fixture.launched(1, Severity::Moderate, Mode::Live, 10, 1);
    fixture.launched(2, Severity::High, Mode::Live, 20, 1);
    fixture.launched(3, Severity::High, Mode::Live, 15, 1);
    fixture.check_first(30, 3, 0);

    let (from, to) = (Severity::Moderate, Severity::Critical);
    let escalated = IncidentEscalated { from, to, reason: String::new() };
    fixture.say(30, &StreamId::incident(incident(1)), escalated);

    fixture.check_first(30, 1, 0);
}

#[test]
fn a_chunk_of_a_living_node_is_left_to_it_and_one_of_a_dead_run_is_not() {
    let mut fixture = Fixture::default();
    fixture.launched(1, Severity::High, Mode::Live, 0, 1);

    fixture.on_chunk(10, 1, 0, claim("two/a"));
    assert_eq!(fixture.find(20), Finding::Nothing(Some(at(10) + LEASE)));
    fixture.check_first(130, 1, 0);

    fixture.on_chunk(130, 1, 0, claim("one/before"));
    fixture.check_first(131, 1, 0);
}

#[test]
fn what_is_not_available_is_passed_over_and_says_when_to_ask_again() {
    let mut fixture = Fixture::default();
    fixture.launched(1, Severity::High, Mode::Live, 0, 3);

    let found = fixture.board.find(&asker("one/a", 5), |chunk| match chunk.part.chunk {
        0 => Availability::Taken,
        1 => Availability::NotBefore(at(9)),
        _ => Availability::NotBefore(at(7)),
    });

    assert_eq!(found, Finding::Nothing(Some(at(7))));
}

#[test]
fn exercises_leave_only_where_nobody_real_is_reached() {
    let mut fixture = Fixture::default();
    fixture.launched(1, Severity::Critical, Mode::Exercise, 0, 1);
    assert_eq!(fixture.find(5), Finding::Nothing(None));

    let harmless = Asker { reaches_nobody: true, ..asker("one/a", 5) };
    assert!(matches!(fixture.board.find(&harmless, |_| Availability::Free), Finding::Chunk(_, _)));
}

#[test]
fn a_chunk_is_done_when_every_send_has_an_outcome_and_opens_again_when_some_are_requeued() {
    let mut fixture = Fixture::default();
    fixture.launched(1, Severity::High, Mode::Live, 0, 1);
    let unknown = SendsRecorded { unknown: vec![0], ..SendsRecorded::default() };
    fixture.on_chunk(1, 1, 0, unknown);
    fixture.check_first(2, 1, 0);
    fixture.on_chunk(2, 1, 0, SendsInDoubt { recipients: vec![1] });
    assert_eq!(fixture.find(3), Finding::Nothing(None));
    let all_left = fixture.board.running().map(|running| running.all_left()).collect::<Vec<_>>();
    assert_eq!(all_left, [true]);

    fixture.on_chunk(4, 1, 0, UnknownsRequeued { recipients: vec![0] });
    fixture.check_first(5, 1, 0);
    fixture.on_chunk(6, 1, 0, SendsExpired { recipients: vec![0] });
    assert_eq!(fixture.find(7), Finding::Nothing(None));
}

#[test]
fn only_chunks_of_the_plan_that_holds_are_sent() {
    let mut fixture = Fixture::default();
    let trunk = StreamId::broadcast(incident(1), broadcast(1));
    fixture.launched(1, Severity::High, Mode::Live, 0, 2);
    let frozen = |chunk| AudienceFrozen {
        chunk,
        first: chunk,
        recipients: vec![recipient()],
        suppressed: Vec::new(),
    };
    // Somebody began to plan anew, and never came to the end of it.
    for chunk in [0, 1] {
        let stream = StreamId::chunk(incident(1), broadcast(1), 2, chunk);
        fixture.say(1, &stream, frozen(chunk));
    }

    let running = fixture.board.running().next().unwrap();
    assert_eq!(running.part_of(1), Some(part(0)));
    assert_eq!(running.part_of(3), Some(part(1)));
    let (expires_at, settles_at) = (at(600), at(3_600));
    fixture.say(2, &trunk, BroadcastLaunched { expires_at, settles_at });
    for chunk in [0, 1] {
        fixture.on_chunk(3, 1, chunk, SendsExpired { recipients: vec![chunk * 2, chunk * 2 + 1] });
    }
    assert_eq!(fixture.find(4), Finding::Nothing(None));
}

#[test]
fn what_was_in_flight_when_it_was_cancelled_is_still_looked_at() {
    let mut fixture = Fixture::default();
    fixture.launched(1, Severity::High, Mode::Live, 0, 2);
    fixture.on_chunk(1, 1, 1, claim("one/before"));
    let sender = SenderId("1".to_owned());
    fixture.on_chunk(1, 1, 1, SendsStarted { sender, recipients: vec![2, 3] });
    let cancelled = BroadcastCancelled { reason: String::new() };
    fixture.say(2, &StreamId::broadcast(incident(1), broadcast(1)), cancelled);

    assert_eq!(fixture.board.launch(broadcast(1)), None);
    fixture.check_first(3, 1, 1);
    fixture.on_chunk(4, 1, 1, SendsInDoubt { recipients: vec![2, 3] });
    assert_eq!(fixture.find(5), Finding::Nothing(None));
}

#[test]
fn nothing_of_a_cancelled_or_completed_broadcast_leaves() {
    let mut fixture = Fixture::default();
    fixture.launched(1, Severity::High, Mode::Live, 0, 1);
    fixture.launched(2, Severity::High, Mode::Live, 0, 1);
    assert!(fixture.board.launch(broadcast(1)).is_some());

    let cancelled = BroadcastCancelled { reason: String::new() };
    fixture.say(1, &StreamId::broadcast(incident(1), broadcast(1)), cancelled);
    let completed = BroadcastCompleted { tally: BTreeMap::new() };
    fixture.say(1, &StreamId::broadcast(incident(2), broadcast(2)), completed);

    assert_eq!(fixture.find(2), Finding::Nothing(None));
    assert_eq!(fixture.board.launch(broadcast(1)), None);
}
