//! The browsable page of the API: three embedded files, nothing from elsewhere.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::problem::Code;
use crate::state::Api;

const PAGE: &str = include_str!("docs_page/index.html");
const STYLE: &str = include_str!("docs_page/page.css");
const SCRIPT: &str = include_str!("docs_page/page.js");

/// The page may load its own files and ask its own server, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/docs", get(async || file("text/html; charset=utf-8", PAGE)))
        .route("/docs/page.css", get(async || file("text/css; charset=utf-8", STYLE)))
        .route("/docs/page.js", get(async || file("text/javascript; charset=utf-8", SCRIPT)))
        .route("/docs/problems.json", get(async || file("application/json", problems())))
}

fn file(media_type: &'static str, content: impl Into<String>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, content.into()).into_response()
}

/// The table of problem kinds, so that the page shows what the code says.
fn problems() -> String {
    let rows = Code::ALL.iter().map(|code| {
        serde_json::json!({
            "code": code.as_str(),
            "status": code.status().as_u16(),
            "title": code.title(),
            "remedy": code.remedy(),
        })
    });
    rows.collect::<serde_json::Value>().to_string()
}
