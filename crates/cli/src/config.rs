//! Configuration: read once, checked once, secrets never printed.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use fanal_engine::numbering::Country;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use secrecy::SecretString;
use serde::Deserialize;

/// The commented defaults, as `fanal config` prints them.
pub(crate) const DEFAULTS: &str = include_str!("config/default.toml");

/// Every setting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The API.
    pub(crate) server: Server,
    /// Where the log lives.
    pub(crate) database: Database,
    /// Keys.
    pub(crate) security: Security,
    /// The provider.
    pub(crate) whatsapp: WhatsApp,
    /// How broadcasts are worked on.
    pub(crate) dispatch: Dispatch,
    /// How contacts are read.
    pub(crate) contacts: Contacts,
    /// How figures are computed.
    pub(crate) metrics: Metrics,
    /// What is logged.
    pub(crate) log: Log,
}

/// The API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// Requests worked on at the same time.
    pub(crate) requests_max: usize,
}

/// Where the log lives.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite:` or `postgres:`; may contain a password.
    pub(crate) url: String,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split(':').next().unwrap_or_default();
        write!(f, "Database({scheme}:…)")
    }
}

/// Keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Security {
    /// The master key itself, in base64.
    pub(crate) master_key: Option<SecretString>,
    /// The file that holds it.
    pub(crate) master_key_file: PathBuf,
}

/// The provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatsApp {
    /// The Graph API's address.
    pub(crate) base_url: String,
    /// `vNN.N`.
    pub(crate) graph_version: String,
    /// Bearer token for calls.
    pub(crate) access_token: SecretString,
    /// Signs webhooks.
    pub(crate) app_secret: SecretString,
    /// Answers the webhook's first question.
    pub(crate) verify_token: SecretString,
    /// Owns the templates.
    pub(crate) account_id: String,
    /// The number we send from.
    pub(crate) sender_id: String,
    /// Messages per second.
    pub(crate) sender_rate_per_s: u32,
    /// For one call.
    pub(crate) timeout_ms: u64,
    /// Who is at the other end.
    pub(crate) audience: Audience,
}

/// Who is at the other end of the provider's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Audience {
    /// Real people: exercises are refused.
    Live,
    /// A simulator: live incidents are refused.
    Exercise,
}

/// How broadcasts are worked on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dispatch {
    /// Chunks worked on at the same time.
    pub(crate) lanes: usize,
    /// Calls at the same time.
    pub(crate) in_flight_max: usize,
    /// How long another node may be silent before its work is taken over.
    pub(crate) lease_s: u64,
}

/// How contacts are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contacts {
    /// Two letters.
    pub(crate) default_country: String,
}

/// How figures are computed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    /// What one answered phone call would have cost.
    pub(crate) cost_per_call_usd: f64,
}

/// What is logged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    /// For people or for machines.
    pub(crate) format: LogFormat,
    /// Which targets and levels.
    pub(crate) filter: String,
}

/// For people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// One readable line each.
    Text,
    /// One JSON object each.
    Json,
}

impl Config {
    /// Reads the defaults, the file if one is named, and the environment.
    ///
    /// # Errors
    /// If the file cannot be read, a key is unknown, or a value breaks a rule; names the key.
    pub(crate) fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            anyhow::ensure!(file.is_file(), "there is no configuration file {}", file.display());
            figment = figment.merge(Toml::file_exact(file));
        }
        let config: Self = figment
            .merge(Env::prefixed("FANAL_").split("__").ignore(&["test_postgres_url"]))
            .extract()
            .context("the configuration cannot be read; `fanal config` prints every setting")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let rules = [
            ("server.requests_max", self.server.requests_max > 0, "must be at least 1"),
            ("dispatch.lanes", (1..=64).contains(&self.dispatch.lanes), "must be 1 to 64"),
            (
                "dispatch.in_flight_max",
                (1..=4096).contains(&self.dispatch.in_flight_max),
                "must be 1 to 4096",
            ),
            ("dispatch.lease_s", (1..=3600).contains(&self.dispatch.lease_s), "must be 1 to 3600"),
            (
                "whatsapp.sender_rate_per_s",
                (1..=1000).contains(&self.whatsapp.sender_rate_per_s),
                "must be 1 to 1000: the provider gives no number more than 1,000 per second",
            ),
            (
                "whatsapp.timeout_ms",
                (100..=120_000).contains(&self.whatsapp.timeout_ms),
                "must be 100 to 120000",
            ),
            (
                "whatsapp.audience",
                self.whatsapp.audience == Audience::Live || !self.is_real_provider(),
                "must be \"live\" with the real provider's address",
            ),
            (
                "metrics.cost_per_call_usd",
                (0.0..=1000.0).contains(&self.metrics.cost_per_call_usd),
                "must be 0 to 1000",
            ),
            (
                "contacts.default_country",
                self.contacts.default_country.parse::<Country>().is_ok(),
                "must be the two letters of a country, such as \"FR\"",
            ),
        ];
        for (key, holds, rule) in rules {
            anyhow::ensure!(holds, "setting `{key}` {rule}");
        }
        Ok(())
    }

    fn is_real_provider(&self) -> bool {
        self.whatsapp.base_url.contains("facebook.com")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[track_caller]
    fn check(file: &str, expected: &str) {
        let mut written = tempfile::NamedTempFile::new().unwrap();
        written.write_all(file.as_bytes()).unwrap();
        let error = Config::load(Some(written.path())).expect_err("the file is wrong");
        let text = format!("{error:#}");
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn the_defaults_are_complete() {
        Config::load(None).unwrap();
    }

    #[test]
    fn names_the_key_that_is_wrong() {
        check("[server]\nlisten = \"nowhere\"", "server.listen");
        check("[server]\nlisten_on = 1", "listen_on");
        check("[dispatch]\nlanes = 0", "dispatch.lanes");
        check("[whatsapp]\nsender_rate_per_s = 5000", "whatsapp.sender_rate_per_s");
        check("[whatsapp]\naudience = \"exercise\"", "whatsapp.audience");
        check("[contacts]\ndefault_country = \"France\"", "contacts.default_country");
    }

    #[test]
    fn never_prints_a_secret() {
        let mut written = tempfile::NamedTempFile::new().unwrap();
        written
            .write_all(
                b"[database]\nurl = \"postgres://u:hush@h/d\"\n[whatsapp]\naccess_token = \"hush\"",
            )
            .unwrap();
        let config = Config::load(Some(written.path())).unwrap();
        assert!(!format!("{config:?}").contains("hush"));
    }
}
