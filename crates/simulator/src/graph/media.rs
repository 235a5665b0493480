//! Media: upload, facts, download, delete.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use bytes::Bytes;
use hyper::{Method, Request};
use serde_json::json;

use super::call::Call;
use super::error::GraphError;
use super::node::{Node, require_node};
use super::reply::Reply;
use crate::clock::Millis;
use crate::world::World;

const URL_LIFE: Millis = 300_000;

/// Media types by what they may weigh, in bytes.
const TYPES: &[(&str, usize)] = &[
    ("audio/aac", 16 << 20),
    ("audio/amr", 16 << 20),
    ("audio/mpeg", 16 << 20),
    ("audio/mp4", 16 << 20),
    ("audio/ogg", 16 << 20),
    ("text/plain", 100 << 20),
    ("application/pdf", 100 << 20),
    ("application/msword", 100 << 20),
    ("application/vnd.ms-excel", 100 << 20),
    ("application/vnd.ms-powerpoint", 100 << 20),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", 100 << 20),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 100 << 20),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", 100 << 20),
    ("image/jpeg", 5 << 20),
    ("image/png", 5 << 20),
    ("image/webp", 500 << 10),
    ("video/mp4", 16 << 20),
    ("video/3gpp", 16 << 20),
];

pub(super) async fn upload(world: &World, id: &str, call: &Call) -> Result<Reply, GraphError> {
    let node = world.with(|state, _| require_node(state, &Method::POST, id))?;
    if !matches!(node, Node::Sender(_)) {
        return Err(GraphError::no_object("POST", id));
    }
    let form = read_form(call).await?;
    if form.product.as_deref() != Some("whatsapp") {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    let (bytes, part_type) =
        form.file.ok_or_else(|| GraphError::parameter("The parameter file is required."))?;
    let media_type = part_type.or(form.media_type).unwrap_or_default();
    let plain_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let max = TYPES.iter().find(|(known, _)| *known == plain_type).map(|(_, max)| *max);
    let Some(max) = max else {
        let shown: String = plain_type.chars().take(80).collect();
        let message = format!("Param file must be a file of a supported type. Received {shown}");
        return Err(GraphError::parameter(message));
    };
    if bytes.len() > max {
        return Err(GraphError::of(131_053).details("The file is too big for its type."));
    }
    let id = world.with(|state, now| {
        let room = state.config.memory.media_bytes_max;
        state.media.add(&media_type, bytes, now, room)
    });
    Ok(Reply::json(200, &json!({ "id": id.to_string() })))
}

#[derive(Default)]
struct Form {
    file: Option<(Bytes, Option<String>)>,
    media_type: Option<String>,
    product: Option<String>,
}

async fn read_form(call: &Call) -> Result<Form, GraphError> {
    let malformed = |_| GraphError::parameter("The body must be multipart/form-data.");
    let mut request = Request::new(Body::from(call.body.clone()));
    *request.headers_mut() = call.headers.clone();
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| GraphError::parameter("The body must be multipart/form-data."))?;
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        match part.name() {
            Some("file") => {
                let media_type = part.content_type().map(str::to_owned);
                form.file = Some((part.bytes().await.map_err(malformed)?, media_type));
            }
            Some("type") => form.media_type = Some(part.text().await.map_err(malformed)?),
            Some("messaging_product") => {
                form.product = Some(part.text().await.map_err(malformed)?);
            }
            _ => {}
        }
    }
    Ok(form)
}

pub(super) fn show(world: &World, id: &str, call: &Call) -> Result<Reply, GraphError> {
    world.with(|state, now| {
        let media = state.media.get(id, now).ok_or_else(|| GraphError::no_object("GET", id))?;
        let url = format!("{}/_media/{id}/{}", call.origin(), now.saturating_add(URL_LIFE));
        let hash = digest::digest(&digest::SHA256, &media.bytes);
        let sha256 = hash.as_ref().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _infallible = write!(hex, "{byte:02x}");
            hex
        });
        let body = json!({
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": media.mime,
            "sha256": sha256,
            "file_size": media.bytes.len(),
            "id": id,
        });
        Ok(Reply::json(200, &body))
    })
}

/// The bytes; after five minutes the address is gone and must be asked for again.
pub(super) fn download(world: &World, id: &str, expires: &str) -> Result<Reply, GraphError> {
    world.with(|state, now| {
        let fresh = expires.parse::<Millis>().is_ok_and(|expires| now < expires);
        let media = state.media.get(id, now).filter(|_| fresh);
        let gone = || GraphError::of(803).message("The media address has expired.");
        let media = media.ok_or_else(gone)?;
        Ok(Reply::binary(&media.mime, media.bytes.clone()))
    })
}

pub(super) fn delete(world: &World, id: &str) -> Result<Reply, GraphError> {
    let number = id.parse().map_err(|_| GraphError::no_object("DELETE", id))?;
    world.with(|state, _| state.media.remove(number));
    Ok(Reply::success())
}
