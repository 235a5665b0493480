//! Who is told and who is not, and that a plan is whole or not there.

mod faults;
mod properties;

use std::collections::BTreeMap;

use fanal_domain::broadcast::AudienceFrozen;
use fanal_domain::id::ContactId;
use fanal_domain::ladder::SuppressionReason;
use fanal_domain::segment::Rule;
use fanal_domain::template::ProviderStatus;

use super::*;
use crate::OnceKey;
use crate::broadcasts::desk::{Consent, Desk, Fate, Somebody};
use crate::testing::say;

#[track_caller]
fn check_rejected<T: std::fmt::Debug>(result: Result<T, UseCaseError>, expected: &str) -> String {
    match result {
        Err(UseCaseError::Rejected { code, message, .. }) if code == expected => message,
        other => panic!("expected {expected}, got {other:?}"),
    }
}

async fn plan(desk: &Desk, id: BroadcastId) -> Planned {
    desk.engine.plan_broadcast(&desk.context, id).await.unwrap()
}

/// Why somebody beside a usual recipient is not told.
async fn check_suppressed(odd: Somebody, expected: SuppressionReason) {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1), odd]).await;
    let id = desk.draft(&people).await;

    let planned = plan(&desk, id).await.plan;

    assert_eq!(planned.suppressed, BTreeMap::from([(expected, 1)]));
    let [AudienceFrozen { recipients, suppressed, .. }] = &desk.frozen(id, 1).await[..] else {
        panic!("a small audience is one chunk");
    };
    assert_eq!(recipients.iter().map(|one| one.contact_id).collect::<Vec<_>>(), people[..1]);
    assert_eq!((suppressed[0].contact_id, suppressed[0].reason), (people[1], expected));
}

#[tokio::test]
async fn leaves_out_whoever_must_or_can_not_be_told_and_says_why() {
    use SuppressionReason as R;
    let usual = || Somebody::with_number(2);
    let long = "a".repeat(600);
    for (odd, expected) in [
        (Somebody { consent: Consent::Never, ..usual() }, R::NoConsent),
        (Somebody { consent: Consent::ToMarketing, ..usual() }, R::NoConsent),
        (Somebody { consent: Consent::Withdrawn, ..usual() }, R::OptedOut),
        (Somebody { number: None, ..usual() }, R::NoAddress),
        (Somebody { number: Some(1), ..usual() }, R::Duplicate),
        (Somebody { fate: Fate::Merged, ..usual() }, R::Merged),
        (Somebody { fate: Fate::Erased, ..usual() }, R::Erased),
        (Somebody { fate: Fate::HalfErased, ..usual() }, R::Erased),
        (Somebody { nickname: Some("a     b".to_owned()), ..usual() }, R::NoValue),
        (Somebody { nickname: Some(long.repeat(2)), ..usual() }, R::NoValue),
    ] {
        check_suppressed(odd, expected).await;
    }
}

