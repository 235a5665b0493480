//! Every sort of entry, in every language.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fanal_domain::id::{BroadcastId, ContactId, PromiseId};
use fanal_domain::incident::{Mode, Role, Severity};
use fanal_domain::template::AnswerKind;
use uuid::Uuid;

use super::super::entry::{BroadcastFact, Fact, Step};
use super::*;

/// Compares with no-break spaces written as plain ones, for the reader's sake.
#[track_caller]
fn check(fact: &Fact, english: &str, french: &str) {
    let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
    assert_eq!(plain(line(fact, Locale::En)), english);
    assert_eq!(plain(line(fact, Locale::Fr)), french);
}

#[track_caller]
fn check_step(step: Step, english: &str, french: &str) {
    let fact = Fact::Broadcast(BroadcastFact {
        broadcast_id: BroadcastId(Uuid::nil()),
        title: Arc::from("Flood"),
        step,
    });
    check(&fact, &format!("“Flood”: {english}"), &format!("« Flood » : {french}"));
}

fn time() -> DateTime<Utc> {
    "2026-11-22T18:30:00Z".parse().unwrap()
}

fn text(words: &str) -> String {
    words.to_owned()
}

#[test]
fn says_what_happened_to_an_incident() {
    let (from, to) = (Severity::Moderate, Severity::Critical);
    let opened = |mode| Fact::IncidentOpened {
        title: text("River rising"),
        incident_kind: text("flood"),
        severity: Severity::High,
        mode,
    };
    check(
        &opened(Mode::Live),
        "Incident opened: River rising (flood, severity high)",
        "Incident ouvert : River rising (flood, gravité élevée)",
    );
    check(
        &opened(Mode::Exercise),
        "Exercise opened: River rising (flood, severity high)",
        "Exercice ouvert : River rising (flood, gravité élevée)",
    );
    check(
        &Fact::IncidentEscalated { from, to, reason: text("dam") },
        "Severity raised from moderate to critical: dam",
        "Gravité relevée (modérée → critique) : dam",
    );
    check(
        &Fact::IncidentDeescalated { from: to, to: Severity::Low, reason: text("dry") },
        "Severity lowered from critical to low: dry",
        "Gravité abaissée (critique → faible) : dry",
    );
    check(
        &Fact::RoleAssigned { role: Role::Commander, holder: text("ana") },
        "ana is now commander",
        "ana prend le rôle de commandant",
    );
    check(
        &Fact::RoleRelieved { role: Role::Scribe, holder: text("ana") },
        "ana is no longer scribe",
        "ana quitte le rôle de scribe",
    );
    check(
        &Fact::SituationUpdated { text: text("water\nfalls") },
        "Situation: water falls",
        "Situation : water falls",
    );
}

#[test]
fn says_how_promises_and_the_incident_ended() {
    let promise_id = PromiseId(Uuid::nil());
    check(
        &Fact::PromiseMade { promise_id, text: text("news"), deadline: time() },
        "Promised by 2026-11-22 18:30 UTC: news",
        "Promesse pour le 22/11/2026 à 18:30 UTC : news",
    );
    check(
        &Fact::PromiseKept { promise_id, text: text("news"), note: text("sent") },
        "Promise kept: news (sent)",
        "Promesse tenue : news (sent)",
    );
    check(
        &Fact::PromiseBroken { promise_id, text: text("news"), reason: text("late") },
        "Promise broken: news (late)",
        "Promesse non tenue : news (late)",
    );
    check(&Fact::IncidentResolved { summary: text("dry") }, "Resolved: dry", "Résolu : dry");
    check(&Fact::IncidentReopened { reason: text("rain") }, "Reopened: rain", "Rouvert : rain");
    check(&Fact::IncidentClosed { reason: None }, "Closed", "Clos");
    check(&Fact::IncidentClosed { reason: Some(text("drill")) }, "Closed: drill", "Clos : drill");
}

