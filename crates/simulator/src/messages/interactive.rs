//! Interactive messages: buttons, lists and the single-action kinds.

use serde_json::Value;

use super::content::{FreeForm, Kind, invalid, limit, required};
use crate::graph::GraphError;

/// Ids and titles of what can be tapped.
type Replies<'v> = Vec<(&'v str, &'v str)>;

pub(super) fn read(interactive: &Value) -> Result<FreeForm<'_>, GraphError> {
    let kind = required(interactive, "type", "interactive['type']")?;
    let action = &interactive["action"];
    let (replies, body_max): (Replies<'_>, usize) = match kind {
        "button" => (buttons(action)?, 1_024),
        "list" => (list(action)?, 4_096),
        "cta_url" => {
            let parameters = named(action, "cta_url")?;
            let text = required(parameters, "display_text", "parameters['display_text']")?;
            limit("parameters['display_text']", text, 1, 20)?;
            required(parameters, "url", "parameters['url']")?;
            (Vec::new(), 1_024)
        }
        "flow" => {
            let parameters = named(action, "flow")?;
            let text = required(parameters, "flow_cta", "parameters['flow_cta']")?;
            limit("parameters['flow_cta']", text, 1, 30)?;
            if parameters["flow_id"].is_null() && parameters["flow_name"].is_null() {
                return Err(invalid("one of flow_id and flow_name is required"));
            }
            (Vec::new(), 1_024)
        }
        "location_request_message" => {
            named(action, "send_location")?;
            (Vec::new(), 1_024)
        }
        "call_permission_request" | "voice_call" => {
            named(action, kind)?;
            return Ok(FreeForm::of(Kind::Interactive, body(interactive).unwrap_or_default()));
        }
        "product" | "product_list" | "catalog_message" | "address_message" | "carousel" => {
            if !action.is_object() {
                return Err(missing("action"));
            }
            return Ok(FreeForm::of(Kind::Interactive, body(interactive).unwrap_or_default()));
        }
        _ => return Err(invalid("interactive['type'] is unknown")),
    };
    let text = body(interactive).ok_or_else(|| missing("interactive['body']['text']"))?;
    limit("interactive['body']['text']", text, 1, body_max)?;
    frame(interactive, kind)?;
    let reply_type = if kind == "list" { "list_reply" } else { "button_reply" };
    Ok(FreeForm { replies, reply_type, ..FreeForm::of(Kind::Interactive, text) })
}

fn buttons(action: &Value) -> Result<Replies<'_>, GraphError> {
    let list = action["buttons"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !(1..=3).contains(&list.len()) {
        return Err(invalid("between 1 and 3 buttons are allowed"));
    }
    let replies = list.iter().map(|button| {
        if button["type"] != "reply" {
            return Err(invalid("buttons must be of type reply"));
        }
        reply(&button["reply"], 256, 20)
    });
    distinct(replies.collect::<Result<_, _>>()?)
}

fn list(action: &Value) -> Result<Replies<'_>, GraphError> {
    limit("action['button']", required(action, "button", "action['button']")?, 1, 20)?;
    let sections = action["sections"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !(1..=10).contains(&sections.len()) {
        return Err(invalid("between 1 and 10 sections are allowed"));
    }
    let mut replies = Vec::new();
    for section in sections {
        match section["title"].as_str() {
            Some(title) => limit("section title", title, 0, 24)?,
            None if sections.len() > 1 => return Err(missing("section['title']")),
            None => {}
        }
        for row in section["rows"].as_array().map(Vec::as_slice).unwrap_or_default() {
            replies.push(reply(row, 200, 24)?);
            limit("row description", row["description"].as_str().unwrap_or_default(), 0, 72)?;
        }
    }
    if !(1..=10).contains(&replies.len()) {
        return Err(invalid("between 1 and 10 rows are allowed in total"));
    }
    distinct(replies)
}

fn reply(of: &Value, id_max: usize, title_max: usize) -> Result<(&str, &str), GraphError> {
    let id = required(of, "id", "reply['id']")?;
    let title = required(of, "title", "reply['title']")?;
    limit("reply['id']", id, 1, id_max)?;
    limit("reply['title']", title, 1, title_max)?;
    Ok((id, title))
}

fn distinct(replies: Replies<'_>) -> Result<Replies<'_>, GraphError> {
    let mut ids: Vec<&str> = replies.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|two| two[0] == two[1]) {
        return Err(invalid("reply ids must be unique"));
    }
    Ok(replies)
}

/// Header and footer.
fn frame(interactive: &Value, kind: &str) -> Result<(), GraphError> {
    if let Some(footer) = interactive["footer"]["text"].as_str() {
        limit("interactive['footer']['text']", footer, 0, 60)?;
    }
    let header = &interactive["header"];
    if header.is_null() {
        return Ok(());
    }
    match header["type"].as_str() {
        Some("text") => {
            let text = required(header, "text", "header['text']")?;
            limit("interactive['header']['text']", text, 1, 60)
        }
        Some("image" | "video" | "document") if kind != "list" => Ok(()),
        _ => Err(invalid("interactive['header']['type'] is not allowed here")),
    }
}

fn named<'v>(action: &'v Value, name: &str) -> Result<&'v Value, GraphError> {
    if action["name"] == name {
        return Ok(&action["parameters"]);
    }
    Err(invalid(format!("interactive['action']['name'] must be {name}")))
}

fn body(interactive: &Value) -> Option<&str> {
    interactive["body"]["text"].as_str()
}

fn missing(path: &str) -> GraphError {
    GraphError::of(131_008).details(format!("The parameter {path} is required."))
}
