//! Telling a status by hand.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::people::Step;
use crate::world::World;

#[derive(Debug, Deserialize)]
pub(super) struct NewStatus {
    status: String,
    /// For `failed`.
    code: Option<u32>,
}

pub(super) async fn tell(
    Shared(world): Shared<Arc<World>>,
    Path(id): Path<String>,
    Json(new): Json<NewStatus>,
) -> Result<Json<Value>, Problem> {
    let step = match (new.status.as_str(), new.code) {
        ("sent", _) => Step::Sent,
        ("delivered", _) => Step::Delivered,
        ("read", _) => Step::Read,
        ("played", _) => Step::Played,
        ("failed", code) => Step::Failed(code.unwrap_or(131_000)),
        _ => return Err(Problem::invalid("status is sent, delivered, read, played or failed")),
    };
    world.with(|state, now| {
        let (number, _) = state.find_outgoing(&id).ok_or_else(|| Problem::unknown("message"))?;
        if let Some(notice) = state.tell(number, step, now) {
            state.announce(notice);
        }
        Ok(Json(json!({})))
    })
}
