//! What every request passes through: an id, room and time, a safety net, one line in the log.

mod net;
mod request_log;
mod room;

pub(crate) use net::catch_panics;
pub(crate) use request_log::{RequestId, log_request};
pub(crate) use room::give_room;
