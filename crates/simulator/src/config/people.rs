//! Knobs of how people behave: who is reached, how fast, who reads and who answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Behaviour of the crowd. Shares are between 0 and 1 and are drawn per message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleConfig {
    /// Numbers that are not on WhatsApp: failed 131026. Drawn per person.
    pub share_not_on_whatsapp: f64,
    /// Marketing only, per person: opted out (131050).
    pub share_marketing_stopped: f64,
    /// Marketing only: per-user cap (131049).
    pub share_marketing_capped: f64,
    /// Marketing only, per person: experiment group (130472).
    pub share_in_experiment: f64,
    /// Phone switched off: `sent` at once, `delivered` after `offline`.
    pub share_offline: f64,
    /// Dropped without any webhook, as an expired message is.
    pub share_silent: f64,
    /// `failed` (131026) some time after `sent`.
    pub share_failed_late: f64,
    /// Of those reached, who opens the message.
    pub share_reading: f64,
    /// Per person: reads, but read receipts are off.
    pub share_receipts_off: f64,
    /// Chat open when it arrives: `read` comes without `delivered`.
    pub share_read_directly: f64,
    /// The statuses of the message arrive in the wrong order.
    pub share_reordered: f64,
    /// Each status of the message comes twice.
    pub share_duplicated: f64,
    /// The webhook of `sent` never comes.
    pub share_sent_lost: f64,
    /// Of those who read, who answers.
    pub share_answering: f64,
    /// Of the answers, who types a text instead of pressing a button.
    pub share_text: f64,
    /// Of the typed answers, who asks to be left alone.
    pub share_stop: f64,
    /// Relative weights of the first, second, … quick-reply button; further ones weigh as the last.
    pub button_weights: Vec<f64>,
    pub sent: Latency,
    pub delivered: Latency,
    pub read: Latency,
    pub answer: Latency,
    pub offline: Latency,
    /// What people type, by language; `en` is used where a language is missing.
    pub texts: BTreeMap<String, Vec<String>>,
    /// How people ask to be left alone, by language.
    pub stop_words: BTreeMap<String, Vec<String>>,
    /// Numbers with a fixed fate; see [`default_suffix_rules`].
    pub suffix_rules: Vec<SuffixRule>,
    /// Brazilian, Mexican and Argentinian numbers get a `wa_id` unlike the number dialled.
    pub rewrite_wa_id: bool,
    /// What a number without `+` means.
    pub bare_numbers: BareNumbers,
    /// Business-scoped user ids in webhooks and answers.
    pub user_ids: UserIds,
    /// With `user_ids = "hidden"`: people whose number is never shown.
    pub share_number_hidden: f64,
}

impl Default for PeopleConfig {
    fn default() -> Self {
        Self {
            share_not_on_whatsapp: 0.012,
            share_marketing_stopped: 0.01,
            share_marketing_capped: 0.03,
            share_in_experiment: 0.005,
            share_offline: 0.02,
            share_silent: 0.001,
            share_failed_late: 0.002,
            share_reading: 0.88,
            share_receipts_off: 0.15,
            share_read_directly: 0.03,
            share_reordered: 0.02,
            share_duplicated: 0.01,
            share_sent_lost: 0.001,
            share_answering: 0.55,
            share_text: 0.12,
            share_stop: 0.04,
            button_weights: vec![0.85, 0.12, 0.03],
            sent: Latency { p50_ms: 400, p99_ms: 2_000 },
            delivered: Latency { p50_ms: 900, p99_ms: 8_000 },
            read: Latency { p50_ms: 45_000, p99_ms: 3_600_000 },
            answer: Latency { p50_ms: 20_000, p99_ms: 900_000 },
            offline: Latency { p50_ms: 7_200_000, p99_ms: 172_800_000 },
            texts: texts(),
            stop_words: stop_words(),
            suffix_rules: default_suffix_rules(),
            rewrite_wa_id: true,
            bare_numbers: BareNumbers::OwnCountry,
            user_ids: UserIds::Shown,
            share_number_hidden: 0.5,
        }
    }
}

impl PeopleConfig {
    pub(super) fn hurried(self) -> Self {
        Self {
            sent: Latency { p50_ms: 50, p99_ms: 400 },
            delivered: Latency { p50_ms: 150, p99_ms: 1_200 },
            read: Latency { p50_ms: 800, p99_ms: 5_000 },
            answer: Latency { p50_ms: 900, p99_ms: 6_000 },
            offline: Latency { p50_ms: 6_000, p99_ms: 15_000 },
            ..self
        }
    }

    pub(super) fn plain(self) -> Self {
        let at_once = Latency { p50_ms: 0, p99_ms: 0 };
        Self {
            share_not_on_whatsapp: 0.0,
            share_marketing_stopped: 0.0,
            share_marketing_capped: 0.0,
            share_in_experiment: 0.0,
            share_offline: 0.0,
            share_silent: 0.0,
            share_failed_late: 0.0,
            share_reading: 1.0,
            share_receipts_off: 0.0,
            share_read_directly: 0.0,
            share_reordered: 0.0,
            share_duplicated: 0.0,
            share_sent_lost: 0.0,
            share_answering: 0.0,
            sent: at_once,
            delivered: at_once,
            read: at_once,
            answer: at_once,
            ..self
        }
    }
}

/// A long-tailed (log-normal) latency given by two of its percentiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    pub p50_ms: u64,
    pub p99_ms: u64,
}

