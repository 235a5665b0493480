//! What holds for any people whatsoever.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use fanal_domain::Event;
use fanal_domain::broadcast::{Brief, FrozenRecipient, SuppressedPerson};
use fanal_domain::consent::Purpose;
use futures::executor::block_on;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::envelope::Position;
use crate::ports::Filter;

fn anybody() -> impl Strategy<Value = Somebody> {
    let consent = prop_oneof![
        6 => Just(Consent::Given),
        1 => Just(Consent::Withdrawn),
        1 => Just(Consent::ToMarketing),
        1 => Just(Consent::Never),
    ];
    let fate = prop_oneof![
        9 => Just(Fate::Lives),
        1 => Just(Fate::Merged),
        1 => Just(Fate::Erased),
        1 => Just(Fate::HalfErased),
    ];
    let number = option::weighted(0.9, 0_u32..12);
    let nickname = option::weighted(0.3, select(vec!["Ada", "a     b"]));
    (number, select(vec!["en", "fr", "fr_CA", "de"]), consent, fate, nickname).prop_map(
        |(number, language, consent, fate, nickname)| Somebody {
            number,
            language,
            consent,
            fate,
            nickname: nickname.map(str::to_owned),
        },
    )
}

/// People as they were settled, by id.
type Town = BTreeMap<ContactId, Somebody>;

/// Whether what is said of somebody who is not told is so.
fn is_so(town: &Town, person: &SuppressedPerson, fallback: &str) -> bool {
    let somebody = &town[&person.contact_id];
    let earlier = || town.range(..person.contact_id).map(|(_, one)| one);
    match person.reason {
        SuppressionReason::NoConsent => {
            matches!(somebody.consent, Consent::Never | Consent::ToMarketing)
        }
        SuppressionReason::OptedOut => somebody.consent == Consent::Withdrawn,
        SuppressionReason::NoAddress => somebody.number.is_none(),
        SuppressionReason::Duplicate => earlier().any(|one| one.number == somebody.number),
        SuppressionReason::Erased => matches!(somebody.fate, Fate::Erased | Fate::HalfErased),
        SuppressionReason::Merged => somebody.fate == Fate::Merged,
        SuppressionReason::NoTranslation => somebody.language == "de" && fallback == "de",
        SuppressionReason::NoValue => somebody.nickname.as_deref() == Some("a     b"),
    }
}

/// Which consents to alerts the log holds: where, and whose.
async fn consents(desk: &Desk) -> HashSet<(u64, ContactId)> {
    let kinds = vec!["consent_given".to_owned()];
    let filter = Filter { kinds, ..Filter::default() };
    let page = desk.stage.ports().log.read_all(Position(0), 10_000, &filter).await.unwrap();
    let to_alerts = page.events.iter().filter(|recorded| {
        matches!(recorded.decode(), Ok(Event::ConsentGiven(given)) if given.purpose == Purpose::Alerts)
    });
    to_alerts
        .map(|recorded| {
            let id = recorded.stream.as_str().strip_prefix("contact/").unwrap();
            (recorded.position.0, id.parse().unwrap())
        })
        .collect()
}

fn check_recipient(town: &Town, one: &FrozenRecipient, consents: &HashSet<(u64, ContactId)>) {
    let somebody = &town[&one.contact_id];
    assert_eq!((somebody.consent, somebody.fate), (Consent::Given, Fate::Lives));
    assert!(consents.contains(&(one.consent, one.contact_id)), "no such consent");
    let expected = if somebody.language.starts_with("fr") { "fr" } else { "en" };
    assert_eq!(one.language.as_str(), expected);
}

fn check_audience(town: &Town, frozen: &[AudienceFrozen], fallback: &str) {
    let told: Vec<_> = frozen.iter().flat_map(|one| &one.recipients).collect();
    let untold: Vec<_> = frozen.iter().flat_map(|one| &one.suppressed).collect();
    let everybody: BTreeSet<_> = told
        .iter()
        .map(|one| one.contact_id)
        .chain(untold.iter().map(|one| one.contact_id))
        .collect();
    assert_eq!(everybody, town.keys().copied().collect(), "everybody in scope is in the audience");
    assert_eq!(told.len() + untold.len(), town.len(), "nobody is in it twice");
    let numbers: HashSet<_> = told.iter().map(|one| town[&one.contact_id].number).collect();
    assert_eq!(numbers.len(), told.len(), "no number is told twice");
    for person in untold {
        assert!(is_so(town, person, fallback), "{person:?} {:?}", town[&person.contact_id]);
    }
}

async fn check_plan(people: Vec<Somebody>, fallback: &'static str) {
    let desk = Desk::open().await;
    let ids = desk.settle(&people).await;
    let town: Town = ids.iter().copied().zip(people).collect();
    // Two lists that overlap: their union names everybody.
    let most = ids.len() - ids.len() / 3;
    let lists = vec![desk.segment(&ids[..most]).await, desk.segment(&ids[ids.len() / 3..]).await];
    let fallback_language = fallback.parse().unwrap();
    let brief = Brief { fallback_language, ..desk.brief(lists) };
    let id = desk.draft_of(brief.clone()).await.unwrap();
    let planned = match desk.engine.plan_broadcast(&desk.context, id).await {
        Ok(planned) => planned.plan,
        refused => {
            check_rejected(refused, "audience_empty");
            assert!(desk.frozen(id, 1).await.is_empty(), "nothing was written");
            return;
        }
    };
    let frozen = desk.frozen(id, 1).await;
    check_audience(&town, &frozen, fallback);
    let consents = consents(&desk).await;
    let told: Vec<_> = frozen.iter().flat_map(|one| &one.recipients).collect();
    for one in &told {
        check_recipient(&town, one, &consents);
    }
    let mut counts = BTreeMap::new();
    for person in frozen.iter().flat_map(|one| &one.suppressed) {
        *counts.entry(person.reason).or_default() += 1_u32;
    }
    assert_eq!((planned.recipients as usize, &planned.suppressed), (told.len(), &counts));

    desk.engine.revise_broadcast(&desk.context, id, brief.clone()).await.unwrap();
    let again = desk.engine.plan_broadcast(&desk.context, id).await.unwrap().plan;
    assert_eq!(again, BroadcastPlanned { plan: 2, ..planned.clone() });
    desk.withdraw(told[0].contact_id).await;
    desk.engine.revise_broadcast(&desk.context, id, brief).await.unwrap();
    match desk.engine.plan_broadcast(&desk.context, id).await {
        Ok(other) => assert_ne!(other.plan.audience_hash, planned.audience_hash),
        refused => drop(check_rejected(refused, "audience_empty")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn everybody_in_scope_is_told_once_or_left_out_for_a_true_reason(
        people in vec(anybody(), 1..40),
        fallback in select(vec!["en", "de"]),
    ) {
        block_on(check_plan(people, fallback));
    }
}
