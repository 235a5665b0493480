//! Scripts: what chance is allowed to decide, and what it depends on.

use super::*;
use crate::config::SimulatorConfig;

fn subject(number: u64, ordinal: u32) -> Subject<'static> {
    let number = PhoneNumber::from_value(33_600_000_000 + number).unwrap();
    Subject { seed: 42, number, ordinal, marketing: false, fate: None }
}

fn kinds(script: &Script) -> Vec<Step> {
    script.steps.iter().map(|(_, step)| *step).collect()
}

#[track_caller]
fn check(fate: &Fate, opening: &Opening, steps: &[Step]) {
    let people = SimulatorConfig::plain().people;
    let script = Script::write(&people, Subject { fate: Some(fate), ..subject(1, 0) });
    assert_eq!((&script.opening, kinds(&script).as_slice()), (opening, steps), "{fate:?}");
}

#[test]
fn every_fate_has_its_script() {
    use Step::{Answer, Delivered, Failed, Read, Sent};
    let reached = &[Sent, Delivered, Read];
    let accepted = &Opening::Accepted;
    check(&Fate::Refused(131_056), &Opening::Refused(131_056), &[]);
    check(&Fate::ServerError, &Opening::Refused(131_000), &[]);
    check(&Fate::Failed(131_026), accepted, &[Failed(131_026)]);
    check(&Fate::FailedLate(131_026), accepted, &[Sent, Failed(131_026)]);
    check(&Fate::Silent, accepted, &[]);
    check(&Fate::Offline, accepted, &[Sent, Delivered]);
    check(&Fate::Unread, accepted, &[Sent, Delivered]);
    check(&Fate::Read, accepted, reached);
    check(&Fate::ReadDirectly, accepted, &[Sent, Read]);
    check(&Fate::SentLost, accepted, &[Delivered, Read]);
    check(&Fate::Reordered, accepted, &[Read, Delivered, Sent]);
    check(&Fate::Duplicated, accepted, &[Sent, Sent, Delivered, Delivered, Read, Read]);
    check(&Fate::Presses(1), accepted, &[Sent, Delivered, Read, Answer]);
    check(&Fate::WebhookFirst, &Opening::WebhookFirst, reached);
    check(&Fate::Cut, &Opening::Cut, reached);
    check(&Fate::Slow(5), &Opening::Slow(5), reached);
    check(&Fate::HeldThenReleased, &Opening::Held(true), reached);
    check(&Fate::HeldThenDropped, &Opening::Held(false), reached);
}

#[test]
fn the_same_message_to_the_same_phone_always_ends_the_same() {
    let people = PeopleConfig::default();
    for number in 0..500 {
        let script = Script::write(&people, subject(number, 3));
        assert_eq!(script, Script::write(&people, subject(number, 3)));
    }
    let differing = (0..500)
        .filter(|n| {
            Script::write(&people, subject(*n, 0)) != Script::write(&people, subject(*n, 1))
        })
        .count();
    assert!(differing > 450, "{differing}");
}

#[test]
fn the_crowd_keeps_to_its_shares() {
    let people = PeopleConfig::default();
    let count = |wanted: fn(&Script) -> bool| {
        (0..20_000).filter(|n| wanted(&Script::write(&people, subject(*n, 0)))).count()
    };
    let absent = count(|script| kinds(script) == [Step::Failed(131_026)]);
    assert!((180..310).contains(&absent), "{absent} not on WhatsApp");
    let answering = count(|script| kinds(script).contains(&Step::Answer));
    assert!((8_900..10_000).contains(&answering), "{answering} answering");
    let undelivered = count(|script| {
        !kinds(script).iter().any(|step| matches!(step, Step::Delivered | Step::Read))
    });
    assert!(undelivered < 1_000, "{undelivered} without evidence of delivery");
}

#[test]
fn marketing_meets_refusals_that_utility_does_not() {
    let people = PeopleConfig::default();
    let failing = |marketing, code| {
        (0..5_000)
            .filter(|n| {
                let subject = Subject { marketing, ..subject(*n, 0) };
                kinds(&Script::write(&people, subject)) == [Step::Failed(code)]
            })
            .count()
    };
    for code in [131_049, 131_050, 130_472] {
        assert!(failing(true, code) > 0, "{code}");
        assert_eq!(failing(false, code), 0, "{code}");
    }
}

#[test]
fn people_answer_in_their_language_and_press_only_buttons_there_are() {
    let mut people = SimulatorConfig::plain().people;
    assert_eq!(choose(&people, subject(1, 0), 1), Choice::Button(0));
    let Choice::Text(text) = choose(&people, subject(1, 0), 0) else { panic!("no button") };
    assert!(people.texts["fr"].iter().any(|known| known == text), "{text}");
    people.share_text = 1.0;
    people.share_stop = 1.0;
    let Choice::Text(text) = choose(&people, subject(1, 0), 2) else { panic!("types") };
    assert!(people.stop_words["fr"].iter().any(|known| known == text), "{text}");
    let fate = Fate::Presses(5);
    let out_of_range = choose(&people, Subject { fate: Some(&fate), ..subject(1, 0) }, 2);
    assert!(matches!(out_of_range, Choice::Text(_)));
}
