//! Every error code the provider documents, and what to make of it.
//!
//! The class answers one question each: will the same message pass later (`Throttled`, `Retry`),
//! never for this person (`Refused`), or for nobody until something is mended (`Reconfigure`)?
//! Whether a person or everybody is concerned decides between the last two, since one person's
//! trouble must not stop a broadcast and everybody's must not burn through an audience.

use std::ops::RangeInclusive;
use std::time::Duration;

use fanal_domain::ladder::{Failure, FailureClass};
use fanal_engine::ports::Outcome;
use hyper::StatusCode;

/// Too fast for this pair of sender and person only.
const PAIR_RATE: u32 = 131_056;

/// Codes of one kind, as a page of the provider's documentation lists them.
#[derive(Debug)]
pub struct CodeList {
    /// What they have in common.
    pub name: &'static str,
    /// The page, below the provider's WhatsApp documentation.
    pub page: &'static str,
    /// What to make of them.
    pub class: FailureClass,
    codes: &'static [u32],
    ranges: &'static [RangeInclusive<u32>],
}

/// Single codes go before ranges, so a range may hold exceptions listed elsewhere.
static LISTS: &[CodeList] = &[
    CodeList {
        name: "call and message rates",
        page: "support/error-codes#throttling-errors",
        class: FailureClass::Throttled,
        codes: &[4, 613, 80_007, 130_429, PAIR_RATE],
        ranges: &[],
    },
    CodeList {
        // Limits that lift by themselves as their window moves on.
        name: "limits on people and calls per day",
        page: "messaging-limits",
        class: FailureClass::Throttled,
        codes: &[131_048, 131_064, 132_069, 133_008, 133_009, 133_016],
        ranges: &[],
    },
    CodeList {
        name: "the provider's own trouble",
        page: "support/error-codes#other-errors",
        class: FailureClass::Retry,
        codes: &[1, 2, 131_000, 131_016, 131_057, 131_059, 133_000, 133_004, 133_015],
        ranges: &[],
    },
    CodeList {
        name: "not ready yet",
        page: "marketing-messages/send-marketing-messages",
        class: FailureClass::Retry,
        codes: &[134_101, 2_494_100],
        ranges: &[],
    },
    CodeList {
        name: "token and permission",
        page: "support/error-codes#authorization-errors",
        class: FailureClass::Reconfigure,
        codes: &[0, 3, 10, 33, 104, 190, 803, 131_005, 200_005, 200_006, 200_007],
        ranges: &[200..=299],
    },
    CodeList {
        name: "account locked or in breach of policy",
        page: "support/error-codes#integrity-errors",
        class: FailureClass::Reconfigure,
        codes: &[368, 131_031],
        ranges: &[],
    },
    CodeList {
        name: "payment, terms and features not set up",
        page: "support/error-codes#other-errors",
        class: FailureClass::Reconfigure,
        codes: &[131_042, 131_044, 131_055, 131_063, 134_011, 134_100],
        ranges: &[],
    },
    CodeList {
        name: "sender not registered",
        page: "business-phone-numbers/registration",
        class: FailureClass::Reconfigure,
        codes: &[131_037, 131_045, 133_005, 133_006, 133_010],
        ranges: &[],
    },
    CodeList {
        name: "sender being moved between accounts",
        page: "support/error-codes#migration-errors",
        class: FailureClass::Reconfigure,
        codes: &[2_388_012, 2_388_091, 2_388_093, 2_388_103],
        ranges: &[],
    },
    CodeList {
        // The same for everyone who gets this template: count and form of its parameters, its
        // state, its asset.
        name: "template, flow or asset unusable",
        page: "support/error-codes#template-errors",
        class: FailureClass::Reconfigure,
        codes: &[
            131_052, 131_053, 132_000, 132_001, 132_007, 132_012, 132_015, 132_016, 132_068,
            134_102, 141_002,
        ],
        ranges: &[139_000..=139_004],
    },
    CodeList {
        name: "this person cannot or will not be reached",
        page: "support/error-codes#other-errors",
        class: FailureClass::Refused,
        codes: &[
            130_403, 130_497, 131_021, 131_026, 131_030, 131_035, 131_036, 131_047, 131_050,
            131_060, 131_062, 137_000,
        ],
        ranges: &[],
    },
    CodeList {
        // Waiting a day or more does not help a crisis, and trying again is counted against us.
        name: "marketing held back from this person",
        page: "templates/marketing-templates/per-user-limits",
        class: FailureClass::Refused,
        codes: &[130_472, 131_049],
        ranges: &[],
    },
    CodeList {
        // Parameters are filled per person, so what is wrong with one need not be with the next.
        name: "this message is not well formed",
        page: "support/error-codes#other-errors",
        class: FailureClass::Refused,
        codes: &[100, 131_008, 131_009, 131_051, 132_005, 132_008, 132_018, 135_000],
        ranges: &[],
    },
    CodeList {
        name: "groups",
        page: "groups",
        class: FailureClass::Refused,
        codes: &[130_501, 131_020, 131_041],
        ranges: &[131_200..=131_299],
    },
    CodeList {
        name: "calling, blocking people, user names",
        page: "support/error-codes#calling-errors",
        class: FailureClass::Refused,
        codes: &[1_752_041, 2_593_107, 2_593_108],
        ranges: &[138_000..=138_999, 139_100..=139_103, 147_001..=147_005],
    },
    CodeList {
        name: "template not accepted for review",
        page: "templates/template-management",
        class: FailureClass::Refused,
        codes: &[],
        ranges: &[2_388_000..=2_388_999],
    },
];

