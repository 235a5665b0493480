//! Bodies: bounded, of the right type, and JSON of exactly the documented shape.

use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::http::{HeaderMap, header};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::serde_rule::{Broken, broken};
use crate::problem::{Code, Problem};

/// Reads JSON of exactly this shape. An empty body is an empty object.
pub(crate) fn read_json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<T, Problem> {
    if body.is_empty() {
        return parse(b"{}");
    }
    if !is_json(headers) {
        return Err(Problem::of(Code::UnsupportedMediaType, "the body must be `application/json`")
            .at("content-type")
            .breaking("media_type"));
    }
    parse(body)
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase());
    essence.is_some_and(|essence| {
        essence == "application/json"
            || (essence.starts_with("application/") && essence.ends_with("+json"))
    })
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if !body.trim_ascii_start().starts_with(b"{") {
        // Serde would read a list as the fields in their order, which nobody means.
        serde_json::from_slice::<IgnoredAny>(body).map_err(|error| syntax_problem(&error))?;
        return Err(Problem::field(".", "type", "the body must be an object"));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        shape_problem(&path, error.inner())
    })?;
    json.end().map_err(|error| syntax_problem(&error))?;
    Ok(value)
}

fn shape_problem(path: &str, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        return syntax_problem(error);
    }
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let Broken { rule, detail, name } = broken(message.strip_suffix(&place).unwrap_or(&message));
    let field = join(path, name.as_deref());
    let subject = if field == "." { "the body".to_owned() } else { format!("`{field}`") };
    Problem::field(field, rule, format!("{subject} {detail}"))
}

/// Where serde stood, and the field it named there.
fn join(path: &str, name: Option<&str>) -> String {
    match name {
        None => path.to_owned(),
        // The path of an unknown or doubled field may end in that field already.
        Some(name) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        Some(name) if path == "." || path == "?" => name.to_owned(),
        Some(name) => format!("{}.{name}", path.trim_end_matches(".?")),
    }
}

fn syntax_problem(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::of(Code::MalformedBody, format!("not JSON at line {line}, column {column}"))
        .breaking("json")
        .with("line", line)
        .with("column", column)
}

/// Why a body could not be taken in.
pub(crate) fn unread(rejection: &BytesRejection, bytes_max: usize) -> Problem {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            too_large(bytes_max)
        }
        _ => Problem::of(Code::MalformedBody, "the body broke off").breaking("complete"),
    }
}

/// The body is longer than it may be.
pub(crate) fn too_large(bytes_max: usize) -> Problem {
    Problem::of(Code::TooLarge, format!("the body may have at most {bytes_max} bytes"))
        .breaking("body_bytes_max")
        .with("bytes_max", bytes_max)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the shape matters")]
    struct Shape {
        title: String,
        size: Option<u8>,
        #[serde(default)]
        parts: Vec<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "snake_case")]
    #[expect(dead_code, reason = "only the shape matters")]
    enum Part {
        Small { at: chrono::DateTime<chrono::Utc> },
        Large,
    }

    #[track_caller]
    fn check(body: &str, field: &str, rule: &str, detail: &str) {
        let headers = HeaderMap::from_iter([(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )]);
        let problem = read_json::<Shape>(&headers, body.as_bytes()).unwrap_err();
        let shown = serde_json::to_value(problem).unwrap();
        assert_eq!(
            (&shown["field"], &shown["rule"], &shown["detail"]),
            (&json!(field), &json!(rule), &json!(detail)),
        );
    }

    #[test]
    fn names_the_field_by_its_path() {
        check("{}", "title", "required", "`title` is required");
        check(r#"{"title":5}"#, "title", "type", "`title` must be a string");
        check(
            r#"{"title":"a","size":300}"#,
            "size",
            "range",
            "`size` must be a whole number from 0 to 255",
        );
        check(
            r#"{"title":"a","parts":[{"small":{"at":"today"}}]}"#,
            "parts[0].small.at",
            "form",
            "`parts[0].small.at` is refused: input contains invalid characters",
        );
        check(
            r#"{"title":"a","parts":[{"small":{"at":"2026-01-01T00:00:00Z","on":1}}]}"#,
            "parts[0].small.on",
            "unknown_field",
            "`parts[0].small.on` is not known here; known: `at`",
        );
        check(
            r#"{"title":"a","titel":"b"}"#,
            "titel",
            "unknown_field",
            "`titel` is not known here; known: `title`, `size`, `parts`",
        );
        check(
            r#"{"title":"a","parts":["huge"]}"#,
            "parts[0]",
            "one_of",
            "`parts[0]` must be one of `small` or `large`",
        );
        check(r#"{"title":"a","title":"b"}"#, "title", "once", "`title` may stand only once");
        check(r"[1]", ".", "type", "the body must be an object");
    }

    #[test]
    fn what_is_not_json_is_told_by_line_and_column() {
        let headers = HeaderMap::from_iter([(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )]);
        for body in ["{", "{\"title\": \"+33612345678\",,}", "{\"title\":\"a\"} x", "\u{feff}{}"] {
            let problem = read_json::<Shape>(&headers, body.as_bytes()).unwrap_err();
            let shown = serde_json::to_string(&problem).unwrap();
            assert!(shown.contains("malformed_body"), "{body}: {shown}");
            assert!(!shown.contains("336"), "{shown}");
        }
    }

    #[test]
    fn a_body_needs_its_type() {
        for given in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
            let headers = given
                .map(|value| (header::CONTENT_TYPE, HeaderValue::from_static(value)))
                .into_iter()
                .collect();
            let problem = read_json::<Shape>(&headers, b"{\"title\":\"a\"}").unwrap_err();
            assert_eq!(problem.status(), 415);
        }
    }
}
