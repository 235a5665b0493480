//! The directory after what happened to people.

use fanal_domain::consent::{Basis, Method, Purpose};
use fanal_domain::contact::{
    ConsentGiven, ConsentWithdrawn, ContactChanged, ContactErased, ContactMerged,
    ContactRegistered, Relation,
};
use fanal_domain::id::ConsentId;

use super::*;
use crate::envelope::{Append, Expected, NewEvent, Provenance, StreamAppend, StreamId};
use crate::ports::ConsentState;
use crate::testing::Stage;

async fn say(engine: &Engine, id: ContactId, event: impl Into<Event>) -> Position {
    let (event_id, now) = (engine.ports.ids.next(), engine.ports.clock.now());
    let append = Append {
        provenance: Provenance { actor: "test".into(), causation: None, correlation: None },
        streams: vec![StreamAppend {
            stream: StreamId::contact(id),
            expected: Expected::Any,
            events: vec![NewEvent::of(&event.into(), event_id, now)],
        }],
        once: None,
    };
    engine.ports.log.append(append).await.unwrap().last
}

async fn register(engine: &Engine, number: &str) -> ContactId {
    let contact_id = ContactId(engine.ports.ids.next());
    let profile = Profile { whatsapp: Some(number.parse().unwrap()), ..Profile::default() };
    let keys = engine.vault.ensure(&[contact_id.0]).await.unwrap();
    let profile = profile.seal(&keys, contact_id).unwrap();
    let (language, relation) = ("fr".parse().unwrap(), Relation::Resident);
    say(engine, contact_id, ContactRegistered { contact_id, profile, language, relation }).await;
    contact_id
}

async fn project(engine: &Engine) {
    while engine.project_directory().await.unwrap() == Step::Worked {}
}

async fn row(engine: &Engine, id: ContactId) -> ContactRow {
    engine.ports.directory.contacts(&[id]).await.unwrap().remove(0)
}

async fn owner(engine: &Engine, number: &str) -> Option<ContactId> {
    let address = engine.vault.blind_index(&number.parse().unwrap());
    let owners = engine.ports.directory.owners(&[address]).await.unwrap();
    owners.first().map(|(_, id)| *id)
}

fn given(engine: &Engine, purpose: Purpose) -> ConsentGiven {
    ConsentGiven {
        consent_id: ConsentId(engine.ports.ids.next()),
        purpose,
        basis: Basis::Consent,
        method: Method::Form,
        given_at: engine.ports.clock.now(),
        evidence: None,
    }
}

fn withdrawn(engine: &Engine, purposes: Vec<Purpose>) -> ConsentWithdrawn {
    let withdrawn_at = engine.ports.clock.now();
    ConsentWithdrawn { purposes, method: Method::Message, withdrawn_at, evidence: None }
}

#[tokio::test]
async fn a_person_is_found_by_number_and_after_a_change_by_the_new_one() {
    let engine = Stage::default().engine();
    let id = register(&engine, "+33612345678").await;
    project(&engine).await;
    assert_eq!(owner(&engine, "+33612345678").await, Some(id));

    let changed = Profile { whatsapp: "+34612345678".parse().ok(), ..Profile::default() };
    let keys = engine.vault.load(&[id.0]).await.unwrap();
    let profile = changed.seal(&keys, id).unwrap();
    let (language, relation) = ("es".parse().unwrap(), Relation::Customer);
    say(&engine, id, ContactChanged { profile, language, relation }).await;
    project(&engine).await;

    assert_eq!(owner(&engine, "+33612345678").await, None);
    assert_eq!(owner(&engine, "+34612345678").await, Some(id));
    assert_eq!(row(&engine, id).await.language.as_str(), "es");
}

#[tokio::test]
async fn consent_stands_where_the_last_word_left_it() {
    let engine = Stage::default().engine();
    let id = register(&engine, "+33612345678").await;
    let alerts = say(&engine, id, given(&engine, Purpose::Alerts)).await;
    say(&engine, id, given(&engine, Purpose::Marketing)).await;
    let stop = say(&engine, id, withdrawn(&engine, vec![Purpose::Marketing])).await;
    project(&engine).await;

    let consents = row(&engine, id).await.consents;
    assert_eq!(consents.get(&Purpose::Alerts), Some(&ConsentState::Given(alerts)));
    assert_eq!(consents.get(&Purpose::Marketing), Some(&ConsentState::Withdrawn(stop)));
    assert_eq!(consents.get(&Purpose::Service), None);
}

#[tokio::test]
async fn nobody_is_found_by_number_who_was_merged_or_forgotten() {
    let engine = Stage::default().engine();
    let kept = register(&engine, "+33612345678").await;
    let merged = register(&engine, "+33612345679").await;
    let erased = register(&engine, "+33612345670").await;
    project(&engine).await;
    say(&engine, merged, ContactMerged { into: kept }).await;
    engine.vault.destroy(erased.0, engine.ports.clock.now()).await.unwrap();
    say(&engine, erased, ContactErased { reason: String::new() }).await;
    project(&engine).await;

    assert_eq!(row(&engine, merged).await.state, ContactState::Merged(kept));
    assert_eq!(row(&engine, erased).await.state, ContactState::Erased);
    for number in ["+33612345679", "+33612345670"] {
        assert_eq!(owner(&engine, number).await, None);
    }
}

#[tokio::test]
async fn a_key_destroyed_before_its_person_was_projected_leaves_no_number() {
    let engine = Stage::default().engine();
    let id = register(&engine, "+33612345678").await;
    engine.vault.destroy(id.0, engine.ports.clock.now()).await.unwrap();
    project(&engine).await;

    assert!(row(&engine, id).await.addresses.is_empty());
}

#[tokio::test]
async fn a_rebuild_comes_to_the_same_rows_while_the_old_ones_serve() {
    let engine = Stage::default().engine();
    let id = register(&engine, "+33612345678").await;
    say(&engine, id, given(&engine, Purpose::Alerts)).await;
    project(&engine).await;
    let before = engine.ports.directory.page(None, 10).await.unwrap();

    let rebuild = engine.rebuild_directory().await.unwrap();
    assert_eq!(owner(&engine, "+33612345678").await, Some(id), "the old one serves");
    while rebuild.step().await.unwrap() == Step::Worked {}
    rebuild.finish().await.unwrap();

    assert_eq!(engine.ports.directory.page(None, 10).await.unwrap(), before);
    let other = register(&engine, "+33612345679").await;
    project(&engine).await;
    assert_eq!(owner(&engine, "+33612345679").await, Some(other), "it goes on from there");
}

#[tokio::test]
async fn two_processes_that_project_the_same_log_do_it_once() {
    let stage = Stage::default();
    let (one, two) = (stage.engine(), stage.engine());
    let id = register(&one, "+33612345678").await;
    say(&one, id, given(&one, Purpose::Alerts)).await;

    let (first, second) = futures::join!(one.project_directory(), two.project_directory());
    first.unwrap();
    second.unwrap();
    project(&two).await;

    assert_eq!(row(&one, id).await.version, 2);
    one.project_directory_to(one.ports.log.head().await.unwrap()).await.unwrap();
}
