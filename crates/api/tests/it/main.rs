//! The API from outside: requests through its router, on stores in memory and a fixed clock.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod app;
mod bad_input;
mod broadcasts;
mod contacts;
mod incidents;
mod limits;
mod openapi;
mod outside;
mod surface;
mod trace;
mod webhooks;
