//! The status ladder of a recipient: from `in_scope` to `acknowledged`, with its side exits.

#[cfg(test)]
pub(crate) mod arbitrary;
mod recipient;
mod since_launch;

pub use recipient::*;
use serde::{Deserialize, Serialize};
pub use since_launch::SinceLaunch;

/// Where a recipient stands. The order of the rungs is the order of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Meant by the audience rule.
    InScope,
    /// Allowed to be told.
    Eligible,
    /// Waiting to be sent.
    Queued,
    /// The intent to send is committed.
    Started,
    /// The provider took it.
    Accepted,
    /// It left the provider.
    Sent,
    /// It reached the phone.
    Delivered,
    /// It was opened.
    Read,
    /// The person answered.
    Answered,
    /// The person said "I got it".
    Acknowledged,
    /// Side exit: not to be told, with a reason.
    Suppressed,
    /// Side exit: could not be told, with a reason.
    Failed,
    /// Side exit: we do not know whether the provider took it.
    Unknown,
    /// Side exit: not started in time, never sent late.
    Expired,
    /// Side exit: the broadcast was cancelled before it was started.
    Cancelled,
}

impl Status {
    /// Every status, in ladder order, side exits last.
    pub const ALL: [Self; 15] = [
        Self::InScope,
        Self::Eligible,
        Self::Queued,
        Self::Started,
        Self::Accepted,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Answered,
        Self::Acknowledged,
        Self::Suppressed,
        Self::Failed,
        Self::Unknown,
        Self::Expired,
        Self::Cancelled,
    ];

    /// The word everyone uses for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InScope => "in_scope",
            Self::Eligible => "eligible",
            Self::Queued => "queued",
            Self::Started => "started",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Answered => "answered",
            Self::Acknowledged => "acknowledged",
            Self::Suppressed => "suppressed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a completed broadcast may have recipients here: terminal or delivered-side.
    pub fn may_be_last(self) -> bool {
        self.shows_delivery()
            || matches!(
                self,
                Self::Suppressed | Self::Failed | Self::Unknown | Self::Expired | Self::Cancelled
            )
    }

    /// Whether there is evidence that it reached the phone.
    pub fn shows_delivery(self) -> bool {
        matches!(self, Self::Delivered | Self::Read | Self::Answered | Self::Acknowledged)
    }
}

/// Why a person who was meant is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionReason {
    /// No consent for the purpose.
    NoConsent,
    /// Consent was withdrawn.
    OptedOut,
    /// No number on the channel.
    NoAddress,
    /// Another contact in the audience has the same number.
    Duplicate,
    /// The person was forgotten.
    Erased,
    /// The contact was merged into another.
    Merged,
    /// No approved translation in the person's language nor in the fallback language.
    NoTranslation,
    /// A variable could not be filled for this person.
    NoValue,
}

/// Why a message could not be sent or delivered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Failure {
    /// What to make of it.
    pub class: FailureClass,
    /// The provider's code; 0 if the provider gave none.
    pub code: u32,
}

/// What to make of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// Too fast; the same will pass later.
    Throttled,
    /// The provider's trouble; the same may pass later.
    Retry,
    /// Will not pass for this person.
    Refused,
    /// Will not pass for anybody until our configuration is mended.
    Reconfigure,
    /// We do not know what became of it.
    Unknown,
}
