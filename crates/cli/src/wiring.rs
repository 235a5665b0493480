//! Introduces the adapters to the engine, as the configuration says.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use fanal_domain::sender::SenderId;
use fanal_engine::dispatch::DispatchConfig;
use fanal_engine::ports::{Clock as _, Random, SystemRandom};
use fanal_engine::vault::{INSTALLATION, MasterKey};
use fanal_engine::{Context, Engine, EngineConfig, Ports};
use fanal_store::{Access, Options, Store};
use fanal_whatsapp::{CloudApi, CloudApiConfig, CloudWebhook, Secrets};
use secrecy::ExposeSecret as _;

use crate::config::{Audience, Config};
use crate::system::{SystemClock, SystemIds};

/// Opens the configured database.
///
/// # Errors
/// If it cannot be opened, or could lose what it acknowledges; the message says what to do.
pub(crate) async fn store(config: &Config, access: Access) -> anyhow::Result<Store> {
    if let (Some(path), Access::Write) = (config.database.url.strip_prefix("sqlite:"), access) {
        let folder = Path::new(path.trim_start_matches("//")).parent();
        if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
    }
    let options = Options { access, ..Options::new(Arc::new(SystemClock)) };
    fanal_store::connect(&config.database.url, options)
        .await
        .context("setting `database.url`: the database cannot be opened")
}

/// Puts an engine together on the configured database and provider, for a command that does not
/// send.
///
/// # Errors
/// If a part cannot be had; the message names the setting.
pub(crate) async fn engine(config: &Config, store: &Store) -> anyhow::Result<Engine> {
    engine_of(config, store, "command").await
}

/// Puts an engine together on the configured database and provider. What another run of the same
/// `machine` left in hand is taken over at once: no two that run at the same time may share a name.
///
/// # Errors
/// If a part cannot be had; the message names the setting.
pub(crate) async fn engine_of(
    config: &Config,
    store: &Store,
    machine: &str,
) -> anyhow::Result<Engine> {
    let is_new = store.log.head().await?.0 == 0;
    let cloud_api = cloud_api(config);
    let provider = Arc::new(CloudApi::new(&cloud_api).context("section `whatsapp`")?);
    let ports = Ports {
        log: Arc::clone(&store.log),
        directory: Arc::clone(&store.directory),
        keys: Arc::clone(&store.keys),
        tokens: Arc::clone(&store.tokens),
        messenger: provider.clone(),
        provider,
        webhook: Arc::new(CloudWebhook::new(&cloud_api)),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds::new()),
        random: Arc::new(SystemRandom),
    };
    Ok(Engine::new(ports, engine_config(config, machine, is_new)?))
}

/// Makes sure that the master key is the one the database was made with.
///
/// # Errors
/// If it is another one.
pub(crate) async fn check_master_key(engine: &Engine) -> anyhow::Result<()> {
    engine.vault().ensure(&[INSTALLATION]).await.context(
        "setting `security.master_key`: this is not the key that the database was made with",
    )?;
    Ok(())
}

/// The person at this machine's keyboard: whoever has the database and the key may do everything.
pub(crate) fn operator(engine: &Engine) -> Context {
    Context::system("cli", engine.ports().ids.next())
}

fn engine_config(config: &Config, machine: &str, is_new: bool) -> anyhow::Result<EngineConfig> {
    let run = format!("{}-{}", SystemClock.now().timestamp_micros(), std::process::id());
    let node = format!("{machine}/{run}");
    let sender = SenderId(config.whatsapp.sender_id.clone());
    let mut made = EngineConfig::new(&node, sender, master_key(config, is_new)?);
    made.default_country = config.contacts.default_country.parse()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the configuration keeps it between 0 and 1,000 dollars"
    )]
    let micros = (config.metrics.cost_per_call_usd * 1e6).round() as u64;
    made.cost_per_call_micros = micros;
    made.reaches_nobody = config.whatsapp.audience == Audience::Exercise;
    made.dispatch = DispatchConfig {
        lanes: config.dispatch.lanes,
        in_flight_max: config.dispatch.in_flight_max.div_ceil(config.dispatch.lanes),
        rate_per_s: config.whatsapp.sender_rate_per_s,
        lease: lease(config),
    };
    Ok(made)
}

/// How long another node may be silent before its chunks are taken over. Nobody else can have a
/// SQLite file, so there whatever another node left is taken over at once.
fn lease(config: &Config) -> Duration {
    let shared = config.database.url.starts_with("postgres");
    if shared { Duration::from_secs(config.dispatch.lease_s) } else { Duration::ZERO }
}

/// The configured provider. A secret that is not set up yet becomes one that nobody knows, so
/// that everything works but what needs the provider.
fn cloud_api(config: &Config) -> CloudApiConfig {
    let whatsapp = &config.whatsapp;
    let [access_token, app_secret, verify_token] =
        [&whatsapp.access_token, &whatsapp.app_secret, &whatsapp.verify_token].map(|secret| {
            match secret.expose_secret() {
                "" => MasterKey::generate(&SystemRandom).to_base64().as_str().into(),
                _ => secret.clone(),
            }
        });
    let account = match whatsapp.account_id.as_str() {
        "" => "0",
        account => account,
    };
    CloudApiConfig {
        base_url: whatsapp.base_url.clone(),
        graph_version: whatsapp.graph_version.clone(),
        request_timeout_ms: whatsapp.timeout_ms,
        ..CloudApiConfig::new(
            account.to_owned(),
            Secrets { access_token, app_secret, verify_token },
        )
    }
}

/// The configured master key; made on the very first start if it is to be in a file.
fn master_key(config: &Config, is_new: bool) -> anyhow::Result<MasterKey> {
    if let Some(key) = &config.security.master_key {
        return key.expose_secret().parse().context("setting `security.master_key`");
    }
    let file = &config.security.master_key_file;
    match fs::read_to_string(file) {
        Ok(text) => {
            text.trim().parse().with_context(|| format!("{} holds no master key", file.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_new => {
            let key = MasterKey::generate(&SystemRandom as &dyn Random);
            write_secret(file, &key.to_base64())?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "setting `security.master_key_file`: there is no {}, and the database has data that \
             only its master key can read: put the key back, or set FANAL_SECURITY__MASTER_KEY",
            file.display()
        ),
        Err(error) => {
            Err(error).with_context(|| format!("the master key {} cannot be read", file.display()))
        }
    }
}

/// Writes a new file that only its owner can read.
fn write_secret(file: &Path, secret: &str) -> anyhow::Result<()> {
    let cannot = || format!("cannot write the master key {}", file.display());
    let mut open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let open = open.as_mut().map_err(|error| anyhow::anyhow!("{error}")).with_context(cannot)?;
    open.write_all(secret.as_bytes()).with_context(cannot)?;
    open.sync_all().with_context(cannot)
}
