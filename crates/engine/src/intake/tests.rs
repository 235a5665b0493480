//! What comes of webhooks.

mod messages;
mod receipts;
mod walk;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::Event;
use fanal_domain::broadcast::ReceiptStatus;
use fanal_domain::ladder::Recipient;
use fanal_domain::phone::PhoneNumber;
use fanal_domain::sender::SenderId;

use super::*;
use crate::envelope::RecordedEvent;
use crate::fault::{Faults, FaultyDirectory, FaultyKeys, FaultyLog};
use crate::ports::{EventLog, Filter, InboundBody, Notice};
use crate::step::Step;
use crate::testing::{Running, RunningPlan, Stage, TableWebhook};

/// A broadcast that has been sent to everyone, and a process that takes webhooks.
struct Fixture {
    stage: Stage,
    running: Running,
    webhook: Arc<TableWebhook>,
    faults: Faults,
    engine: Engine,
}

impl Fixture {
    async fn new() -> Self {
        let (stage, webhook, faults) =
            (Stage::default(), Arc::default(), Faults::default().slowly());
        let engine = process(&stage, &webhook, &faults);
        let running = Running::launch(&engine, &RunningPlan::default()).await;
        let fixture = Self { stage, running, webhook, faults, engine };
        fixture.send_to_everyone().await;
        fixture
    }

    async fn send_to_everyone(&self) {
        let mut lane = self.engine.lane();
        self.follow().await;
        while self.engine.live().board(|board| !board.running().all(|running| running.all_left())) {
            lane.step().await.unwrap();
            self.stage.clock.advance(TimeDelta::milliseconds(100));
            self.follow().await;
        }
    }

    async fn follow(&self) {
        while self.engine.follow().await.unwrap() == Step::Worked {}
    }

    /// The provider calls with these notices.
    async fn call(&self, notices: Vec<Notice>) -> Received {
        let body = self.webhook.body(notices);
        let received = self.engine.receive(&body, TableWebhook::SIGNATURE).await.unwrap();
        self.follow().await;
        received
    }

    fn now(&self) -> DateTime<Utc> {
        self.engine.ports.clock.now()
    }

    fn reference(&self, recipient: u32) -> Reference {
        Reference {
            incident_id: self.running.incident_id,
            broadcast_id: self.running.broadcast_id,
            recipient,
            attempt: 1,
        }
    }

    fn receipt(&self, recipient: u32, status: ReceiptStatus, at: DateTime<Utc>) -> Notice {
        Notice::Receipt(Receipt {
            reference: Some(self.reference(recipient).to_string()),
            message_id: format!("wamid.{recipient}"),
            status,
            at,
            failure: None,
            pricing: None,
        })
    }

    fn number(&self, recipient: u32) -> PhoneNumber {
        self.running.people[recipient as usize].1.clone()
    }

    fn ladder(&self) -> Vec<Recipient> {
        self.engine.live().read(|world| {
            let view = world.broadcast(self.running.broadcast_id).unwrap();
            (0..view.recipients()).map(|index| *view.facts_at(index).unwrap()).collect()
        })
    }

    async fn head(&self) -> Position {
        self.engine.ports.log.head().await.unwrap()
    }

    /// Every event of a kind, with its stream.
    async fn events(&self, kind: &str) -> Vec<(StreamId, Event)> {
        let filter = Filter { kinds: vec![kind.to_owned()], ..Filter::default() };
        let page = self.stage.log.read_all(Position(0), 10_000, &filter).await.unwrap();
        let event =
            |recorded: &RecordedEvent| (recorded.stream.clone(), recorded.decode().unwrap());
        page.events.iter().map(event).collect()
    }
}

fn process(stage: &Stage, webhook: &Arc<TableWebhook>, faults: &Faults) -> Engine {
    let mut ports = stage.ports();
    ports.log = Arc::new(FaultyLog { inner: ports.log, faults: faults.clone() });
    ports.directory = Arc::new(FaultyDirectory { inner: ports.directory, faults: faults.clone() });
    ports.keys = Arc::new(FaultyKeys { inner: ports.keys, faults: faults.clone() });
    ports.webhook = webhook.clone();
    Engine::new(ports, stage.config())
}

fn inbound(id: &str, from: PhoneNumber, at: DateTime<Utc>, body: InboundBody) -> Inbound {
    Inbound {
        message_id: id.to_owned(),
        from: Some(from),
        user_id: None,
        profile_name: Some("Ada".to_owned()),
        at,
        to: SenderId("106540352242922".to_owned()),
        in_reply_to: None,
        body,
    }
}

fn text(id: &str, from: PhoneNumber, at: DateTime<Utc>, words: &str) -> Notice {
    Notice::Inbound(inbound(id, from, at, InboundBody::Text(words.to_owned())))
}

#[tokio::test]
async fn refuses_what_is_not_signed_not_readable_or_too_large_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let body = fixture.webhook.body(vec![fixture.receipt(0, ReceiptStatus::Read, fixture.now())]);
    let notice = || Notice::Unrecognised { field: "flows".to_owned(), raw: "{}".to_owned() };
    let crowded = fixture.webhook.body((0..=NOTICES_MAX).map(|_| notice()).collect());
    let huge = vec![b' '; BODY_BYTES_MAX + 1];
    let before = fixture.head().await;

    for (body, signature, expected) in [
        (&body, None, "the signature is not that of the body"),
        (&body, Some("forged"), "the signature is not that of the body"),
        (&b"{".to_vec(), TableWebhook::SIGNATURE, "the body cannot be read"),
        (&crowded, TableWebhook::SIGNATURE, "a body has at most 3145728 bytes and 1000 notices"),
        (&huge, TableWebhook::SIGNATURE, "a body has at most 3145728 bytes and 1000 notices"),
    ] {
        let error = fixture.engine.receive(body, signature).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(fixture.head().await, before);
}

#[tokio::test]
async fn what_nothing_follows_from_is_kept_sealed_and_once() {
    let fixture = Fixture::new().await;
    let unknown = Notice::Unrecognised { field: "flows".to_owned(), raw: "{\"a\":1}".to_owned() };
    let hidden = Notice::Inbound(Inbound {
        from: None,
        ..inbound("m1", fixture.number(0), fixture.now(), InboundBody::Text("hello".to_owned()))
    });
    let body = fixture.webhook.body(vec![unknown, hidden]);
    for _ in 0..3 {
        fixture.engine.receive(&body, TableWebhook::SIGNATURE).await.unwrap();
    }

    let kept = fixture.events("notice_kept").await;
    assert_eq!(kept.len(), 2);
    for ((_, event), field) in kept.iter().zip(["flows", "messages"]) {
        let Event::NoticeKept(notice) = event else { panic!("{event:?}") };
        assert_eq!(notice.field, field);
        assert!(!notice.raw.as_bytes().windows(5).any(|bytes| bytes == b"hello"));
    }
}
