//! Whole processes for stories: a simulated provider, an engine on SQLite or PostgreSQL, and what
//! the phones of the invented people saw.

#![expect(clippy::missing_panics_doc, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use fanal_cli::demo::content;
use fanal_cli::demo::people::{Expectation, write_csv};
use fanal_cli::demo::stage::{Place, Stage};
use reqwest::Client as Http;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The longest that anything a story waits for may take.
pub const DEADLINE: Duration = Duration::from_secs(150);

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Two processes, a folder, and people.
#[derive(Debug)]
pub struct Story {
    /// The processes.
    pub stage: Stage,
    /// Where they keep things.
    pub place: Place,
    /// What the imported file held.
    pub people: Expectation,
    program: &'static Path,
    // Removed when dropped.
    _folder: TempDir,
}

/// What one phone saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phone {
    /// Messages the provider took for it.
    pub accepted: u64,
}

impl Story {
    /// Starts everything and imports `rows` lines of invented people.
    pub async fn begin(
        program: &'static Path,
        setting: Setting,
        manners: &[&str],
        rows: usize,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut place = Place::make(folder.path().join("story")).expect("the folder is new");
        if let Some(database) = setting.database {
            place = place.with_database(database);
        }
        let place = place.with_rate(setting.rate_per_s);
        let stage = Stage::set(program, &place, manners).await.expect("both processes start");
        let mut csv = Vec::new();
        let people = write_csv(rows, setting.seed, &mut csv).expect("memory can be written");
        std::fs::write(place.at("people.csv"), &csv).expect("the folder can be written");
        stage.client.post_csv("/v1/contacts/import", csv).await.expect("the file is imported");
        Self { stage, place, people, program, _folder: folder }
    }

    /// Opens an exercise, and plans and launches the warning to everybody. Returns the broadcast.
    pub async fn launch_warning(&self, settles_after_s: u32) -> String {
        let client = &self.stage.client;
        let rule = json!({ "expression": "contact.zone != \"\"" });
        let segment = self.post("/v1/segments", json!({ "name": "All", "rule": rule })).await;
        let template = self.post("/v1/templates", content::template()).await;
        for (language, text) in content::translations() {
            let body = json!({ "language": language, "content": text });
            self.post(&format!("/v1/templates/{template}/translations"), body).await;
            let body = json!({ "language": language });
            self.post(&format!("/v1/templates/{template}/submit"), body).await;
        }
        let approved = |template: &Value| {
            let all = template["translations"].as_array();
            all.is_some_and(|all| all.iter().all(|one| one["status"] == "approved"))
        };
        self.wait_for(&format!("/v1/templates/{template}"), approved).await;
        let incident = self
            .post(
                "/v1/incidents",
                json!({
                    "title": "Flood", "kind": "flood", "severity": "high", "mode": "exercise",
                    "summary": "The river rises.",
                }),
            )
            .await;
        let brief = json!({
            "title": "Leave ground floors",
            "template_id": template,
            "fallback_language": "en",
            "purpose": "alerts",
            "segments": [segment],
            "variables": {
                "place": { "attribute": { "name": "zone", "otherwise": "your street" } },
                "next_update": { "time": content::next_update() },
            },
            "rules": {
                "expires_after_s": settles_after_s,
                "settles_after_s": settles_after_s,
                "unknown": "leave",
                "answer_within_s": 300,
            },
        });
        let draft = json!({ "incident_id": incident, "brief": brief });
        let broadcast = self.post("/v1/broadcasts", draft).await;
        for step in ["plan", "launch"] {
            let path = format!("/v1/broadcasts/{broadcast}/{step}");
            client.post(&path, &json!({})).await.expect("the broadcast can be launched");
        }
        broadcast
    }

    /// Kills the engine as a power cut would, and starts it again.
    pub async fn kill_engine(&mut self) {
        self.stage.kill_engine(self.program, &self.place).await.expect("the engine starts again");
    }

    /// Reads through the API.
    pub async fn get(&self, path: &str) -> Value {
        self.stage.client.get(path).await.expect("the engine answers")
    }

    /// Writes through the API; returns the id.
    pub async fn post(&self, path: &str, body: Value) -> String {
        let written = self.stage.client.post(path, &body).await.expect("the engine takes it");
        written["id"].as_str().expect("what is written has an id").to_owned()
    }

    /// Waits until what the API shows is so.
    pub async fn wait_for(&self, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        loop {
            let shown = self.get(path).await;
            if holds(&shown) {
                return shown;
            }
            assert!(started.elapsed() < DEADLINE, "{path} never came to be so: {shown}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What every phone saw that saw anything, by number.
    pub async fn phones(&self) -> BTreeMap<String, Phone> {
        let url = &self.stage.simulator.url;
        let answer = Http::new().get(format!("{url}/_sim/phones?limit=100000")).send().await;
        let shown: Value = answer
            .expect("the simulator answers")
            .json()
            .await
            .expect("the simulator's answer is JSON");
        assert_eq!(shown["next"], Value::Null, "all phones fit on a page");
        let phones = shown["phones"].as_array().expect("a list of phones");
        phones.iter().map(phone).collect()
    }
}

fn phone(shown: &Value) -> (String, Phone) {
    let number = shown["phone"].as_str().expect("a phone has a number").to_owned();
    (number, Phone { accepted: shown["accepted"].as_u64().expect("a count") })
}

/// How a story is set up.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The database; a SQLite file if none is named.
    pub database: Option<String>,
    /// How fast the engine may send.
    pub rate_per_s: u32,
    /// Which people.
    pub seed: u64,
}
