//! A request that only looks: who asks, as of when, and not before which position is reached.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use fanal_engine::Context;
use fanal_engine::envelope::Position;
use tokio::time::timeout;
use utoipa::IntoParams;

use super::command::context_of;
use super::params::{FromParams, Params, query_problem};
use crate::access::Caller;
use crate::problem::{Code, Problem};
use crate::state::Api;

/// A request that only looks.
#[derive(Debug)]
pub(crate) struct View<Q> {
    /// Who asks.
    pub(crate) context: Context,
    /// As of which position; none means now.
    pub(crate) as_of: Option<Position>,
    /// What else the caller said.
    pub(crate) params: Q,
}

impl<Q: FromParams> FromRequestParts<Api> for View<Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, api).await?;
        let context = context_of(&caller, parts, api);
        let mut params = Params::of(&parts.uri)?;
        let as_of = if Q::LOOKS_BACK {
            params.parse("as_of", "as_of", "must be a log position or an RFC 3339 time")?
        } else {
            None
        };
        let must = "must be a log position";
        let min_position = params.parse("min_position", "position", must)?;
        let own = Q::take(&mut params)?;
        params.finish()?;
        if let Some(position) = min_position {
            reach(api, Position(position)).await?;
        }
        let as_of = match as_of {
            Some(as_of) => Some(resolve(api, as_of).await?),
            None => None,
        };
        Ok(Self { context, as_of, params: own })
    }
}

/// Waits, not for ever, until the live view shows a position.
async fn reach(api: &Api, position: Position) -> Result<(), Problem> {
    let live = api.engine.live();
    timeout(api.limits.position_wait_max, live.wait_applied(position)).await.map_err(|_| {
        Problem::of(
            Code::PositionNotReached,
            format!("position {position} was not reached in time"),
        )
        .at("min_position")
        .breaking("reached")
        .with("reached", live.applied().0)
    })
}

/// A past position or time.
#[derive(Debug, Clone, Copy)]
enum AsOf {
    Position(Position),
    Time(DateTime<Utc>),
}

impl FromStr for AsOf {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.bytes().all(|one| one.is_ascii_digit()) {
            return text.parse().map(|position| Self::Position(Position(position))).map_err(|_| ());
        }
        // A `+` that was not escaped arrives as a space.
        let text = text.replace(' ', "+");
        DateTime::parse_from_rfc3339(&text).map(|time| Self::Time(time.to_utc())).map_err(|_| ())
    }
}

/// Only what has happened can be looked back at.
async fn resolve(api: &Api, as_of: AsOf) -> Result<Position, Problem> {
    let ports = api.engine.ports();
    match as_of {
        AsOf::Position(position) => {
            let head = ports.log.head().await?;
            if position <= head {
                return Ok(position);
            }
            let must = format!("must not be after the log's last position, {head}");
            Err(query_problem("as_of", "future", &must).with("head", head.0))
        }
        AsOf::Time(time) if time > ports.clock.now() => {
            Err(query_problem("as_of", "future", "must not lie in the future"))
        }
        AsOf::Time(time) => Ok(ports.log.position_at(time).await?),
    }
}

/// The parameter of reads that show the present only, for the documents.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameter; the extractor reads it itself")]
pub(crate) struct FreshParams {
    /// Waits until this log position has been reached, then answers; 503 if it takes too long.
    #[param(minimum = 0)]
    min_position: Option<u64>,
}

/// The parameters of reads that can show the past, for the documents.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; the extractor reads them itself")]
pub(crate) struct ViewParams {
    /// Shows it as it was at this log position or RFC 3339 time; default: now.
    #[param(example = "2026-03-01T18:30:00Z")]
    as_of: Option<String>,
    /// Waits until this log position has been reached, then answers; 503 if it takes too long.
    #[param(minimum = 0)]
    min_position: Option<u64>,
}
