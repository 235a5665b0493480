//! Sends: reading a request, deciding what becomes of it, remembering it.

mod accept;
mod answer;
mod charge;
mod content;
mod draft;
mod interactive;
mod keep;
mod ledger;
mod outcome;
mod packed;
mod record;
mod request;
mod wamid;

pub(crate) use self::accept::{Manner, send};
pub(crate) use self::charge::Pricing;
pub(crate) use self::content::Kind;
pub(crate) use self::ledger::Ledger;
pub(crate) use self::packed::Packed;
pub(crate) use self::record::{Incoming, Outgoing, Shown, incoming_id, outgoing_id};
pub(crate) use self::request::{Request, read};
pub(crate) use self::wamid::{Direction, Wamid};
