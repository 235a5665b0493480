//! Looking at incidents: now, or as they were.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use fanal_domain::incident::IncidentPhase;
use fanal_engine::authority::UseCase;
use fanal_engine::query::{Looked, Scope};
use fanal_projections::IncidentView;
use fanal_projections::timeline::Entry;
use fanal_projections::timeline::text::Locale;
use utoipa::IntoParams;

use super::IncidentPath;
use super::views::{Incident, State as Standing, TimelineEntry};
use crate::answer::{List, Shown};
use crate::extract::{
    Cursor, FreshParams, FromParams, InPath, NoParams, Page, Params, View, ViewParams, locale,
    query_problem,
};
use crate::problem::Problem;
use crate::resources::metrics::{Metrics, report_of};
use crate::resources::missing;
use crate::state::Api;

/// Which incidents, and which part of their list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct IncidentListParams {
    /// Only those that stand there.
    #[param(inline)]
    state: Option<Standing>,
    #[into_params(skip)]
    #[param(ignore)]
    page: Page,
}

impl FromParams for IncidentListParams {
    const LOOKS_BACK: bool = false;

    fn take(params: &mut Params) -> Result<Self, Problem> {
        Ok(Self { state: params.word("state")?, page: Page::take(params)? })
    }
}

/// Incidents, the latest first.
#[utoipa::path(get, path = "/v1/incidents", operation_id = "list_incidents", tag = "incidents",
    params(IncidentListParams, Page, FreshParams),
    responses((status = 200, description = "A part of them.", body = List<Incident>)))]
pub(super) async fn list_incidents(
    State(api): State<Api>,
    view: View<IncidentListParams>,
) -> Result<Shown<List<Incident>>, Problem> {
    let IncidentListParams { state, page } = view.params;
    let wanted = |incident: &&IncidentView| {
        let before = page.cursor.is_none_or(|Cursor(last)| incident.id().0.as_u128() < last);
        before && stands_at(incident, state)
    };
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewIncident, (Scope::Everything, None), |world| {
            let found = world.incidents().rev().filter(wanted).take(page.limit + 1);
            found.filter_map(Incident::of).collect()
        })
        .await?;
    let list = List::cut(looked.value, page.limit, |incident: &Incident| incident.place());
    Ok(Shown { body: list, version: None, position: looked.position })
}

fn stands_at(view: &IncidentView, wanted: Option<Standing>) -> bool {
    let phase = view.incident().map(|incident| incident.phase);
    match wanted {
        None => phase.is_some(),
        Some(Standing::Open) => phase == Some(IncidentPhase::Open),
        Some(Standing::Resolved) => phase == Some(IncidentPhase::Resolved),
        Some(Standing::Closed) => phase == Some(IncidentPhase::Closed),
    }
}

/// An incident, now or as it was.
#[utoipa::path(get, path = "/v1/incidents/{incident_id}", operation_id = "get_incident",
    tag = "incidents", params(IncidentPath, ViewParams),
    responses((status = 200, description = "The incident.", body = Incident)))]
pub(super) async fn get_incident(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    view: View<NoParams>,
) -> Result<Shown<Incident>, Problem> {
    let scope = (Scope::Incident(path.incident_id), view.as_of);
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewIncident, scope, |world| {
            world.incident(path.incident_id).and_then(Incident::of)
        })
        .await?;
    let incident = looked.value.ok_or_else(|| missing("incident"))?;
    let version = Some(incident.version());
    Ok(Shown { body: incident, version, position: looked.position })
}

/// Which part of a timeline, in which form and language.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TimelineParams {
    /// `json`, or `text`: one line per entry, all of them.
    #[param(rename = "format", value_type = Option<String>, default = "json")]
    text: bool,
    /// The language of the texts: `en` or `fr`.
    #[param(value_type = Option<String>, default = "en")]
    language: Locale,
    #[param(ignore)]
    page: Page,
}

impl FromParams for TimelineParams {
    const LOOKS_BACK: bool = true;

    fn take(params: &mut Params) -> Result<Self, Problem> {
        let text = match params.text("format").as_deref() {
            None | Some("json") => false,
            Some("text") => true,
            Some(_) => return Err(query_problem("format", "one_of", "must be `json` or `text`")),
        };
        Ok(Self { text, language: locale(params)?, page: Page::take(params)? })
    }
}

/// What happened in an incident, in order.
#[utoipa::path(get, path = "/v1/incidents/{incident_id}/timeline", operation_id = "get_timeline",
    tag = "incidents", params(IncidentPath, TimelineParams, Page, ViewParams),
    responses((status = 200, description = "A part of it.", content(
        (List<TimelineEntry> = "application/json"), (String = "text/plain")))))]
pub(super) async fn get_timeline(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    view: View<TimelineParams>,
) -> Result<Response, Problem> {
    let TimelineParams { text, language, page } = view.params;
    let from = page.cursor.map_or(0, |Cursor(from)| usize::try_from(from).unwrap_or(usize::MAX));
    let scope = (Scope::Incident(path.incident_id), view.as_of);
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewIncident, scope, |world| {
            let timeline = world.incident(path.incident_id)?.timeline();
            let all = timeline.entries();
            Some(if text { all.to_vec() } else { timeline.page(from, page.limit + 1).to_vec() })
        })
        .await?;
    let Looked { value, position, .. } = looked;
    let entries = value.filter(|entries| from > 0 || !entries.is_empty());
    let entries = entries.ok_or_else(|| missing("incident"))?;
    if text {
        return Ok(as_text(&entries, language));
    }
    let goes_on = entries.len() > page.limit;
    let items = entries.iter().take(page.limit);
    let items = items.map(|entry| TimelineEntry::of(entry, language)).collect();
    let next = (from + page.limit) as u128;
    let next_cursor = goes_on.then(|| Cursor(next).to_string());
    Ok(Shown { body: List { items, next_cursor }, version: None, position }.into_response())
}

fn as_text(entries: &[Entry], language: Locale) -> Response {
    let lines = entries.iter().map(|entry| TimelineEntry::of(entry, language).to_line());
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], lines.collect::<String>())
        .into_response()
}

/// The figures of an incident: all its broadcasts together.
#[utoipa::path(get, path = "/v1/incidents/{incident_id}/metrics",
    operation_id = "get_incident_metrics", tag = "metrics", params(IncidentPath, ViewParams),
    responses((status = 200, description = "Every figure.", body = Metrics)))]
pub(super) async fn get_incident_metrics(
    State(api): State<Api>,
    InPath(path): InPath<IncidentPath>,
    view: View<NoParams>,
) -> Result<Shown<Metrics>, Problem> {
    let scope = (Scope::Incident(path.incident_id), view.as_of);
    let (book, yardstick) = report_of(&api);
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewMetrics, scope, |world| {
            world.incident_report(path.incident_id, book, yardstick)
        })
        .await?;
    Metrics::shown(looked).ok_or_else(|| missing("incident"))
}
