//! The words of the API for the closed lists of the domain, one for one.
//!
//! They are types of their own so that the wire changes only on purpose; a word that is missing
//! on either side does not compile.

use fanal_domain as domain;
use fanal_engine::ports;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $theirs:ty { $($(#[$about:meta])* $word:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($(#[$about])* $word),+ }

        impl From<$theirs> for $name {
            fn from(word: $theirs) -> Self {
                match word { $(<$theirs>::$word => Self::$word),+ }
            }
        }

        impl From<$name> for $theirs {
            fn from(word: $name) -> Self {
                match word { $($name::$word => Self::$word),+ }
            }
        }
    )+};
}

words! {
    /// How bad it is.
    Severity = domain::incident::Severity { Low, Moderate, High, Critical }

    /// Whether it is real; fixed at opening. An exercise reaches nobody.
    Mode = domain::incident::Mode { Live, Exercise }

    /// What somebody is responsible for during an incident.
    Role = domain::incident::Role { Commander, Communicator, Approver, Scribe }

    /// What a person is to us.
    Relation = domain::contact::Relation {
        Employee, Customer, Supplier, Resident, Patient, Stranger, Other,
    }

    /// What a message is for. A consent covers one purpose.
    Purpose = domain::consent::Purpose { Alerts, Service, Marketing }

    /// The legal ground of a consent (GDPR article 6).
    Basis = domain::consent::Basis {
        Consent, Contract, LegalObligation, VitalInterest, PublicTask, LegitimateInterest,
    }

    /// How consent was given or withdrawn.
    Method = domain::consent::Method { Form, Import, Message, Verbal, Operator, Provider }

    /// The provider's price and policy class.
    Category = domain::template::Category { Utility, Marketing, Authentication, Service }

    /// What a variable holds.
    VariableType = domain::template::VariableType { Text, Time, Number, Link }

    /// What an answer means.
    AnswerKind = domain::template::AnswerKind { Received, Safe, NeedHelp, Other }

    /// How people receive what we send, as the provider sees it.
    Quality = domain::sender::Quality { Green, Yellow, Red, Unknown }

    /// Where a translation stands with the provider.
    ProviderStatus = domain::template::ProviderStatus {
        Draft, Pending, Approved, Rejected, Paused, Disabled, Deleted,
    }

    /// Where a recipient stands.
    Status = domain::ladder::Status {
        InScope, Eligible, Queued, Started, Accepted, Sent, Delivered, Read, Answered, Acknowledged,
        Suppressed, Failed, Unknown, Expired, Cancelled,
    }

    /// What to make of a failure.
    FailureClass = domain::ladder::FailureClass { Throttled, Retry, Refused, Reconfigure, Unknown }

    /// Why a person who was meant is not told.
    SuppressionReason = domain::ladder::SuppressionReason {
        NoConsent, OptedOut, NoAddress, Duplicate, Erased, Merged, NoTranslation, NoValue,
    }

    /// What becomes of sends of which nobody knows whether the provider took them.
    UnknownRule = domain::broadcast::UnknownRule { Leave, Resend }

    /// What a caller may do; each role may do what the ones before it may.
    AccessRole = ports::AccessRole { Viewer, Communicator, Approver, Commander, Admin }
}
