//! Any event of a broadcast and its chunks, and any command.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::arbitrary::{either, good_texts, ids, languages, one_of, sealed, texts, times};
use crate::contact::arbitrary::purposes;
use crate::event::Event;
use crate::id::{BroadcastId, ContactId, IncidentId, SegmentId, TemplateId};
use crate::ladder::arbitrary::{failures, statuses, suppression_reasons};
use crate::sender::arbitrary::senders;
use crate::template::arbitrary::{answer_kinds, categories};

/// Indices around those of a chunk that starts at 0, and far from them.
fn recipients() -> impl Strategy<Value = u32> {
    prop_oneof![9 => 0_u32..12, 1 => any::<u32>()]
}

fn many() -> impl Strategy<Value = Vec<u32>> {
    vec(recipients(), 0..5)
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        texts().prop_map(Value::Text),
        times().prop_map(Value::Time),
        (texts(), texts()).prop_map(|(name, otherwise)| Value::Attribute { name, otherwise }),
    ]
}

fn headers() -> impl Strategy<Value = HeaderValue> {
    prop_oneof![
        texts().prop_map(HeaderValue::Media),
        texts().prop_map(HeaderValue::Link),
        ("[0-9.-]{0,5}", "[0-9.-]{0,5}", texts(), texts()).prop_map(
            |(latitude, longitude, name, address)| HeaderValue::Location {
                latitude,
                longitude,
                name,
                address,
            }
        ),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let unknown = one_of([UnknownRule::Leave, UnknownRule::Resend]);
    (0_u32..1_000, 0_u32..1_000, unknown, 0_u32..1_000).prop_map(
        |(expires_after_s, settles_after_s, unknown, answer_within_s)| Rules {
            expires_after_s,
            settles_after_s,
            unknown,
            answer_within_s,
        },
    )
}

pub(crate) fn briefs() -> impl Strategy<Value = Brief> {
    let variables = btree_map("[a-c]", values(), 0..3);
    let segments = vec(ids(SegmentId), 0..3);
    let header = option::weighted(0.2, headers());
    let who = (ids(TemplateId), languages(), purposes(), segments);
    (good_texts(), who, variables, header, rules()).prop_map(
        |(title, (template_id, fallback_language, purpose, segments), variables, header, rules)| {
            Brief {
                title,
                template_id,
                fallback_language,
                purpose,
                segments,
                variables,
                header,
                rules,
            }
        },
    )
}

fn plans() -> impl Strategy<Value = BroadcastPlanned> {
    let suppressed = btree_map(suppression_reasons(), any::<u32>(), 0..4);
    ("[0-9a-f]{64}", 0_u32..4, 0_u32..3, 0_u32..3, suppressed).prop_map(
        |(audience_hash, plan, chunks, recipients, suppressed)| BroadcastPlanned {
            audience_hash,
            plan,
            chunks,
            recipients,
            suppressed,
        },
    )
}

fn frozen() -> impl Strategy<Value = Event> {
    let told = (ids(ContactId), any::<u64>(), languages(), texts());
    let untold = (ids(ContactId), suppression_reasons());
    let first = prop_oneof![9 => Just(0_u32), 1 => any::<u32>()];
    (any::<u32>(), first, vec(told, 0..12), vec(untold, 0..4)).prop_map(
        |(chunk, first, recipients, suppressed)| {
            let recipients = recipients.into_iter().map(FrozenRecipient::from).collect();
            let suppressed = suppressed.into_iter().map(SuppressedPerson::from).collect();
            AudienceFrozen { chunk, first, recipients, suppressed }.into()
        },
    )
}

fn recorded() -> impl Strategy<Value = Event> {
    let accepted = || vec((recipients(), sealed()).prop_map(AcceptedSend::from), 0..3);
    let refused = || {
        let one = (recipients(), failures());
        vec(one.prop_map(|(recipient, failure)| RefusedSend { recipient, failure }), 0..3)
    };
    (accepted(), refused(), refused(), many()).prop_map(|(accepted, refused, deferred, unknown)| {
        SendsRecorded { accepted, refused, deferred, unknown }.into()
    })
}

fn receipts() -> impl Strategy<Value = Event> {
    let status = one_of([
        ReceiptStatus::Sent,
        ReceiptStatus::Delivered,
        ReceiptStatus::Read,
        ReceiptStatus::Played,
        ReceiptStatus::Failed,
    ]);
    let pricing = (any::<bool>(), categories())
        .prop_map(|(billable, category)| Pricing { billable, category });
    let group = (status, times(), many(), option::of(failures()), option::of(pricing)).prop_map(
        |(status, at, recipients, failure, pricing)| ReceiptGroup {
            status,
            at,
            recipients,
            failure,
            pricing,
        },
    );
    vec(group, 0..3).prop_map(|receipts| ReceiptsRecorded { receipts }.into())
}

fn answers() -> impl Strategy<Value = Event> {
    let answer = (recipients(), times(), answer_kinds(), any::<bool>(), sealed(), sealed())
        .prop_map(|(recipient, at, kind, late, content, message)| Answer {
            recipient,
            at,
            kind,
            late,
            content,
            message,
        });
    vec(answer, 0..3).prop_map(|answers| AnswersRecorded { answers }.into())
}

fn lives() -> Vec<BoxedStrategy<Event>> {
    vec![
        (ids(BroadcastId), ids(IncidentId), briefs())
            .prop_map(|(broadcast_id, incident_id, brief)| {
                BroadcastDrafted { broadcast_id, incident_id, brief }.into()
            })
            .boxed(),
        briefs().prop_map(|brief| BroadcastRevised { brief }.into()).boxed(),
        plans().prop_map(Event::from).boxed(),
        (times(), times())
            .prop_map(|(expires_at, settles_at)| {
                BroadcastLaunched { expires_at, settles_at }.into()
            })
            .boxed(),
        btree_map(statuses(), any::<u32>(), 0..4)
            .prop_map(|tally| BroadcastCompleted { tally }.into())
            .boxed(),
        texts().prop_map(|reason| BroadcastCancelled { reason }.into()).boxed(),
    ]
}

fn works() -> Vec<BoxedStrategy<Event>> {
    let withheld = || {
        (recipients(), suppression_reasons())
            .prop_map(|(recipient, reason)| WithheldSend { recipient, reason })
    };
    vec![
        frozen().boxed(),
        texts().prop_map(|node| ChunkClaimed { node }.into()).boxed(),
        (senders(), many())
            .prop_map(|(sender, recipients)| SendsStarted { sender, recipients }.into())
            .boxed(),
        recorded().boxed(),
        vec(withheld(), 0..3).prop_map(|withheld| SendsWithheld { withheld }.into()).boxed(),
        many().prop_map(|recipients| SendsInDoubt { recipients }.into()).boxed(),
        many().prop_map(|recipients| SendsExpired { recipients }.into()).boxed(),
        many().prop_map(|recipients| UnknownsRequeued { recipients }.into()).boxed(),
        receipts().boxed(),
        answers().boxed(),
        (many(), many())
            .prop_map(|(undelivered, left_unknown)| {
                RecipientsSettled { undelivered, left_unknown }.into()
            })
            .boxed(),
    ]
}

pub(crate) fn events() -> impl Strategy<Value = Event> {
    either([lives(), works()].concat())
}

pub(crate) fn commands() -> impl Strategy<Value = BroadcastCommand> {
    use BroadcastCommand as C;
    let tally = btree_map(statuses(), 0_u32..2, 0..3);
    prop_oneof![
        2 => (ids(BroadcastId), ids(IncidentId), briefs()).prop_map(
            |(broadcast_id, incident_id, brief)| C::Draft { broadcast_id, incident_id, brief }
        ),
        2 => briefs().prop_map(|brief| C::Revise { brief }),
        4 => plans().prop_map(|plan| C::Plan { plan }),
        4 => times().prop_map(|now| C::Launch { now }),
        4 => (0_u32..2, tally).prop_map(|(open, tally)| C::Complete { open, tally }),
        1 => texts().prop_map(|reason| C::Cancel { reason }),
    ]
}
