//! `fanal replay`: an incident's timeline as it was known at any moment.

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use fanal_domain::id::IncidentId;
use fanal_engine::authority::UseCase;
use fanal_engine::envelope::Position;
use fanal_engine::ports::EventLog;
use fanal_engine::query::Scope;
use fanal_projections::timeline::{Entry, Locale, line};
use fanal_store::Access;

use crate::config::Config;
use crate::terminal::print_line;
use crate::wiring;

/// Longest pause between two lines, however slow the replay.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Print an incident's timeline as it was known at any moment.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The incident.
    incident: IncidentId,
    /// As it was known at this time (RFC 3339) or log position; default: now.
    #[arg(long, value_name = "TIME|POSITION")]
    as_of: Option<AsOf>,
    /// One JSON object per line.
    #[arg(long)]
    json: bool,
    /// Play it: 1 at its own pace, 60 a minute a second; default: all at once.
    #[arg(long, value_name = "X", value_parser = speed)]
    speed: Option<f64>,
    /// The language of the lines: `en` or `fr`.
    #[arg(long, default_value = "en", value_parser = locale)]
    language: Locale,
}

/// A moment in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AsOf {
    /// Right after an event.
    Position(Position),
    /// What had been written down by then.
    Time(DateTime<Utc>),
}

impl FromStr for AsOf {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(position) = text.parse() {
            return Ok(Self::Position(Position(position)));
        }
        DateTime::parse_from_rfc3339(text).map(|time| Self::Time(time.to_utc())).map_err(
            |_| "a moment is a log position such as 1207 or a time such as 2026-12-01T18:36:00Z",
        )
    }
}

fn speed(text: &str) -> Result<f64, &'static str> {
    let speed = text.parse().ok().filter(|speed| (0.01..=1e6).contains(speed));
    speed.ok_or("a speed is a number from 0.01 to 1000000")
}

fn locale(text: &str) -> Result<Locale, &'static str> {
    Locale::of(text).ok_or("the languages are `en` and `fr`")
}

/// Prints it.
///
/// # Errors
/// If the database cannot be read or has no such incident at that moment.
pub(crate) async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let store = wiring::store(config, Access::Read).await?;
    let engine = wiring::engine(config, &store).await?;
    let position = position(&*store.log, args.as_of).await?;
    let context = wiring::operator(&engine);
    let entries = engine
        .look(
            &context,
            UseCase::ViewIncident,
            (Scope::Incident(args.incident), Some(position)),
            |world| {
                let incident = world.incident(args.incident)?;
                Some(incident.timeline().entries().to_vec())
            },
        )
        .await?
        .value
        .with_context(|| {
            format!("incident {} is not known at position {position}", args.incident)
        })?;
    let mut before: Option<DateTime<Utc>> = None;
    for entry in &entries {
        if let (Some(speed), Some(before)) = (args.speed, before) {
            tokio::time::sleep(pause(before, entry.recorded_at, speed)).await;
        }
        before = Some(entry.recorded_at);
        print_line(&if args.json {
            serde_json::to_string(entry)?
        } else {
            words(entry, args.language)
        });
    }
    store.close().await;
    Ok(())
}

async fn position(log: &dyn EventLog, as_of: Option<AsOf>) -> anyhow::Result<Position> {
    Ok(match as_of {
        None => log.head().await?,
        Some(AsOf::Position(position)) => position.min(log.head().await?),
        Some(AsOf::Time(time)) => log.position_at(time).await?,
    })
}

fn pause(before: DateTime<Utc>, now: DateTime<Utc>, speed: f64) -> Duration {
    let between = (now - before).to_std().unwrap_or_default();
    between.div_f64(speed).min(PAUSE_MAX)
}

/// Position, when it was written down, when it happened if that was earlier, who, what.
fn words(entry: &Entry, language: Locale) -> String {
    let recorded = entry.recorded_at.format("%Y-%m-%d %H:%M:%S%.3f");
    let occurred = if (entry.recorded_at - entry.occurred_at).num_seconds() >= 1 {
        format!(" (happened {})", entry.occurred_at.format("%H:%M:%S"))
    } else {
        String::new()
    };
    let what = line(&entry.fact, language);
    format!("{:>8}  {recorded}  {:<20}  {what}{occurred}", entry.position, entry.actor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_position_or_a_time() {
        assert_eq!("1207".parse(), Ok(AsOf::Position(Position(1207))));
        assert!(matches!("2026-12-01T18:36:00+01:00".parse(), Ok(AsOf::Time(_))));
        assert!("yesterday".parse::<AsOf>().is_err());
    }

    #[test]
    fn pauses_are_shorter_at_higher_speed_and_bounded() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        assert_eq!(pause(at(0), at(60), 60.0), Duration::from_secs(1));
        assert_eq!(pause(at(0), at(86_400), 1.0), PAUSE_MAX);
        assert_eq!(pause(at(60), at(0), 1.0), Duration::ZERO);
    }
}
