//! Any event of a segment, and any command.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::arbitrary::{either, ids, texts};
use crate::event::Event;
use crate::id::{ContactId, SegmentId};

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        vec(ids(ContactId), 0..4).prop_map(Rule::Contacts),
        texts().prop_map(Rule::Expression),
    ]
}

pub(crate) fn events() -> impl Strategy<Value = Event> {
    either(vec![
        (ids(SegmentId), texts(), rules())
            .prop_map(|(segment_id, name, rule)| SegmentDefined { segment_id, name, rule }.into())
            .boxed(),
        (texts(), rules()).prop_map(|(name, rule)| SegmentRedefined { name, rule }.into()).boxed(),
        Just(SegmentRetired {}.into()).boxed(),
    ])
}

pub(crate) fn commands() -> impl Strategy<Value = SegmentCommand> {
    use SegmentCommand as C;
    prop_oneof![
        4 => (ids(SegmentId), texts(), rules())
            .prop_map(|(segment_id, name, rule)| C::Define { segment_id, name, rule }),
        8 => (texts(), rules()).prop_map(|(name, rule)| C::Redefine { name, rule }),
        1 => Just(C::Retire),
    ]
}
