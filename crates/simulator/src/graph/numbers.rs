//! Business phone numbers: facts, registration, webhook overrides.

use hyper::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::error::GraphError;
use super::fields::select;
use super::node::{Node, require_account, require_node};
use super::reply::Reply;
use super::subscriptions::checked_callback;
use crate::clock::Millis;
use crate::config::SenderConfig;
use crate::limits::SenderIndex;
use crate::webhooks::Callback;
use crate::world::{Sender, State, World};

const REGISTRATIONS_MAX: usize = 10;
const REGISTRATION_SPAN: Millis = 72 * 3_600_000;

pub(super) fn list(world: &World, id: &str, call: &Call) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    world.with(|state, _| {
        require_account(state, &Method::GET, id)?;
        let nodes = state.senders.iter().map(|sender| node(state, sender));
        let data: Vec<Value> = nodes.map(|n| select(n, parameters.text("fields"))).collect();
        Ok(Reply::json(200, &json!({ "data": data, "paging": { "cursors": {} } })))
    })
}

pub(super) fn show(world: &World, sender: SenderIndex, call: &Call) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    world.with(|state, _| {
        let sender = state.sender(sender).ok_or_else(|| GraphError::of(33))?;
        Ok(Reply::json(200, &select(node(state, sender), parameters.text("fields"))))
    })
}

fn node(state: &State, sender: &Sender) -> Value {
    let config = &sender.config;
    let tier = match state.config.limits.unique_users_per_day {
        None => "TIER_UNLIMITED",
        Some(..=250) => "TIER_250",
        Some(..=2_000) => "TIER_2K",
        Some(..=10_000) => "TIER_10K",
        Some(_) => "TIER_100K",
    };
    let app = state.subscriptions.app.as_ref().map(|app| app.callback.url());
    json!({
        "id": config.phone_number_id,
        "verified_name": config.verified_name,
        "display_phone_number": config.display_phone_number,
        "quality_rating": config.quality_rating,
        "quality_score": { "score": config.quality_rating },
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": if config.registered { "CONNECTED" } else { "PENDING" },
        "throughput": { "level": sender.level() },
        "platform_type": "CLOUD_API",
        "account_mode": "LIVE",
        "is_official_business_account": false,
        "is_pin_enabled": config.pin.is_some(),
        "whatsapp_business_manager_messaging_limit": tier,
        "webhook_configuration": {
            "phone_number": sender.callback.as_ref().map(Callback::url),
            "application": app,
        },
        "health_status": {
            "can_send_message": if config.registered { "AVAILABLE" } else { "BLOCKED" },
            "entities": [],
        },
    })
}

pub(super) fn add(world: &World, id: &str, call: &Call) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    let number =
        format!("+{} {}", parameters.required("cc")?, parameters.required("phone_number")?);
    let name = parameters.required("verified_name")?.to_owned();
    world.with(|state, _| {
        require_account(state, &Method::POST, id)?;
        let phone_number_id = format!("310260000010{:03}", state.senders.len());
        let config = SenderConfig {
            phone_number_id: phone_number_id.clone(),
            display_phone_number: number,
            verified_name: name,
            registered: false,
            ..SenderConfig::default()
        };
        state.add_sender(config)?;
        Ok(Reply::json(200, &json!({ "id": phone_number_id })))
    })
}

/// Asking for a verification code, and giving it: both always go well.
pub(super) fn code(world: &World, id: &str) -> Result<Reply, GraphError> {
    world.with(|state, _| require_sender(state, id).map(|_| ()))?;
    Ok(Reply::success())
}

pub(super) fn register(world: &World, id: &str, call: &Call) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    let pin = parameters.required("pin")?;
    if parameters.text("messaging_product") != Some("whatsapp") {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    if pin.len() != 6 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(GraphError::parameter("Param pin must be 6 digits."));
    }
    world.with(|state, now| {
        let sender = require_sender(state, id)?;
        count_registration(sender, now)?;
        if sender.config.pin.as_deref().is_some_and(|known| known != pin) {
            return Err(GraphError::of(133_005));
        }
        sender.config.pin = Some(pin.to_owned());
        sender.config.registered = true;
        Ok(Reply::success())
    })
}

pub(super) fn deregister(world: &World, id: &str) -> Result<Reply, GraphError> {
    world.with(|state, now| {
        let sender = require_sender(state, id)?;
        count_registration(sender, now)?;
        sender.config.registered = false;
        Ok(Reply::success())
    })
}

/// `POST /{phone-number-id}`: the webhook override, or a new PIN.
pub(super) async fn change(
    world: &World,
    index: SenderIndex,
    call: &Call,
) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    if let Some(pin) = parameters.text("pin") {
        let pin = pin.to_owned();
        world.with(|state, _| {
            if let Some(sender) = state.sender_mut(index) {
                sender.config.pin = Some(pin);
            }
        });
    }
    if let Some(url) = parameters.get("webhook_configuration")["override_callback_uri"].as_str() {
        let verify_token = parameters.get("webhook_configuration")["verify_token"].as_str();
        // An empty address takes the override away.
        let callback = match url {
            "" => None,
            url => Some(checked_callback(world, url, verify_token).await?),
        };
        world.with(|state, _| {
            if let Some(sender) = state.sender_mut(index) {
                sender.callback = callback;
            }
        });
    }
    Ok(Reply::success())
}

fn require_sender<'a>(state: &'a mut State, id: &str) -> Result<&'a mut Sender, GraphError> {
    match require_node(state, &Method::POST, id)? {
        Node::Sender(sender) => state.sender_mut(sender).ok_or_else(|| GraphError::of(33)),
        _ => Err(GraphError::no_object("POST", id)),
    }
}

fn count_registration(sender: &mut Sender, now: Millis) -> Result<(), GraphError> {
    sender.registrations.retain(|at| now < at.saturating_add(REGISTRATION_SPAN));
    if sender.registrations.len() >= REGISTRATIONS_MAX {
        return Err(GraphError::of(133_016));
    }
    sender.registrations.push(now);
    Ok(())
}

impl State {
    /// Adds a business phone number.
    pub(crate) fn add_sender(&mut self, config: SenderConfig) -> Result<(), GraphError> {
        if self.sender_of(&config.phone_number_id).is_some() {
            return Err(GraphError::parameter("A phone number with this id exists already."));
        }
        let sender = Sender::new(config)
            .ok_or_else(|| GraphError::parameter("Param phone_number is not a valid number."))?;
        self.senders.push(sender);
        Ok(())
    }
}
