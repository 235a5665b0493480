//! Plays a broadcast to many people through the live view and prints what that takes.
//!
//! `cargo run --release -p fanal-projections --example ladder -- 1500000`

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::Event;
use fanal_domain::broadcast::{
    AcceptedSend, Answer, AnswersRecorded, AudienceFrozen, Brief, BroadcastDrafted,
    BroadcastLaunched, BroadcastPlanned, CHUNK_RECIPIENTS_MAX, FrozenRecipient, ReceiptGroup,
    ReceiptStatus, ReceiptsRecorded, Rules, SendsRecorded, SendsStarted, UnknownRule,
};
use fanal_domain::consent::Purpose;
use fanal_domain::id::{BroadcastId, ContactId, IncidentId, SegmentId, TemplateId};
use fanal_domain::incident::{IncidentOpened, Mode, Severity};
use fanal_domain::ladder::Status;
use fanal_domain::sealed::Sealed;
use fanal_domain::sender::SenderId;
use fanal_domain::template::AnswerKind;
use fanal_projections::broadcast::Filter;
use fanal_projections::cost::RateBook;
use fanal_projections::metrics::Yardstick;
use fanal_projections::{Seen, World};
use uuid::Uuid;

const INCIDENT: IncidentId = IncidentId(Uuid::from_u128(1));
const BROADCAST: BroadcastId = BroadcastId(Uuid::from_u128(2));
const LANGUAGES: [&str; 6] = ["fr", "en", "es", "pt_BR", "de", "ar"];
const MARKETS: [&str; 6] = ["FR", "GB", "ES", "BR", "DE", "rest_of_middle_east"];

fn main() -> std::io::Result<()> {
    let people = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_500_000);
    let mut stage = Stage::begin(people);
    stage.plan()?;
    stage.send()?;
    stage.hear_back()?;
    stage.read()
}

/// A world, the clock of its log, and what it took so far.
struct Stage {
    people: u32,
    world: World,
    position: u64,
    now: DateTime<Utc>,
    bytes_before: u64,
}

/// What some events took.
#[derive(Default)]
struct Taken {
    events: u32,
    time: Duration,
}

impl Stage {
    fn begin(people: u32) -> Self {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        Self { people, world: World::default(), position: 0, now, bytes_before: resident_bytes() }
    }

    fn plan(&mut self) -> std::io::Result<()> {
        let mut taken = Taken::default();
        self.apply("", opened(), &mut taken);
        let drafted =
            BroadcastDrafted { broadcast_id: BROADCAST, incident_id: INCIDENT, brief: brief() };
        self.apply(&trunk(), drafted, &mut taken);
        let chunks = self.people.div_ceil(CHUNK_RECIPIENTS_MAX);
        for chunk in 0..chunks {
            let first = chunk * CHUNK_RECIPIENTS_MAX;
            let end = (first + CHUNK_RECIPIENTS_MAX).min(self.people);
            let recipients = (first..end).map(frozen).collect();
            let frozen = AudienceFrozen { chunk, first, recipients, suppressed: Vec::new() };
            self.apply(&format!("{}/chunk/1-{chunk:05}", trunk()), frozen, &mut taken);
        }
        let (audience_hash, suppressed) = (String::new(), BTreeMap::new());
        let recipients = self.people;
        let planned = BroadcastPlanned { audience_hash, plan: 1, chunks, recipients, suppressed };
        self.apply(&trunk(), planned, &mut taken);
        self.say("plan", &taken)?;

        let mut taken = Taken::default();
        let (expires_at, settles_at) = (self.now, self.now);
        self.apply(&trunk(), BroadcastLaunched { expires_at, settles_at }, &mut taken);
        self.say("launch", &taken)
    }

    fn send(&mut self) -> std::io::Result<()> {
        let mut taken = Taken::default();
        let stream = format!("{}/chunk/1-00000", trunk());
        for slice in slices(self.people, 100) {
            let sender = SenderId("106540352242922".to_owned());
            let recipients = slice.clone().collect();
            self.apply(&stream, SendsStarted { sender, recipients }, &mut taken);
            let message = || Sealed::from_bytes(vec![0; 60]);
            let accepted = slice.map(|recipient| AcceptedSend { recipient, message: message() });
            let recorded =
                SendsRecorded { accepted: accepted.collect(), ..SendsRecorded::default() };
            self.apply(&stream, recorded, &mut taken);
        }
        self.say("send, slices of 100", &taken)
    }

    fn hear_back(&mut self) -> std::io::Result<()> {
        let stream = format!("{}/receipts", trunk());
        for (status, share) in
            [(ReceiptStatus::Sent, 100), (ReceiptStatus::Delivered, 97), (ReceiptStatus::Read, 70)]
        {
            let mut taken = Taken::default();
            for slice in slices(self.people, 500) {
                let recipients = slice.filter(|index| index % 100 < share).collect();
                let (failure, pricing) = (None, None);
                let at = self.now;
                let group = ReceiptGroup { status, at, recipients, failure, pricing };
                self.apply(&stream, ReceiptsRecorded { receipts: vec![group] }, &mut taken);
            }
            self.say(&format!("{status:?} receipts, batches of 500"), &taken)?;
        }
        let mut taken = Taken::default();
        for slice in slices(self.people, 500) {
            let answering = slice.filter(|index| index % 100 < 35);
            let answers = answering.map(|recipient| answer(recipient, self.now)).collect();
            self.apply(&stream, AnswersRecorded { answers }, &mut taken);
        }
        self.say("answers of 35 %, batches of 500", &taken)
    }

