//! What happens in the demonstration, act by act, every step a call of the public API.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::content;
use super::story::Story;
use crate::client::Client;

/// How often the broadcast is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How long everybody has to show evidence of delivery.
const SETTLES_AFTER_S: u32 = 20;

/// How long anything else may take.
const WAIT_MAX: Duration = Duration::from_mins(1);

/// How long answers are still waited for when the broadcast is complete.
const ANSWERS_MAX: Duration = Duration::from_secs(8);

/// The acts, with what later ones need of earlier ones.
#[derive(Debug)]
pub struct Script<'a> {
    client: &'a Client,
    story: &'a mut Story,
}

/// What there is to look at afterwards.
#[derive(Debug)]
pub struct Ending {
    /// The incident.
    pub incident: String,
    /// The broadcast.
    pub broadcast: String,
    /// Every figure of the incident.
    pub metrics: Value,
}

impl<'a> Script<'a> {
    /// Calls through `client`, tells through `story`.
    pub fn new(client: &'a Client, story: &'a mut Story) -> Self {
        Self { client, story }
    }

    /// Plays all acts.
    ///
    /// # Errors
    /// If the engine says no to anything.
    pub async fn play(mut self, people: Vec<u8>) -> anyhow::Result<Ending> {
        self.import(people).await?;
        let segment = self.segment().await?;
        let template = self.template().await?;
        let incident = self.open().await?;
        let broadcast = self.launch(&incident, &segment, &template).await?;
        self.follow(&incident, &broadcast).await?;
        let metrics = self.end(&incident, &broadcast).await?;
        Ok(Ending { incident, broadcast, metrics })
    }

    async fn import(&mut self, people: Vec<u8>) -> anyhow::Result<()> {
        let report = self.client.post_csv("/v1/contacts/import", people).await?;
        let count = |key: &str| report[key].as_u64().unwrap_or_default();
        self.story.tell(
            "contacts",
            &format!(
                "{} rows read: {} people registered, {} repeated, {} refused",
                count("rows"),
                count("registered"),
                count("repeated"),
                count("refused"),
            ),
        );
        for refused in report["problems"].as_array().into_iter().flatten().take(3) {
            let (line, rule) = (&refused["line"], refused["rule"].as_str().unwrap_or_default());
            let field = refused["field"].as_str().unwrap_or_default();
            self.story.tell("", &format!("line {line}, {field}: {rule}"));
        }
        Ok(())
    }

    async fn segment(&mut self) -> anyhow::Result<String> {
        let rule = "contact.zone in [\"riverside\", \"old-town\", \"harbour\", \"hillside\"]";
        let body = json!({ "name": "Everyone by the river", "rule": { "expression": rule } });
        let segment = id(&self.client.post("/v1/segments", &body).await?)?;
        self.story.tell("segment", &format!("people for whom {rule}"));
        Ok(segment)
    }

    async fn template(&mut self) -> anyhow::Result<String> {
        let template = id(&self.client.post("/v1/templates", &content::template()).await?)?;
        let path = format!("/v1/templates/{template}");
        let mut languages = Vec::new();
        for (language, text) in content::translations() {
            let body = json!({ "language": language, "content": text });
            self.client.post(&format!("{path}/translations"), &body).await?;
            let body = json!({ "language": language });
            self.client.post(&format!("{path}/submit"), &body).await?;
            languages.push(language);
        }
        self.wait_for(&path, |template| {
            let translations = template["translations"].as_array();
            translations.is_some_and(|all| all.iter().all(|one| one["status"] == "approved"))
        })
        .await?;
        let languages = languages.join(", ");
        self.story.tell("template", &format!("{} approved in {languages}", content::TEMPLATE));
        Ok(template)
    }

    async fn open(&mut self) -> anyhow::Result<String> {
        let opened = self
            .client
            .post(
                "/v1/incidents",
                &json!({
                    "title": "River flood in the old town",
                    "kind": "flood",
                    "severity": "high",
                    "mode": "exercise",
                    "summary": "The gauge at the bridge shows 6.40 m and rises 12 cm an hour.",
                }),
            )
            .await?;
        let incident = id(&opened)?;
        let role = json!({ "role": "commander", "holder": "nadia.k" });
        self.client.post(&format!("/v1/incidents/{incident}/roles/assign"), &role).await?;
        self.story.tell("incident", "opened: River flood in the old town, high, an exercise");
        Ok(incident)
    }

