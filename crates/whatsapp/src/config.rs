//! What must be known to talk to the provider, and what must be true of it.

use std::time::Duration;

use hyper::Uri;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Where the provider is, who we are to it, and how long we wait.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudApiConfig {
    /// The origin of the Graph API; `http` is accepted for simulators only.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// The version of the Graph API, in every path.
    #[serde(default = "default_graph_version")]
    pub graph_version: String,
    /// The bearer token; needs the messaging and the management permission.
    pub access_token: SecretString,
    /// The account that owns templates and numbers.
    pub account_id: String,
    /// Signs every webhook.
    pub app_secret: SecretString,
    /// What the provider must know to subscribe our webhook.
    pub verify_token: SecretString,
    /// How variables are named in the templates we submit and send.
    #[serde(default)]
    pub parameters: ParameterFormat,
    /// The handle of a sample shown to reviewers of templates with a picture.
    #[serde(default)]
    pub sample_image: Option<String>,
    /// The handle of a sample shown to reviewers of templates with a document.
    #[serde(default)]
    pub sample_document: Option<String>,
    /// How long a connection may take to stand.
    #[serde(default = "default_connect_timeout_ms")]
    pub connect_timeout_ms: u64,
    /// How long a call may take, connecting included.
    #[serde(default = "default_request_timeout_ms")]
    pub request_timeout_ms: u64,
    /// How long an upload may take, connecting included.
    #[serde(default = "default_upload_timeout_ms")]
    pub upload_timeout_ms: u64,
    /// How long an unused connection is trusted; less than the provider keeps it.
    #[serde(default = "default_idle_timeout_ms")]
    pub idle_timeout_ms: u64,
    /// How many unused connections are kept.
    #[serde(default = "default_connections_idle_max")]
    pub connections_idle_max: usize,
}

/// What nobody else may know.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The bearer token.
    pub access_token: SecretString,
    /// Signs every webhook.
    pub app_secret: SecretString,
    /// What the provider must know to subscribe our webhook.
    pub verify_token: SecretString,
}

/// How variables are named at the provider. A template whose variables are called `1`, `2`, …
/// is positional whatever this says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterFormat {
    /// `{{name}}`, as in our own texts.
    #[default]
    Named,
    /// `{{1}}`, `{{2}}`, … in the order of appearance.
    Positional,
}

/// A setting cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {rule}")]
pub struct ConfigError {
    /// Which setting.
    pub field: &'static str,
    /// What must be true of it.
    pub rule: &'static str,
}

impl CloudApiConfig {
    /// The provider itself with default times.
    pub fn new(account_id: String, secrets: Secrets) -> Self {
        let Secrets { access_token, app_secret, verify_token } = secrets;
        Self {
            base_url: default_base_url(),
            graph_version: default_graph_version(),
            access_token,
            account_id,
            app_secret,
            verify_token,
            parameters: ParameterFormat::default(),
            sample_image: None,
            sample_document: None,
            connect_timeout_ms: default_connect_timeout_ms(),
            request_timeout_ms: default_request_timeout_ms(),
            upload_timeout_ms: default_upload_timeout_ms(),
            idle_timeout_ms: default_idle_timeout_ms(),
            connections_idle_max: default_connections_idle_max(),
        }
    }

    /// Checks every setting.
    ///
    /// # Errors
    /// [`ConfigError`] names the first setting that cannot be used, and why.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.origin()?;
        require("graph_version", is_version(&self.graph_version), "is written like `v26.0`")?;
        let digits = self.account_id.bytes().all(|byte| byte.is_ascii_digit());
        require("account_id", digits && !self.account_id.is_empty(), "is the account's digits")?;
        let token = self.access_token.expose_secret();
        let visible = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        require("access_token", visible, "is visible ASCII without blanks, and not empty")?;
        for (field, secret) in
            [("app_secret", &self.app_secret), ("verify_token", &self.verify_token)]
        {
            require(field, !secret.expose_secret().is_empty(), "must not be empty")?;
        }
        for (field, time_ms) in [
            ("connect_timeout_ms", self.connect_timeout_ms),
            ("request_timeout_ms", self.request_timeout_ms),
            ("upload_timeout_ms", self.upload_timeout_ms),
            ("idle_timeout_ms", self.idle_timeout_ms),
        ] {
            require(field, (1..=600_000).contains(&time_ms), "lies between 1 and 600000")?;
        }
        Ok(())
    }

    /// The base URL, read and checked.
    pub(crate) fn origin(&self) -> Result<Uri, ConfigError> {
        const FIELD: &str = "base_url";
        const FORM: &str = "is an address like `https://graph.facebook.com`";
        let uri: Uri =
            self.base_url.parse().map_err(|_| ConfigError { field: FIELD, rule: FORM })?;
        let host = uri.host().unwrap_or_default();
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        let bare = uri.query().is_none()
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        require(FIELD, known && bare && !host.is_empty(), FORM)?;
        let exposes_token = uri.scheme_str() == Some("http") && host.ends_with("facebook.com");
        require(FIELD, !exposes_token, "would show the access token: use `https`")?;
        Ok(uri)
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    pub(crate) fn upload_timeout(&self) -> Duration {
        Duration::from_millis(self.upload_timeout_ms)
    }

    pub(crate) fn idle_timeout(&self) -> Duration {
        Duration::from_millis(self.idle_timeout_ms)
    }
}

