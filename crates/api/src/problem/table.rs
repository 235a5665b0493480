//! The one table from what a use case says to what a caller is told.

use std::error::Error;

use fanal_engine::UseCaseError;
use fanal_engine::ports::Unavailable;

use super::{Code, Problem};
use crate::access::forbidden;

impl From<UseCaseError> for Problem {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Rejected { code, field, message } => rejected(code, field, &message),
            UseCaseError::NotFound { what } => {
                Self::of(Code::NotFound, format!("there is no such {what}")).with("what", what)
            }
            UseCaseError::Forbidden { needs } => forbidden(needs),
            UseCaseError::Stale { expected, actual } => Self::of(
                Code::StaleVersion,
                format!("it is at version {actual}, not at {expected}"),
            )
            .at("if-match")
            .breaking("current_version")
            .with("current_version", actual),
            UseCaseError::KeyReused => Self::of(
                Code::KeyReused,
                "another request was sent with this key, by the same caller to the same path",
            )
            .at("idempotency-key")
            .breaking("same_request"),
            UseCaseError::Invalid { field, rule, remedy } => {
                let detail = format!("`{field}`: {rule}");
                Self::field(field, "value", detail).remedy(sentence(&remedy))
            }
            UseCaseError::Erased => Self::of(Code::Erased, "the person was erased"),
            UseCaseError::Busy => Self::of(Code::BusyStream, "others kept changing it"),
            UseCaseError::Provider(ref cause) => {
                // The provider's own words may be long; the port promises that they name nobody.
                let problem = Self::of(Code::ProviderRefused, cause.message.clone())
                    .with("provider_code", cause.code);
                tracing::warn!(error = chain(&error), "the provider refused");
                problem
            }
            UseCaseError::Unavailable(cause) => cause.into(),
            UseCaseError::Unreadable { .. }
            | UseCaseError::Tampered(_)
            | UseCaseError::Refused { .. } => {
                tracing::error!(error = chain(&error), "a use case met a defect");
                Self::of(Code::Internal, "the request could not be worked on")
            }
        }
    }
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        tracing::warn!(error = chain(&error), "a part of the system is unavailable");
        Self::of(Code::Unavailable, format!("{} cannot be reached", error.part))
            .with("part", error.part)
    }
}

/// Rules of the domain that are broken because the thing is not there.
const MISSING: [&str; 7] = [
    "incident_not_opened",
    "contact_not_registered",
    "segment_not_defined",
    "template_not_registered",
    "broadcast_not_drafted",
    "promise_unknown",
    "translation_unknown",
];

/// Rules that name a field, but are broken by how things stand and not by the field alone.
const STANDING: [&str; 10] = [
    "number_taken",
    "severity_not_higher",
    "severity_not_lower",
    "role_held",
    "role_not_held",
    "promise_exists",
    "promise_settled",
    "broadcast_running",
    "promise_open",
    "older_than_opt_out",
];

/// A rule of the domain said no: about a value, or about how things stand.
fn rejected(rule: &'static str, field: Option<&'static str>, message: &str) -> Problem {
    let kind = match field {
        _ if MISSING.contains(&rule) => Code::NotFound,
        _ if rule == "contact_erased" => Code::Erased,
        Some(_) if !STANDING.contains(&rule) => Code::InvalidField,
        _ => Code::Rejected,
    };
    // Rejections say what is wrong, a colon, and what to do.
    let (detail, remedy) = message.rsplit_once(": ").unwrap_or((message, ""));
    let problem = Problem::of(kind, detail).breaking(rule);
    let problem = match field {
        Some(field) => problem.at(field),
        None => problem,
    };
    if remedy.is_empty() { problem } else { problem.remedy(sentence(remedy)) }
}

fn sentence(fragment: &str) -> String {
    let mut chars = fragment.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    format!("{}.", first.chain(chars).collect::<String>())
}

/// The error and what led to it, once, for the operator.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}
