//! Figures of everything. Those of one broadcast or incident are found beside it.

mod views;

use axum::extract::State;
use fanal_domain::incident::Mode;
use fanal_engine::authority::UseCase;
use fanal_engine::query::{Looked, Scope};
use fanal_projections::cost::RateBook;
use fanal_projections::metrics::Yardstick;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::views::Metrics;
use crate::access::Gate;
use crate::answer::Shown;
use crate::extract::{FromParams, Params, View, ViewParams, query_problem};
use crate::problem::Problem;
use crate::state::Api;

/// Which figures of everything.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct OverallParams {
    /// `live` or `exercise`: what is real and what is a drill are never added up.
    #[param(value_type = Option<String>, default = "live")]
    mode: Mode,
}

impl FromParams for OverallParams {
    const LOOKS_BACK: bool = true;

    fn take(params: &mut Params) -> Result<Self, Problem> {
        match params.text("mode").as_deref() {
            None | Some("live") => Ok(Self { mode: Mode::Live }),
            Some("exercise") => Ok(Self { mode: Mode::Exercise }),
            Some(_) => Err(query_problem("mode", "one_of", "must be `live` or `exercise`")),
        }
    }
}

pub(crate) fn routes(gate: &Gate) -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(gate.takes(UseCase::ViewMetrics, routes!(get_metrics)))
}

/// The figures of all broadcasts of all incidents.
#[utoipa::path(get, path = "/v1/metrics", operation_id = "get_metrics", tag = "metrics",
    params(OverallParams, ViewParams),
    responses((status = 200, description = "Every figure.", body = Metrics)))]
async fn get_metrics(
    State(api): State<Api>,
    view: View<OverallParams>,
) -> Result<Shown<Metrics>, Problem> {
    let (book, yardstick) = report_of(&api);
    let scope = (Scope::Everything, view.as_of);
    let Looked { value, position, events_behind } = api
        .engine
        .look(&view.context, UseCase::ViewMetrics, scope, |world| {
            world.overall_report(view.params.mode, book, yardstick)
        })
        .await?;
    let body = Metrics::of(value, events_behind);
    Ok(Shown { body, version: None, position })
}

/// Prices and measures of this installation.
pub(crate) fn report_of(api: &Api) -> (&RateBook, Yardstick) {
    let call_micros = api.engine.config().cost_per_call_micros;
    (&api.prices, Yardstick { call_micros, ..Yardstick::default() })
}