/// What `to` without a leading `+` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BareNumbers {
    /// The sender's own calling code is put in front, unless the number already begins with it.
    OwnCountry,
    /// The digits already are an international number.
    International,
}

/// Whether business-scoped user ids (`FR.…`) appear, and phone numbers with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserIds {
    /// No `user_id` anywhere, as before 2026.
    Off,
    /// `user_id` beside the number.
    Shown,
    /// `share_number_hidden` of the people show only their `user_id`.
    Hidden,
}

/// A fixed fate for every number that ends in these digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuffixRule {
    pub suffix: String,
    pub fate: Fate,
}

/// What becomes of a message, when chance is not to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The send call itself is refused with this error code; nothing is accepted.
    Refused(u32),
    /// Accepted, then a `failed` status with this code and no `sent` before it.
    Failed(u32),
    /// Accepted, `sent`, then `failed` with this code.
    FailedLate(u32),
    /// Accepted, and nothing is ever heard of it again.
    Silent,
    /// `sent`, and `delivered` only after the `offline` latency.
    Offline,
    /// `sent`, `delivered`, never read.
    Unread,
    /// `sent`, `delivered`, `read`, no answer.
    Read,
    /// `sent`, then `read` without `delivered`.
    ReadDirectly,
    /// `read`, `delivered`, `sent`, in that order.
    Reordered,
    /// Each status twice.
    Duplicated,
    /// `delivered` and `read` without `sent`.
    SentLost,
    /// The first status webhook is answered before the send call is.
    WebhookFirst,
    /// Accepted with all that follows, but the connection breaks instead of an answer.
    Cut,
    /// HTTP 500, code 131000, nothing accepted.
    ServerError,
    /// Accepted after this many milliseconds.
    Slow(u64),
    /// Answered `held_for_quality_assessment`, released after the quality verdict.
    HeldThenReleased,
    /// Answered `held_for_quality_assessment`, then failed with 132015.
    HeldThenDropped,
    /// Reads and presses the quick-reply button with this index.
    Presses(usize),
    /// Reads and answers with this text.
    Writes(String),
}

/// The table of reserved endings. Six digits, so that ordinary test numbers do not hit them.
pub fn default_suffix_rules() -> Vec<SuffixRule> {
    let table = [
        ("990001", Fate::Failed(131_026)),
        ("990002", Fate::Failed(131_047)),
        ("990003", Fate::Failed(131_049)),
        ("990004", Fate::Failed(131_050)),
        ("990005", Fate::Failed(130_472)),
        ("990006", Fate::Failed(131_053)),
        ("990007", Fate::Failed(137_000)),
        ("990008", Fate::Failed(131_042)),
        ("990009", Fate::FailedLate(131_026)),
        ("990010", Fate::Silent),
        ("990011", Fate::Offline),
        ("990012", Fate::Unread),
        ("990013", Fate::Read),
        ("990014", Fate::ReadDirectly),
        ("990015", Fate::Reordered),
        ("990016", Fate::Duplicated),
        ("990017", Fate::SentLost),
        ("990018", Fate::WebhookFirst),
        ("990019", Fate::Cut),
        ("990020", Fate::ServerError),
        ("990021", Fate::Slow(1_500)),
        ("990022", Fate::Refused(131_056)),
        ("990023", Fate::Refused(130_429)),
        ("990024", Fate::Refused(131_057)),
        ("990025", Fate::Refused(131_048)),
        ("990026", Fate::HeldThenReleased),
        ("990027", Fate::HeldThenDropped),
        ("990028", Fate::Presses(0)),
        ("990029", Fate::Presses(1)),
        ("990030", Fate::Writes("STOP".to_owned())),
    ];
    table.into_iter().map(|(suffix, fate)| SuffixRule { suffix: suffix.to_owned(), fate }).collect()
}

fn texts() -> BTreeMap<String, Vec<String>> {
    by_language(&[
        ("en", &["ok thanks", "Received, I am safe.", "What should I do now?", "👍"]),
        ("fr", &["ok merci", "Bien reçu, je suis à l’abri.", "Que dois-je faire ?", "👍"]),
        ("es", &["ok gracias", "Recibido, estoy a salvo.", "¿Qué debo hacer?", "👍"]),
        ("pt", &["ok obrigado", "Recebido, estou em segurança.", "O que devo fazer?", "👍"]),
        ("de", &["ok danke", "Erhalten, ich bin in Sicherheit.", "Was soll ich tun?", "👍"]),
        ("it", &["ok grazie", "Ricevuto, sono al sicuro.", "Cosa devo fare?", "👍"]),
        ("ar", &["حسنا شكرا", "تم الاستلام، أنا بأمان"]),
        ("hi", &["ठीक है धन्यवाद", "मिल गया, मैं सुरक्षित हूँ"]),
    ])
}

fn stop_words() -> BTreeMap<String, Vec<String>> {
    by_language(&[
        ("en", &["STOP", "unsubscribe"]),
        ("fr", &["STOP", "arrêt"]),
        ("es", &["BAJA", "parar"]),
        ("pt", &["PARAR", "sair"]),
    ])
}

fn by_language(table: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    table
        .iter()
        .map(|(language, texts)| {
            ((*language).to_owned(), texts.iter().map(|text| (*text).to_owned()).collect())
        })
        .collect()
}
