//! What the provider tells us: verified, understood, merged with what came meanwhile, made durable.

pub mod receipts;
