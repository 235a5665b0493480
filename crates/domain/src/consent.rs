//! Consent: what a person agreed to be told, how we know, and since when.

use serde::{Deserialize, Serialize};

/// What a message is for. A consent covers one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Warnings and instructions in a crisis.
    Alerts,
    /// Information about a service the person uses.
    Service,
    /// Everything else a business may wish to say.
    Marketing,
}

/// The legal ground (GDPR article 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The person agreed.
    Consent,
    /// A contract with the person.
    Contract,
    /// A law obliges us.
    LegalObligation,
    /// Somebody's life depends on it.
    VitalInterest,
    /// A public task.
    PublicTask,
    /// A legitimate interest that outweighs the person's.
    LegitimateInterest,
}

/// How consent was given or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A paper or web form.
    Form,
    /// Brought in from another system.
    Import,
    /// A message such as START or STOP.
    Message,
    /// By word of mouth, noted by an operator.
    Verbal,
    /// By an operator's hand.
    Operator,
    /// The provider told us so.
    Provider,
}
