//! Why a use case did nothing. The caller is told the rule and what to do; the operator the cause.

use fanal_domain::event::DecodeError;

use crate::envelope::StreamId;
use crate::ports::{AccessRole, AppendError, ProviderError, Unavailable};
use crate::vault::VaultError;

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum UseCaseError {
    /// The rules of the domain say no.
    #[error("{message}")]
    Rejected {
        /// Stable, lower snake case.
        code: &'static str,
        /// Which part of the request, if one.
        field: Option<&'static str>,
        /// The rule, in words that may be shown.
        message: String,
    },
    /// There is no such thing.
    #[error("there is no such {what}")]
    NotFound {
        /// `incident`, `contact`, …
        what: &'static str,
    },
    /// The caller may not do this.
    #[error("this takes the role {needs:?}")]
    Forbidden {
        /// The least role that may.
        needs: AccessRole,
    },
    /// The thing changed since the caller looked.
    #[error("it is at version {actual}, not at {expected}")]
    Stale {
        /// What the caller believed.
        expected: u64,
        /// What is so.
        actual: u64,
    },
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// A value cannot be taken as it is.
    #[error("{field}: {rule}")]
    Invalid {
        /// Which one, as a path.
        field: String,
        /// What it must be.
        rule: String,
        /// What to do.
        remedy: String,
    },
    /// The person was forgotten.
    #[error("the person was erased")]
    Erased,
    /// Others keep changing the same thing; trying again will help.
    #[error("others keep changing the same thing")]
    Busy,
    /// The provider refused.
    #[error("the provider did not do its part")]
    Provider(#[from] ProviderError),
    /// A part of the world could not do its work; trying again may help.
    #[error("a part of the system is unavailable")]
    Unavailable(#[from] Unavailable),
    /// The log holds what this build cannot read: somebody must look.
    #[error("an event in stream {stream} cannot be read")]
    Unreadable {
        /// Where.
        stream: StreamId,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// A sealed value was altered, or sealed with another master key: somebody must look.
    #[error("a sealed value cannot be trusted")]
    Tampered(#[source] VaultError),
    /// The engine asked the log for something malformed: a defect.
    #[error("the log refused an append: {rule}")]
    Refused {
        /// The log's rule.
        rule: &'static str,
    },
}

impl UseCaseError {
    /// A value that cannot be taken as it is.
    pub fn invalid(
        field: impl Into<String>,
        rule: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Invalid { field: field.into(), rule: rule.into(), remedy: remedy.into() }
    }
}

impl UseCaseError {
    /// Whether the same request might have been answered otherwise a moment before.
    pub(crate) fn depends_on_state(&self) -> bool {
        matches!(
            self,
            Self::Rejected { .. }
                | Self::NotFound { .. }
                | Self::Stale { .. }
                | Self::Erased
                | Self::Busy
        )
    }
}

impl From<AppendError> for UseCaseError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } => Self::Busy,
            AppendError::KeyReused => Self::KeyReused,
            AppendError::Malformed { rule } => Self::Refused { rule },
            AppendError::Unavailable(cause) => Self::Unavailable(cause),
        }
    }
}

impl From<VaultError> for UseCaseError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Erased { .. } => Self::Erased,
            VaultError::Unavailable(cause) => Self::Unavailable(cause),
            error @ (VaultError::Altered { .. } | VaultError::Foreign { .. }) => {
                Self::Tampered(error)
            }
        }
    }
}
