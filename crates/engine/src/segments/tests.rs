//! Who belongs, and which rules are refused.

use std::collections::BTreeMap;

use fanal_domain::contact::{ContactRegistered, Relation};
use uuid::Uuid;

use super::*;
use crate::contacts::ContactDraft;
use crate::person::{AttributeValue, Profile};
use crate::ports::IdSource as _;
use crate::testing::{Stage, say};

struct Town {
    engine: Engine,
    context: Context,
    people: Vec<ContactId>,
}

/// Four people on floors 1 to 4; the last has no number, the first two read French.
async fn town(stage: &Stage) -> Town {
    let engine = stage.engine();
    let context = Context::system("test", stage.ids.next());
    let mut people = Vec::new();
    for floor in 1..=4_u32 {
        let language = if floor <= 2 { "fr" } else { "en" };
        let number = AttributeValue::Number(floor.into());
        let draft = ContactDraft {
            name: None,
            whatsapp: (floor < 4).then(|| format!("+3361234567{floor}")),
            sms: None,
            external_id: None,
            attributes: BTreeMap::from([("floor".to_owned(), number)]),
            language: language.parse().unwrap(),
            relation: Relation::Resident,
        };
        let written = engine.register_contact(&context, draft, Vec::new()).await.unwrap();
        people.push(ContactId(written.id));
    }
    Town { engine, context, people }
}

fn expression(text: &str) -> Rule {
    Rule::Expression(text.to_owned())
}

#[tokio::test]
async fn counts_who_belongs_and_who_can_be_reached() {
    let stage = Stage::default();
    let Town { engine, context, people } = town(&stage).await;
    let rule = expression("contact.floor >= 2");
    let written = engine.define_segment(&context, "Upstairs".to_owned(), rule).await.unwrap();

    let count = engine.count_segment(&context, SegmentId(written.id)).await.unwrap();

    assert_eq!((count.people, count.reachable), (3, 2));
    assert_eq!(count.sample, people[1..]);
}

#[tokio::test]
async fn a_list_selects_exactly_those_it_names() {
    let stage = Stage::default();
    let Town { engine, context, people } = town(&stage).await;
    let count = engine.preview_segment(&context, &Rule::Contacts(vec![people[2], people[0]])).await;
    assert_eq!(count.unwrap().sample, [people[0], people[2]]);
}

#[tokio::test]
async fn a_preview_refuses_what_could_not_be_defined() {
    let stage = Stage::default();
    let Town { engine, context, .. } = town(&stage).await;
    let none = engine.preview_segment(&context, &Rule::Contacts(vec![])).await;
    assert!(matches!(none, Err(UseCaseError::Rejected { code: "contacts_empty", .. })));
    for (rule, expected) in [
        (Rule::Contacts(vec![ContactId(Uuid::nil())]), "rule.contacts"),
        (expression("contact.flor > 1"), "rule.expression"),
        (expression("contact.floor >"), "rule.expression"),
    ] {
        match engine.preview_segment(&context, &rule).await {
            Err(UseCaseError::Invalid { field, .. }) => assert_eq!(field, expected),
            other => panic!("expected {expected}, got {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_walk_goes_through_every_page_in_order() {
    let stage = Stage::default();
    let engine = stage.engine();
    let context = Context::system("test", stage.ids.next());
    let count = 2 * walk::PAGE_MAX + 1;
    let mut people = register_many(&engine, count).await;
    engine.catch_up_directory().await.unwrap();
    let french = expression("contact.language == \"fr\"");
    people.reverse();
    let listed = Rule::Contacts(people.clone());
    people.reverse();
    for rules in [vec![&listed], vec![&french], vec![&french, &listed]] {
        let mut walk = engine.walk(Rules::compile(rules).unwrap());
        let mut found = Vec::new();
        while walk.next(&mut |meant| found.push(meant.row.contact_id)).await.unwrap() {}
        assert_eq!(found, people);
    }
    let preview = engine.preview_segment(&context, &french).await.unwrap();
    assert_eq!((preview.people, preview.reachable), (count as u64, 0));
    assert_eq!(preview.sample, people[..20]);
}

/// People without a number who read French, in the order of their ids.
async fn register_many(engine: &Engine, count: usize) -> Vec<ContactId> {
    let ids: Vec<_> = (0..count).map(|_| ContactId(engine.ports().ids.next())).collect();
    let subjects: Vec<_> = ids.iter().map(|id| id.0).collect();
    let keys = engine.vault().ensure(&subjects).await.unwrap();
    let registered = |id: &ContactId| {
        let event = ContactRegistered {
            contact_id: *id,
            profile: Profile::default().seal(&keys, *id).unwrap(),
            language: "fr".parse().unwrap(),
            relation: Relation::Resident,
        };
        (StreamId::contact(*id), vec![event.into()])
    };
    for part in ids.chunks(1_000) {
        say(engine, part.iter().map(registered).collect()).await;
    }
    ids
}

#[tokio::test]
async fn who_was_forgotten_belongs_to_nothing() {
    let stage = Stage::default();
    let Town { engine, context, people } = town(&stage).await;
    engine.erase_contact(&context, people[0], "asked".to_owned()).await.unwrap();
    for rule in [expression("contact.floor >= 1"), Rule::Contacts(people.clone())] {
        assert_eq!(engine.preview_segment(&context, &rule).await.unwrap().sample, people[1..]);
    }
}

#[tokio::test]
async fn refuses_rules_that_mean_nobody() {
    let stage = Stage::default();
    let Town { engine, context, .. } = town(&stage).await;
    let head = engine.ports().log.head().await.unwrap();
    for (rule, field, words) in [
        (expression(""), "rule.expression", "empty rule"),
        (expression("contact.flor > 1"), "rule.expression", "nobody has the attribute `flor`"),
        (expression("contact.floor == \"1\""), "rule.expression", "`floor` as words"),
        (Rule::Contacts(vec![ContactId(Uuid::nil())]), "rule.contacts", "not known"),
    ] {
        match engine.define_segment(&context, "Wrong".to_owned(), rule).await {
            Err(UseCaseError::Invalid { field: found, rule, .. }) => {
                assert_eq!(found, field);
                assert!(rule.contains(words), "{rule}");
            }
            other => panic!("expected {words}, got {other:?}"),
        }
    }
    let nobody = engine.define_segment(&context, "Nobody".to_owned(), Rule::Contacts(vec![])).await;
    assert!(matches!(nobody, Err(UseCaseError::Rejected { code: "contacts_empty", .. })));
    assert_eq!(engine.ports().log.head().await.unwrap(), head);
}

#[tokio::test]
async fn a_retired_segment_cannot_be_redefined() {
    let stage = Stage::default();
    let Town { engine, context, .. } = town(&stage).await;
    let rule = expression("contact.language == \"fr\"");
    let written = engine.define_segment(&context, "French".to_owned(), rule.clone()).await.unwrap();
    let id = SegmentId(written.id);
    engine.retire_segment(&context, id).await.unwrap();
    let refused = engine.redefine_segment(&context, id, "Again".to_owned(), rule).await;
    assert!(matches!(refused, Err(UseCaseError::Rejected { code: "segment_retired", .. })));
}
