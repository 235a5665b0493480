//! The WhatsApp Business Account and the apps subscribed to it.

use hyper::Method;
use serde_json::json;

use super::call::Call;
use super::error::GraphError;
use super::fields::select;
use super::node::require_account;
use super::reply::Reply;
use super::subscriptions::checked_callback;
use crate::world::World;

pub(super) fn show(world: &World, call: &Call) -> Result<Reply, GraphError> {
    let parameters = call.parameters()?;
    let node = world.with(|state, _| {
        let account = &state.config.account;
        let mut node = json!({
            "id": account.waba_id,
            "name": account.name,
            "currency": account.currency,
            "timezone_id": "1",
            "message_template_namespace": "5fa4a0e1_simulated",
            "account_review_status": "APPROVED",
            "business_verification_status": "verified",
            "ownership_type": "SELF",
            "owner_business_info": { "id": account.business_id, "name": account.name },
            "health_status": {
                "can_send_message": "AVAILABLE",
                "entities": [
                    { "entity_type": "WABA", "id": account.waba_id, "can_send_message": "AVAILABLE" },
                ],
            },
        });
        // Its absence is how a missing payment method shows.
        if state.config.billing.payment_method {
            node["primary_funding_id"] = json!("310260000000901");
        }
        node
    });
    Ok(Reply::json(200, &select(node, parameters.text("fields"))))
}

/// Subscribing the app to the account, with or without an override of the callback.
pub(super) async fn subscribed_apps(
    world: &World,
    method: &Method,
    id: &str,
    call: &Call,
) -> Result<Reply, GraphError> {
    world.with(|state, _| require_account(state, method, id))?;
    match *method {
        Method::GET => Ok(world.with(|state, _| {
            let account = &state.config.account;
            let data = json!({
                "id": account.app_id,
                "link": "https://www.facebook.com/games/?app_id=simulated",
                "name": "Fanal simulator",
            });
            let mut app = json!({ "whatsapp_business_api_data": data });
            if let Some(callback) = &state.subscriptions.account_callback {
                app["override_callback_uri"] = json!(callback.url());
            }
            let apps = if state.subscriptions.account { vec![app] } else { Vec::new() };
            Reply::json(200, &json!({ "data": apps }))
        })),
        Method::POST => {
            let parameters = call.parameters()?;
            let callback = match parameters.text("override_callback_uri") {
                Some(url) => {
                    Some(checked_callback(world, url, parameters.text("verify_token")).await?)
                }
                None => None,
            };
            world.with(|state, _| {
                state.subscriptions.account = true;
                state.subscriptions.account_callback = callback;
            });
            Ok(Reply::success())
        }
        Method::DELETE => {
            world.with(|state, _| {
                state.subscriptions.account = false;
                state.subscriptions.account_callback = None;
            });
            Ok(Reply::success())
        }
        _ => Err(GraphError::of(3)),
    }
}
