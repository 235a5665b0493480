//! The Graph API: nodes, edges and the errors between them.

mod account;
mod call;
mod error;
mod fields;
mod media;
mod node;
mod numbers;
mod parameters;
mod reply;
mod send;
mod subscriptions;
mod templates;
mod uploads;

use hyper::Method;

pub(crate) use self::call::Call;
pub(crate) use self::error::{GraphError, webhook_error};
pub(crate) use self::reply::Reply;
use crate::world::World;

/// What a call comes to.
#[derive(Debug)]
pub(crate) enum Outcome {
    Reply(Reply),
    /// The connection breaks without a word.
    Cut,
}

/// Answers any call to the Graph API.
pub(crate) async fn answer(world: &World, call: Call) -> Outcome {
    match route(world, &call).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome::Reply(error.into_reply(world.next_trace())),
    }
}

async fn route(world: &World, call: &Call) -> Result<Outcome, GraphError> {
    let segments = call.segments();
    let token = call.token();
    world.with(|state, now| {
        state.tokens.check(token.as_deref())?;
        let free_of_limit = matches!(segments[..], [_, "messages" | "media"] | ["_media", ..]);
        if free_of_limit { Ok(()) } else { state.count_management_call(now) }
    })?;
    if let (&Method::POST, [id, "messages"]) = (&call.method, &segments[..]) {
        return send::messages(world, id, &call.body).await;
    }
    let reply = match (&call.method, &segments[..]) {
        (&Method::POST, [id, "media"]) => media::upload(world, id, call).await?,
        (&Method::GET, ["_media", id, expires]) => media::download(world, id, expires)?,
        (method, [id, "message_templates"]) => templates::edge(world, method, id, call)?,
        (&Method::POST, [id, "unpause"]) => templates::unpause(world, id)?,
        (&Method::GET, [id, "phone_numbers"]) => numbers::list(world, id, call)?,
        (&Method::POST, [id, "phone_numbers"]) => numbers::add(world, id, call)?,
        (&Method::POST, [id, "request_code" | "verify_code"]) => numbers::code(world, id)?,
        (&Method::POST, [id, "register"]) => numbers::register(world, id, call)?,
        (&Method::POST, [id, "deregister"]) => numbers::deregister(world, id)?,
        (method, [id, "subscribed_apps"]) => {
            account::subscribed_apps(world, method, id, call).await?
        }
        (method, [id, "subscriptions"]) => subscriptions::edge(world, method, id, call).await?,
        (&Method::POST, [id, "uploads"]) => uploads::open(world, id, call)?,
        (method, [id]) => node::node(world, method, id, call).await?,
        (method, [id, ..]) => {
            world.with(|state, _| node::require_node(state, method, id))?;
            return Err(GraphError::of(2500).message("Unknown path components: unknown edge"));
        }
        (_, []) => return Err(GraphError::of(2500).message("An object id is required")),
    };
    Ok(Outcome::Reply(reply))
}
