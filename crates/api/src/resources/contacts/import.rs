//! Bringing in a file of people, taken in as it comes.

mod feed;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use fanal_engine::Engine;
use fanal_engine::import::{ImportProblem, ImportReport, ImportSink};
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use self::feed::{Broken, feed};
use crate::access::Caller;
use crate::answer::FANAL_POSITION;
use crate::extract::context_of;
use crate::problem::{Code, Problem};
use crate::state::Api;

/// How many rows are told one by one; the counts are of all.
const PROBLEMS_MAX: usize = 1_000;

/// What came of an import. Each row read is in exactly one of the other counts.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(example = json!({
    "rows": 10000, "registered": 9720, "changed": 0, "unchanged": 0, "repeated": 180, "refused": 100,
    "problems": [{"line": 17, "field": "phone", "rule": "no country has this calling code"}],
    "problems_left_out": 0,
}))]
pub(super) struct Imported {
    /// Rows read.
    rows: u64,
    /// People made known.
    registered: u64,
    /// People of whom something changed.
    changed: u64,
    /// People as they were.
    unchanged: u64,
    /// Rows with the number of an earlier row, passed over.
    repeated: u64,
    /// Rows that break a rule, passed over.
    refused: u64,
    /// The first rows that were passed over, and why.
    problems: Vec<RowProblem>,
    /// How many more were passed over.
    problems_left_out: u64,
}

/// Why a row was passed over. Never says what stood there.
#[derive(Debug, Serialize, ToSchema)]
struct RowProblem {
    /// The line the row starts in, from 1.
    line: u64,
    /// The column.
    field: String,
    /// The rule it breaks.
    rule: String,
}

impl ImportSink for Imported {
    fn problem(&mut self, problem: ImportProblem) {
        if self.problems.len() < PROBLEMS_MAX {
            let ImportProblem { line, field, rule } = problem;
            self.problems.push(RowProblem { line, field, rule });
        } else {
            self.problems_left_out += 1;
        }
    }

    fn progress(&mut self, report: &ImportReport) {
        let ImportReport { rows, registered, changed, unchanged, repeated, refused } = *report;
        *self = Self {
            rows,
            registered,
            changed,
            unchanged,
            repeated,
            refused,
            problems: std::mem::take(&mut self.problems),
            problems_left_out: self.problems_left_out,
        };
    }
}

/// Brings in a file of people.
///
/// CSV in UTF-8 with a header: `phone` and `sms` (at least one of them), `name`, `language`,
/// `relation`, `external_id`, `consent` (purposes, separated by `|`) with `consent_basis`,
/// `consent_method` and `consent_at`; any other column is an attribute of that name, a number or
/// yes/no if its header ends in `:number` or `:bool`. People are recognised by their numbers, so
/// that a second run of the same file changes nothing. Each row is taken, or told with its line
/// and the rule it breaks.
#[utoipa::path(post, path = "/v1/contacts/import", operation_id = "import_contacts",
    tag = "contacts",
    request_body(content = String, content_type = "text/csv",
        example = json!("phone,name,language,relation,consent,consent_basis,consent_method,\
                         consent_at,district\n+33612345678,Léa Martin,fr,resident,alerts,consent,\
                         form,2026-02-11T09:12:00Z,Lyon 3e\n")),
    responses((status = 200, description = "What came of it.", body = Imported)))]
pub(super) async fn import_contacts(
    State(api): State<Api>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let context = context_of(&caller, &parts, &api);
    check_type(&parts.headers)?;
    let (imported, outcome) = run(&api, context, body).await?;
    if let Err(problem) = outcome {
        // The batches written before are in; sending the file again is safe.
        return Err(problem.with("rows_done", imported.rows));
    }
    let position = api.engine.ports().log.head().await?;
    Ok(([(FANAL_POSITION, position.to_string())], Json(imported)).into_response())
}

/// Runs the import on a thread that may wait for the file, while the body is fed to it.
async fn run(
    api: &Api,
    context: fanal_engine::Context,
    body: Body,
) -> Result<(Imported, Result<(), Problem>), Problem> {
    let (file, feeding) = feed(body, api.limits.import_bytes_max);
    let (engine, runtime): (Engine, Handle) = (api.engine.clone(), Handle::current());
    let importing = spawn_blocking(move || {
        let mut imported = Imported::default();
        let outcome =
            runtime.block_on(engine.import_contacts(&context, file, &mut imported)).map(drop);
        (imported, outcome)
    });
    let (done, fed) = tokio::join!(importing, feeding);
    let (imported, outcome) = done.map_err(|error| {
        tracing::error!(%error, "an import panicked");
        Problem::of(Code::Internal, "the file could not be worked on")
    })?;
    let outcome = match fed {
        // A file that broke off looks unreadable to the import; the cause is what matters.
        Err(Broken(problem)) if outcome.is_err() => Err(problem),
        _ => outcome.map_err(Problem::from),
    };
    Ok((imported, outcome))
}

fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let is_csv = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("text/csv"));
    if is_csv {
        return Ok(());
    }
    Err(Problem::of(Code::UnsupportedMediaType, "the body must be `text/csv`")
        .at("content-type")
        .breaking("media_type"))
}
