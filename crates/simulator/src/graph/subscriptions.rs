//! `/{app-id}/subscriptions`: where the app's webhooks go.

use hyper::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::error::GraphError;
use super::node::{Node, require_node};
use super::reply::Reply;
use crate::dice::Dice;
use crate::webhooks::{Callback, FIELDS, Subscription, verify};
use crate::world::World;

const OBJECT: &str = "whatsapp_business_account";

pub(super) async fn edge(
    world: &World,
    method: &Method,
    id: &str,
    call: &Call,
) -> Result<Reply, GraphError> {
    if world.with(|state, _| require_node(state, method, id))? != Node::App {
        return Err(GraphError::no_object(method.as_str(), id));
    }
    match *method {
        Method::GET => Ok(world.with(|state, _| {
            let data: Vec<Value> = state.subscriptions.app.iter().map(show).collect();
            Reply::json(200, &json!({ "data": data }))
        })),
        Method::POST => subscribe(world, call).await,
        Method::DELETE => {
            world.with(|state, _| state.subscriptions.app = None);
            Ok(Reply::success())
        }
        _ => Err(GraphError::of(3)),
    }
}

async fn subscribe(world: &World, call: &Call) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    if parameters.required("object")? != OBJECT {
        return Err(GraphError::parameter(format!("Param object must be {OBJECT}")));
    }
    let fields: Vec<String> = match parameters.get("fields") {
        Value::String(list) => list.split(',').map(|field| field.trim().to_owned()).collect(),
        Value::Array(list) => {
            list.iter().filter_map(|field| field.as_str().map(str::to_owned)).collect()
        }
        _ => vec!["messages".to_owned()],
    };
    if let Some(unknown) = fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        let shown: String = unknown.chars().take(40).collect();
        return Err(GraphError::parameter(format!("Param fields holds an unknown field: {shown}")));
    }
    let url = parameters.required("callback_url")?;
    let callback = checked_callback(world, url, parameters.text("verify_token")).await?;
    world.with(|state, _| {
        state.subscriptions.app = Some(Subscription { callback, fields });
    });
    Ok(Reply::success())
}

fn show(subscription: &Subscription) -> Value {
    let fields = subscription.fields.iter();
    let fields: Vec<Value> =
        fields.map(|name| json!({ "name": name, "version": "v26.0" })).collect();
    json!({
        "object": OBJECT,
        "callback_url": subscription.callback.url(),
        "active": true,
        "fields": fields,
    })
}

/// A callback that answered the verification call.
pub(super) async fn checked_callback(
    world: &World,
    url: &str,
    verify_token: Option<&str>,
) -> Result<Callback, GraphError> {
    let callback = Callback::parse(url).filter(|_| url.len() <= 200).ok_or_else(|| {
        GraphError::parameter("The callback must be an http URL of at most 200 characters.")
    })?;
    let trace = world.next_trace();
    let (token, challenge) = world.with(|state, now| {
        let token = verify_token.unwrap_or(&state.config.account.verify_token);
        (token.to_owned(), Dice::of(&[trace, now]).next() >> 34)
    });
    verify(&callback, &token, challenge).await.map_err(|error| {
        GraphError::of(2200).message(format!("Callback verification failed: {error}"))
    })?;
    Ok(callback)
}
