//! People's phones: what they received, and making them answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::problem::Problem;
use crate::config::Fate;
use crate::messages::{Outgoing, incoming_id, outgoing_id};
use crate::people::{PersonId, PhoneNumber};
use crate::world::{State, World};

const PAGE_DEFAULT: usize = 1_000;
const PAGE_MAX: usize = 100_000;
const INBOX_MAX: usize = 1_000;

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    after: Option<usize>,
    limit: Option<usize>,
}

#[derive(Debug, Serialize)]
pub(super) struct Phones {
    phones: Vec<Phone>,
    /// Give it back as `after`; absent on the last page.
    next: Option<usize>,
}

/// The counts that show whether somebody was lost or written to twice.
#[derive(Debug, Serialize)]
struct Phone {
    /// As it was first dialled, without `+`.
    #[serde(rename = "phone")]
    dialled: String,
    accepted: u32,
    /// Distinct references among the accepted messages.
    references: u32,
    repeated_references: u32,
    repeated_templates: u32,
    without_reference: u32,
    answers: u32,
}

/// All phones that ever received or wrote something, in order of first appearance.
pub(super) async fn list(
    Shared(world): Shared<Arc<World>>,
    Query(page): Query<Page>,
) -> Json<Phones> {
    let limit = page.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    Json(world.with(|state, _| {
        let after = page.after.unwrap_or_default();
        let mut last = None;
        let mut phones = Vec::new();
        for (place, person) in state.crowd.from(after) {
            if phones.len() == limit {
                return Phones { phones, next: last };
            }
            last = Some(place + 1);
            if person.accepted == 0 && person.answers == 0 {
                continue;
            }
            let unique = person.accepted - person.without_reference - person.repeated_references;
            phones.push(Phone {
                dialled: person.dialled.to_string(),
                accepted: person.accepted,
                references: unique,
                repeated_references: person.repeated_references,
                repeated_templates: person.repeated_templates,
                without_reference: person.without_reference,
                answers: person.answers,
            });
        }
        Phones { phones, next: None }
    }))
}

/// One phone with its messages, the latest first.
pub(super) async fn show(
    Shared(world): Shared<Arc<World>>,
    Path(phone): Path<String>,
) -> Result<Json<Value>, Problem> {
    world.with(|state, _| {
        let id = number(&phone).and_then(|number| state.crowd.find(number));
        let id = id.ok_or_else(|| Problem::unknown("phone"))?;
        let person = state.crowd.get(id).ok_or_else(|| Problem::unknown("phone"))?;
        let profile = state.profile(id);
        let profile = profile.as_ref();
        let messages = state.messages_to(id).take(INBOX_MAX);
        let messages: Vec<Value> =
            messages.map(|(number, message)| inbox_entry(state, id, number, message)).collect();
        Ok(Json(json!({
            "phone": person.dialled.to_string(),
            "wa_id": profile.and_then(|p| p.wa_id).map(|wa_id| wa_id.to_string()),
            "user_id": profile.and_then(|p| p.user_id.as_deref()),
            "name": profile.map(|p| p.name),
            "language": person.number.country().language,
            "accepted": person.accepted,
            "answers": person.answers,
            "fate": person.fate,
            "messages": messages,
        })))
    })
}

fn inbox_entry(state: &State, person: PersonId, number: u32, message: &Outgoing) -> Value {
    let template = message.template.and_then(|index| state.templates.get(index));
    let text = match template {
        Some(template) => template.rendered(&message.content),
        None => message.content.group(0).next().unwrap_or_default().to_owned(),
    };
    let peer = state.crowd.get(person).map(|person| person.number);
    let buttons: Vec<String> =
        state.buttons(message).into_iter().map(|button| button.text).collect();
    let sender = state.sender(message.sender);
    json!({
        "id": peer.map(|peer| outgoing_id(state.run, peer, number)),
        "from": sender.map(|sender| &sender.config.phone_number_id),
        "type": message.kind.word(),
        "template": template.map(|template| &template.name),
        "language": template.map(|template| &template.language),
        "category": message.category.lower(),
        "text": text,
        "buttons": buttons,
        "reference": message.reference,
        "accepted_at_ms": message.accepted_at,
        "statuses": message.shown.words(),
    })
}

/// Makes the phone write to the business, now.
pub(super) async fn answer(
    Shared(world): Shared<Arc<World>>,
    Path(phone): Path<String>,
    Json(answer): Json<Value>,
) -> Result<Json<Value>, Problem> {
    world.with(|state, now| {
        let number = number(&phone).ok_or_else(|| Problem::invalid("not a phone number"))?;
        let sender = match answer["sender"].as_str() {
            Some(id) => state.sender_of(id).ok_or_else(|| Problem::unknown("sender"))?,
            None => 0,
        };
        // Anybody may write, also who was never written to.
        let person = state.crowd.meet(number);
        let written = state
            .answer_by_hand(person, sender, &answer, now)
            .map_err(|error| Problem::invalid(error.to_string()))?;
        let peer = state.crowd.get(person).map_or(number, |person| person.number);
        Ok(Json(json!({ "id": incoming_id(state.run, peer, written) })))
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct NewFate {
    fate: Option<Fate>,
}

/// Decides what becomes of every further message to this phone.
pub(super) async fn set_fate(
    Shared(world): Shared<Arc<World>>,
    Path(phone): Path<String>,
    Json(new): Json<NewFate>,
) -> Result<Json<Value>, Problem> {
    world.with(|state, _| {
        let number = number(&phone).ok_or_else(|| Problem::invalid("not a phone number"))?;
        let person = state.crowd.meet(number);
        if let Some(person) = state.crowd.get_mut(person) {
            person.fate = new.fate.map(Box::new);
        }
        Ok(Json(json!({})))
    })
}

fn number(phone: &str) -> Option<PhoneNumber> {
    PhoneNumber::from_digits(phone.strip_prefix('+').unwrap_or(phone))
}
