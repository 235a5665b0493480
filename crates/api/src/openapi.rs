//! The document that describes the API, completed with what is true of every operation.

use std::collections::BTreeMap;

use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ContentBuilder, Info, License, OpenApi, Ref, RefOr, Response};
use utoipa::{PartialSchema, ToSchema};

use crate::access::{SCHEME, operations};
use crate::problem::{Code, Document, MEDIA_TYPE};

const DESCRIPTION: &str = include_str!("openapi/description.md");

/// What there is, in reading order.
const TAGS: [(&str, &str); 10] = [
    ("incidents", "One crisis each, from open to closed, and what was known when."),
    ("broadcasts", "One message to one audience in one incident."),
    ("metrics", "Figures, each with its definition and the log position it was computed at."),
    ("contacts", "People: how to reach them, and what they agreed to."),
    ("segments", "Named rules that select people."),
    ("templates", "Texts the provider approves, per language."),
    ("senders", "The numbers we may send from."),
    ("tokens", "Who may call."),
    ("webhooks", "What the provider calls us with."),
    ("operation", "Whether the process lives, works, and how it does."),
];

/// An empty document with what is said once.
pub(crate) fn skeleton() -> OpenApi {
    let mut info = Info::new("Fanal", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    info.license = Some(License::new(env!("CARGO_PKG_LICENSE")));
    let mut document = OpenApi::new(info, utoipa::openapi::Paths::new());
    let tag = |(name, about): &(&str, &str)| {
        TagBuilder::new().name(*name).description(Some(*about)).build()
    };
    document.tags = Some(TAGS.iter().map(tag).collect());
    document
}

/// Adds the problems every operation may answer with, and the bearer scheme.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            add_problems(operation, path, &mut components.responses);
        }
    }
    components.schemas.insert(Document::name().into_owned(), Document::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token made by an admin; its role bounds what it may do."))
        .build();
    components.security_schemes.insert(SCHEME.to_owned(), RefOr::T(SecurityScheme::Http(bearer)));
    document
}

/// Each status once per operation, each combination of kinds once per document.
fn add_problems(
    operation: &mut Operation,
    path: &str,
    shared: &mut BTreeMap<String, RefOr<Response>>,
) {
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for code in problems_of(operation, path) {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        let name = codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(".");
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.to_string())
            .or_insert_with(|| Ref::from_response_name(&name).into());
        shared.entry(name).or_insert_with(|| RefOr::T(response(&codes)));
    }
}

/// What may go wrong, by what the operation takes.
fn problems_of(operation: &Operation, path: &str) -> Vec<Code> {
    let mut codes = Vec::new();
    if operation.security.is_none() {
        return codes;
    }
    codes.extend([Code::InvalidQuery, Code::Unauthenticated, Code::Forbidden]);
    codes.extend([Code::Internal, Code::Unavailable, Code::TooBusy, Code::TookTooLong]);
    if path.contains('{') {
        codes.extend([Code::InvalidPath, Code::NotFound]);
    }
    if operation.request_body.is_some() {
        codes.extend([Code::MalformedBody, Code::InvalidHeader, Code::TooLarge]);
        codes.extend([Code::UnsupportedMediaType, Code::InvalidField]);
    } else {
        codes.push(Code::PositionNotReached);
    }
    if takes(operation, "Idempotency-Key") {
        codes.extend([Code::Rejected, Code::BusyStream, Code::StaleVersion, Code::KeyReused]);
    }
    codes
}

fn takes(operation: &Operation, name: &str) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name == name,
        RefOr::Ref(_) => false,
    })
}

fn response(codes: &[Code]) -> Response {
    let lines: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let problem =
        ContentBuilder::new().schema(Some(Ref::from_schema_name(Document::name()))).build();
    ResponseBuilder::new().description(lines.join(" ")).content(MEDIA_TYPE, problem).build()
}
