//! What became of a message of ours.

use fanal_domain::broadcast::{Pricing, ReceiptStatus};
use fanal_engine::ports::{Notice, Receipt};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{instant, unrecognised};
use crate::lenient::{Flag, Int, List, Object, Text};
use crate::{outcome, vocabulary};

/// Reads one element of `statuses`.
pub(super) fn read(raw: &RawValue, time: Int, notices: &mut Vec<Notice>) {
    let status = match serde_json::from_str::<Object<StatusObject<'_>>>(raw.get()) {
        Ok(Object(Some(status))) => status,
        // Nothing is nothing, on its own or among others.
        Ok(Object(None)) if raw.get() == "null" => return,
        Ok(Object(None)) | Err(_) => return notices.push(unrecognised("messages.statuses", raw)),
    };
    let pricing = status.pricing.0.as_ref().map(PricingObject::read);
    let price_unread = pricing == Some(None);
    match status.into_receipt(pricing.flatten(), time) {
        Some(receipt) => notices.push(Notice::Receipt(receipt)),
        None => return notices.push(unrecognised("messages.statuses", raw)),
    }
    // A price we have no word for must not be lost, nor hold up the receipt it came with.
    if price_unread {
        notices.push(unrecognised("messages.statuses.pricing", raw));
    }
}

#[derive(Deserialize)]
struct StatusObject<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(default)]
    timestamp: Int,
    #[serde(borrow, default)]
    biz_opaque_callback_data: Text<'a>,
    #[serde(borrow, default)]
    pricing: Object<PricingObject<'a>>,
    #[serde(default)]
    errors: List<Object<ErrorObject>>,
}

impl StatusObject<'_> {
    fn into_receipt(self, pricing: Option<Pricing>, time: Int) -> Option<Receipt> {
        let status = match self.status.get()? {
            "sent" => ReceiptStatus::Sent,
            "delivered" => ReceiptStatus::Delivered,
            "read" => ReceiptStatus::Read,
            "played" => ReceiptStatus::Played,
            "failed" => ReceiptStatus::Failed,
            _ => return None,
        };
        let failure = (status == ReceiptStatus::Failed).then(|| {
            let mut codes =
                self.errors.0.iter().filter_map(|error| error.0.as_ref()?.code.as_u32());
            outcome::failure(codes.next())
        });
        Some(Receipt {
            at: instant(self.timestamp, time)?,
            message_id: self.id.into_string()?,
            reference: self.biz_opaque_callback_data.into_string(),
            status,
            failure,
            pricing,
        })
    }
}

#[derive(Deserialize)]
struct ErrorObject {
    #[serde(default)]
    code: Int,
}

#[derive(Deserialize)]
struct PricingObject<'a> {
    #[serde(default)]
    billable: Flag,
    #[serde(borrow, default, rename = "type")]
    form: Text<'a>,
    #[serde(borrow, default)]
    category: Text<'a>,
}

impl PricingObject<'_> {
    fn read(&self) -> Option<Pricing> {
        // `billable` is announced to go away; the type says the same.
        let billable = self.billable.0.or_else(|| match self.form.get()? {
            "regular" => Some(true),
            "free_customer_service" | "free_entry_point" => Some(false),
            _ => None,
        })?;
        Some(Pricing { billable, category: vocabulary::category(self.category.get()?)? })
    }
}
