//! What may happen to persons, and what must not.

use std::collections::BTreeMap;

use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{Consent, ContactStanding, Relation};
use uuid::Uuid;

use super::*;
use crate::OnceKey;
use crate::ports::{AccessRole, IdSource as _};
use crate::testing::Stage;

fn context(stage: &Stage) -> Context {
    Context::system("test", stage.ids.next())
}

fn ada() -> ContactDraft {
    ContactDraft {
        name: Some(" Ada Lovelace ".to_owned()),
        whatsapp: Some("06 12 34 56 78".to_owned()),
        sms: None,
        external_id: None,
        attributes: BTreeMap::new(),
        language: "fr".parse().unwrap(),
        relation: Relation::Resident,
    }
}

fn ben() -> ContactDraft {
    ContactDraft {
        name: Some("Ben".to_owned()),
        whatsapp: Some("+447700900123".to_owned()),
        ..ada()
    }
}

fn consent(stage: &Stage) -> NewConsent {
    NewConsent {
        purpose: Purpose::Alerts,
        basis: Basis::Consent,
        method: Method::Form,
        given_at: crate::ports::Clock::now(&stage.clock),
        evidence: Some("form 17".to_owned()),
    }
}

async fn registered(engine: &Engine, context: &Context, draft: ContactDraft) -> ContactId {
    ContactId(engine.register_contact(context, draft, Vec::new()).await.unwrap().id)
}

async fn view(engine: &Engine, context: &Context, id: ContactId) -> ContactView {
    engine.contact(context, id, None).await.unwrap()
}

#[track_caller]
fn check_rejected<T: std::fmt::Debug>(result: Result<T, UseCaseError>, code: &str) {
    match result {
        Err(UseCaseError::Rejected { code: found, .. }) => assert_eq!(found, code),
        other => panic!("expected {code}, got {other:?}"),
    }
}

#[tokio::test]
async fn registers_a_person_with_consent_and_finds_them_by_any_spelling() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let consents = vec![consent(&stage)];
    let written = engine.register_contact(&context, ada(), consents).await.unwrap();
    let id = ContactId(written.id);

    let found = engine.find_contact(&context, "+33 (0)6 12 34 56 78").await.unwrap();
    let view = view(&engine, &context, id).await;

    assert_eq!((found, written.version), (Some(id), 2));
    let profile = view.profile.unwrap();
    assert_eq!(profile.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(profile.whatsapp.unwrap().as_e164(), "+33612345678");
    assert!(matches!(view.consents[&Purpose::Alerts], Consent::Given { .. }));
    let entries = engine.contacts(&context, None, 10).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.contact_id).collect::<Vec<_>>(), [id]);
    assert!(engine.contacts(&context, Some(id), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_number_belongs_to_one_person() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    registered(&engine, &context, ada()).await;
    let other = registered(&engine, &context, ben()).await;

    let as_sms = ContactDraft { whatsapp: None, sms: Some("+33612345678".to_owned()), ..ben() };
    check_rejected(engine.register_contact(&context, as_sms.clone(), vec![]).await, "number_taken");
    check_rejected(engine.change_contact(&context, other, as_sms).await, "number_taken");
}

#[tokio::test]
async fn bad_input_names_the_field_and_changes_nothing() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let drafts = [
        (ContactDraft { whatsapp: Some("12".to_owned()), ..ada() }, "whatsapp"),
        (ContactDraft { sms: Some("hello".to_owned()), ..ada() }, "sms"),
        (ContactDraft { name: Some(" ".to_owned()), ..ada() }, "name"),
        (ContactDraft { external_id: Some("a\u{7}".to_owned()), ..ada() }, "external_id"),
    ];
    for (draft, expected) in drafts {
        match engine.register_contact(&context, draft, Vec::new()).await {
            Err(UseCaseError::Invalid { field, .. }) => assert_eq!(field, expected),
            other => panic!("expected {expected} to be refused, got {other:?}"),
        }
    }
    assert_eq!(engine.ports().log.head().await.unwrap(), Position(0));
}

