//! Faults, outages, tokens, and webhooks written by hand.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::webhooks::FIELDS;
use crate::world::{Fault, Faults, Outage, Token, World};

#[derive(Debug, Deserialize)]
pub(super) struct NewFault {
    fault: Fault,
    #[serde(default = "one")]
    count: u32,
}

fn one() -> u32 {
    1
}

/// Strikes the next `count` sends, whoever they are for.
pub(super) async fn plan(
    Shared(world): Shared<Arc<World>>,
    Json(new): Json<NewFault>,
) -> Json<Value> {
    world.with(|state, _| state.faults.plan(new.fault, new.count));
    Json(json!({}))
}

pub(super) async fn list(Shared(world): Shared<Arc<World>>) -> Json<Value> {
    Json(world.with(|state, _| {
        let planned = state.faults.planned();
        let planned = planned.map(|(fault, count)| json!({ "fault": fault, "count": count }));
        json!({ "planned": planned.collect::<Vec<_>>(), "outage": state.faults.outage() })
    }))
}

/// Forgets planned faults and ends any outage.
pub(super) async fn clear(Shared(world): Shared<Arc<World>>) -> Json<Value> {
    world.with(|state, _| state.faults = Faults::default());
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewOutage {
    outage: Outage,
}

pub(super) async fn set_outage(
    Shared(world): Shared<Arc<World>>,
    Json(new): Json<NewOutage>,
) -> Json<Value> {
    world.with(|state, _| state.faults.set_outage(new.outage));
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewChange {
    field: String,
    value: Value,
}

/// Tells a change exactly as given, for everything the simulator does not do by itself.
pub(super) async fn tell(
    Shared(world): Shared<Arc<World>>,
    Json(new): Json<NewChange>,
) -> Result<Json<Value>, Problem> {
    if !FIELDS.contains(&new.field.as_str()) {
        return Err(Problem::invalid(format!("field is one of {}", FIELDS.join(", "))));
    }
    world.with(|state, now| state.announce_change(&new.field, new.value, now));
    Ok(Json(json!({})))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewToken {
    token: String,
    standing: Token,
}

pub(super) async fn set_token(
    Shared(world): Shared<Arc<World>>,
    Json(new): Json<NewToken>,
) -> Json<Value> {
    world.with(|state, _| state.tokens.set(new.token, new.standing));
    Json(json!({}))
}
