//! The events of an incident as they happen: server-sent events that can be taken up again.
//!
//! One message per log position, with that position as its id: whoever comes back with the last
//! id gets everything after it, once.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{FromRequestParts, State};
use axum::http::HeaderName;
use axum::http::request::Parts;
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use fanal_domain::id::IncidentId;
use fanal_engine::envelope::Position;
use fanal_projections::timeline::text::Locale;
use futures::Stream;
use futures::stream::unfold;
use serde::Serialize;
use tokio::select;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::{IntoParams, ToSchema};

use super::IncidentPath;
use super::views::TimelineEntry;
use crate::extract::{FromParams, InPath, Params, View, locale};
use crate::problem::{Code, Problem};
use crate::resources::missing;
use crate::state::Api;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How many messages are made at a time.
const MESSAGES_MAX: usize = 100;

/// How long a client waits before it comes back.
const COME_BACK_AFTER: Duration = Duration::from_secs(1);

/// What became known at one position of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Happened {
    /// The position; the message's id too.
    position: u64,
    /// What is of note; never empty.
    entries: Vec<TimelineEntry>,
}

/// From where on, and in which language.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StreamParams {
    /// Only what became known after this log position; default: everything from the opening on.
    /// The header `Last-Event-ID` goes before it.
    #[param(minimum = 0)]
    after: Option<u64>,
    /// The language of the texts: `en` or `fr`.
    #[param(value_type = Option<String>, default = "en")]
    language: Locale,
}

impl FromParams for StreamParams {
    const LOOKS_BACK: bool = false;

    fn take(params: &mut Params) -> Result<Self, Problem> {
        let after = params.parse("after", "position", "must be a log position")?;
        Ok(Self { after, language: locale(params)? })
    }
}

/// The last message that the client has seen.
pub(super) struct LastSeen(Option<u64>);

impl FromRequestParts<Api> for LastSeen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _api: &Api) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(LAST_EVENT_ID) else { return Ok(Self(None)) };
        let position = value.to_str().ok().and_then(|text| text.parse().ok());
        position.map(|position| Self(Some(position))).ok_or_else(|| {
            Problem::of(Code::InvalidHeader, "`last-event-id` must be the id of a message")
                .at(LAST_EVENT_ID.as_str())
                .breaking("position")
        })
    }
}

/// What happens in an incident, as it happens.
///
/// Server-sent events: each message is called `happened` and has the log position as its id.
#[utoipa::path(get, path = "/v1/incidents/{incident_id}/events",
    operation_id = "stream_incident", tag = "incidents",
    params(IncidentPath, StreamParams,
        ("Last-Event-ID" = Option<u64>, Header, description = "The id of the last message seen.")),
    responses((status = 200, description = "A stream without an end.", body = Happened,
        content_type = "text/event-stream")))]
pub(super) async fn stream_incident(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    LastSeen(last): LastSeen,
    view: View<StreamParams>,
) -> Result<Sse<impl Stream<Item = Result<Message, Infallible>>>, Problem> {
    let heartbeat = api.limits.heartbeat;
    let Ok(place) = api.streams.clone().try_acquire_owned() else {
        return Err(Problem::of(Code::TooBusy, "too many event streams are open"));
    };
    let StreamParams { after, language } = view.params;
    let sent = last.or(after).unwrap_or(0);
    let known = api.engine.live().read(|world| world.incident(path.incident_id).is_some());
    if !known {
        return Err(missing("incident"));
    }
    let follower = Follower {
        api,
        incident_id: path.incident_id,
        sent,
        language,
        ready: VecDeque::new(),
        _place: place,
    };
    let stream = unfold(follower, |mut follower| async {
        let message = follower.next().await?;
        Some((Ok(message), follower))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(heartbeat).text("still here")))
}

/// Follows one incident.
struct Follower {
    api: Api,
    incident_id: IncidentId,
    /// Everything up to here has been sent, or was seen before.
    sent: u64,
    language: Locale,
    ready: VecDeque<Happened>,
    _place: OwnedSemaphorePermit,
}

impl Follower {
    /// The next message; none when the stream is over.
    async fn next(&mut self) -> Option<Message> {
        let mut stopping = self.api.stopping.clone();
        loop {
            if let Some(happened) = self.ready.pop_front() {
                self.sent = happened.position;
                return message(&happened);
            }
            let shown = self.gather();
            if !self.ready.is_empty() {
                continue;
            }
            let live = self.api.engine.live();
            select! {
                _ = stopping.wait_for(|stopping| *stopping) => return None,
                () = live.wait_applied(Position(shown + 1)) => {}
            }
        }
    }

    /// Puts what was not sent yet into words; returns how far the view has come.
    ///
    /// All entries of a position go into one message, or a break between them would lose some.
    fn gather(&mut self) -> u64 {
        let Self { incident_id, sent, language, .. } = *self;
        self.api.engine.live().read(|world| {
            let entries = world.incident(incident_id).map(|view| view.timeline().after(sent));
            let positions = entries.unwrap_or_default().chunk_by(|a, b| a.position == b.position);
            let messages = positions.take(MESSAGES_MAX).filter_map(|entries| {
                let position = entries.first()?.position;
                let entries = entries.iter().map(|entry| TimelineEntry::of(entry, language));
                Some(Happened { position, entries: entries.collect() })
            });
            self.ready.extend(messages);
            world.as_of().position
        })
    }
}

fn message(happened: &Happened) -> Option<Message> {
    Message::default()
        .event("happened")
        .id(happened.position.to_string())
        .retry(COME_BACK_AFTER)
        .json_data(happened)
        .inspect_err(|error| tracing::error!(%error, "a message cannot be written"))
        .ok()
}