/// What to make of a code of the provider; nothing if the provider does not document it.
pub fn class_of(code: u32) -> Option<FailureClass> {
    listed(code).map(|list| list.class)
}

/// The list a code is in: says in words what it is about, and where to read on.
pub fn listed(code: u32) -> Option<&'static CodeList> {
    let single = LISTS.iter().find(|list| list.codes.contains(&code));
    single
        .or_else(|| LISTS.iter().find(|list| list.ranges.iter().any(|codes| codes.contains(&code))))
}

/// Why a webhook says a message failed.
///
/// Failed is failed: a code that nobody documents, or none at all, is final for this person.
pub(crate) fn failure(code: Option<u32>) -> Failure {
    let class = code.and_then(class_of).unwrap_or(FailureClass::Refused);
    Failure { class, code: code.unwrap_or(0) }
}

/// An answer that is not a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Declined {
    pub(crate) status: StatusCode,
    pub(crate) reason: Reason,
    pub(crate) retry_after: Option<Duration>,
}

/// What the body of such an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The provider's own error.
    Code { code: u32, is_transient: bool },
    /// Somebody else's words, most likely a proxy's.
    Foreign,
    /// Cut off or too long to be read.
    Unreadable,
}

/// What came of a send that was answered with anything but success.
pub(crate) fn outcome(declined: Declined) -> Outcome {
    let Declined { status, reason, retry_after } = declined;
    let code = match reason {
        Reason::Code { code, .. } => code,
        Reason::Foreign | Reason::Unreadable => 0,
    };
    let listed = matches!(reason, Reason::Code { .. }).then(|| class_of(code)).flatten();
    match listed.unwrap_or_else(|| by_status(status, reason)) {
        FailureClass::Throttled => {
            Outcome::Throttled { code, retry_after, only_this_person: code == PAIR_RATE }
        }
        FailureClass::Retry => Outcome::Retry { code, retry_after },
        FailureClass::Refused => Outcome::Refused { code },
        FailureClass::Reconfigure => Outcome::Reconfigure { code },
        FailureClass::Unknown => Outcome::Unknown,
    }
}

/// What to make of an answer whose code, if any, nobody documents.
fn by_status(status: StatusCode, reason: Reason) -> FailureClass {
    match status.as_u16() {
        425 | 429 => FailureClass::Throttled,
        // Whoever answers 408 never had the whole request.
        408 => FailureClass::Retry,
        500..=599 => match reason {
            // The provider itself says that it failed.
            Reason::Code { .. } => FailureClass::Retry,
            // A proxy may have given up on a request the provider had already taken.
            Reason::Foreign | Reason::Unreadable => FailureClass::Unknown,
        },
        // Not sent, but the reason is lost: it may have been a rate that passes.
        _ if reason == Reason::Unreadable => FailureClass::Retry,
        400..=499 if matches!(reason, Reason::Code { is_transient: true, .. }) => {
            FailureClass::Retry
        }
        // Not the provider, or not with our token: the address or the token is wrong.
        300..=399 | 401 | 403 | 404 | 407 => FailureClass::Reconfigure,
        400..=499 => FailureClass::Refused,
        _ => FailureClass::Unknown,
    }
}

#[cfg(test)]
mod tests;
