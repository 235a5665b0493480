#![doc = include_str!("../README.md")]

mod client;
mod config;
mod lenient;
mod outcome;
mod payload;
mod signature;
mod vocabulary;
mod webhook;

pub use client::CloudApi;
pub use config::{CloudApiConfig, ConfigError, ParameterFormat, Secrets};
pub use outcome::{CodeList, class_of, listed};
pub use signature::SigningKey;
pub use webhook::CloudWebhook;
