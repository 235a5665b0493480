//! Webhooks: what is told, to whom, in which bytes, over which wire.

mod body;
mod callback;
mod escape;
mod notice;
mod outbox;
mod subscriptions;
mod verify;
mod wire;

pub(crate) use self::callback::Callback;
pub(crate) use self::notice::{Notice, Told};
pub(crate) use self::outbox::{Delivery, Outbox, Post};
pub(crate) use self::subscriptions::{FIELDS, Subscription, Subscriptions};
pub(crate) use self::verify::verify;
pub(crate) use self::wire::Wire;
