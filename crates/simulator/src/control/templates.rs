//! Deciding about templates: review, pause, quality, category, held messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::templates::{Category, Quality, Status};
use crate::world::World;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// `APPROVED`, `REJECTED`, `PENDING`, `PAUSED` or `DISABLED`, without the usual timers.
    status: Option<String>,
    /// Why it is rejected.
    reason: Option<String>,
    /// Pauses it as low quality does: 3 h, then 6 h, then disabled.
    #[serde(default)]
    pause: bool,
    quality: Option<String>,
    category: Option<String>,
    /// The verdict on held messages: true releases them, false fails them with 132015.
    release: Option<bool>,
}

/// `id` is a template's id, or its name for all its languages.
pub(super) async fn change(
    Shared(world): Shared<Arc<World>>,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Result<Json<Value>, Problem> {
    let unknown = |what: &str| Problem::invalid(format!("{what} is unknown"));
    let status =
        change.status.as_deref().map(|s| Status::parse(s).ok_or_else(|| unknown("status")));
    let quality =
        change.quality.as_deref().map(|q| Quality::parse(q).ok_or_else(|| unknown("quality")));
    let category =
        change.category.as_deref().map(|c| Category::parse(c).ok_or_else(|| unknown("category")));
    let (status, quality, category) =
        (status.transpose()?, quality.transpose()?, category.transpose()?);
    world.with(|state, now| {
        let indexes = match state.templates.find_id(&id) {
            Some(index) => vec![index],
            None => state.templates.named(&id),
        };
        if indexes.is_empty() {
            return Err(Problem::unknown("template"));
        }
        for index in indexes {
            if let Some(template) = state.templates.get_mut(index) {
                template.rejected_reason = change.reason.as_deref().map(Box::from);
            }
            if let Some(status) = status {
                state.set_template_status(index, status, status.word(), now);
            }
            if change.pause {
                state.pause_template(index, now);
            }
            if let Some(quality) = quality {
                state.set_quality(index, quality, now);
            }
            if let Some(category) = category {
                state.set_category(index, category, now);
            }
            if let Some(good) = change.release {
                state.judge_held(index, good, now);
            }
        }
        Ok(Json(json!({})))
    })
}
