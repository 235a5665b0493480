//! Our own name for one send, which travels with it and comes back in every receipt and button.
//!
//! It attributes a receipt without looking anything up, and says nothing about the person.
//! Written `f1.<incident and broadcast>.<recipient>.<attempt>`; a button's payload goes on with
//! `.<answer>`. There is exactly one way to write each, so what does not read back is not ours.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fanal_domain::id::{BroadcastId, IncidentId};
use fanal_domain::template::AnswerKind;
use uuid::Uuid;

/// The form's name and version: a changed form gets the next number, and both are read.
const FORM: &str = "f1";

/// Longer texts are not ours; the longest of ours has 93 bytes.
const TEXT_BYTES_MAX: usize = 96;

/// Our own name for one send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The incident of the broadcast.
    pub incident_id: IncidentId,
    /// The broadcast.
    pub broadcast_id: BroadcastId,
    /// The recipient's index in the frozen audience.
    pub recipient: u32,
    /// Which try this is, from 1.
    pub attempt: u32,
}

impl Reference {
    /// Reads a reference that came back; `None` if it is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text_of_ours(text)?;
        let reference = Self::read(&mut parts)?;
        (parts.next().is_none() && reference.to_string() == text).then_some(reference)
    }

    fn read<'text>(parts: &mut impl Iterator<Item = &'text str>) -> Option<Self> {
        let ids = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let (incident, broadcast) = ids.split_at_checked(16)?;
        Some(Self {
            incident_id: IncidentId(Uuid::from_slice(incident).ok()?),
            broadcast_id: BroadcastId(Uuid::from_slice(broadcast).ok()?),
            recipient: parts.next()?.parse().ok()?,
            attempt: parts.next()?.parse().ok()?,
        })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ids = [0; 32];
        ids[..16].copy_from_slice(self.incident_id.0.as_bytes());
        ids[16..].copy_from_slice(self.broadcast_id.0.as_bytes());
        write!(f, "{FORM}.{}.{}.{}", URL_SAFE_NO_PAD.encode(ids), self.recipient, self.attempt)
    }
}

/// What a quick reply of ours carries: which send it stood under, and what pressing it means.
///
/// Only a button can bring one: typed words are never read as a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload {
    /// The send.
    pub reference: Reference,
    /// What pressing the button means.
    pub answer: AnswerKind,
}

impl Payload {
    /// Reads a payload that came back; `None` if it is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text_of_ours(text)?;
        let reference = Reference::read(&mut parts)?;
        let word = parts.next()?;
        let answer = ANSWERS.into_iter().find(|answer| word_of(*answer) == word)?;
        let payload = Self { reference, answer };
        (parts.next().is_none() && payload.to_string() == text).then_some(payload)
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.reference, word_of(self.answer))
    }
}

const ANSWERS: [AnswerKind; 4] =
    [AnswerKind::Received, AnswerKind::Safe, AnswerKind::NeedHelp, AnswerKind::Other];

fn word_of(answer: AnswerKind) -> &'static str {
    match answer {
        AnswerKind::Received => "received",
        AnswerKind::Safe => "safe",
        AnswerKind::NeedHelp => "need_help",
        AnswerKind::Other => "other",
    }
}

/// The parts after the form's name, if this may be one of ours at all.
fn text_of_ours(text: &str) -> Option<impl Iterator<Item = &str>> {
    let mut parts = (text.len() <= TEXT_BYTES_MAX).then(|| text.split('.'))?;
    (parts.next() == Some(FORM)).then_some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn references() -> impl Strategy<Value = Reference> {
        (any::<u128>(), any::<u128>(), any::<u32>(), any::<u32>()).prop_map(
            |(incident, broadcast, recipient, attempt)| Reference {
                incident_id: IncidentId(Uuid::from_u128(incident)),
                broadcast_id: BroadcastId(Uuid::from_u128(broadcast)),
                recipient,
                attempt,
            },
        )
    }

    fn longest() -> Reference {
        Reference {
            incident_id: IncidentId(Uuid::max()),
            broadcast_id: BroadcastId(Uuid::max()),
            recipient: u32::MAX,
            attempt: u32::MAX,
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_it_wrote(reference in references(), answer in 0..ANSWERS.len()) {
            let payload = Payload { reference, answer: ANSWERS[answer] };

            prop_assert_eq!(Reference::parse(&reference.to_string()), Some(reference));
            prop_assert_eq!(Payload::parse(&payload.to_string()), Some(payload));
        }

        #[test]
        fn reads_nothing_that_it_would_write_otherwise(
            text in r"f1\.[A-Za-z0-9_-]{42,44}\.[+0-9]{1,12}\.[+0-9]{1,12}(\.[a-z_]{0,9}){0,2}"
        ) {
            if let Some(reference) = Reference::parse(&text) {
                prop_assert_eq!(reference.to_string(), text.as_str());
            }
            if let Some(payload) = Payload::parse(&text) {
                prop_assert_eq!(payload.to_string(), text);
            }
        }

        #[test]
        fn survives_anything(text in any::<String>(), cut in 0_usize..100) {
            Reference::parse(&text);
            Payload::parse(&text);
            let ours = Payload { reference: longest(), answer: AnswerKind::Safe }.to_string();
            let beginning = ours.get(..cut).unwrap_or(&ours);
            prop_assert_eq!(Payload::parse(beginning).is_some(), beginning == ours);
        }
    }

    #[test]
    fn fits_into_what_the_provider_keeps_for_us() {
        let payload = Payload { reference: longest(), answer: AnswerKind::NeedHelp };

        assert!(payload.to_string().len() <= TEXT_BYTES_MAX);
    }

    #[test]
    fn refuses_what_is_not_ours() {
        let ours = longest().to_string();
        for text in [
            String::new(),
            "OK".to_owned(),
            "f1".to_owned(),
            "f1....".to_owned(),
            ours.replacen("f1", "f2", 1),
            format!("{ours}."),
            format!("{ours} "),
            format!("{ours}.maybe"),
            format!("{ours}.safe.safe"),
            "x".repeat(3_000_000),
        ] {
            assert_eq!(Reference::parse(&text), None, "{text:.20}");
            assert_eq!(Payload::parse(&text), None, "{text:.20}");
        }
    }
}
