//! Counters, and a list of what can be asked.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::world::World;

pub(super) async fn index() -> Json<Value> {
    Json(json!({
        "GET /_sim/stats": "counters of everything",
        "GET /_sim/phones?after=&limit=": "phones with counts of what they received",
        "GET /_sim/phones/{phone}": "one phone and its messages",
        "POST /_sim/phones/{phone}/answers": "{text} | {button} | {message: {type, …}}",
        "PUT /_sim/phones/{phone}/fate": "{fate} | {fate: null}",
        "POST /_sim/messages/{id}/statuses": "{status, code?}",
        "GET|POST|DELETE /_sim/faults": "{fault, count}",
        "POST /_sim/webhooks": "{field, value}",
        "PUT /_sim/webhooks": "{outage: none | held | lost}",
        "PUT /_sim/tokens": "{token, standing}",
        "POST /_sim/templates/{id}": "{status?, reason?, pause?, quality?, category?, release?}",
        "POST /_sim/senders": "a sender, as in the configuration",
        "PATCH /_sim/senders/{id}": "{throughput_mps?, quality_rating?, registered?, maintenance_ms?}",
        "GET|PATCH /_sim/config": "all knobs; a patch is merged",
        "GET|POST /_sim/time": "{skip_ms}",
        "POST /_sim/reset": "forgets people and messages",
    }))
}

/// Everything is settled when `pending` holds only zeros.
pub(super) async fn show(State(world): State<Arc<World>>) -> Json<Value> {
    Json(world.with(|state, now| {
        let mut stats = serde_json::to_value(&state.stats).unwrap_or_default();
        let refused = |code: u32| state.stats.refused.get(&code).copied().unwrap_or_default();
        let people = state.crowd.iter();
        let (reached, repeated) = people.fold((0_u64, 0_u64), |(reached, repeated), person| {
            let is_repeated = person.repeated_references > 0;
            (reached + u64::from(person.accepted > 0), repeated + u64::from(is_repeated))
        });
        stats["phones"] = json!(reached);
        stats["phones_with_repeated_references"] = json!(repeated);
        stats["throttled"] = json!(refused(130_429));
        stats["pair_limited"] = json!(refused(131_056));
        stats["pending"] = json!({ "steps": state.agenda.len(), "updates": state.outbox.len() });
        stats["now_ms"] = json!(now);
        stats
    }))
}
