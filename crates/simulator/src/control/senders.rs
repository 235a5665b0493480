//! Adding senders and changing their standing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::config::SenderConfig;
use crate::world::{State, World};

const UPGRADE_EVENT: &str = "THROUGHPUT_UPGRADE";

pub(super) async fn add(
    Shared(world): Shared<Arc<World>>,
    Json(config): Json<SenderConfig>,
) -> Result<Json<Value>, Problem> {
    world.with(|state, _| {
        state.add_sender(config).map_err(|_| {
            Problem::invalid("phone_number_id is taken, or display_phone_number is not a number")
        })?;
        Ok(Json(json!({})))
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    throughput_mps: Option<u32>,
    quality_rating: Option<String>,
    registered: Option<bool>,
    /// Answers 131057 for so long.
    maintenance_ms: Option<u64>,
}

/// A throughput of 1,000 or more is told by `phone_number_quality_update`.
pub(super) async fn change(
    Shared(world): Shared<Arc<World>>,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Result<Json<Value>, Problem> {
    world.with(|state, now| {
        let index = state.sender_of(&id).ok_or_else(|| Problem::unknown("sender"))?;
        let sender = state.sender_mut(index).ok_or_else(|| Problem::unknown("sender"))?;
        let level = sender.level();
        if let Some(mps) = change.throughput_mps {
            if mps == 0 {
                return Err(Problem::invalid("throughput_mps must be at least 1"));
            }
            sender.config.throughput_mps = mps;
        }
        if let Some(rating) = change.quality_rating {
            sender.config.quality_rating = rating;
        }
        if let Some(registered) = change.registered {
            sender.config.registered = registered;
        }
        if let Some(ms) = change.maintenance_ms {
            sender.maintenance_until = now.saturating_add(ms);
        }
        if sender.level() != level && sender.level() == "HIGH" {
            let number = sender.number.to_string();
            tell_upgrade(state, &number, now);
        }
        Ok(Json(json!({})))
    })
}

fn tell_upgrade(state: &mut State, number: &str, now: u64) {
    let value = json!({
        "display_phone_number": number,
        "event": UPGRADE_EVENT,
        "current_limit": "TIER_UNLIMITED",
        "max_daily_conversations_per_business": "TIER_UNLIMITED",
    });
    state.announce_change("phone_number_quality_update", value, now);
}