    fn read(&self) -> std::io::Result<()> {
        let (book, yardstick) = (RateBook::default(), Yardstick::default());
        let view = self.world.broadcast(BROADCAST).ok_or_else(|| std::io::Error::other("lost"))?;
        let nobody = Filter { status: Some(Status::Expired), ..Filter::default() };
        let hour = TimeDelta::hours(1);
        time("all metrics", || self.world.broadcast_report(BROADCAST, &book, yardstick))?;
        time("tally", || view.tally())?;
        time("find one person", || view.find(contact(self.people / 3)))?;
        time("page of 100", || view.page(&Filter::default(), None, 100))?;
        time("page that nobody fits", || view.page(&nobody, None, 100))?;
        time("latest broadcast for a person", || {
            self.world.latest_broadcast_for(contact(7), self.now, hour)
        })?;
        let bytes = resident_bytes().saturating_sub(self.bytes_before);
        let answers = u64::from(self.people) * 35 / 100;
        writeln!(
            stdout().lock(),
            "{} people, {answers} answers: {} MB resident, {} bytes per person",
            self.people,
            bytes / 1_000_000,
            bytes / u64::from(self.people.max(1)),
        )
    }

    fn apply(&mut self, stream: &str, event: impl Into<Event>, taken: &mut Taken) {
        self.position += 1;
        self.now += TimeDelta::milliseconds(10);
        let incident = format!("incident/{INCIDENT}");
        let seen = Seen {
            position: self.position,
            recorded_at: self.now,
            occurred_at: self.now,
            actor: "system:example",
            stream: if stream.is_empty() { &incident } else { stream },
            event: &event.into(),
        };
        taken.events += 1;
        taken.time += measure(|| self.world.apply(&seen));
    }

    fn say(&self, what: &str, taken: &Taken) -> std::io::Result<()> {
        let Taken { events, time } = taken;
        let each = time.as_nanos() / u128::from(self.people.max(1));
        let megabytes = resident_bytes().saturating_sub(self.bytes_before) / 1_000_000;
        writeln!(
            stdout().lock(),
            "{what:<36} {events:>7} events {time:>10.1?} {each:>6} ns/person {megabytes:>5} MB"
        )
    }
}

/// The best of five.
fn time<T>(what: &str, read: impl Fn() -> T) -> std::io::Result<()> {
    let once = || {
        measure(|| {
            black_box(read());
        })
    };
    let best = (0..5).map(|_| once()).min().unwrap_or_default();
    writeln!(stdout().lock(), "{what:<36} {best:>12.1?}")
}

fn measure(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn slices(people: u32, size: u32) -> impl Iterator<Item = std::ops::Range<u32>> {
    (0..people.div_ceil(size)).map(move |slice| slice * size..((slice + 1) * size).min(people))
}

/// Memory in use; 0 where the system does not tell.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}

fn trunk() -> String {
    format!("incident/{INCIDENT}/broadcast/{BROADCAST}")
}

fn contact(number: u32) -> ContactId {
    // Scattered, so that finding a person is not flattered by luck.
    let scattered = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    ContactId(Uuid::from_u128(scattered))
}

fn frozen(number: u32) -> FrozenRecipient {
    let sort = (number % 6) as usize;
    FrozenRecipient {
        contact_id: contact(number),
        consent: u64::from(number),
        language: LANGUAGES[sort].parse().expect("these are languages"),
        market: MARKETS[sort].to_owned(),
    }
}

fn answer(recipient: u32, at: DateTime<Utc>) -> Answer {
    let sealed = Sealed::from_bytes(vec![0; 60]);
    let kind = if recipient.is_multiple_of(2) { AnswerKind::Safe } else { AnswerKind::Received };
    Answer { recipient, at, kind, late: false, content: sealed.clone(), message: sealed }
}

fn opened() -> IncidentOpened {
    IncidentOpened {
        incident_id: INCIDENT,
        title: "River rising".to_owned(),
        kind: "flood".to_owned(),
        severity: Severity::Critical,
        mode: Mode::Exercise,
        summary: "Water at the bridge".to_owned(),
    }
}

fn brief() -> Brief {
    Brief {
        title: "Evacuate".to_owned(),
        template_id: TemplateId(Uuid::from_u128(3)),
        fallback_language: "en".parse().expect("this is a language"),
        purpose: Purpose::Alerts,
        segments: vec![SegmentId(Uuid::from_u128(4))],
        variables: BTreeMap::new(),
        header: None,
        rules: Rules {
            expires_after_s: 3_600,
            settles_after_s: 7_200,
            unknown: UnknownRule::Leave,
            answer_within_s: 300,
        },
    }
}
