//! Every call to the world fails once while webhooks come in, and the provider tries again.

use fanal_domain::ladder::Status;
use fanal_domain::template::AnswerKind;

use super::*;
use crate::fault::Fault;
use crate::reference::Payload;

fn notices(fixture: &Fixture) -> Vec<Notice> {
    let now = fixture.now();
    let payload =
        Payload { reference: fixture.reference(4), answer: AnswerKind::Received }.to_string();
    let pressed = InboundBody::Button { payload, label: "Got it".to_owned() };
    vec![
        fixture.receipt(1, ReceiptStatus::Delivered, now),
        fixture.receipt(2, ReceiptStatus::Read, now),
        Notice::Inbound(inbound("m1", fixture.number(4), now, pressed)),
        text("m2", fixture.number(5), now, "STOP"),
        text("m3", "+34699999999".parse().unwrap(), now, "hola"),
        Notice::Unrecognised { field: "flows".to_owned(), raw: "{}".to_owned() },
    ]
}

/// The provider sends the body until it is taken.
async fn deliver(fixture: &Fixture, body: &[u8]) {
    for _ in 0..3 {
        if fixture.engine.receive(body, TableWebhook::SIGNATURE).await.is_ok() {
            return;
        }
    }
    panic!("one fault makes one try fail");
}

#[tokio::test]
async fn whatever_fails_everything_is_taken_in_once() {
    for fault in [Fault::RefusedBefore, Fault::LostAnswer] {
        for call in 1.. {
            let fixture = Fixture::new().await;
            let began = fixture.faults.calls();
            fixture.faults.add(began + call, fault);
            let body = fixture.webhook.body(notices(&fixture));
            deliver(&fixture, &body).await;
            let met = fixture.faults.calls() >= began + call;
            deliver(&fixture, &body).await;
            fixture.follow().await;

            let what = format!("{fault:?} at call {call}");
            let ladder = fixture.ladder();
            assert_eq!(ladder[1].status(), Status::Delivered, "{what}");
            assert_eq!(ladder[2].status(), Status::Read, "{what}");
            assert_eq!(ladder[4].status(), Status::Acknowledged, "{what}");
            for (kind, count) in [
                ("answers_recorded", 2),
                ("consent_withdrawn", 1),
                ("message_received", 1),
                ("contact_registered", 13),
                ("notice_kept", 1),
            ] {
                assert_eq!(fixture.events(kind).await.len(), count, "{what}: {kind}");
            }
            if !met {
                assert!(call > 20, "the walk was a short one: {call}");
                break;
            }
        }
    }
}
