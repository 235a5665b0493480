//! Each rule of a segment, by name.

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::decider::Decider;
use crate::decider::testing::{Given, check_replay, given};
use crate::event::Event;
use crate::id::{ContactId, SegmentId};
use crate::text::{InvalidText, TextProblem};

fn segment_id() -> SegmentId {
    SegmentId(Uuid::from_u128(1))
}

fn contacts(count: usize) -> Rule {
    Rule::Contacts((0..count).map(|n| ContactId(Uuid::from_u128(n as u128))).collect())
}

fn expression(text: &str) -> Rule {
    Rule::Expression(text.into())
}

fn define(name: &str, rule: Rule) -> SegmentCommand {
    SegmentCommand::Define { segment_id: segment_id(), name: name.into(), rule }
}

fn redefine(name: &str, rule: Rule) -> SegmentCommand {
    SegmentCommand::Redefine { name: name.into(), rule }
}

fn defined() -> Event {
    SegmentDefined { segment_id: segment_id(), name: "Valley".into(), rule: contacts(2) }.into()
}

fn retired() -> Event {
    SegmentRetired {}.into()
}

fn past<const N: usize>(history: [Event; N]) -> Given<Segment> {
    given(history)
}

fn text(field: &'static str, problem: TextProblem) -> SegmentRejection {
    InvalidText { field, problem }.into()
}

#[test]
fn defines_once() {
    past([]).when(define(" Valley ", contacts(2))).then([defined()]);
    past([defined()])
        .when(define("Valley", contacts(2)))
        .then_rejected(SegmentRejection::AlreadyDefined);
}

#[test]
fn redefines_what_is_defined() {
    let rule = expression("relation == 'resident'");
    past([defined()]).when(redefine("Valley", rule.clone())).then([SegmentRedefined {
        name: "Valley".into(),
        rule: rule.clone(),
    }
    .into()]);
    past([]).when(redefine("Valley", rule)).then_rejected(SegmentRejection::NotDefined);
}

#[test]
fn redefining_to_the_same_is_nothing() {
    past([defined()]).when(redefine("Valley", contacts(2))).then([]);
}

#[test]
fn retires_once_and_for_good() {
    past([defined()]).when(SegmentCommand::Retire).then([retired()]);
    past([]).when(SegmentCommand::Retire).then_rejected(SegmentRejection::NotDefined);
    for command in [SegmentCommand::Retire, redefine("Valley", contacts(1))] {
        past([defined(), retired()]).when(command).then_rejected(SegmentRejection::Retired);
    }
}

#[test]
fn an_empty_rule_is_refused_and_never_means_everyone() {
    past([]).when(define("All", contacts(0))).then_rejected(SegmentRejection::NoContacts);
    past([])
        .when(define("All", expression(" \n ")))
        .then_rejected(text("expression", TextProblem::Empty));
    past([defined()])
        .when(redefine("All", contacts(0)))
        .then_rejected(SegmentRejection::NoContacts);
}

#[test]
fn bounds_the_list() {
    let Ok(events) = Segment::decide(&None, define("Many", contacts(CONTACTS_MAX))) else {
        panic!("the largest list is accepted");
    };
    assert_eq!(events.len(), 1);
    past([])
        .when(define("Many", contacts(CONTACTS_MAX + 1)))
        .then_rejected(SegmentRejection::TooManyContacts { count: 20_001 });
}

#[test]
fn lists_each_contact_once() {
    let contact_id = ContactId(Uuid::from_u128(7));
    past([])
        .when(define("Twice", Rule::Contacts(vec![contact_id, contact_id])))
        .then_rejected(SegmentRejection::ContactTwice { contact_id });
}

#[test]
fn bounds_the_expression_and_the_name() {
    let long = TextProblem::TooLong { chars: 4_001, chars_max: 4_000 };
    past([])
        .when(define("Long", expression(&"a".repeat(4_001))))
        .then_rejected(text("expression", long));
    past([]).when(define("", contacts(1))).then_rejected(text("name", TextProblem::Empty));
}

proptest! {
    #[test]
    fn whatever_is_decided_can_be_told_again(commands in vec(arbitrary::commands(), 0..12)) {
        check_replay::<Segment>(commands);
    }
}
