//! All knobs while it runs, the clock, and starting over.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::SimulatorConfig;
use crate::world::World;

pub(super) async fn show(Shared(world): Shared<Arc<World>>) -> Json<SimulatorConfig> {
    Json(world.with(|state, _| state.config.clone()))
}

/// Merges a patch into the knobs. Senders, templates, clock and account are not changed by it:
/// they have calls of their own, or are fixed at the start.
pub(super) async fn change(
    Shared(world): Shared<Arc<World>>,
    Json(patch): Json<Value>,
) -> Result<Json<SimulatorConfig>, Problem> {
    if !patch.is_object() {
        return Err(Problem::invalid("a patch is an object"));
    }
    for fixed in ["senders", "templates", "clock", "account"] {
        if patch.get(fixed).is_some() {
            return Err(Problem::invalid(format!("{fixed} cannot be patched")));
        }
    }
    world.with(|state, _| {
        let mut knobs = serde_json::to_value(&state.config).unwrap_or_default();
        merge(&mut knobs, patch);
        let config: SimulatorConfig =
            serde_json::from_value(knobs).map_err(|error| Problem::invalid(error.to_string()))?;
        state.config = config.clone();
        Ok(Json(config))
    })
}

/// RFC 7396: objects are merged, everything else is replaced.
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Skip {
    skip_ms: u64,
}

pub(super) async fn time(Shared(world): Shared<Arc<World>>) -> Json<Value> {
    Json(json!({ "now_ms": world.clock.now() }))
}

/// Jumps forward; everything that falls due on the way happens.
pub(super) async fn skip(Shared(world): Shared<Arc<World>>, Json(skip): Json<Skip>) -> Json<Value> {
    world.clock.skip(skip.skip_ms);
    Json(json!({ "now_ms": world.clock.now() }))
}

pub(super) async fn reset(Shared(world): Shared<Arc<World>>) -> Json<Value> {
    world.with(|state, _| state.reset());
    Json(json!({}))
}
