//! What a caller gets when something is wrong: RFC 9457 problem documents, all of one shape.

mod code;
mod table;

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
pub(crate) use code::Code;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The media type of a problem document.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done, on its way to the caller.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Problem(Box<Document>);

/// A problem document (RFC 9457). Says which field and which rule, and what to do; never carries
/// a person's data, since it may end up in the log of whoever called.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/docs#problem-invalid_field",
    "title": "A field breaks a rule",
    "status": 422,
    "detail": "`severity` must be one of `low`, `moderate`, `high`, `critical`",
    "code": "invalid_field",
    "field": "severity",
    "rule": "one_of",
    "remedy": "Correct the field and send the request again; nothing was changed.",
}))]
pub(crate) struct Document {
    /// Where the kind of problem is explained.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in a few words; the same for each occurrence.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// A stable word for programs to branch on.
    code: &'static str,
    /// Which field, parameter or header is wrong, as a path such as `channels[0].number`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
    /// Which rule it breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rule: Option<&'static str>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    remedy: Option<Cow<'static, str>>,
    /// Facts that belong to this kind of problem only, such as `current_version`.
    #[serde(flatten)]
    #[schema(ignore)]
    facts: Map<String, Value>,
}

impl Problem {
    /// A problem of a kind this crate knows.
    pub(crate) fn of(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Document {
            kind: format!("/docs#problem-{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code: code.as_str(),
            field: None,
            rule: None,
            remedy: code.remedy().map(Into::into),
            facts: Map::new(),
        }))
    }

    /// A field that breaks a rule.
    pub(crate) fn field(
        field: impl Into<String>,
        rule: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self::of(Code::InvalidField, detail).at(field).breaking(rule)
    }

    /// Names the field.
    #[must_use]
    pub(crate) fn at(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Names the rule.
    #[must_use]
    pub(crate) fn breaking(mut self, rule: &'static str) -> Self {
        self.0.rule = Some(rule);
        self
    }

    /// Says what to do, in place of the kind's usual advice.
    #[must_use]
    pub(crate) fn remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Adds a fact for programs.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.facts.insert(name.to_owned(), value.into());
        self
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).expect("a problem has string keys only");
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.0.code == Code::Unauthenticated.as_str() {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="fanal""#),
            );
        }
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