#[tokio::test]
async fn the_same_change_twice_is_one() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let id = registered(&engine, &context, ada()).await;
    let moved = ContactDraft { language: "en".parse().unwrap(), ..ada() };

    let first = engine.change_contact(&context, id, moved.clone()).await.unwrap();
    let second = engine.change_contact(&context, id, moved).await.unwrap();

    assert_eq!((first.version, second.version), (2, 2));
    assert_eq!(first.position, second.position);
}

#[tokio::test]
async fn a_second_try_gets_the_first_answer_though_the_number_is_taken_by_now() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let context = context.with_once(OnceKey { key: [1; 32], fingerprint: [2; 32] });
    let first = engine.register_contact(&context, ada(), Vec::new()).await.unwrap();

    let second = engine.register_contact(&context, ada(), Vec::new()).await.unwrap();
    let other = context.clone().with_once(OnceKey { key: [1; 32], fingerprint: [3; 32] });
    let reused = engine.register_contact(&other, ben(), Vec::new()).await;

    assert_eq!((second.id, second.replayed), (first.id, true));
    assert!(matches!(reused, Err(UseCaseError::KeyReused)));
}

#[tokio::test]
async fn who_was_forgotten_is_forgotten_at_every_moment_and_place() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let id = registered(&engine, &context, ada()).await;
    let before = view(&engine, &context, id).await;

    let erased = engine.erase_contact(&context, id, "asked".to_owned()).await.unwrap();
    let again = engine.erase_contact(&context, id, "asked".to_owned()).await.unwrap();

    assert_eq!((erased.version, again.version), (2, 2));
    let after = view(&engine, &context, id).await;
    assert_eq!((after.standing, after.profile), (ContactStanding::Erased, None));
    let past = engine.contact(&context, id, Some(before.position)).await.unwrap();
    assert_eq!((past.standing, past.profile), (ContactStanding::Active, None));
    assert_eq!(engine.find_contact(&context, "0612345678").await.unwrap(), None);
    assert_eq!(engine.contacts(&context, None, 10).await.unwrap()[0].profile, None);
    check_rejected(engine.change_contact(&context, id, ada()).await, "contact_erased");
    registered(&engine, &context, ada()).await;
}

#[tokio::test]
async fn what_would_be_refused_destroys_nothing() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let id = registered(&engine, &context, ada()).await;

    let viewer = Context::new("token:eve", AccessRole::Commander, Uuid::nil());
    let refused = engine.erase_contact(&viewer, id, "asked".to_owned()).await;
    assert!(matches!(refused, Err(UseCaseError::Forbidden { needs: AccessRole::Admin })));
    check_rejected(engine.erase_contact(&context, id, " ".to_owned()).await, "text_empty");
    let believed = context.clone().with_if_version(7);
    let refused = engine.erase_contact(&believed, id, "asked".to_owned()).await;
    assert!(matches!(refused, Err(UseCaseError::Stale { expected: 7, actual: 1 })));
    let nobody = engine.erase_contact(&context, ContactId(Uuid::nil()), "x".to_owned()).await;
    assert!(matches!(nobody, Err(UseCaseError::NotFound { what: "contact" })));

    assert!(view(&engine, &context, id).await.profile.is_some());
}

#[tokio::test]
async fn an_opt_out_survives_the_merge() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let twin = registered(&engine, &context, ada()).await;
    let kept = registered(&engine, &context, ben()).await;
    engine.give_consent(&context, kept, consent(&stage)).await.unwrap();
    stage.clock.advance(chrono::TimeDelta::seconds(1));
    let purposes = vec![Purpose::Alerts];
    let stop = (purposes, Method::Message, Some("STOP".to_owned()));
    engine.withdraw_consent(&context, twin, stop.0, stop.1, stop.2).await.unwrap();

    engine.merge_contacts(&context, twin, kept).await.unwrap();

    let kept_view = view(&engine, &context, kept).await;
    assert!(matches!(kept_view.consents[&Purpose::Alerts], Consent::Withdrawn { .. }));
    assert_eq!(view(&engine, &context, twin).await.standing, ContactStanding::Merged(kept));
    check_rejected(engine.merge_contacts(&context, kept, twin).await, "contact_merged");
    check_rejected(engine.merge_contacts(&context, kept, kept).await, "merged_into_itself");
}
