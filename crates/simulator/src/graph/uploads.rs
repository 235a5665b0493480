//! Resumable uploads of template header samples. The bytes are looked at and not kept.

use hyper::Method;
use serde_json::json;

use super::call::Call;
use super::error::GraphError;
use super::node::{Node, require_node};
use super::reply::Reply;
use crate::dice::Dice;
use crate::world::World;

const TYPES: &[&str] = &["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];

/// `POST /{app-id}/uploads`.
pub(super) fn open(world: &World, id: &str, call: &Call) -> Result<Reply, GraphError> {
    if world.with(|state, _| require_node(state, &Method::POST, id))? != Node::App {
        return Err(GraphError::no_object("POST", id));
    }
    let parameters = call.parameters()?;
    let length = parameters
        .number("file_length")
        .ok_or_else(|| GraphError::parameter("The parameter file_length is required."))?;
    if !TYPES.contains(&parameters.required("file_type")?) {
        return Err(GraphError::parameter("Param file_type is not supported."));
    }
    let session = Dice::of(&[world.next_trace(), length]).next();
    Ok(Reply::json(200, &json!({ "id": format!("upload:{session:016x}{length:x}") })))
}

/// `POST` takes the bytes, `GET` tells where to resume.
pub(super) fn session(method: &Method, id: &str, call: &Call) -> Result<Reply, GraphError> {
    let length = id
        .strip_prefix("upload:")
        .and_then(|session| session.get(16..))
        .and_then(|length| usize::from_str_radix(length, 16).ok())
        .ok_or_else(|| GraphError::no_object(method.as_str(), id))?;
    if method == Method::GET {
        return Ok(Reply::json(200, &json!({ "id": id, "file_offset": 0 })));
    }
    if call.body.len() != length {
        let message = format!("{} bytes were announced, {} came.", length, call.body.len());
        return Err(GraphError::parameter(message));
    }
    let handle = id.strip_prefix("upload:").unwrap_or_default();
    Ok(Reply::json(200, &json!({ "h": format!("4::{handle}") })))
}