#[tokio::test]
async fn everybody_reads_their_own_language_or_the_fallback() {
    let desk = Desk::open().await;
    let reads = |language, number| Somebody { language, ..Somebody::with_number(number) };
    let people = desk.settle(&[reads("fr_CA", 1), reads("de", 2), reads("fr", 3)]).await;
    desk.note("en", ProviderStatus::Paused).await;
    let without_fallback = desk.draft(&people).await;
    assert_eq!(
        plan(&desk, without_fallback).await.plan.suppressed,
        BTreeMap::from([(SuppressionReason::NoTranslation, 1)])
    );
    desk.note("en", ProviderStatus::Approved).await;
    let id = desk.draft(&people).await;

    assert_eq!(plan(&desk, id).await.plan.suppressed, BTreeMap::new());

    let told: Vec<_> = desk.frozen(id, 1).await[0]
        .recipients
        .iter()
        .map(|one| (one.contact_id, one.language.to_string(), one.market.clone()))
        .collect();
    let expected = [(0, "fr"), (1, "en"), (2, "fr")]
        .map(|(nth, language): (usize, &str)| (people[nth], language.to_owned(), "FR".to_owned()));
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_number_that_wants_to_hear_nothing_hears_nothing_by_another_name() {
    let desk = Desk::open().await;
    let objector = Somebody { consent: Consent::Withdrawn, ..Somebody::with_number(1) };
    let silent = Somebody { consent: Consent::Never, ..Somebody::with_number(2) };
    let people = [objector, Somebody::with_number(1), silent, Somebody::with_number(2)];
    let people = desk.settle(&people).await;
    let id = desk.draft(&people).await;

    plan(&desk, id).await;

    let frozen = desk.frozen(id, 1).await;
    let reasons: Vec<_> = frozen[0].suppressed.iter().map(|one| one.reason).collect();
    let expected =
        [SuppressionReason::OptedOut, SuppressionReason::Duplicate, SuppressionReason::NoConsent];
    assert_eq!(reasons, expected);
    assert_eq!(frozen[0].recipients[0].contact_id, people[3]);
}

#[tokio::test]
async fn a_large_audience_is_frozen_in_full_chunks() {
    let desk = Desk::open().await;
    let untold = |_| Somebody { number: None, ..Somebody::with_number(0) };
    let people: Vec<_> =
        (0..2_500).map(Somebody::with_number).chain((0..4_100).map(untold)).collect();
    let people = desk.settle(&people).await;
    let id = desk.draft(&people).await;

    let planned = plan(&desk, id).await.plan;

    assert_eq!((planned.recipients, planned.chunks, planned.plan), (2_500, 7, 1));
    assert_eq!(planned.suppressed, BTreeMap::from([(SuppressionReason::NoAddress, 4_100)]));
    let frozen = desk.frozen(id, 1).await;
    let shape =
        |one: &AudienceFrozen| (one.chunk, one.first, one.recipients.len(), one.suppressed.len());
    let expected = [
        (0, 0, 1000, 0),
        (1, 1000, 1000, 0),
        (2, 2000, 500, 1000),
        (3, 2500, 0, 1000),
        (4, 2500, 0, 1000),
        (5, 2500, 0, 1000),
        (6, 2500, 0, 100),
    ];
    assert_eq!(frozen.iter().map(shape).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn an_audience_of_nobody_is_refused_with_the_reasons_and_leaves_no_trace() {
    let desk = Desk::open().await;
    let silent = Somebody { consent: Consent::Never, ..Somebody::with_number(1) };
    let numberless = Somebody { number: None, ..Somebody::with_number(1) };
    let people = desk.settle(&[silent.clone(), silent, numberless]).await;
    let id = desk.draft(&people).await;
    let head = desk.head().await;

    let refused = desk.engine.plan_broadcast(&desk.context, id).await;

    let message = check_rejected(refused, "audience_empty");
    assert!(message.contains("2 without consent, 1 without a number"), "{message}");
    let nobody = Rule::Expression("contact.language == \"ja\"".to_owned());
    let segment = desk.segment_of(nobody).await;
    let id = desk.draft_of(desk.brief(vec![segment])).await.unwrap();
    let refused = desk.engine.plan_broadcast(&desk.context, id).await;
    assert!(check_rejected(refused, "audience_empty").contains("select nobody"));
    assert_eq!(desk.head().await.0, head.0 + 2, "only the segment and the draft");
}

#[tokio::test]
async fn the_audience_is_the_union_of_its_segments_as_people_are_now() {
    let desk = Desk::open().await;
    let people: Vec<_> = (0..6).map(Somebody::with_number).collect();
    let people = desk.settle(&people).await;
    let listed = desk.segment(&people[..4]).await;
    let english = desk.segment_of(Rule::Expression("contact.language == \"en\"".to_owned())).await;
    let id = desk.draft_of(desk.brief(vec![listed, english])).await.unwrap();
    let late = desk.settle(&[Somebody::with_number(7)]).await;

    assert_eq!(plan(&desk, id).await.plan.recipients, 7);

    let told: Vec<ContactId> =
        desk.frozen(id, 1).await[0].recipients.iter().map(|one| one.contact_id).collect();
    assert_eq!(told, [people, late].concat());
}

#[tokio::test]
async fn the_hash_changes_exactly_when_the_audience_does() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1), Somebody::with_number(2)]).await;
    let segment = desk.segment(&people).await;
    let brief = desk.brief(vec![segment]);
    let id = desk.draft_of(brief.clone()).await.unwrap();
    let first = plan(&desk, id).await.plan;
    desk.engine.revise_broadcast(&desk.context, id, brief.clone()).await.unwrap();
    let again = plan(&desk, id).await.plan;
    desk.withdraw(people[1]).await;
    desk.engine.revise_broadcast(&desk.context, id, brief).await.unwrap();
    let fewer = plan(&desk, id).await.plan;

    assert_eq!((first.plan, again.plan, fewer.plan), (1, 2, 3));
    assert_eq!(first.audience_hash, again.audience_hash);
    assert_ne!(first.audience_hash, fewer.audience_hash);
    assert_eq!((fewer.recipients, fewer.suppressed.len()), (1, 1));
}

#[tokio::test]
async fn what_a_dead_planner_left_behind_is_never_used() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1), Somebody::with_number(2)]).await;
    let id = desk.draft(&people).await;
    let left = AudienceFrozen { chunk: 0, first: 0, recipients: vec![], suppressed: vec![] };
    let stream = StreamId::chunk(desk.incident_id, id, 1, 0);
    say(&desk.engine, vec![(stream, vec![left.into()])]).await;

    let planned = plan(&desk, id).await;

    assert_eq!((planned.plan.plan, planned.plan.recipients), (2, 2));
    desk.engine.follow_to(planned.written.position).await.unwrap();
    let shown = desk.engine.live().read(|world| world.broadcast(id).unwrap().recipients());
    assert_eq!(shown, 2);
}

#[tokio::test]
async fn a_second_try_of_the_same_request_gets_the_first_ones_numbers() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1)]).await;
    let id = desk.draft(&people).await;
    let context = desk.context.clone().with_once(OnceKey { key: [1; 32], fingerprint: [2; 32] });
    let first = desk.engine.plan_broadcast(&context, id).await.unwrap();
    let brief = desk.brief(vec![desk.segment(&people).await]);
    desk.engine.revise_broadcast(&desk.context, id, brief).await.unwrap();

    let again = desk.engine.plan_broadcast(&context, id).await.unwrap();

    assert_eq!(again.plan, first.plan);
    assert!(again.written.replayed && !first.written.replayed);
}

#[tokio::test]
async fn only_a_draft_of_an_unfinished_incident_is_planned() {
    let desk = Desk::open().await;
    let people = desk.settle(&[Somebody::with_number(1)]).await;
    let (planned, draft) = (desk.draft(&people).await, desk.draft(&people).await);
    plan(&desk, planned).await;
    let head = desk.head().await;
    let again = desk.engine.plan_broadcast(&desk.context, planned).await;
    check_rejected(again, "broadcast_wrong_phase");
    assert_eq!(desk.head().await, head);

    let reason = Some("over".to_owned());
    desk.engine.close_incident(&desk.context, desk.incident_id, reason).await.unwrap();
    let closed = desk.engine.plan_broadcast(&desk.context, draft).await;
    check_rejected(closed, "incident_closed");
    let unknown = desk.engine.plan_broadcast(&desk.context, BroadcastId(uuid::Uuid::nil())).await;
    assert!(matches!(unknown, Err(UseCaseError::NotFound { what: "broadcast" })));
}
