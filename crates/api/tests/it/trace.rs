//! What the process writes about requests: one line each, and nobody's data; and the safety net.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::json;

use crate::app::{ADMIN, App, COMMUNICATOR, VIEWER, ask};

thread_local! {
    /// What was logged by the test that runs on this thread.
    static KEPT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Keeps what is logged, each thread for itself.
struct Keeper;

impl io::Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        KEPT.with_borrow_mut(|kept| kept.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One subscriber for the whole process: those of single tests would see each other's cached
/// decisions about what is of interest.
fn keep_log() {
    static LOG: Once = Once::new();
    LOG.call_once(|| tracing_subscriber::fmt().json().with_writer(|| Keeper).init());
}

#[tokio::test]
async fn one_line_per_request_and_nobody_s_data() {
    keep_log();
    let app = App::new().await;
    let person = json!({
        "name": "Léa Martin", "whatsapp": "+33612345678", "language": "fr", "relation": "resident",
    });
    let answer = app.post(COMMUNICATOR, "/v1/contacts", &person).await.expect(201);
    let contact = answer.header("location").unwrap().to_owned();
    let number = json!({"number": "+33612345678"});
    app.post(COMMUNICATOR, "/v1/contacts/find", &number).await.expect(200);
    app.get(VIEWER, "/v1/incidents?name=Martin&number=%2B33612345678").await.expect(400);
    app.get(COMMUNICATOR, &format!("{contact}?number=%2B33612345678")).await.expect(400);
    app.get(VIEWER, "/+33612345678/Martin").await.expect(404);
    let wrong = json!({"name": ["Martin"], "+33612345678": 1});
    app.post(COMMUNICATOR, "/v1/contacts", &wrong).await.expect(422);

    let text = String::from_utf8(KEPT.take()).unwrap();
    for private in ["33612345678", "612345678", "Martin", "Léa", COMMUNICATOR, VIEWER] {
        assert!(!text.contains(private), "{private} is in the log");
    }
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &serde_json::Value| line["fields"]["message"] == "request answered")
        .collect();
    let shown = lines.iter().map(|line| {
        let field = |name: &str| line["fields"][name].to_string();
        [field("http.method"), field("http.route"), field("http.status"), field("log.position")]
            .join(" ")
    });
    assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r#"
    "POST" "/v1/contacts" 201 "1"
    "POST" "/v1/contacts/find" 200 "1"
    "GET" "/v1/incidents" 400 null
    "GET" "/v1/contacts/{contact_id}" 400 null
    "GET" "(none)" 404 null
    "POST" "/v1/contacts" 422 null
    "#);
}

#[tokio::test]
async fn a_defect_answers_one_request_badly_and_tells_nothing_of_the_inside() {
    let app = App::new().await;
    let health = app.health.clone();
    let poisoner = std::thread::spawn(move || {
        let _guard = health.0.lock().unwrap();
        panic!("the next look at health panics");
    });
    poisoner.join().unwrap_err();
    assert_snapshot!(app.get("", "/health/ready").await.shown(), @r#"
    500 Internal Server Error
    content-type: application/problem+json
    {
      "code": "internal",
      "detail": "the request could not be worked on",
      "remedy": "Report the `X-Request-Id` of this answer to the operator.",
      "status": 500,
      "title": "Something is broken on our side",
      "type": "/docs#problem-internal"
    }
    "#);
    app.get(ADMIN, "/v1/tokens").await.expect(200);
    app.send(ask(Method::GET, "/health/live").bare()).await.expect(200);
}
