//! `/{id}`: whatever has this id.

use hyper::Method;
use serde_json::json;

use super::call::Call;
use super::error::GraphError;
use super::fields::select;
use super::reply::Reply;
use super::{account, media, numbers, templates, uploads};
use crate::clock::Millis;
use crate::limits::SenderIndex;
use crate::templates::TemplateIndex;
use crate::world::{State, World};

/// What an id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    App,
    Account,
    Sender(SenderIndex),
    Template(TemplateIndex),
    Media,
    Upload,
}

impl Node {
    fn find(state: &State, id: &str) -> Option<Self> {
        let account = &state.config.account;
        if id == account.app_id {
            return Some(Self::App);
        }
        if id == account.waba_id {
            return Some(Self::Account);
        }
        if id.starts_with("upload:") {
            return Some(Self::Upload);
        }
        if let Some(sender) = state.sender_of(id) {
            return Some(Self::Sender(sender));
        }
        if let Some(template) = state.templates.find_id(id) {
            return Some(Self::Template(template));
        }
        state.media.knows(id).then_some(Self::Media)
    }
}

/// The node with this id, or the error for an unknown one.
pub(super) fn require_node(state: &State, method: &Method, id: &str) -> Result<Node, GraphError> {
    Node::find(state, id).ok_or_else(|| GraphError::no_object(method.as_str(), id))
}

/// Refuses an edge that only the account has.
pub(super) fn require_account(state: &State, method: &Method, id: &str) -> Result<(), GraphError> {
    match require_node(state, method, id)? {
        Node::Account => Ok(()),
        _ => Err(GraphError::parameter(format!(
            "Tried accessing nonexisting field on node with id {id}"
        ))),
    }
}

pub(super) async fn node(
    world: &World,
    method: &Method,
    id: &str,
    call: &Call,
) -> Result<Reply, GraphError> {
    let node = world.with(|state, _| require_node(state, method, id))?;
    match (method, node) {
        (&Method::GET, Node::App) => {
            let parameters = call.parameters()?;
            let app = json!({ "id": id, "name": "Fanal simulator" });
            Ok(Reply::json(200, &select(app, parameters.text("fields"))))
        }
        (&Method::GET, Node::Account) => account::show(world, call),
        (&Method::GET, Node::Sender(sender)) => numbers::show(world, sender, call),
        (&Method::POST, Node::Sender(sender)) => numbers::change(world, sender, call).await,
        (&Method::GET, Node::Template(template)) => templates::show(world, template, call),
        (&Method::POST, Node::Template(template)) => templates::edit(world, template, call),
        (&Method::GET, Node::Media) => media::show(world, id, call),
        (&Method::DELETE, Node::Media) => media::delete(world, id),
        (&Method::GET | &Method::POST, Node::Upload) => uploads::session(method, id, call),
        _ => Err(GraphError::of(3).message("(#3) This method is not supported on this object")),
    }
}

impl State {
    /// Counts a call against the hourly limit of management calls.
    pub(super) fn count_management_call(&mut self, now: Millis) -> Result<(), GraphError> {
        let hour = now / 3_600_000;
        if self.management_calls.0 != hour {
            self.management_calls = (hour, 0);
        }
        if self.management_calls.1 >= self.config.limits.management_calls_per_hour {
            return Err(GraphError::of(80_007));
        }
        self.management_calls.1 += 1;
        Ok(())
    }
}
