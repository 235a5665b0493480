//! Each rule of a contact and of consent, by name.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::consent::{Basis, Method, Purpose};
use crate::decider::testing::{Given, check_replay, given};
use crate::event::Event;
use crate::id::{ConsentId, ContactId};
use crate::language::Language;
use crate::sealed::Sealed;
use crate::text::{InvalidText, TextProblem};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000, 0).unwrap()
}

fn ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

fn contact_id(n: u128) -> ContactId {
    ContactId(Uuid::from_u128(n))
}

fn sealed(byte: u8) -> Sealed {
    Sealed::from_bytes(vec![byte])
}

fn language(code: &str) -> Language {
    code.parse().unwrap()
}

fn register(byte: u8) -> ContactCommand {
    ContactCommand::Register {
        contact_id: contact_id(1),
        profile: sealed(byte),
        language: language("fr"),
        relation: Relation::Resident,
    }
}

fn registered() -> Event {
    ContactRegistered {
        contact_id: contact_id(1),
        profile: sealed(1),
        language: language("fr"),
        relation: Relation::Resident,
    }
    .into()
}

fn change(profile: Option<Sealed>, code: &str) -> ContactCommand {
    ContactCommand::Change { profile, language: language(code), relation: Relation::Resident }
}

fn changed(profile: Sealed, code: &str) -> Event {
    ContactChanged { profile, language: language(code), relation: Relation::Resident }.into()
}

fn merge(into: u128) -> ContactCommand {
    ContactCommand::MergeInto { into: contact_id(into) }
}

fn merged() -> Event {
    ContactMerged { into: contact_id(2) }.into()
}

fn erase(reason: &str) -> ContactCommand {
    ContactCommand::Erase { reason: reason.into() }
}

fn erased() -> Event {
    ContactErased { reason: "Asked by letter.".into() }.into()
}

fn consent(given_at: DateTime<Utc>) -> ConsentGiven {
    ConsentGiven {
        consent_id: ConsentId(Uuid::from_u128(9)),
        purpose: Purpose::Alerts,
        basis: Basis::Consent,
        method: Method::Form,
        given_at,
        evidence: None,
    }
}

fn give(given_at: DateTime<Utc>) -> ContactCommand {
    ContactCommand::GiveConsent { consent: consent(given_at), now: now() }
}

fn withdrawal(purposes: &[Purpose], withdrawn_at: DateTime<Utc>) -> ConsentWithdrawn {
    ConsentWithdrawn {
        purposes: purposes.to_vec(),
        method: Method::Message,
        withdrawn_at,
        evidence: None,
    }
}

fn withdraw(purposes: &[Purpose], withdrawn_at: DateTime<Utc>) -> ContactCommand {
    let withdrawal = withdrawal(purposes, withdrawn_at);
    ContactCommand::WithdrawConsent { withdrawal, now: now() }
}

fn past<const N: usize>(history: [Event; N]) -> Given<Contact> {
    given(history)
}

#[test]
fn registers_once() {
    past([]).when(register(1)).then([registered()]);
    past([registered()]).when(register(2)).then_rejected(ContactRejection::AlreadyRegistered);
}

#[test]
fn registering_the_very_same_again_is_nothing() {
    past([registered()]).when(register(1)).then([]);
}

#[test]
fn changes_what_is_different() {
    past([registered()]).when(change(Some(sealed(2)), "fr")).then([changed(sealed(2), "fr")]);
    past([registered()]).when(change(None, "en")).then([changed(sealed(1), "en")]);
    past([]).when(change(None, "en")).then_rejected(ContactRejection::NotRegistered);
}

#[test]
fn changing_to_the_same_is_nothing() {
    past([registered()]).when(change(None, "fr")).then([]);
}

#[test]
fn merges_into_another_once() {
    past([registered()]).when(merge(2)).then([merged()]);
    past([registered()]).when(merge(1)).then_rejected(ContactRejection::MergedIntoItself);
    past([registered(), merged()])
        .when(merge(3))
        .then_rejected(ContactRejection::Merged { into: contact_id(2) });
}

#[test]
fn erases_for_a_reason_once() {
    past([registered()]).when(erase("Asked by letter.")).then([erased()]);
    past([registered()])
        .when(erase(" "))
        .then_rejected(InvalidText { field: "reason", problem: TextProblem::Empty }.into());
    past([registered(), erased()]).when(erase("Again.")).then_rejected(ContactRejection::Erased);
}

