//! A caller of our own API, for the commands that talk to a running engine.

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

/// Calls one engine with one token.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    /// A caller of the engine at `base`.
    ///
    /// # Errors
    /// If the machine's TLS cannot be set up.
    pub fn new(base: &str, token: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_mins(10))
            .build()
            .context("cannot set up an HTTP client")?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), token: token.to_owned() })
    }

    /// Reads.
    ///
    /// # Errors
    /// If the engine cannot be reached or says no; the message tells what to do.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        answer(path, self.request(Method::GET, path).send().await).await
    }

    /// Writes, with a JSON body.
    ///
    /// # Errors
    /// If the engine cannot be reached or says no; the message tells what to do.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        answer(path, self.request(Method::POST, path).json(body).send().await).await
    }

    /// Uploads a file of contacts.
    ///
    /// # Errors
    /// If the engine cannot be reached or says no; the message tells what to do.
    pub async fn post_csv(&self, path: &str, csv: Vec<u8>) -> anyhow::Result<Value> {
        let request = self.request(Method::POST, path).header("content-type", "text/csv").body(csv);
        answer(path, request.send().await).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }
}

async fn answer(path: &str, response: reqwest::Result<Response>) -> anyhow::Result<Value> {
    let response = response.with_context(|| format!("the engine cannot be reached for {path}"))?;
    let status = response.status();
    let body = response.bytes().await.context("the engine's answer broke off")?;
    if status.is_success() {
        return if body.is_empty() {
            Ok(Value::Null)
        } else {
            serde_json::from_slice(&body).context("the engine's answer is not JSON")
        };
    }
    let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
    let told = ["detail", "field", "rule", "remedy"].map(|key| problem[key].as_str());
    let words: Vec<&str> = told.into_iter().flatten().collect();
    bail!("{path}: {status}: {}", words.join("; "))
}
