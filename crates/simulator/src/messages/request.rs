//! The envelope of a send call.

use serde_json::Value;

use super::content::{self, Content};
use crate::graph::GraphError;

/// A send call that is well-formed. Whether it is allowed is another question.
#[derive(Clone, Debug)]
pub(crate) enum Request<'v> {
    Send(Box<Send<'v>>),
    /// Mark as read, with or without a typing indicator.
    Read {
        message_id: &'v str,
    },
}

/// One message to one person.
#[derive(Clone, Debug)]
pub(crate) struct Send<'v> {
    pub(crate) to: Recipient<'v>,
    pub(crate) content: Content<'v>,
    /// `biz_opaque_callback_data`.
    pub(crate) reference: Option<&'v str>,
    /// Fails the message when it is not the hash of the person's identity key.
    pub(crate) identity: Option<&'v str>,
}

/// Whom a message is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Recipient<'v> {
    Phone(&'v str),
    /// Business-scoped user id.
    User(&'v str),
}

/// Reads the body of `POST /{phone-number-id}/messages`.
pub(crate) fn read(body: &Value) -> Result<Request<'_>, GraphError> {
    if !body.is_object() {
        return Err(GraphError::parameter("The body must be a JSON object."));
    }
    if body["messaging_product"] != "whatsapp" {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    if let Some(status) = body.get("status").filter(|status| !status.is_null()) {
        return read_receipt(body, status);
    }
    match body.get("recipient_type").and_then(Value::as_str).unwrap_or("individual") {
        "individual" => {}
        "group" => {
            return Err(GraphError::of(131_009).details("Groups are not part of this account."));
        }
        _ => {
            return Err(GraphError::parameter(
                "Param recipient_type must be one of {INDIVIDUAL, GROUP}.",
            ));
        }
    }
    let reference = optional_text(body, "biz_opaque_callback_data")?;
    if reference.is_some_and(|reference| reference.chars().count() > 512) {
        return Err(GraphError::parameter(
            "Param biz_opaque_callback_data must be at most 512 characters long.",
        ));
    }
    check_context(body)?;
    Ok(Request::Send(Box::new(Send {
        to: recipient(body)?,
        content: content::read(body)?,
        reference,
        identity: optional_text(body, "recipient_identity_key_hash")?,
    })))
}

fn read_receipt<'v>(body: &'v Value, status: &Value) -> Result<Request<'v>, GraphError> {
    if status != "read" {
        return Err(GraphError::parameter("Param status must be one of {READ}."));
    }
    let typing = &body["typing_indicator"];
    if !typing.is_null() && typing["type"] != "text" {
        return Err(GraphError::parameter("Param typing_indicator.type must be one of {TEXT}."));
    }
    let message_id = optional_text(body, "message_id")?
        .ok_or_else(|| GraphError::parameter("The parameter message_id is required."))?;
    Ok(Request::Read { message_id })
}

fn recipient(body: &Value) -> Result<Recipient<'_>, GraphError> {
    match (&body["to"], &body["recipient"]) {
        (Value::String(to), _) if !to.is_empty() => Ok(Recipient::Phone(to)),
        (Value::Null, Value::String(user)) if !user.is_empty() => Ok(Recipient::User(user)),
        (Value::Null | Value::String(_), _) => {
            Err(GraphError::parameter("The parameter to is required."))
        }
        _ => Err(GraphError::parameter("Param to must be a string.")),
    }
}

fn check_context(body: &Value) -> Result<(), GraphError> {
    match &body["context"] {
        Value::Null => Ok(()),
        context if context["message_id"].is_string() => Ok(()),
        _ => Err(GraphError::parameter("The parameter context['message_id'] is required.")),
    }
}

/// A text that may be absent but must not be of another type.
pub(super) fn optional_text<'v>(
    value: &'v Value,
    key: &'static str,
) -> Result<Option<&'v str>, GraphError> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(GraphError::parameter(format!("Param {key} must be a string."))),
    }
}
