//! The processes of the demonstration: a simulated provider and an engine on new data.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context;
use fanal_simulator::demo as account;
use serde_json::json;

use crate::child::Child;
use crate::client::Client;

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

/// Where a demonstration keeps what it makes.
#[derive(Debug)]
pub struct Place {
    /// The folder; did not exist before.
    pub folder: PathBuf,
}

impl Place {
    /// A folder of its own.
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
        Ok(Self { folder })
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.folder.join("fanal.toml")
    }

    /// The invented people.
    pub fn people(&self) -> PathBuf {
        self.folder.join("people.csv")
    }

    /// What a process logs.
    fn log(&self, of: &str) -> anyhow::Result<Stdio> {
        let path = self.folder.join(format!("{of}.log"));
        let file = std::fs::File::create(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(file.into())
    }

    fn write_config(&self, simulator: &str) -> anyhow::Result<()> {
        let at = |name: &str| self.folder.join(name).display().to_string();
        let config = format!(
            "# Made by the demonstration. Everything sent goes to a simulator.\n\
             [database]\nurl = {:?}\n\
             [security]\nmaster_key_file = {:?}\n\
             [whatsapp]\nbase_url = {simulator:?}\naudience = \"exercise\"\n\
             access_token = {:?}\napp_secret = {:?}\nverify_token = {:?}\n\
             account_id = {:?}\nsender_id = {:?}\nsender_rate_per_s = 1000\n\
             [contacts]\ndefault_country = \"FR\"\n",
            format!("sqlite:{}", at("fanal.db")),
            at("master.key"),
            account::ACCESS_TOKEN,
            account::APP_SECRET,
            account::VERIFY_TOKEN,
            account::WABA_ID,
            account::PHONE_NUMBER_ID,
        );
        std::fs::write(self.config(), config)
            .with_context(|| format!("cannot write {}", self.config().display()))
    }
}

impl Stage {
    /// Starts both processes and introduces them to each other.
    ///
    /// # Errors
    /// If one of them does not start; its log in the folder says why.
    pub async fn set(program: &Path, place: &Place, seed: u64) -> anyhow::Result<Self> {
        let seed = seed.to_string();
        let arguments = ["simulator", "--listen", "127.0.0.1:0", "--hurried", "--seed", &seed];
        let simulator = Child::start(program, &arguments, &[], place.log("simulator")?).await?;
        place.write_config(&simulator.url)?;
        let config = place.config();
        let listen = ["serve", "--listen", "127.0.0.1:0", "--config"].map(OsStr::new);
        let arguments = [listen.as_slice(), &[config.as_os_str()]].concat();
        let engine = Child::start(program, &arguments, &[], place.log("engine")?).await?;
        let token = engine.first_token.clone().context("the engine made no admin token")?;
        subscribe(&simulator.url, &engine.url).await?;
        Ok(Self { client: Client::new(&engine.url, &token)?, simulator, engine })
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
