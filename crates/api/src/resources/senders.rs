//! Senders: the numbers we may send from, and what the provider says of them.

use axum::extract::State;
use chrono::{DateTime, Utc};
use fanal_domain::sender::SenderId;
use fanal_engine::authority::UseCase;
use fanal_engine::query::Scope;
use fanal_projections::world::SenderView;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::Gate;
use crate::answer::{List, Shown};
use crate::extract::{FreshParams, Present, View};
use crate::problem::Problem;
use crate::state::Api;
use crate::words::Quality;

/// A business phone number we may send from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "sender": "106540352242922",
    "configured": true,
    "rate_per_s": 80,
    "quality": "green",
    "daily_people_max": null,
    "notice": "throughput",
    "changed_at": "2026-03-01T12:00:00Z",
}))]
struct Sender {
    /// The provider's id of it.
    sender: String,
    /// Whether this installation sends from it.
    configured: bool,
    /// Messages per second, in and out together, as told.
    rate_per_s: Option<u32>,
    /// How people receive what we send.
    quality: Option<Quality>,
    /// Unique people outside a conversation per moving 24 hours.
    daily_people_max: Option<u32>,
    /// The provider's word for what happened last.
    notice: Option<String>,
    /// When that was.
    changed_at: Option<DateTime<Utc>>,
}

impl Sender {
    fn of(sender: &SenderId, configured: bool, told: Option<&SenderView>) -> Self {
        Self {
            sender: sender.0.clone(),
            configured,
            rate_per_s: told.and_then(|told| told.rate_per_s),
            quality: told.and_then(|told| told.quality).map(Into::into),
            daily_people_max: told.and_then(|told| told.daily_people_max),
            notice: told.map(|told| told.notice.clone()),
            changed_at: told.map(|told| told.changed.at),
        }
    }
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(gate.takes(UseCase::ViewMetrics, routes!(list_senders)))
}

/// The numbers we may send from: those this installation is set up with, then others the provider
/// told us of.
#[utoipa::path(get, path = "/v1/senders", operation_id = "list_senders", tag = "senders",
    params(FreshParams),
    responses((status = 200, description = "All of them.", body = List<Sender>)))]
async fn list_senders(
    State(api): State<Api>,
    view: View<Present>,
) -> Result<Shown<List<Sender>>, Problem> {
    let ours = &api.engine.config().senders;
    let looked = api
        .engine
        .look(&view.context, UseCase::ViewMetrics, (Scope::Catalogue, None), |world| {
            let catalogue = world.catalogue();
            let ours_told = ours.iter().map(|id| Sender::of(id, true, catalogue.sender(id)));
            let others = catalogue.senders().filter(|told| !ours.contains(&told.sender));
            let others = others.map(|told| Sender::of(&told.sender, false, Some(told)));
            ours_told.chain(others).collect()
        })
        .await?;
    Ok(Shown { body: List::whole(looked.value), version: None, position: looked.position })
}