fn require(field: &'static str, holds: bool, rule: &'static str) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(ConfigError { field, rule }) }
}

fn is_version(text: &str) -> bool {
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| numeric(major) && numeric(minor))
}

fn default_base_url() -> String {
    "https://graph.facebook.com".to_owned()
}

fn default_graph_version() -> String {
    "v26.0".to_owned()
}

fn default_connect_timeout_ms() -> u64 {
    5_000
}

/// Long, since whoever gives up early turns a slow answer into an unknown outcome.
fn default_request_timeout_ms() -> u64 {
    30_000
}

fn default_upload_timeout_ms() -> u64 {
    120_000
}

fn default_idle_timeout_ms() -> u64 {
    20_000
}

fn default_connections_idle_max() -> usize {
    256
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> CloudApiConfig {
        let secrets = Secrets {
            access_token: "EAAG".into(),
            app_secret: "app".into(),
            verify_token: "verify".into(),
        };
        CloudApiConfig::new("102290129340398".to_owned(), secrets)
    }

    #[track_caller]
    fn check(field: &str, change: impl FnOnce(&mut CloudApiConfig)) {
        let mut config = config();
        change(&mut config);
        assert_eq!(config.validate().unwrap_err().field, field);
    }

    #[test]
    fn accepts_the_provider_and_a_simulator() {
        for base_url in
            ["https://graph.facebook.com", "http://127.0.0.1:9080", "http://[::1]:9080/graph"]
        {
            let config = CloudApiConfig { base_url: base_url.to_owned(), ..config() };
            assert_eq!(config.validate(), Ok(()), "{base_url}");
        }
    }

    #[test]
    fn names_the_setting_that_cannot_be_used() {
        for base_url in ["", "graph", "ftp://graph", "https://", "https://a@b", "https://a/?b"] {
            check("base_url", |config| config.base_url = base_url.to_owned());
        }
        for version in ["", "26.0", "v26", "v.0", "v26.", "v26.0/x"] {
            check("graph_version", |config| config.graph_version = version.to_owned());
        }
        for account in ["", "12a", "1/2"] {
            check("account_id", |config| config.account_id = account.to_owned());
        }
        for token in ["", "a b", "a\r\nb", "é"] {
            check("access_token", |config| config.access_token = token.into());
        }
        check("app_secret", |config| config.app_secret = "".into());
        check("verify_token", |config| config.verify_token = "".into());
        check("request_timeout_ms", |config| config.request_timeout_ms = 0);
        check("connect_timeout_ms", |config| config.connect_timeout_ms = u64::MAX);
    }

    #[test]
    fn refuses_to_show_the_token_on_the_open_wire() {
        let config =
            CloudApiConfig { base_url: "http://graph.facebook.com".to_owned(), ..config() };
        let error = config.validate().unwrap_err();
        assert_eq!(error.to_string(), "`base_url` would show the access token: use `https`");
    }

    #[test]
    fn prints_no_secret() {
        let printed = format!("{:?}", config());
        assert!(!printed.contains("EAAG") && !printed.contains("\"app\""), "{printed}");
    }

    #[test]
    fn reads_what_is_missing_as_its_default_and_refuses_strangers() {
        let given = r#"{"access_token":"t","account_id":"1","app_secret":"s","verify_token":"v"}"#;
        let read: CloudApiConfig = serde_json::from_str(given).unwrap();
        assert_eq!(
            (read.graph_version.as_str(), read.parameters),
            ("v26.0", ParameterFormat::Named)
        );
        let stranger = given.replace("account_id", "acount_id");
        assert!(serde_json::from_str::<CloudApiConfig>(&stranger).is_err());
    }
}
