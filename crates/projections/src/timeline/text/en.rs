//! The timeline in English.

use chrono::{DateTime, Utc};
use fanal_domain::incident::{Mode, Role, Severity};
use fanal_domain::template::AnswerKind;

use super::super::entry::{Fact, Step};

pub(super) fn line(fact: &Fact) -> String {
    match fact {
        Fact::IncidentOpened { title, incident_kind, severity, mode } => {
            let what = match mode {
                Mode::Live => "Incident",
                Mode::Exercise => "Exercise",
            };
            let severity = self::severity(*severity);
            format!("{what} opened: {title} ({incident_kind}, severity {severity})")
        }
        Fact::IncidentEscalated { from, to, reason } => {
            format!("Severity raised from {} to {}: {reason}", severity(*from), severity(*to))
        }
        Fact::IncidentDeescalated { from, to, reason } => {
            format!("Severity lowered from {} to {}: {reason}", severity(*from), severity(*to))
        }
        Fact::RoleAssigned { role, holder } => format!("{holder} is now {}", self::role(*role)),
        Fact::RoleRelieved { role, holder } => {
            format!("{holder} is no longer {}", self::role(*role))
        }
        Fact::SituationUpdated { text } => format!("Situation: {text}"),
        Fact::PromiseMade { text, deadline, .. } => {
            format!("Promised by {}: {text}", time(*deadline))
        }
        Fact::PromiseKept { text, note, .. } => format!("Promise kept: {text} ({note})"),
        Fact::PromiseBroken { text, reason, .. } => format!("Promise broken: {text} ({reason})"),
        Fact::IncidentResolved { summary } => format!("Resolved: {summary}"),
        Fact::IncidentReopened { reason } => format!("Reopened: {reason}"),
        Fact::IncidentClosed { reason: None } => "Closed".to_owned(),
        Fact::IncidentClosed { reason: Some(reason) } => format!("Closed: {reason}"),
        Fact::Broadcast(fact) => format!("“{}”: {}", fact.title, step(&fact.step)),
    }
}

fn step(step: &Step) -> String {
    match step {
        Step::BroadcastDrafted => "broadcast drafted".to_owned(),
        Step::BroadcastRevised => "broadcast revised".to_owned(),
        Step::BroadcastPlanned { recipients, suppressed } => {
            format!("audience frozen, {} to be told, {} not", n(*recipients), n(*suppressed))
        }
        Step::BroadcastLaunched { recipients, expires_at } => {
            format!("launched to {}, sending until {}", people(*recipients), time(*expires_at))
        }
        Step::SendingBegan { sender } => format!("first message on its way from sender {sender}"),
        Step::SendsWithheld { total } => {
            format!("{} withheld since the audience was frozen", n(*total))
        }
        Step::SendsInDoubt { total } => format!("{} in doubt after an interruption", sends(*total)),
        Step::UnknownsRequeued { total } => format!("{} in doubt to go out again", sends(*total)),
        Step::DeliveryProgressed { percent, delivered, recipients } => {
            format!("{percent}% delivered ({} of {})", n(*delivered), n(*recipients))
        }
        Step::FailuresPassed { percent, failed, recipients } => {
            format!("failures reach {percent}% ({} of {})", n(*failed), n(*recipients))
        }
        Step::FirstAnswer { answer, .. } => format!("first answer: {}", self::answer(*answer)),
        Step::HelpNeeded { contact_id, total } => {
            format!("contact {contact_id} needs help ({} so far)", n(*total))
        }
        Step::HelpMounting { total } => format!("{} need help", people(*total)),
        Step::SendsExpired { total } => format!("{} not started in time", sends(*total)),
        Step::RecipientsSettled { undelivered, left_unknown } => format!(
            "time is up, {} without evidence of delivery, {} left unknown",
            n(*undelivered),
            n(*left_unknown)
        ),
        Step::BroadcastCompleted { recipients, delivered, failed, unknown } => format!(
            "completed: {} of {} delivered, {} failed, {} unknown",
            n(*delivered),
            n(*recipients),
            n(*failed),
            n(*unknown)
        ),
        Step::BroadcastCancelled { reason } => format!("cancelled: {reason}"),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Moderate => "moderate",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Commander => "commander",
        Role::Communicator => "communicator",
        Role::Approver => "approver",
        Role::Scribe => "scribe",
    }
}

fn answer(answer: AnswerKind) -> &'static str {
    match answer {
        AnswerKind::Received => "received",
        AnswerKind::Safe => "safe",
        AnswerKind::NeedHelp => "need help",
        AnswerKind::Other => "other words",
    }
}

fn people(number: u32) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{} people", n(number)) }
}

fn sends(number: u32) -> String {
    if number == 1 { "1 send".to_owned() } else { format!("{} sends", n(number)) }
}

fn n(number: u32) -> String {
    super::grouped(number, ',')
}

fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