#[test]
fn accepts_nothing_after_a_merge_but_to_be_forgotten() {
    for command in
        [register(1), change(None, "fr"), give(ago(1)), withdraw(&[Purpose::Alerts], ago(1))]
    {
        past([registered(), merged()])
            .when(command)
            .then_rejected(ContactRejection::Merged { into: contact_id(2) });
    }
    past([registered(), merged()]).when(erase("Asked by letter.")).then([erased()]);
}

#[test]
fn accepts_nothing_after_an_erasure() {
    for command in [
        register(1),
        change(None, "fr"),
        merge(2),
        give(ago(1)),
        withdraw(&[Purpose::Alerts], ago(1)),
    ] {
        past([registered(), erased()]).when(command).then_rejected(ContactRejection::Erased);
    }
}

#[test]
fn notes_a_consent_which_then_allows() {
    past([registered()]).when(give(ago(5))).then([consent(ago(5)).into()]);
    past([registered()]).when(give(now())).then_state(|contact| {
        let contact = contact.as_ref().unwrap();
        assert_eq!(contact.allows(Purpose::Alerts), Some(consent(now()).consent_id));
        assert_eq!(contact.allows(Purpose::Marketing), None);
    });
}

#[test]
fn refuses_a_consent_from_the_future() {
    past([registered()]).when(give(ago(-1))).then_rejected(ContactRejection::GivenInFuture);
}

#[test]
fn the_same_consent_brought_in_again_is_nothing() {
    past([registered(), consent(ago(5)).into()]).when(give(ago(5))).then([]);
    past([registered(), consent(ago(5)).into()]).when(give(ago(4))).then([consent(ago(4)).into()]);
}

#[test]
fn withdraws_what_was_given() {
    let withdrawn = withdrawal(&[Purpose::Alerts], ago(1));
    past([registered(), consent(ago(5)).into()])
        .when(withdraw(&[Purpose::Alerts], ago(1)))
        .then([withdrawn.into()]);
}

#[test]
fn withdrawing_what_was_never_given_is_an_objection_that_blocks() {
    past([registered()]).when(withdraw(&[Purpose::Alerts], ago(1))).then_state(|contact| {
        let contact = contact.as_ref().unwrap();
        assert_eq!(contact.allows(Purpose::Alerts), None);
        assert_eq!(
            contact.consents.get(&Purpose::Alerts),
            Some(&Consent::Withdrawn { withdrawn_at: ago(1) })
        );
    });
}

#[test]
fn withdrawing_again_notes_only_what_is_new() {
    let both = [Purpose::Marketing, Purpose::Alerts, Purpose::Marketing];
    let first: Event = withdrawal(&[Purpose::Alerts], ago(2)).into();
    past([registered(), first.clone()]).when(withdraw(&both, ago(1))).then([withdrawal(
        &[Purpose::Marketing],
        ago(1),
    )
    .into()]);
    past([registered(), first]).when(withdraw(&[Purpose::Alerts], ago(1))).then([]);
}

#[test]
fn a_withdrawal_names_a_purpose() {
    past([registered()]).when(withdraw(&[], ago(1))).then_rejected(ContactRejection::NoPurposes);
}

#[test]
fn an_opt_out_is_never_refused_for_its_clock() {
    past([registered()]).when(withdraw(&[Purpose::Alerts], ago(-10))).then([withdrawal(
        &[Purpose::Alerts],
        now(),
    )
    .into()]);
}

#[test]
fn an_older_consent_does_not_undo_an_opt_out() {
    let opted_out: Event = withdrawal(&[Purpose::Alerts], ago(3)).into();
    past([registered(), opted_out.clone()])
        .when(give(ago(5)))
        .then_rejected(ContactRejection::OlderThanOptOut { withdrawn_at: ago(3) });
    past([registered(), opted_out]).when(give(ago(2))).then([consent(ago(2)).into()]);
}

proptest! {
    #[test]
    fn whatever_is_decided_can_be_told_again(commands in vec(arbitrary::commands(), 0..16)) {
        check_replay::<Contact>(commands);
    }
}
