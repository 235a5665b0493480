//! `POST /{phone-number-id}/messages`.

use std::time::Duration;

use serde_json::Value;

use super::Outcome;
use super::call::read_json;
use super::error::GraphError;
use super::node::require_node;
use super::reply::Reply;
use crate::messages::{Manner, Request, read, send};
use crate::webhooks::{Post, Wire};
use crate::world::World;

pub(super) async fn messages(world: &World, id: &str, body: &[u8]) -> Result<Outcome, GraphError> {
    // Parsed before the lock is taken.
    let body = read_json(body)?;
    let sent = take(world, id, &body)?;
    let reply = Reply::text(200, sent.0);
    match sent.1 {
        Delivery::AtOnce => {}
        Delivery::Cut => return Ok(Outcome::Cut),
        Delivery::After(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Delivery::AfterPost(post) => {
            let accepted = Wire::default().send(&post).await;
            world.with(|state, now| state.settle(*post, accepted, now));
        }
    }
    Ok(Outcome::Reply(reply))
}

enum Delivery {
    AtOnce,
    Cut,
    After(u64),
    AfterPost(Box<Post>),
}

fn take(world: &World, id: &str, body: &Value) -> Result<(String, Delivery), GraphError> {
    let request = read(body);
    world.with(|state, now| {
        let sender = state.sender_of(id).ok_or_else(|| {
            require_node(state, &hyper::Method::POST, id)
                .err()
                .unwrap_or_else(|| GraphError::no_object("POST", id))
        })?;
        let taken =
            match request? {
                Request::Read { message_id } if state.knows_incoming(message_id) => {
                    state.stats.marked_read += 1;
                    return Ok(("{\"success\":true}".to_owned(), Delivery::AtOnce));
                }
                Request::Read { .. } => Err(GraphError::of(131_009)
                    .details("There is no message from a person with this id.")),
                Request::Send(message) => send(state, now, sender, &message),
            };
        let sent = taken.inspect_err(|error| state.stats.refuse(error.code))?;
        let delivery = match sent.manner {
            Manner::AtOnce => Delivery::AtOnce,
            Manner::Cut => Delivery::Cut,
            Manner::After(ms) => Delivery::After(ms),
            Manner::AfterWebhook(notice) => notice
                .and_then(|notice| state.post_of(notice, now))
                .map_or(Delivery::AtOnce, |post| Delivery::AfterPost(Box::new(post))),
        };
        Ok((sent.body, delivery))
    })
}
