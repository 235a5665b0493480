//! The processes of the demonstration: a simulated provider and an engine on new data.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context;
use fanal_simulator::demo as account;
use serde_json::json;

use crate::child::Child;
use crate::client::Client;

/// Where a run keeps what it makes, and how it is set up.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    database: String,
    rate_per_s: u32,
}

impl Place {
    /// A folder of its own, with a SQLite database in it.
    ///
    /// # Errors
    /// If it exists already or cannot be made.
    pub fn make(folder: PathBuf) -> anyhow::Result<Self> {
        anyhow::ensure!(
            !folder.exists(),
            "{} exists already: name another folder with --data, or remove it",
            folder.display()
        );
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let database = format!("sqlite:{}", folder.join("fanal.db").display());
        Ok(Self { folder, database, rate_per_s: 1000 })
    }

    /// The same on another database.
    #[must_use]
    pub fn with_database(self, database: String) -> Self {
        Self { database, ..self }
    }

    /// The same, sending at most so many messages per second.
    #[must_use]
    pub fn with_rate(self, rate_per_s: u32) -> Self {
        Self { rate_per_s, ..self }
    }

    /// Something in the folder.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.at("fanal.toml")
    }

    /// What a process logs, after what its earlier runs logged.
    fn log(&self, of: &str) -> anyhow::Result<Stdio> {
        let path = self.at(&format!("{of}.log"));
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(file.into())
    }

    fn write_config(&self, simulator: &str) -> anyhow::Result<()> {
        let config = format!(
            "# Made by the demonstration. Everything sent goes to a simulator.\n\
             [database]\nurl = {:?}\n\
             [security]\nmaster_key_file = {:?}\n\
             [whatsapp]\nbase_url = {simulator:?}\naudience = \"exercise\"\n\
             access_token = {:?}\napp_secret = {:?}\nverify_token = {:?}\n\
             account_id = {:?}\nsender_id = {:?}\nsender_rate_per_s = {}\n\
             [contacts]\ndefault_country = \"FR\"\n",
            self.database,
            self.at("master.key").display().to_string(),
            account::ACCESS_TOKEN,
            account::APP_SECRET,
            account::VERIFY_TOKEN,
            account::WABA_ID,
            account::PHONE_NUMBER_ID,
            self.rate_per_s,
        );
        std::fs::write(self.config(), config)
            .with_context(|| format!("cannot write {}", self.config().display()))
    }
}

/// A simulated provider and an engine, each a process of its own, and a caller of the engine.
#[derive(Debug)]
pub struct Stage {
    /// The simulated provider.
    pub simulator: Child,
    /// The engine.
    pub engine: Child,
    /// Calls the engine as its admin.
    pub client: Client,
}

impl Stage {
    /// Starts both processes and introduces them to each other. `manners` are the simulator's
    /// flags for how people behave.
    ///
    /// # Errors
    /// If one of them does not start; its log in the folder says why.
    pub async fn set(program: &Path, place: &Place, manners: &[&str]) -> anyhow::Result<Self> {
        let arguments = [&["simulator", "--listen", "127.0.0.1:0"], manners].concat();
        let simulator = Child::start(program, &arguments, &[], place.log("simulator")?).await?;
        place.write_config(&simulator.url)?;
        let engine = start_engine(program, place, "127.0.0.1:0").await?;
        let token = engine.first_token.clone().context("the engine made no admin token")?;
        subscribe(&simulator.url, &engine.url).await?;
        Ok(Self { client: Client::new(&engine.url, &token)?, simulator, engine })
    }

    /// Kills the engine as a power cut would, and starts it again at the same address.
    ///
    /// # Errors
    /// If it does not start again; its log in the folder says why.
    pub async fn kill_engine(&mut self, program: &Path, place: &Place) -> anyhow::Result<()> {
        let address = self.engine.url.trim_start_matches("http://").to_owned();
        self.engine.kill().await?;
        self.engine = start_engine(program, place, &address).await?;
        Ok(())
    }

    /// Stops both processes.
    ///
    /// # Errors
    /// If one of them does not stop by itself.
    pub async fn clear(self) -> anyhow::Result<()> {
        self.engine.stop().await?;
        self.simulator.stop().await
    }
}

async fn start_engine(program: &Path, place: &Place, listen: &str) -> anyhow::Result<Child> {
    let config = place.config();
    let flags = ["serve", "--listen", listen, "--config"].map(OsStr::new);
    let arguments = [flags.as_slice(), &[config.as_os_str()]].concat();
    Child::start(program, &arguments, &[], place.log("engine")?).await
}

/// Tells the provider where our webhook is, as an app's settings page does.
///
/// # Errors
/// If the provider cannot be reached or our webhook does not answer its question.
pub async fn subscribe(simulator: &str, engine: &str) -> anyhow::Result<()> {
    let provider = Client::new(simulator, account::ACCESS_TOKEN)?;
    let settings = json!({
        "object": "whatsapp_business_account",
        "callback_url": format!("{engine}/webhooks/whatsapp"),
        "verify_token": account::VERIFY_TOKEN,
        "fields": "messages,message_template_status_update,phone_number_quality_update",
    });
    let path = format!("/v26.0/{}/subscriptions", account::APP_ID);
    provider.post(&path, &settings).await.context("the provider does not take our webhook")?;
    Ok(())
}
