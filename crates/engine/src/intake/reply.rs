//! What a person sent us: which broadcast it answers, and what it means.

use chrono::{DateTime, TimeDelta, Utc};
use fanal_domain::acknowledgement::{Reply, is_late};
use fanal_domain::id::{BroadcastId, ContactId, IncidentId};
use fanal_domain::template::AnswerKind;
use fanal_projections::World;

use crate::config::EngineConfig;
use crate::ports::InboundBody;
use crate::reference::Payload;

/// Whoever writes without saying to what answers a broadcast that ended at most so long ago.
const OPEN_FOR: TimeDelta = TimeDelta::days(3);

/// An answer to a broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answering {
    pub(super) incident_id: IncidentId,
    pub(super) broadcast_id: BroadcastId,
    pub(super) recipient: u32,
    /// Whom the broadcast was sent to, which need not be whose number it is by now.
    pub(super) contact_id: ContactId,
    pub(super) kind: AnswerKind,
    pub(super) late: bool,
}

/// The broadcast whose button it is; `None` if it is no button of ours.
pub(super) fn by_button(world: &World, body: &InboundBody, at: DateTime<Utc>) -> Option<Answering> {
    let InboundBody::Button { payload, .. } = body else { return None };
    let Payload { reference, answer } = Payload::parse(payload)?;
    let view = world.broadcast(reference.broadcast_id)?;
    let course = view.course();
    let within_s = course.state.brief.rules.answer_within_s;
    Some(Answering {
        incident_id: course.state.incident_id,
        broadcast_id: reference.broadcast_id,
        recipient: reference.recipient,
        contact_id: view.contact_at(reference.recipient)?,
        kind: answer,
        late: course.launched.is_some_and(|launched| is_late(launched.at, within_s, at)),
    })
}

/// Whether it is a button of ours, as far as can be told without looking.
pub(super) fn is_ours(body: &InboundBody) -> bool {
    matches!(body, InboundBody::Button { payload, .. } if Payload::parse(payload).is_some())
}

/// The broadcast that reached the person last, if the words may answer it.
pub(super) fn by_words(
    world: &World,
    config: &EngineConfig,
    contact_id: ContactId,
    words: &str,
    at: DateTime<Utc>,
) -> Option<Answering> {
    let reach = world.latest_broadcast_for(contact_id, at, OPEN_FOR)?;
    let course = world.broadcast(reach.broadcast_id)?.course();
    let within_s = course.state.brief.rules.answer_within_s;
    Some(Answering {
        incident_id: reach.incident_id,
        broadcast_id: reach.broadcast_id,
        recipient: reach.recipient,
        contact_id,
        kind: config.answer_words.meaning(Reply::Wrote(words)),
        late: course.launched.is_some_and(|launched| is_late(launched.at, within_s, at)),
    })
}

/// The words of a message, if it has any: what was written, or the label of a button.
pub(super) fn words_of(body: &InboundBody) -> Option<&str> {
    match body {
        InboundBody::Text(words) => Some(words),
        InboundBody::Button { label, .. } => Some(label),
        InboundBody::Other { .. } => None,
    }
}
