//! Errors as the Graph API shapes them, in answers and in `failed` webhooks.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::reply::Reply;

/// An error on its way to becoming an answer.
#[derive(Clone, Debug)]
pub(crate) struct GraphError {
    pub(crate) code: u32,
    subcode: Option<u32>,
    message: Option<Cow<'static, str>>,
    details: Option<Cow<'static, str>>,
    user: Option<(&'static str, String)>,
}

impl GraphError {
    /// An error with the usual words of its code.
    pub(crate) fn of(code: u32) -> Self {
        Self { code, subcode: None, message: None, details: None, user: None }
    }

    /// 100 with the sentence that names the parameter.
    pub(crate) fn parameter(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: Some(message.into()), ..Self::of(100) }
    }

    /// 100/33: the object does not exist, or is not ours to see.
    pub(crate) fn no_object(method: &str, id: &str) -> Self {
        let verb = if method == "GET" { "get" } else { "post" };
        let shown: String = id.chars().take(64).collect();
        if !shown.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("Some of the aliases you requested do not exist: {shown}");
            return Self { message: Some(message.into()), ..Self::of(803) };
        }
        let message = format!(
            "Unsupported {verb} request. Object with ID '{shown}' does not exist, cannot be \
             loaded due to missing permissions, or does not support this operation. Please read \
             the Graph API documentation at https://developers.facebook.com/docs/graph-api"
        );
        Self { subcode: Some(33), message: Some(message.into()), ..Self::of(100) }
    }

    /// 100 with a subcode of template creation and the words shown to the author.
    pub(crate) fn template(subcode: u32, title: &'static str, message: impl Into<String>) -> Self {
        Self { subcode: Some(subcode), user: Some((title, message.into())), ..Self::of(100) }
    }

    pub(crate) fn subcode(self, subcode: u32) -> Self {
        Self { subcode: Some(subcode), ..self }
    }

    pub(crate) fn message(self, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    /// The sentence under `error_data.details`.
    pub(crate) fn details(self, details: impl Into<Cow<'static, str>>) -> Self {
        Self { details: Some(details.into()), ..self }
    }

    /// The answer; `trace` goes into `fbtrace_id`.
    pub(crate) fn into_reply(self, trace: u64) -> Reply {
        let words = Words::of(self.code);
        let message = self.message.unwrap_or(Cow::Borrowed(words.title));
        let kind = match (self.code, self.subcode) {
            (100, Some(33)) => "GraphMethodException",
            _ => "OAuthException",
        };
        let message = match self.code {
            0 | 104 | 190 => message.into_owned(),
            100 if self.subcode == Some(33) => message.into_owned(),
            code => format!("(#{code}) {message}"),
        };
        let mut error = json!({
            "message": message,
            "type": kind,
            "code": self.code,
            "fbtrace_id": trace_id(trace),
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if words.transient {
            error["is_transient"] = json!(true);
        }
        if let Some(details) = self.details.or_else(|| words.details.map(Cow::Borrowed)) {
            error["error_data"] = json!({ "messaging_product": "whatsapp", "details": details });
        }
        if let Some((title, text)) = self.user {
            error["error_user_title"] = json!(title);
            error["error_user_msg"] = json!(text);
        }
        Reply::json(words.status, &json!({ "error": error }))
    }
}

/// The error object of a `failed` status or of `value.errors`.
pub(crate) fn webhook_error(code: u32) -> Value {
    let words = Words::of(code);
    json!({
        "code": code,
        "title": words.title,
        "message": words.title,
        "error_data": { "details": words.details.unwrap_or(words.title) },
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    })
}

fn trace_id(trace: u64) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    let mut dice = crate::dice::Dice::of(&[trace, 0xfb]);
    let random = (0..22).map(|_| char::from(ALPHABET[dice.below(64)]));
    std::iter::once('A').chain(random).collect()
}

/// What is always said about a code.
#[derive(Clone, Copy, Debug)]
struct Words {
    status: u16,
    title: &'static str,
    details: Option<&'static str>,
    transient: bool,
}

impl Words {
    fn of(code: u32) -> Self {
        CATALOGUE.iter().find(|(known, ..)| *known == code).map_or(
            UNKNOWN,
            |&(code, status, title, details)| Self {
                status,
                title,
                details: (!details.is_empty()).then_some(details),
                transient: matches!(code, 2 | 4),
            },
        )
    }
}

const UNKNOWN: Words =
    Words { status: 400, title: "Unknown error", details: None, transient: false };

/// Code, HTTP status, title, details.
const CATALOGUE: &[(u32, u16, &str, &str)] = &[
    (0, 401, "We were unable to authenticate the app user.", ""),
    (1, 400, "Invalid request or possible server error", ""),
    (2, 503, "Service temporarily unavailable", ""),
    (3, 500, "Capability or permissions issue", ""),
    (4, 400, "Application request limit reached", ""),
    (10, 403, "Permission denied", ""),
    (33, 400, "Parameter value is not valid", "The business phone number has been deleted."),
    (100, 400, "Invalid parameter", ""),
    (104, 401, "An access token is required to request this resource.", ""),
    (190, 401, "Invalid OAuth access token - Cannot parse access token", ""),
    (200, 403, "Permission denied or removed", ""),
    (368, 403, "Temporarily blocked for policies violations", ""),
    (803, 404, "Some of the aliases you requested do not exist", ""),
    (2500, 400, "Unknown path components", ""),
    (80_007, 400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    (130_429, 400, "Rate limit hit", "Cloud API message throughput has been reached."),
    (130_472, 400, "User's number is part of an experiment", ""),
    (130_497, 403, "Business account is restricted from messaging users in this country.", ""),
    (131_000, 500, "Something went wrong", "Message failed to send due to an unknown error."),
    (131_005, 403, "Access denied", ""),
    (131_008, 400, "Required parameter is missing", ""),
    (131_009, 400, "Parameter value is not valid", ""),
    (131_016, 500, "Service unavailable", "A service is temporarily unavailable."),
    (131_021, 400, "Recipient cannot be sender", ""),
    (131_026, 400, "Message undeliverable", "Message Undeliverable."),
    (131_030, 400, "Recipient phone number not in allowed list", ""),
    (131_031, 403, "Business Account locked", ""),
    (131_042, 400, "Business eligibility payment issue", "There was a payment problem."),
    (
        131_047,
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last \
         replied to this number.",
    ),
    (
        131_048,
        400,
        "Spam Rate limit hit",
        "There are restrictions on how many messages can be sent.",
    ),
    (131_049, 400, "This message was not delivered to maintain healthy ecosystem engagement.", ""),
    (
        131_050,
        400,
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing \
         messages on WhatsApp from your business",
        "",
    ),
    (131_051, 400, "Message type unknown", "Message type is currently not supported."),
    (131_052, 400, "Media download error", ""),
    (131_053, 400, "Media upload error", "Downloading media from weblink failed."),
    (
        131_056,
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Too many messages from this business phone number to this user in a short time.",
    ),
    (131_057, 500, "Account in maintenance mode", "The account is being upgraded; retry later."),
    (131_059, 400, "Invalid cursor", "The paging cursor is invalid or has expired."),
    (131_062, 400, "Business-scoped user id is not supported for this message", ""),
    (132_000, 400, "Number of parameters does not match the expected number of params", ""),
    (132_001, 404, "Template name does not exist in the translation", ""),
    (132_005, 400, "Translated text too long", ""),
    (132_007, 400, "Template format character policy violated", ""),
    (132_012, 400, "Parameter format does not match format in the created template", ""),
    (132_015, 400, "Template is paused", "The template is paused because of low quality."),
    (132_016, 400, "Template is disabled", "The template was paused too often and is disabled."),
    (132_018, 400, "There was an issue with the parameters in your template", ""),
    (133_005, 400, "Two step verification PIN Mismatch", ""),
    (133_010, 400, "Phone number not registered", ""),
    (133_016, 400, "Too many registration requests in a short time", ""),
    (135_000, 400, "Generic user error", ""),
    (137_000, 400, "Recipient identity key hash mismatch", ""),
];
