//! What the provider's answers say: accepted, or an error of its own, or nothing we can read.

use fanal_engine::ports::{Outcome, ProviderError};
use serde::Deserialize;

use super::transport::Answer;
use super::words;
use crate::lenient::{Flag, Int, List, Object, Text};
use crate::outcome::{self, Declined, Reason};

/// What came of a send, by the provider's answer to it.
pub(super) fn outcome_of(answer: &Answer) -> Outcome {
    if answer.status.is_success() {
        // A success we cannot read is one: the message may well be on its way.
        return answer.body.as_deref().and_then(accepted).unwrap_or(Outcome::Unknown);
    }
    let error = answer.body.as_deref().map(GraphError::read);
    let reason = match &error {
        None => Reason::Unreadable,
        Some(None) => Reason::Foreign,
        Some(Some(error)) => {
            tracing::debug!(
                status = answer.status.as_u16(),
                code = error.code(),
                meaning = outcome::listed(error.code()).map(|list| list.name),
                subcode = error.error_subcode.0,
                trace = error.fbtrace_id.get(),
                "the provider declined a message"
            );
            error.reason()
        }
    };
    outcome::outcome(Declined { status: answer.status, reason, retry_after: answer.retry_after })
}

/// Why a call other than a send failed.
pub(super) fn error_of(answer: &Answer) -> ProviderError {
    let status = answer.status.as_u16();
    match answer.body.as_deref().and_then(GraphError::read) {
        Some(error) => ProviderError { code: error.code(), message: error.message() },
        None => ProviderError { code: 0, message: format!("HTTP status {status}") },
    }
}

fn accepted(body: &[u8]) -> Option<Outcome> {
    let answer: SendAnswer<'_> = serde_json::from_slice(body).ok()?;
    let message = answer.messages.0.into_iter().next()?.0?;
    let held = message.message_status.get().is_some_and(|status| status != "accepted");
    Some(Outcome::Accepted { message_id: message.id.into_string()?, held })
}

#[derive(Deserialize)]
struct SendAnswer<'a> {
    #[serde(borrow, default)]
    messages: List<Object<SentMessage<'a>>>,
}

#[derive(Deserialize)]
struct SentMessage<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    /// `accepted`, `held_for_quality_assessment` or `paused`; on templates only, if at all.
    #[serde(borrow, default)]
    message_status: Text<'a>,
}

#[derive(Deserialize)]
struct ErrorAnswer<'a> {
    #[serde(borrow, default)]
    error: Object<GraphError<'a>>,
}

/// The provider's own error.
#[derive(Deserialize)]
struct GraphError<'a> {
    #[serde(default)]
    code: Int,
    #[serde(default)]
    error_subcode: Int,
    #[serde(default)]
    is_transient: Flag,
    #[serde(borrow, default)]
    message: Text<'a>,
    #[serde(borrow, default)]
    error_user_msg: Text<'a>,
    #[serde(borrow, default)]
    fbtrace_id: Text<'a>,
}

impl<'a> GraphError<'a> {
    /// The error in the body; an error without a code is not the provider's.
    fn read(body: &'a [u8]) -> Option<Self> {
        let answer: ErrorAnswer<'_> = serde_json::from_slice(body).ok()?;
        answer.error.0.filter(|error| error.code.as_u32().is_some())
    }

    /// The code that says most: template management hides its own behind 100.
    fn code(&self) -> u32 {
        match (self.code.as_u32(), self.error_subcode.as_u32()) {
            (Some(100), Some(subcode @ 2_388_000..=2_388_999)) => subcode,
            (code, _) => code.unwrap_or(0),
        }
    }

    fn reason(&self) -> Reason {
        Reason::Code { code: self.code(), is_transient: self.is_transient.0.unwrap_or(false) }
    }

    /// The words meant for people if there are any, without anything that could name somebody.
    fn message(&self) -> String {
        let words = self.error_user_msg.get().or_else(|| self.message.get());
        words::harmless(words.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hyper::StatusCode;
    use proptest::prelude::*;

    use super::*;

    fn answer(status: u16, body: Vec<u8>) -> Answer {
        let status = StatusCode::from_u16(status).unwrap();
        Answer { status, retry_after: None, body: Some(Bytes::from(body)) }
    }

    proptest! {
        #[test]
        fn any_answer_has_an_outcome(status in 200_u16..600, body in prop::collection::vec(any::<u8>(), 0..128)) {
            let outcome = outcome_of(&answer(status, body));
            let is_accepted = matches!(outcome, Outcome::Accepted { .. });
            prop_assert!(!is_accepted, "noise was taken for a message id");
        }

        #[test]
        fn any_code_under_any_status_is_named(status in 400_u16..600, code in any::<u32>(), text in ".{0,64}") {
            let text = serde_json::to_string(&text).unwrap();
            let body = format!(r#"{{"error":{{"code":{code},"message":{text}}}}}"#).into_bytes();
            let named = match outcome_of(&answer(status, body.clone())) {
                Outcome::Throttled { code, .. }
                | Outcome::Retry { code, .. }
                | Outcome::Refused { code }
                | Outcome::Reconfigure { code } => Some(code),
                Outcome::Accepted { .. } | Outcome::Unknown => None,
            };
            prop_assert_eq!(named, Some(code));
            prop_assert_eq!(error_of(&answer(status, body)).code, code);
        }
    }
}
