//! Why a message could not be sent or delivered.

use fanal_domain::ladder::Failure;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::FailureClass;

/// Why a message could not be sent or delivered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FailureReason {
    /// What to make of it.
    class: FailureClass,
    /// The provider's code; 0 if it gave none.
    code: u32,
}

impl From<Failure> for FailureReason {
    fn from(failure: Failure) -> Self {
        Self { class: failure.class.into(), code: failure.code }
    }
}