#[test]
fn says_how_a_broadcast_was_made_and_ended() {
    check_step(Step::BroadcastDrafted, "broadcast drafted", "diffusion rédigée");
    check_step(Step::BroadcastRevised, "broadcast revised", "diffusion remaniée");
    check_step(
        Step::BroadcastPlanned { recipients: 10_000, suppressed: 12 },
        "audience frozen, 10,000 to be told, 12 not",
        "destinataires arrêtés (à prévenir : 10 000, exclus : 12)",
    );
    check_step(
        Step::BroadcastLaunched { recipients: 1, expires_at: time() },
        "launched to 1 person, sending until 2026-11-22 18:30 UTC",
        "lancée vers 1 personne, envoi jusqu’au 22/11/2026 à 18:30 UTC",
    );
    check_step(
        Step::RecipientsSettled { undelivered: 1_500, left_unknown: 2 },
        "time is up, 1,500 without evidence of delivery, 2 left unknown",
        "délai écoulé (sans preuve de remise : 1 500, restés inconnus : 2)",
    );
    check_step(
        Step::BroadcastCompleted {
            recipients: 1_234_567,
            delivered: 1_200_000,
            failed: 34_566,
            unknown: 1,
        },
        "completed: 1,200,000 of 1,234,567 delivered, 34,566 failed, 1 unknown",
        "terminée (remis : 1 200 000 sur 1 234 567, en échec : 34 566, inconnus : 1)",
    );
    check_step(
        Step::BroadcastCancelled { reason: text("wrong") },
        "cancelled: wrong",
        "annulée : wrong",
    );
}

#[test]
fn says_how_a_broadcast_goes() {
    let contact_id = ContactId(Uuid::nil());
    check_step(
        Step::SendingBegan { sender: text("106540352242922") },
        "first message on its way from sender 106540352242922",
        "premier message parti de l’émetteur 106540352242922",
    );
    check_step(
        Step::DeliveryProgressed { percent: 50, delivered: 5_000, recipients: 10_000 },
        "50% delivered (5,000 of 10,000)",
        "50 % remis (5 000 sur 10 000)",
    );
    check_step(
        Step::FailuresPassed { percent: 5, failed: 600, recipients: 10_000 },
        "failures reach 5% (600 of 10,000)",
        "échecs à 5 % (600 sur 10 000)",
    );
    check_step(
        Step::FirstAnswer { contact_id, answer: AnswerKind::Safe },
        "first answer: safe",
        "première réponse : en sécurité",
    );
    check_step(
        Step::HelpNeeded { contact_id, total: 3 },
        "contact 00000000-0000-0000-0000-000000000000 needs help (3 so far)",
        "le contact 00000000-0000-0000-0000-000000000000 demande de l’aide (3 à ce stade)",
    );
    check_step(
        Step::HelpMounting { total: 2_000 },
        "2,000 people need help",
        "2 000 personnes demandent de l’aide",
    );
}

#[test]
fn says_what_went_another_way() {
    check_step(
        Step::SendsWithheld { total: 10 },
        "10 withheld since the audience was frozen",
        "exclus depuis l’arrêt des destinataires : 10",
    );
    check_step(
        Step::SendsInDoubt { total: 1 },
        "1 send in doubt after an interruption",
        "envois en doute après une interruption : 1",
    );
    check_step(
        Step::UnknownsRequeued { total: 11 },
        "11 sends in doubt to go out again",
        "envois en doute à refaire : 11",
    );
    check_step(
        Step::SendsExpired { total: 1_000 },
        "1,000 sends not started in time",
        "envois non commencés à temps : 1 000",
    );
}

#[test]
fn finds_a_language_by_its_code() {
    for (code, expected) in [
        ("en", Some(Locale::En)),
        ("fr", Some(Locale::Fr)),
        ("FR_ca", Some(Locale::Fr)),
        ("fr-BE", Some(Locale::Fr)),
        ("de", None),
        ("", None),
    ] {
        assert_eq!(Locale::of(code), expected, "{code}");
    }
}

#[test]
fn groups_digits_by_three() {
    for (number, expected) in
        [(0, "0"), (999, "999"), (1_000, "1,000"), (u32::MAX, "4,294,967,295")]
    {
        assert_eq!(grouped(number, ','), expected);
    }
}
