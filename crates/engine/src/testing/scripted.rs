//! A messenger that answers by a script and remembers every call.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use fanal_domain::phone::PhoneNumber;
use fanal_domain::sender::SenderId;

use crate::ports::{Messenger, Outcome, Outgoing};
use crate::reference::Reference;

/// One call to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub reference: Reference,
    pub to: PhoneNumber,
    /// Which call for this person it is, from 1.
    pub nth: usize,
    pub outcome: Outcome,
}

/// What the provider says to a send, by its reference and by which call for that person it is.
type Script = dyn Fn(&Reference, usize) -> Outcome + Send + Sync;

/// Answers by a script and remembers every call.
pub struct ScriptedMessenger {
    script: Box<Script>,
    calls: Mutex<Vec<Call>>,
}

impl fmt::Debug for ScriptedMessenger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScriptedMessenger({} calls)", self.calls().len())
    }
}

impl ScriptedMessenger {
    /// Answers each call by its reference and by which call for that person it is, from 1.
    pub fn new(script: impl Fn(&Reference, usize) -> Outcome + Send + Sync + 'static) -> Self {
        Self { script: Box::new(script), calls: Mutex::default() }
    }

    /// Takes every message.
    pub fn willing() -> Self {
        Self::new(|reference, _| accepted(reference))
    }

    fn call(&self, reference: Reference, to: &PhoneNumber) -> Outcome {
        let mut calls = self.calls();
        let nth = calls.iter().filter(|call| call.to == *to).count() + 1;
        let outcome = (self.script)(&reference, nth);
        calls.push(Call { reference, to: to.clone(), nth, outcome: outcome.clone() });
        outcome
    }

    /// Every call, in order.
    pub fn calls(&self) -> MutexGuard<'_, Vec<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many messages the provider took for each recipient.
    pub fn taken(&self) -> BTreeMap<u32, usize> {
        let mut taken = BTreeMap::new();
        for call in &*self.calls() {
            if matches!(call.outcome, Outcome::Accepted { .. }) {
                *taken.entry(call.reference.recipient).or_default() += 1;
            }
        }
        taken
    }
}

/// The provider took it.
pub fn accepted(reference: &Reference) -> Outcome {
    Outcome::Accepted { message_id: format!("wamid.{reference}"), held: false }
}

#[async_trait]
impl Messenger for ScriptedMessenger {
    async fn send(&self, _sender: &SenderId, message: &Outgoing) -> Outcome {
        // As over a network: others go on meanwhile.
        tokio::task::yield_now().await;
        let reference = Reference::parse(&message.reference).expect("every send names itself");
        let outcome = self.call(reference, &message.to);
        tokio::task::yield_now().await;
        outcome
    }
}
