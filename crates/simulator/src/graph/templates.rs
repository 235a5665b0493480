//! Templates over the API: create, list, show, edit, unpause, delete.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::error::GraphError;
use super::fields::select;
use super::node::{Node, require_account, require_node};
use super::parameters::Parameters;
use super::reply::Reply;
use crate::clock::Millis;
use crate::config::ReviewMode;
use crate::templates::{Category, Listing, Status, TemplateIndex, create, replace_components};
use crate::world::{Due, State, Turn, World};

const PAGE_DEFAULT: u64 = 25;
const PAGE_MAX: u64 = 1_000;
const NOT_EDITABLE: u32 = 2_388_039;
const EDIT_SPAN: Millis = 30 * 86_400_000;

pub(super) fn edge(
    world: &World,
    method: &Method,
    id: &str,
    call: &Call,
) -> Result<Reply, GraphError> {
    world.with(|state, _| require_account(state, method, id))?;
    match *method {
        Method::GET => list(world, &call.parameters()?, call),
        Method::POST => {
            let template = create(&call.json()?)?;
            world.with(|state, now| {
                let max = state.config.review.templates_max;
                let index = state.templates.add(template, now, max)?;
                submit(state, index, now);
                let template = state.templates.get(index).ok_or_else(|| GraphError::of(1))?;
                Ok(Reply::json(200, &template.receipt()))
            })
        }
        Method::DELETE => delete(world, &call.parameters()?),
        _ => Err(GraphError::of(3)),
    }
}

/// Sends a template into review, by the mode of the day.
fn submit(state: &mut State, index: TemplateIndex, now: Millis) {
    let mode = state.config.review.mode;
    let Some(template) = state.templates.get_mut(index) else { return };
    template.status = Status::Pending;
    match mode {
        ReviewMode::Immediate => template.status = Status::Approved,
        ReviewMode::AfterMs(ms) => {
            let approve = Due::Template(index, Turn::Approve);
            state.agenda.add(now.saturating_add(ms), approve);
        }
        ReviewMode::Manual => {}
    }
}

fn list(world: &World, parameters: &Parameters, call: &Call) -> Result<Reply, GraphError> {
    let from = match parameters.text("after") {
        Some(cursor) => read_cursor(cursor).ok_or_else(|| GraphError::of(131_059))?,
        None => 0,
    };
    let limit = parameters.number("limit").unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let listing = Listing {
        name: parameters.text("name"),
        status: parameters.text("status"),
        category: parameters.text("category"),
        language: parameters.text("language"),
    };
    world.with(|state, _| {
        if from > state.templates.len() {
            return Err(GraphError::of(131_059));
        }
        let mut matching = state.templates.list(&listing, from);
        let mut last = from;
        let page = matching.by_ref().take(limit).map(|(next, template)| {
            last = next;
            select(template.node(), parameters.text("fields"))
        });
        let data: Vec<Value> = page.collect();
        let more = matching.next().is_some();
        let mut paging = json!({ "cursors": { "before": cursor(from), "after": cursor(last) } });
        if more {
            let next = format!(
                "{}{}?after={}&limit={limit}",
                call.origin(),
                call.uri.path(),
                cursor(last)
            );
            paging["next"] = json!(next);
        }
        let mut body = json!({ "data": data, "paging": paging });
        if parameters.text("summary").is_some() {
            body["summary"] = json!({
                "total_count": state.templates.len(),
                "message_template_count": state.templates.len(),
                "message_template_limit": state.config.review.templates_max,
                "are_translations_complete": false,
            });
        }
        Ok(Reply::json(200, &body))
    })
}

pub(super) fn show(world: &World, index: TemplateIndex, call: &Call) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    world.with(|state, _| {
        let template = state.templates.get(index).ok_or_else(|| GraphError::of(33))?;
        let mut node = template.node();
        let sendable = template.status == Status::Approved;
        node["health_status"] = json!({
            "can_send_message": if sendable { "AVAILABLE" } else { "BLOCKED" },
            "entities": [],
        });
        Ok(Reply::json(200, &select(node, parameters.text("fields"))))
    })
}

pub(super) fn edit(world: &World, index: TemplateIndex, call: &Call) -> Result<Reply, GraphError> {
    let body = call.json()?;
    world.with(|state, now| {
        let template = state.templates.get_mut(index).ok_or_else(|| GraphError::of(33))?;
        check_editable(template.status, &mut template.edited_at, now)?;
        let mut next = template.clone();
        if let Some(category) = body["category"].as_str() {
            let category = Category::parse(category)
                .ok_or_else(|| GraphError::parameter("Param category is unknown."))?;
            if template.status == Status::Approved && category != template.category {
                return Err(not_editable("The category of an approved template is fixed."));
            }
            next.category = category;
        }
        if let Some(ttl) = body["message_send_ttl_seconds"].as_i64() {
            next.ttl_seconds = Some(ttl);
        }
        if !body["components"].is_null() {
            replace_components(&mut next, &body["components"])?;
        }
        next.edited_at.push(now);
        *template = next;
        submit(state, index, now);
        Ok(Reply::success())
    })
}

/// Approved templates take one edit a day and ten in thirty days; others any number.
fn check_editable(status: Status, edits: &mut Vec<Millis>, now: Millis) -> Result<(), GraphError> {
    if !status.is_editable() {
        return Err(not_editable("Only approved, rejected and paused templates can be edited."));
    }
    edits.retain(|at| now < at.saturating_add(EDIT_SPAN));
    let today = edits.iter().any(|at| now < at.saturating_add(86_400_000));
    if status == Status::Approved && (today || edits.len() >= 10) {
        return Err(not_editable(
            "An approved template takes one edit in 24 hours, ten in 30 days.",
        ));
    }
    Ok(())
}

pub(super) fn unpause(world: &World, id: &str) -> Result<Reply, GraphError> {
    world.with(|state, now| {
        let Node::Template(index) = require_node(state, &Method::POST, id)? else {
            return Err(GraphError::no_object("POST", id));
        };
        let status = state.templates.get(index).map(|template| template.status);
        if status != Some(Status::Paused) {
            return Err(not_editable("The template is not paused."));
        }
        state.set_template_status(index, Status::Approved, "REINSTATED", now);
        Ok(Reply::success())
    })
}

fn delete(world: &World, parameters: &Parameters) -> Result<Reply, GraphError> {
    world.with(|state, now| {
        let ids: Vec<&str> = match (parameters.text("hsm_id"), parameters.get("hsm_ids")) {
            (Some(id), _) => vec![id],
            (None, Value::Array(ids)) => ids.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let doomed: Vec<TemplateIndex> = if ids.is_empty() {
            state.templates.named(parameters.required("name")?)
        } else {
            ids.iter().filter_map(|id| state.templates.find_id(id)).collect()
        };
        if doomed.is_empty() {
            let message = "Message template not found";
            return Err(GraphError::parameter(message).subcode(2_593_002));
        }
        for index in &doomed {
            let status = state.templates.get(*index).map(|template| template.status);
            if status == Some(Status::Disabled) {
                return Err(not_editable("A disabled template cannot be deleted."));
            }
        }
        state.templates.remove(&doomed, now);
        Ok(Reply::success())
    })
}

fn not_editable(message: &'static str) -> GraphError {
    GraphError::template(NOT_EDITABLE, "Template cannot be edited", message)
}

fn cursor(place: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("template:{place}"))
}

fn read_cursor(cursor: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor.trim_end_matches('=')).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("template:")?.parse().ok()
}
