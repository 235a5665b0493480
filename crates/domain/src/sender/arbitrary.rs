//! Any event of a sender.

use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::arbitrary::{either, one_of, sealed, texts};
use crate::event::Event;

pub(crate) fn senders() -> impl Strategy<Value = SenderId> {
    "[0-9]{1,4}".prop_map(SenderId)
}

pub(crate) fn events() -> impl Strategy<Value = Event> {
    let qualities = one_of([Quality::Green, Quality::Yellow, Quality::Red, Quality::Unknown]);
    let numbers = || option::of(any::<u32>());
    either(vec![
        (senders(), numbers(), option::of(qualities), numbers(), texts())
            .prop_map(|(sender, rate_per_s, quality, daily_people_max, notice)| {
                SenderFactsLearned { sender, rate_per_s, quality, daily_people_max, notice }.into()
            })
            .boxed(),
        (texts(), sealed()).prop_map(|(field, raw)| NoticeKept { field, raw }.into()).boxed(),
    ])
}