    async fn launch(
        &mut self,
        incident: &str,
        segment: &str,
        template: &str,
    ) -> anyhow::Result<String> {
        let draft = json!({
            "incident_id": incident,
            "brief": {
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
                    "expires_after_s": SETTLES_AFTER_S,
                    "settles_after_s": SETTLES_AFTER_S,
                    "unknown": "leave",
                    "answer_within_s": 300,
                },
            },
        });
        let broadcast = id(&self.client.post("/v1/broadcasts", &draft).await?)?;
        let path = format!("/v1/broadcasts/{broadcast}");
        self.client.post(&format!("{path}/plan"), &json!({})).await?;
        let planned = self.wait_for(&path, |broadcast| broadcast["state"] == "planned").await?;
        let suppressed = words(&planned["suppressed"]);
        let recipients = &planned["recipients"];
        self.story
            .tell("broadcast", &format!("planned: {recipients} will be told; not {suppressed}"));
        self.client.post(&format!("{path}/launch"), &json!({})).await?;
        self.story.tell("broadcast", "launched");
        Ok(broadcast)
    }

    /// Watches the broadcast to its end; in the middle of it, the river passes the dykes.
    async fn follow(&mut self, incident: &str, broadcast: &str) -> anyhow::Result<()> {
        let path = format!("/v1/broadcasts/{broadcast}");
        let mut escalated = false;
        loop {
            let shown = self.client.get(&path).await?;
            let recipients = shown["recipients"].as_u64().unwrap_or_default();
            let open = shown["open"].as_u64().unwrap_or_default();
            let reached = reached(&shown["statuses"]);
            self.story.show_progress(reached, recipients, &format!("reached, {open} open"));
            if !escalated && reached * 2 > recipients {
                escalated = true;
                self.escalate(incident).await?;
            }
            if shown["state"] == "completed" {
                self.story.end_progress();
                let statuses = words(&shown["statuses"]);
                self.story.tell("broadcast", &format!("completed: {statuses}"));
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn escalate(&mut self, incident: &str) -> anyhow::Result<()> {
        let body = json!({ "to": "critical", "reason": "The dyke at the old mill is overtopped." });
        self.client.post(&format!("/v1/incidents/{incident}/escalate"), &body).await?;
        self.story
            .tell("incident", "escalated to critical: the dyke at the old mill is overtopped");
        let text = "Shelters are open at the town hall and the lycée. The bridge is closed.";
        let body = json!({ "text": text });
        self.client.post(&format!("/v1/incidents/{incident}/situation"), &body).await?;
        self.story.tell("incident", &format!("situation: {text}"));
        Ok(())
    }

    /// Waits for late answers, keeps the promise, resolves, closes.
    async fn end(&mut self, incident: &str, broadcast: &str) -> anyhow::Result<Value> {
        let path = format!("/v1/broadcasts/{broadcast}");
        let deadline = self.story.elapsed() + ANSWERS_MAX;
        let mut answered = 0;
        while self.story.elapsed() < deadline {
            tokio::time::sleep(LOOK_EVERY * 5).await;
            let shown = self.client.get(&path).await?;
            let now = answers(&shown["statuses"]);
            if now == answered {
                break;
            }
            answered = now;
        }
        self.story.tell("answers", &format!("{answered} people answered"));
        let path = format!("/v1/incidents/{incident}");
        let shown = self.client.get(&path).await?;
        for promise in shown["promises"].as_array().into_iter().flatten() {
            let promise = promise["promise_id"].as_str().context("a promise has an id")?;
            let body = json!({ "note": "Told in the situation update." });
            self.client.post(&format!("{path}/promises/{promise}/keep"), &body).await?;
            self.story.tell("incident", "the promise made by the broadcast was kept");
        }
        let body = json!({ "summary": "The river falls; everybody is accounted for." });
        self.client.post(&format!("{path}/resolve"), &body).await?;
        let closed = self.client.post(&format!("{path}/close"), &json!({})).await?;
        self.story.tell("incident", "resolved and closed");
        let position = &closed["position"];
        self.client.get(&format!("{path}/metrics?min_position={position}")).await
    }

    async fn wait_for(&self, path: &str, holds: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let deadline = self.story.elapsed() + WAIT_MAX;
        loop {
            let shown = self.client.get(path).await?;
            if holds(&shown) {
                return Ok(shown);
            }
            anyhow::ensure!(
                self.story.elapsed() < deadline,
                "{path} is not ready in time: {shown}"
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

fn id(written: &Value) -> anyhow::Result<String> {
    written["id"].as_str().map(str::to_owned).context("the engine's answer names no id")
}

/// How many people there is evidence of delivery for.
fn reached(statuses: &Value) -> u64 {
    ["delivered", "read", "answered", "acknowledged"]
        .iter()
        .filter_map(|status| statuses[status].as_u64())
        .sum()
}

fn answers(statuses: &Value) -> u64 {
    ["answered", "acknowledged"].iter().filter_map(|status| statuses[status].as_u64()).sum()
}

/// Such as `12 read, 3 failed`.
fn words(counts: &Value) -> String {
    let counts = counts.as_object().into_iter().flatten();
    let words: Vec<String> =
        counts.map(|(key, count)| format!("{count} {}", key.replace('_', " "))).collect();
    words.join(", ")
}
