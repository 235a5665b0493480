//! The store: the event log, the directory, keys and tokens, in a SQLite file or in PostgreSQL.
//!
//! Invariants: nothing here decides about incidents or people; nothing outside this crate speaks
//! SQL; what an append has acknowledged is on disk.

mod connect;
mod durability;
mod error;

mod follow;
mod intern;
mod log;
mod number;
mod row;
mod tail;
mod writer;

mod disturbance;
mod scratch;

mod postgres;
mod sqlite;

pub use connect::{Access, Options, Store, connect};
pub use disturbance::Disturbance;
pub use durability::Durability;
pub use error::ConnectError;
pub use scratch::Scratch;

use crate::connect::Database;
