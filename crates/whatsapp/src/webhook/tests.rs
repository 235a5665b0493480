//! Recorded shapes, hostile shapes, and anything at all.

mod anything;
mod hostile;
mod recorded;

use fanal_domain::phone::PhoneNumber;
use fanal_engine::ports::{Inbound, InboundBody, Notice, Receipt, Webhook};

use super::CloudWebhook;
use crate::config::{CloudApiConfig, Secrets};

fn webhook() -> CloudWebhook {
    let secrets = Secrets {
        access_token: "EAAG".into(),
        app_secret: "app-secret".into(),
        verify_token: "verify-token".into(),
    };
    CloudWebhook::new(&CloudApiConfig::new("102290129340398".to_owned(), secrets))
}

/// Everything a body says, one notice a line; tests may see what `Debug` hides.
#[track_caller]
fn told(body: &str) -> String {
    let notices = webhook().decode(body.as_bytes()).unwrap();
    notices.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn line(notice: &Notice) -> String {
    match notice {
        Notice::Receipt(receipt) => receipt_line(receipt),
        Notice::Inbound(inbound) => inbound_line(inbound),
        Notice::TemplateStatus { name, language, status, provider_id, reason } => {
            format!("template {name} {language} {status:?} id={provider_id:?} reason={reason:?}")
        }
        Notice::TemplateCategory { name, category } => format!("template {name} {category:?}"),
        Notice::SenderFacts { sender, rate_per_s, quality, daily_people_max, notice } => format!(
            "sender {} {notice} rate={rate_per_s:?} quality={quality:?} people={daily_people_max:?}",
            sender.0
        ),
        Notice::MarketingPreference { from, wanted, at } => {
            let from = from.as_ref().map(PhoneNumber::as_e164);
            format!("marketing from={from:?} wanted={wanted} at={}", at.timestamp())
        }
        Notice::Unrecognised { field, raw } => format!("kept {field} {raw}"),
    }
}

fn receipt_line(receipt: &Receipt) -> String {
    let Receipt { reference, message_id, status, at, failure, pricing } = receipt;
    let failure = failure.as_ref().map(|failure| (failure.class, failure.code));
    let pricing = pricing.as_ref().map(|pricing| (pricing.billable, pricing.category));
    format!(
        "{status:?} {message_id} at={} reference={reference:?} failure={failure:?} pricing={pricing:?}",
        at.timestamp()
    )
}

fn inbound_line(inbound: &Inbound) -> String {
    let Inbound { message_id, from, user_id, profile_name, at, to, in_reply_to, body } = inbound;
    let from = from.as_ref().map(PhoneNumber::as_e164);
    let body = match body {
        InboundBody::Button { payload, label } => format!("button {payload:?} {label:?}"),
        InboundBody::Text(words) => format!("text {words:?}"),
        InboundBody::Other { form, raw } => format!("other {form} {raw}"),
    };
    format!(
        "{message_id} from={from:?} user={user_id:?} name={profile_name:?} at={} to={} reply_to={in_reply_to:?}: {body}",
        at.timestamp(),
        to.0
    )
}
