//! Any event of a contact, and any command.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::arbitrary::{either, ids, languages, one_of, sealed, texts, times};
use crate::consent::{Basis, Method, Purpose};
use crate::event::Event;
use crate::id::{ConsentId, ContactId};

fn relations() -> impl Strategy<Value = Relation> {
    one_of([
        Relation::Employee,
        Relation::Customer,
        Relation::Supplier,
        Relation::Resident,
        Relation::Patient,
        Relation::Stranger,
        Relation::Other,
    ])
}

pub(crate) fn purposes() -> impl Strategy<Value = Purpose> {
    one_of([Purpose::Alerts, Purpose::Service, Purpose::Marketing])
}

fn bases() -> impl Strategy<Value = Basis> {
    one_of([
        Basis::Consent,
        Basis::Contract,
        Basis::LegalObligation,
        Basis::VitalInterest,
        Basis::PublicTask,
        Basis::LegitimateInterest,
    ])
}

fn methods() -> impl Strategy<Value = Method> {
    one_of([
        Method::Form,
        Method::Import,
        Method::Message,
        Method::Verbal,
        Method::Operator,
        Method::Provider,
    ])
}

fn given() -> impl Strategy<Value = ConsentGiven> {
    (ids(ConsentId), purposes(), bases(), methods(), times(), option::of(sealed())).prop_map(
        |(consent_id, purpose, basis, method, given_at, evidence)| ConsentGiven {
            consent_id,
            purpose,
            basis,
            method,
            given_at,
            evidence,
        },
    )
}

fn withdrawn() -> impl Strategy<Value = ConsentWithdrawn> {
    (vec(purposes(), 0..3), methods(), times(), option::of(sealed())).prop_map(
        |(purposes, method, withdrawn_at, evidence)| ConsentWithdrawn {
            purposes,
            method,
            withdrawn_at,
            evidence,
        },
    )
}

fn registered() -> impl Strategy<Value = ContactRegistered> {
    (ids(ContactId), sealed(), languages(), relations()).prop_map(
        |(contact_id, profile, language, relation)| ContactRegistered {
            contact_id,
            profile,
            language,
            relation,
        },
    )
}

pub(crate) fn events() -> impl Strategy<Value = Event> {
    either(vec![
        registered().prop_map(Event::from).boxed(),
        (sealed(), languages(), relations())
            .prop_map(|(profile, language, relation)| {
                ContactChanged { profile, language, relation }.into()
            })
            .boxed(),
        ids(ContactId).prop_map(|into| ContactMerged { into }.into()).boxed(),
        texts().prop_map(|reason| ContactErased { reason }.into()).boxed(),
        given().prop_map(Event::from).boxed(),
        withdrawn().prop_map(Event::from).boxed(),
        (sealed(), texts(), sealed())
            .prop_map(|(message, form, content)| MessageReceived { message, form, content }.into())
            .boxed(),
    ])
}

pub(crate) fn commands() -> impl Strategy<Value = ContactCommand> {
    use ContactCommand as C;
    either(vec![
        registered()
            .prop_map(|ContactRegistered { contact_id, profile, language, relation }| C::Register {
                contact_id,
                profile,
                language,
                relation,
            })
            .boxed(),
        (option::of(sealed()), languages(), relations())
            .prop_map(|(profile, language, relation)| C::Change { profile, language, relation })
            .boxed(),
        (given(), times()).prop_map(|(consent, now)| C::GiveConsent { consent, now }).boxed(),
        (withdrawn(), times())
            .prop_map(|(withdrawal, now)| C::WithdrawConsent { withdrawal, now })
            .boxed(),
        one_of([0_u8, 1, 2, 3, 4, 5, 6, 7])
            .prop_flat_map(|rare| match rare {
                0 => ids(ContactId).prop_map(|into| C::MergeInto { into }).boxed(),
                1 => texts().prop_map(|reason| C::Erase { reason }).boxed(),
                _ => languages()
                    .prop_map(|language| C::Change {
                        profile: None,
                        language,
                        relation: Relation::Other,
                    })
                    .boxed(),
            })
            .boxed(),
    ])
}
