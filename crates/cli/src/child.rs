//! Another process of this program: started, watched until it listens, stopped or killed.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child as Process, Command};
use tokio::time::timeout;

/// What a server prints before its address, once it takes requests.
pub const LISTENING: &str = "listening on ";

/// What a server prints before the first token, on the very first start.
pub const FIRST_TOKEN: &str = "admin token, shown only now: ";

/// How long a process may take to listen.
const START_MAX: Duration = Duration::from_mins(1);

/// How long a process may take to stop by itself.
const STOP_MAX: Duration = Duration::from_secs(30);

/// A server of ours in a process of its own. Killed when dropped.
#[derive(Debug)]
pub struct Child {
    process: Process,
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub url: String,
    /// The first token, if it printed one.
    pub first_token: Option<String>,
}

impl Child {
    /// Starts a server and waits until it says where it listens.
    ///
    /// # Errors
    /// If it cannot be started, ends, or does not listen in time.
    pub async fn start<A: AsRef<OsStr> + Sync>(
        program: &Path,
        arguments: &[A],
        environment: &[(&str, &str)],
        log: Stdio,
    ) -> anyhow::Result<Self> {
        let mut process = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let stdout = process.stdout.take().context("the process has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let mut first_token = None;
        let url = loop {
            let line = timeout(START_MAX, lines.next_line())
                .await
                .with_context(|| format!("{} does not listen in time", program.display()))??;
            let Some(line) = line else {
                let status = process.wait().await?;
                bail!("{} ended before it listened: {status}", program.display());
            };
            if let Some(token) = line.strip_prefix(FIRST_TOKEN) {
                first_token = Some(token.to_owned());
            }
            if let Some(url) = line.strip_prefix(LISTENING) {
                break url.to_owned();
            }
        };
        // A full pipe would stop the process, so somebody must go on reading.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { process, url, first_token })
    }

    /// The process's number.
    pub fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Errors
    /// If it does not stop in time, or not with success.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = self.process.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            kill_process(pid, Signal::TERM).context("cannot signal the process")?;
        }
        let status = timeout(STOP_MAX, self.process.wait())
            .await
            .context("the process does not stop in time")??;
        anyhow::ensure!(status.success(), "the process stopped with {status}");
        Ok(())
    }

    /// Kills it at once, as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// If it cannot be killed.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("cannot kill the process")
    }
}
