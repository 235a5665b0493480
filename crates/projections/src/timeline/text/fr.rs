//! The timeline in French.

use chrono::{DateTime, Utc};
use fanal_domain::incident::{Mode, Role, Severity};
use fanal_domain::template::AnswerKind;

use super::super::entry::{Fact, Step};

pub(super) fn line(fact: &Fact) -> String {
    match fact {
        Fact::IncidentOpened { title, incident_kind, severity, mode } => {
            let what = match mode {
                Mode::Live => "Incident ouvert",
                Mode::Exercise => "Exercice ouvert",
            };
            let severity = self::severity(*severity);
            format!("{what}\u{a0}: {title} ({incident_kind}, gravité {severity})")
        }
        Fact::IncidentEscalated { from, to, reason } => {
            format!("Gravité relevée ({} → {})\u{a0}: {reason}", severity(*from), severity(*to))
        }
        Fact::IncidentDeescalated { from, to, reason } => {
            format!("Gravité abaissée ({} → {})\u{a0}: {reason}", severity(*from), severity(*to))
        }
        Fact::RoleAssigned { role, holder } => {
            format!("{holder} prend le rôle de {}", self::role(*role))
        }
        Fact::RoleRelieved { role, holder } => {
            format!("{holder} quitte le rôle de {}", self::role(*role))
        }
        Fact::SituationUpdated { text } => format!("Situation\u{a0}: {text}"),
        Fact::PromiseMade { text, deadline, .. } => {
            format!("Promesse pour le {}\u{a0}: {text}", time(*deadline))
        }
        Fact::PromiseKept { text, note, .. } => format!("Promesse tenue\u{a0}: {text} ({note})"),
        Fact::PromiseBroken { text, reason, .. } => {
            format!("Promesse non tenue\u{a0}: {text} ({reason})")
        }
        Fact::IncidentResolved { summary } => format!("Résolu\u{a0}: {summary}"),
        Fact::IncidentReopened { reason } => format!("Rouvert\u{a0}: {reason}"),
        Fact::IncidentClosed { reason: None } => "Clos".to_owned(),
        Fact::IncidentClosed { reason: Some(reason) } => format!("Clos\u{a0}: {reason}"),
        Fact::Broadcast(fact) => {
            format!("«\u{a0}{}\u{a0}»\u{a0}: {}", fact.title, step(&fact.step))
        }
    }
}

fn step(step: &Step) -> String {
    match step {
        Step::BroadcastDrafted => "diffusion rédigée".to_owned(),
        Step::BroadcastRevised => "diffusion remaniée".to_owned(),
        Step::BroadcastPlanned { recipients, suppressed } => format!(
            "destinataires arrêtés (à prévenir\u{a0}: {}, exclus\u{a0}: {})",
            n(*recipients),
            n(*suppressed)
        ),
        Step::BroadcastLaunched { recipients, expires_at } => {
            format!("lancée vers {}, envoi jusqu’au {}", people(*recipients), time(*expires_at))
        }
        Step::SendingBegan { sender } => format!("premier message parti de l’émetteur {sender}"),
        Step::SendsWithheld { total } => {
            format!("exclus depuis l’arrêt des destinataires\u{a0}: {}", n(*total))
        }
        Step::SendsInDoubt { total } => {
            format!("envois en doute après une interruption\u{a0}: {}", n(*total))
        }
        Step::UnknownsRequeued { total } => {
            format!("envois en doute à refaire\u{a0}: {}", n(*total))
        }
        Step::DeliveryProgressed { percent, delivered, recipients } => {
            format!("{percent}\u{a0}% remis ({} sur {})", n(*delivered), n(*recipients))
        }
        Step::FailuresPassed { percent, failed, recipients } => {
            format!("échecs à {percent}\u{a0}% ({} sur {})", n(*failed), n(*recipients))
        }
        Step::FirstAnswer { answer, .. } => {
            format!("première réponse\u{a0}: {}", self::answer(*answer))
        }
        Step::HelpNeeded { contact_id, total } => {
            format!("le contact {contact_id} demande de l’aide ({} à ce stade)", n(*total))
        }
        Step::HelpMounting { total } => format!("{} demandent de l’aide", people(*total)),
        Step::SendsExpired { total } => {
            format!("envois non commencés à temps\u{a0}: {}", n(*total))
        }
        Step::RecipientsSettled { undelivered, left_unknown } => format!(
            "délai écoulé (sans preuve de remise\u{a0}: {}, restés inconnus\u{a0}: {})",
            n(*undelivered),
            n(*left_unknown)
        ),
        Step::BroadcastCompleted { recipients, delivered, failed, unknown } => format!(
            "terminée (remis\u{a0}: {} sur {}, en échec\u{a0}: {}, inconnus\u{a0}: {})",
            n(*delivered),
            n(*recipients),
            n(*failed),
            n(*unknown)
        ),
        Step::BroadcastCancelled { reason } => format!("annulée\u{a0}: {reason}"),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "faible",
        Severity::Moderate => "modérée",
        Severity::High => "élevée",
        Severity::Critical => "critique",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Commander => "commandant",
        Role::Communicator => "communicant",
        Role::Approver => "valideur",
        Role::Scribe => "scribe",
    }
}

fn answer(answer: AnswerKind) -> &'static str {
    match answer {
        AnswerKind::Received => "bien reçu",
        AnswerKind::Safe => "en sécurité",
        AnswerKind::NeedHelp => "besoin d’aide",
        AnswerKind::Other => "autre texte",
    }
}

fn people(number: u32) -> String {
    if number <= 1 { format!("{number} personne") } else { format!("{} personnes", n(number)) }
}

fn n(number: u32) -> String {
    super::grouped(number, '\u{202f}')
}

fn time(time: DateTime<Utc>) -> String {
    time.format("%d/%m/%Y à %H:%M UTC").to_string()
}
