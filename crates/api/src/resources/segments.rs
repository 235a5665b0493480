//! Segments: named rules that select people.

mod requests;
mod views;

use axum::extract::State;
use fanal_domain::id::SegmentId;
use fanal_engine::authority::UseCase;
use fanal_engine::query::Scope;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::requests::{DefineSegment, PreviewSegment};
use self::views::{Segment, SegmentCount};
use crate::access::Gate;
use crate::answer::{Done, List, Receipt, Shown};
use crate::extract::{
    Command, CommandHeaders, Cursor, FreshParams, InPath, NoParams, Nothing, Page, Present, View,
    ViewParams,
};
use crate::problem::Problem;
use crate::resources::missing;
use crate::state::Api;

/// The path of a segment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct SegmentPath {
    /// The segment.
    #[param(value_type = Uuid)]
    segment_id: SegmentId,
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(gate.takes(UseCase::DefineSegment, routes!(define_segment)))
        .routes(gate.takes(UseCase::ViewSegment, routes!(list_segments)))
        .routes(gate.takes(UseCase::ViewSegment, routes!(preview_segment)))
        .routes(gate.takes(UseCase::ViewSegment, routes!(get_segment)))
        .routes(gate.takes(UseCase::DefineSegment, routes!(redefine_segment)))
        .routes(gate.takes(UseCase::DefineSegment, routes!(retire_segment)))
        .routes(gate.takes(UseCase::ViewSegment, routes!(count_segment)))
}

/// Defines a segment.
#[utoipa::path(post, path = "/v1/segments", operation_id = "define_segment", tag = "segments",
    params(CommandHeaders), request_body = DefineSegment,
    responses((status = 201, description = "It is defined.", body = Receipt)))]
async fn define_segment(
    State(api): State<Api>,
    Command { context, body }: Command<DefineSegment>,
) -> Result<Done, Problem> {
    let DefineSegment { name, rule } = body;
    let written = api.engine.define_segment(&context, name, rule.into()).await?;
    Ok(Done::created(written, "/v1/segments"))
}

/// Segments, the oldest first.
#[utoipa::path(get, path = "/v1/segments", operation_id = "list_segments", tag = "segments",
    params(Page, FreshParams),
    responses((status = 200, description = "A part of them.", body = List<Segment>)))]
async fn list_segments(
    State(api): State<Api>,
    view: View<Page>,
) -> Result<Shown<List<Segment>>, Problem> {
    let Page { cursor, limit } = view.params;
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewSegment, (Scope::Catalogue, None), |world| {
            let all = world.catalogue().segments();
            let after = all.filter(|kept| {
                cursor.is_none_or(|Cursor(last)| kept.state.segment_id.0.as_u128() > last)
            });
            after.take(limit + 1).map(Segment::of).collect()
        })
        .await?;
    let body = List::cut(looked.value, limit, Segment::place);
    Ok(Shown { body, version: None, position: looked.position })
}

/// Counts who would belong by a rule, without keeping it.
#[utoipa::path(post, path = "/v1/segments/preview", operation_id = "preview_segment",
    tag = "segments", request_body = PreviewSegment,
    responses((status = 200, description = "Who would belong.", body = SegmentCount)))]
async fn preview_segment(
    State(api): State<Api>,
    Command { context, body }: Command<PreviewSegment>,
) -> Result<Shown<SegmentCount>, Problem> {
    let count = api.engine.preview_segment(&context, &body.rule.into()).await?;
    Ok(SegmentCount::shown(count))
}

/// A segment, now or as it was.
#[utoipa::path(get, path = "/v1/segments/{segment_id}", operation_id = "get_segment",
    tag = "segments", params(SegmentPath, ViewParams),
    responses((status = 200, description = "The segment.", body = Segment)))]
async fn get_segment(
    State(api): State<Api>,
    InPath(path): InPath<SegmentPath>,
    view: View<NoParams>,
) -> Result<Shown<Segment>, Problem> {
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewSegment, (Scope::Catalogue, view.as_of), |world| {
            world.catalogue().segment(path.segment_id).map(Segment::of)
        })
        .await?;
    let body = looked.value.ok_or_else(|| missing("segment"))?;
    Ok(Shown { version: Some(body.version()), body, position: looked.position })
}

/// Gives a segment another name or rule.
#[utoipa::path(put, path = "/v1/segments/{segment_id}", operation_id = "redefine_segment",
    tag = "segments", params(SegmentPath, CommandHeaders), request_body = DefineSegment,
    responses((status = 200, description = "It is changed.", body = Receipt)))]
async fn redefine_segment(
    State(api): State<Api>,
    InPath(path): InPath<SegmentPath>,
    Command { context, body }: Command<DefineSegment>,
) -> Result<Done, Problem> {
    let DefineSegment { name, rule } = body;
    let id = path.segment_id;
    Ok(Done::changed(api.engine.redefine_segment(&context, id, name, rule.into()).await?))
}

/// Uses a segment no more.
#[utoipa::path(post, path = "/v1/segments/{segment_id}/retire", operation_id = "retire_segment",
    tag = "segments", params(SegmentPath, CommandHeaders), request_body = Nothing,
    responses((status = 200, description = "It is retired.", body = Receipt)))]
async fn retire_segment(
    State(api): State<Api>,
    InPath(path): InPath<SegmentPath>,
    Command { context, body: Nothing {} }: Command<Nothing>,
) -> Result<Done, Problem> {
    Ok(Done::changed(api.engine.retire_segment(&context, path.segment_id).await?))
}

/// Counts who belongs to a segment now.
#[utoipa::path(get, path = "/v1/segments/{segment_id}/count", operation_id = "count_segment",
    tag = "segments", params(SegmentPath, FreshParams),
    responses((status = 200, description = "Who belongs.", body = SegmentCount)))]
async fn count_segment(
    State(api): State<Api>,
    InPath(path): InPath<SegmentPath>,
    view: View<Present>,
) -> Result<Shown<SegmentCount>, Problem> {
    let count = api.engine.count_segment(&view.context, path.segment_id).await?;
    Ok(SegmentCount::shown(count))
}
