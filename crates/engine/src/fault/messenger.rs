//! A messenger that fails when told.

use std::sync::Arc;

use async_trait::async_trait;
use fanal_domain::sender::SenderId;

use super::Faults;
use crate::ports::{Messenger, Outcome, Outgoing};

/// A messenger that fails when told: an adapter never errs, but it may not know what happened.
#[derive(Debug, Clone)]
pub struct FaultyMessenger {
    pub inner: Arc<dyn Messenger>,
    pub faults: Faults,
}

#[async_trait]
impl Messenger for FaultyMessenger {
    async fn send(&self, sender: &SenderId, message: &Outgoing) -> Outcome {
        let call = self.faults.pass("the provider", self.inner.send(sender, message));
        call.await.unwrap_or(Outcome::Unknown)
    }
}
