//! Any status, reason and failure.

use proptest::prelude::*;

use super::*;
use crate::arbitrary::one_of;

pub(crate) fn statuses() -> impl Strategy<Value = Status> {
    one_of(Status::ALL)
}

pub(crate) fn suppression_reasons() -> impl Strategy<Value = SuppressionReason> {
    one_of([
        SuppressionReason::NoConsent,
        SuppressionReason::OptedOut,
        SuppressionReason::NoAddress,
        SuppressionReason::Duplicate,
        SuppressionReason::Erased,
        SuppressionReason::Merged,
        SuppressionReason::NoTranslation,
        SuppressionReason::NoValue,
    ])
}

pub(crate) fn failures() -> impl Strategy<Value = Failure> {
    let classes = one_of([
        FailureClass::Throttled,
        FailureClass::Retry,
        FailureClass::Refused,
        FailureClass::Reconfigure,
        FailureClass::Unknown,
    ]);
    (classes, any::<u32>()).prop_map(|(class, code)| Failure { class, code })
}
