//! The words of the demonstration: one warning in five languages.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use fanal_engine::ports::Clock as _;
use serde_json::{Value, json};

use crate::system::SystemClock;

/// The provider's name of the warning.
pub const TEMPLATE: &str = "flood_warning";

/// Language, body, the label of "I got it", the label of "I need help".
const WARNING: &[(&str, &str, &str, &str)] = &[
    (
        "en",
        "Flood warning for {{place}}. The river will pass the dykes this evening. Leave ground \
         floors now and do not drive through water. We will tell you more by {{next_update}}. Stay safe.",
        "I got it",
        "I need help",
    ),
    (
        "fr",
        "Alerte inondation pour {{place}}. La rivière passera les digues ce soir. Quittez les \
         rez-de-chaussée et ne roulez pas dans l'eau. Prochaines nouvelles avant {{next_update}}. Prudence.",
        "Bien reçu",
        "J'ai besoin d'aide",
    ),
    (
        "es",
        "Aviso de inundación en {{place}}. El río superará los diques esta tarde. Abandone las \
         plantas bajas y no conduzca por el agua. Le informaremos antes de {{next_update}}. Cuídese.",
        "Recibido",
        "Necesito ayuda",
    ),
    (
        "pt_BR",
        "Alerta de enchente em {{place}}. O rio vai passar os diques esta noite. Saia dos andares \
         térreos e não dirija pela água. Daremos notícias até {{next_update}}. Cuide-se.",
        "Recebido",
        "Preciso de ajuda",
    ),
    (
        "de",
        "Hochwasserwarnung für {{place}}. Der Fluss wird heute Abend die Deiche überspülen. \
         Verlassen Sie Erdgeschosse und fahren Sie nicht durchs Wasser. Mehr bis {{next_update}}. Passen Sie auf sich auf.",
        "Verstanden",
        "Ich brauche Hilfe",
    ),
];

/// When people are promised to hear more: in an hour, to the second.
pub fn next_update() -> DateTime<Utc> {
    (SystemClock.now() + TimeDelta::hours(1)).trunc_subsecs(0)
}

/// The request that registers the warning.
pub fn template() -> Value {
    json!({
        "name": TEMPLATE,
        "category": "utility",
        "variables": [
            { "name": "place", "type": "text", "example": "the riverside" },
            { "name": "next_update", "type": "time", "commitment": true, "example": "18:30" },
        ],
    })
}

/// The requests that add its translations, by language.
pub fn translations() -> impl Iterator<Item = (&'static str, Value)> {
    WARNING.iter().map(|(language, body, received, need_help)| {
        let content = json!({
            "body": body,
            "footer": "Civil protection",
            "buttons": [
                { "quick_reply": { "text": received, "answer": "received" } },
                { "quick_reply": { "text": need_help, "answer": "need_help" } },
            ],
        });
        (*language, content)
    })
}
