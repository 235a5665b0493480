//! Receipts: attributed, merged, and none twice.

use fanal_domain::id::IncidentId;
use fanal_domain::ladder::{Failure, FailureClass, Status};
use futures::future::join_all;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const STATUSES: [ReceiptStatus; 4] =
    [ReceiptStatus::Sent, ReceiptStatus::Delivered, ReceiptStatus::Read, ReceiptStatus::Failed];

#[tokio::test]
async fn a_receipt_moves_its_recipient_and_no_other() {
    let fixture = Fixture::new().await;
    fixture.call(vec![fixture.receipt(3, ReceiptStatus::Delivered, fixture.now())]).await;

    let statuses: Vec<Status> = fixture.ladder().iter().map(Recipient::status).collect();
    let expected: Vec<Status> = (0..12)
        .map(|index| if index == 3 { Status::Delivered } else { Status::Accepted })
        .collect();
    assert_eq!(statuses, expected);
}

#[tokio::test]
async fn what_is_known_already_makes_the_log_no_longer() {
    let fixture = Fixture::new().await;
    let now = fixture.now();
    fixture.call(vec![fixture.receipt(3, ReceiptStatus::Delivered, now)]).await;
    let before = fixture.head().await;

    let again = fixture.call(vec![fixture.receipt(3, ReceiptStatus::Delivered, now)]).await;
    let later = now + TimeDelta::seconds(9);
    let later = fixture.call(vec![fixture.receipt(3, ReceiptStatus::Delivered, later)]).await;

    assert_eq!((again.position, later.position), (None, None));
    assert_eq!(fixture.head().await, before);
}

#[tokio::test]
async fn a_receipt_of_what_we_never_sent_is_kept_and_moves_nobody() {
    let fixture = Fixture::new().await;
    let before = fixture.ladder();
    let stranger = Reference { incident_id: IncidentId(Uuid::nil()), ..fixture.reference(0) };
    let nobody = fixture.reference(12);
    let notices: Vec<Notice> = [
        None,
        Some("something else".to_owned()),
        Some(stranger.to_string()),
        Some(nobody.to_string()),
    ]
    .into_iter()
    .map(|reference| {
        let Notice::Receipt(receipt) = fixture.receipt(0, ReceiptStatus::Read, fixture.now())
        else {
            panic!("it is a receipt");
        };
        Notice::Receipt(Receipt { reference, ..receipt })
    })
    .collect();

    fixture.call(notices).await;

    assert_eq!(fixture.events("notice_kept").await.len(), 4);
    assert_eq!(fixture.ladder(), before);
}

#[tokio::test]
async fn bodies_that_come_together_share_an_append() {
    let fixture = Fixture::new().await;
    let now = fixture.now();
    let bodies: Vec<Vec<u8>> = (0..12)
        .flat_map(|recipient| STATUSES.map(|status| (recipient, status)))
        .map(|(recipient, status)| {
            fixture.webhook.body(vec![fixture.receipt(recipient, status, now)])
        })
        .collect();

    let calls = bodies.iter().map(|body| fixture.engine.receive(body, TableWebhook::SIGNATURE));
    for received in join_all(calls).await {
        assert!(received.unwrap().position.is_some(), "each is told where its news stands");
    }
    fixture.follow().await;

    let events = fixture.events("receipts_recorded").await.len();
    assert!(events <= 4, "48 bodies came to {events} events");
    assert!(fixture.ladder().iter().all(|recipient| recipient.status() == Status::Read));
}

#[tokio::test]
async fn a_failure_that_comes_later_says_why() {
    let fixture = Fixture::new().await;
    let Notice::Receipt(receipt) = fixture.receipt(5, ReceiptStatus::Failed, fixture.now()) else {
        panic!("it is a receipt");
    };
    let failure = Some(Failure { class: FailureClass::Refused, code: 131_026 });
    fixture.call(vec![Notice::Receipt(Receipt { failure, ..receipt })]).await;

    assert_eq!(fixture.ladder()[5].status(), Status::Failed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn order_repetition_and_batching_leave_no_trace(
        said in prop::collection::vec((0_u32..12, 0_usize..4, 0_i64..5), 1..40),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..80),
        batch in 1_usize..7,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (one, other) = (Fixture::new().await, Fixture::new().await);
            let notices = |fixture: &Fixture| -> Vec<Notice> {
                said.iter().map(|(recipient, status, second)| {
                    let at = fixture.now() + TimeDelta::seconds(*second);
                    fixture.receipt(*recipient, STATUSES[*status], at)
                }).collect()
            };
            one.call(notices(&one)).await;

            let told = notices(&other);
            let disordered: Vec<Notice> =
                order.iter().map(|index| index.get(&told).clone()).chain(told.clone()).collect();
            for batch in disordered.chunks(batch) {
                other.call(batch.to_vec()).await;
            }
            assert_eq!(one.ladder(), other.ladder());
        });
    }
}
