//! `fanal simulator`: a WhatsApp Cloud API that behaves like the real one and reaches nobody.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use fanal_simulator::SimulatorConfig;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::child::LISTENING;
use crate::terminal::print_line;

/// Run a WhatsApp Cloud API that behaves like the real one and reaches nobody.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Everything people do follows from this number.
    #[arg(long)]
    seed: Option<u64>,
    /// A number upgraded to 1,000 messages per second, and people who answer within seconds.
    #[arg(long, conflicts_with_all = ["plain", "knobs"])]
    hurried: bool,
    /// No chance and no latency, for tests.
    #[arg(long, conflicts_with = "knobs")]
    plain: bool,
    /// A JSON file of knobs over the defaults; `GET /_sim/config` of a running one shows them all.
    #[arg(long, value_name = "FILE")]
    knobs: Option<PathBuf>,
}

/// Runs until it is told to stop.
///
/// # Errors
/// If the knobs cannot be read or the address is taken.
pub(crate) async fn run(args: Args, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut config = match &args.knobs {
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            serde_json::from_str(&text)
                .with_context(|| format!("{} is not a file of knobs", file.display()))?
        }
        None if args.hurried => SimulatorConfig::hurried(),
        None if args.plain => SimulatorConfig::plain(),
        None => SimulatorConfig::default(),
    };
    if let Some(seed) = args.seed {
        config.seed = seed;
    }
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    print_line(&format!("{LISTENING}http://{}", listener.local_addr()?));
    fanal_simulator::run(listener, config, shutdown.cancelled_owned())
        .await
        .context("the simulator failed")
}
