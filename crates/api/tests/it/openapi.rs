//! The document describes what the router does, and the copy in the repository is current.

use std::path::Path;
use std::{env, fs};

use axum::http::Method;
use fanal_engine::ports::AccessRole;
use serde_json::Value;

use crate::app::{ADMIN, App, ROLES, ask};

const TABLE_BEGINS: &str = "<!-- problems: written by the tests with UPDATE_OPENAPI=1 -->\n";
const TABLE_HEAD: &str = "| status | code | meaning | what to do |\n| --- | --- | --- | --- |\n";
const TABLE_ENDS: &str = "<!-- end of problems -->\n";

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    spec: Value,
}

impl Operation {
    fn id(&self) -> &str {
        self.spec["operationId"].as_str().unwrap()
    }

    fn role(&self) -> Option<&str> {
        self.spec["security"][0]["bearer"][0].as_str()
    }

    /// Its path with some id in place of each parameter.
    fn somewhere(&self) -> String {
        let ids = self.path.split('/').map(|step| match step.strip_prefix('{') {
            Some(name) if name.ends_with("_id}") => "01936d8e-0000-7000-8000-0000000000ff",
            Some(_) => "fr",
            None => step,
        });
        ids.collect::<Vec<_>>().join("/")
    }
}

async fn document(app: &App) -> Value {
    app.get("", "/openapi.json").await.expect(200).json()
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, verbs)| {
        verbs.as_object().unwrap().iter().map(|(verb, spec)| Operation {
            method: verb.to_uppercase().parse().unwrap(),
            path: path.clone(),
            spec: spec.clone(),
        })
    });
    operations.collect()
}

#[tokio::test]
async fn the_copy_in_the_repository_is_current() {
    let document = document(&App::new().await).await;
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/openapi.json is not current: run the tests with UPDATE_OPENAPI=1");
}

#[tokio::test]
async fn the_table_of_problems_in_the_guide_is_current() {
    let problems = App::new().await.get("", "/docs/problems.json").await.expect(200).json();
    let rows = problems.as_array().unwrap().iter().map(|problem| {
        let cell = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        format!(
            "| {} | `{}` | {} | {} |\n",
            problem["status"],
            cell("code"),
            cell("title"),
            cell("remedy")
        )
    });
    let table = rows.fold(TABLE_HEAD.to_owned(), |table, row| table + &row);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
    let guide = fs::read_to_string(&path).unwrap();
    let (before, rest) = guide.split_once(TABLE_BEGINS).unwrap();
    let (_, after) = rest.split_once(TABLE_ENDS).unwrap();
    let current = format!("{before}{TABLE_BEGINS}{table}{TABLE_ENDS}{after}");
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &current).unwrap();
    } else {
        assert!(
            guide == current,
            "docs/api.md is not current: run the tests with UPDATE_OPENAPI=1"
        );
    }
}

#[tokio::test]
async fn operation_ids_are_a_verb_and_a_resource_and_differ() {
    let document = document(&App::new().await).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids: Vec<String> =
        operations(&document).iter().map(|operation| operation.id().to_owned()).collect();
    for id in &ids {
        let words = id.split('_').count();
        assert!(words >= 2 && *id == id.to_lowercase(), "{id}");
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_everything_is_described() {
    let document = document(&App::new().await).await;
    let text = document.to_string();
    for reference in text.split("\"#/").skip(1) {
        let path = format!("/{}", reference.split('"').next().unwrap());
        assert!(document.pointer(&path).is_some(), "{path} leads nowhere");
    }
    for operation in operations(&document) {
        let id = operation.id();
        assert!(operation.spec["summary"].is_string(), "{id} has no summary");
        assert!(operation.spec["tags"][0].is_string(), "{id} has no tag");
        let moves = !["/find", "/preview", "/import", "/revoke", "/tokens", "/sync"]
            .iter()
            .any(|end| operation.path.ends_with(end));
        if operation.method == Method::POST && operation.role().is_some() && moves {
            let names = operation.spec["parameters"].to_string();
            assert!(names.contains("Idempotency-Key"), "{id} takes no idempotency key");
        }
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_token_or_with_too_small_a_role() {
    let app = App::new().await;
    let head = app.head().await;
    for operation in operations(&document(&app).await) {
        let Some(needed) = operation.role() else { continue };
        let (id, path) = (operation.id(), operation.somewhere());
        let nobody = app.send(ask(operation.method.clone(), &path).bare()).await;
        assert_eq!(
            (nobody.status.as_u16(), &nobody.json()["code"]),
            (401, &"unauthenticated".into()),
            "{id}"
        );

        let word = |role: AccessRole| format!("{role:?}").to_lowercase();
        let smaller = ROLES.iter().rev().skip_while(|(role, _)| word(*role) != needed).nth(1);
        let Some((_, secret)) = smaller else { continue };
        let refused = app.send(ask(operation.method.clone(), &path).by(secret).bare()).await;
        assert_eq!(refused.status.as_u16(), 403, "{id}: {}", refused.text());
        assert_eq!(refused.json()["role_needed"], needed, "{id}");
    }
    assert_eq!(app.head().await, head);
}

#[tokio::test]
async fn every_example_of_a_body_is_understood() {
    let app = App::new().await;
    for operation in operations(&document(&app).await) {
        let body = &operation.spec["requestBody"]["content"]["application/json"];
        if body.is_null() || operation.role().is_none() {
            continue;
        }
        let example = example_of(&document(&app).await, body);
        assert!(!example.is_null(), "{} has no example", operation.id());
        let path = operation.somewhere();
        let request = ask(operation.method.clone(), &path).by(ADMIN).json(&example);
        let answer = app.send(request).await;
        let id = operation.id();
        assert!(
            answer.status.as_u16() != 400 && answer.status.as_u16() < 500,
            "{id}: {}",
            answer.text()
        );
        let rule =
            if answer.status.as_u16() == 422 { answer.json()["rule"].clone() } else { Value::Null };
        for shape in ["required", "unknown_field", "type", "one_of", "form", "range"] {
            assert_ne!(rule, shape, "{id}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn every_parameter_of_a_query_is_known() {
    let app = App::new().await;
    for operation in operations(&document(&app).await) {
        let parameters = operation.spec["parameters"].as_array().cloned().unwrap_or_default();
        let in_query = parameters.iter().filter(|parameter| parameter["in"] == "query");
        let names: Vec<_> = in_query.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let has_role = operation.role().is_some();
        for name in names.iter().filter(|_| has_role) {
            let path = format!("{}?{name}=%20", operation.somewhere());
            let request = ask(operation.method.clone(), &path).by(ADMIN).bare();
            let answer = app.send(request).await;
            let id = operation.id();
            assert_ne!(answer.json()["rule"], "unknown_parameter", "{id}: {name}");
        }
    }
}

fn example_of(document: &Value, body: &Value) -> Value {
    if !body["example"].is_null() {
        return body["example"].clone();
    }
    let name = body["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
    document["components"]["schemas"][name]["example"].clone()
}
