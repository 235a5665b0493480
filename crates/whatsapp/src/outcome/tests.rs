//! Each documented code has its class, and each answer without one falls back by its status.

use std::collections::BTreeSet;

use FailureClass::{Reconfigure, Refused, Retry, Throttled};

use super::*;

/// The provider's table, code by code, in its order; ranges by both ends and a middle.
const TABLE: &[(u32, FailureClass)] = &[
    (0, Reconfigure),
    (1, Retry),
    (2, Retry),
    (3, Reconfigure),
    (4, Throttled),
    (10, Reconfigure),
    (33, Reconfigure),
    (100, Refused),
    (104, Reconfigure),
    (190, Reconfigure),
    (200, Reconfigure),
    (219, Reconfigure),
    (299, Reconfigure),
    (368, Reconfigure),
    (613, Throttled),
    (803, Reconfigure),
    (80_007, Throttled),
    (130_403, Refused),
    (130_429, Throttled),
    (130_472, Refused),
    (130_497, Refused),
    (130_501, Refused),
    (131_000, Retry),
    (131_005, Reconfigure),
    (131_008, Refused),
    (131_009, Refused),
    (131_016, Retry),
    (131_020, Refused),
    (131_041, Refused),
    (131_200, Refused),
    (131_215, Refused),
    (131_299, Refused),
    (131_021, Refused),
    (131_026, Refused),
    (131_030, Refused),
    (131_031, Reconfigure),
    (131_035, Refused),
    (131_036, Refused),
    (131_037, Reconfigure),
    (131_042, Reconfigure),
    (131_044, Reconfigure),
    (131_045, Reconfigure),
    (131_047, Refused),
    (131_048, Throttled),
    (131_049, Refused),
    (131_050, Refused),
    (131_051, Refused),
    (131_052, Reconfigure),
    (131_053, Reconfigure),
    (131_055, Reconfigure),
    (131_056, Throttled),
    (131_057, Retry),
    (131_059, Retry),
    (131_060, Refused),
    (131_062, Refused),
    (131_063, Reconfigure),
    (131_064, Throttled),
    (132_000, Reconfigure),
    (132_001, Reconfigure),
    (132_005, Refused),
    (132_007, Reconfigure),
    (132_008, Refused),
    (132_012, Reconfigure),
    (132_015, Reconfigure),
    (132_016, Reconfigure),
    (132_018, Refused),
    (132_068, Reconfigure),
    (132_069, Throttled),
    (133_000, Retry),
    (133_004, Retry),
    (133_005, Reconfigure),
    (133_006, Reconfigure),
    (133_008, Throttled),
    (133_009, Throttled),
    (133_010, Reconfigure),
    (133_015, Retry),
    (133_016, Throttled),
    (134_011, Reconfigure),
    (134_100, Reconfigure),
    (134_101, Retry),
    (134_102, Reconfigure),
    (135_000, Refused),
    (137_000, Refused),
    (138_000, Refused),
    (138_006, Refused),
    (138_999, Refused),
    (139_000, Reconfigure),
    (139_002, Reconfigure),
    (139_004, Reconfigure),
    (139_100, Refused),
    (139_103, Refused),
    (141_002, Reconfigure),
    (147_001, Refused),
    (147_005, Refused),
    (2_388_012, Reconfigure),
    (2_388_091, Reconfigure),
    (2_388_093, Reconfigure),
    (2_388_103, Reconfigure),
    (2_494_100, Retry),
    (2_388_019, Refused),
    (2_388_039, Refused),
    (2_388_040, Refused),
    (2_388_047, Refused),
    (2_388_072, Refused),
    (2_388_073, Refused),
    (2_388_293, Refused),
    (2_388_299, Refused),
    (200_005, Reconfigure),
    (200_006, Reconfigure),
    (200_007, Reconfigure),
    (2_593_107, Refused),
    (2_593_108, Refused),
    (1_752_041, Refused),
];

#[test]
fn every_documented_code_has_its_class() {
    for (code, class) in TABLE {
        assert_eq!(class_of(*code), Some(*class), "{code}");
    }
}

#[test]
fn every_listed_code_is_in_the_table() {
    let asserted: BTreeSet<u32> = TABLE.iter().map(|(code, _)| *code).collect();
    for list in LISTS {
        for code in list.codes {
            assert!(asserted.contains(code), "{code} of `{}` is not asserted", list.name);
        }
        for range in list.ranges {
            assert!(
                asserted.iter().any(|code| range.contains(code)),
                "{range:?} of `{}` is not asserted",
                list.name
            );
        }
    }
}

#[test]
fn every_code_is_listed_once_and_every_list_names_its_page() {
    let mut seen = BTreeSet::new();
    for list in LISTS {
        assert!(!list.page.is_empty() && !list.name.is_empty());
        for code in list.codes {
            assert!(seen.insert(code), "{code} is listed twice");
        }
    }
}

#[test]
fn what_nobody_documents_has_no_class() {
    for code in [5, 199, 300, 131_199, 131_300, 139_005, 2_387_999, 2_389_000, u32::MAX] {
        assert_eq!(class_of(code), None, "{code}");
    }
}

#[test]
fn a_failure_in_a_webhook_is_final_unless_its_code_says_otherwise() {
    assert_eq!(failure(Some(131_026)), Failure { class: Refused, code: 131_026 });
    assert_eq!(failure(Some(131_042)), Failure { class: Reconfigure, code: 131_042 });
    assert_eq!(failure(Some(131_000)), Failure { class: Retry, code: 131_000 });
    assert_eq!(failure(Some(999_999)), Failure { class: Refused, code: 999_999 });
    assert_eq!(failure(None), Failure { class: Refused, code: 0 });
}

#[track_caller]
fn check(status: u16, reason: Reason, expected: &Outcome) {
    let status = StatusCode::from_u16(status).unwrap();
    let retry_after = Some(Duration::from_secs(7));
    assert_eq!(outcome(Declined { status, reason, retry_after }), *expected, "{status} {reason:?}");
}

fn code(code: u32) -> Reason {
    Reason::Code { code, is_transient: false }
}

#[test]
fn the_code_decides_and_not_the_status() {
    let retry_after = Some(Duration::from_secs(7));
    for status in [400, 429, 500] {
        check(status, code(131_026), &Outcome::Refused { code: 131_026 });
        check(status, code(190), &Outcome::Reconfigure { code: 190 });
        check(status, code(131_000), &Outcome::Retry { code: 131_000, retry_after });
        let everyone = Outcome::Throttled { code: 130_429, retry_after, only_this_person: false };
        check(status, code(130_429), &everyone);
        let one = Outcome::Throttled { code: 131_056, retry_after, only_this_person: true };
        check(status, code(131_056), &one);
    }
}

#[test]
fn a_code_nobody_documents_falls_back_by_status() {
    let retry_after = Some(Duration::from_secs(7));
    let retry = Outcome::Retry { code: 999_999, retry_after };
    check(400, code(999_999), &Outcome::Refused { code: 999_999 });
    check(403, code(999_999), &Outcome::Reconfigure { code: 999_999 });
    check(400, Reason::Code { code: 999_999, is_transient: true }, &retry);
    check(500, code(999_999), &retry);
    let throttled = Outcome::Throttled { code: 999_999, retry_after, only_this_person: false };
    check(429, code(999_999), &throttled);
}

#[test]
fn an_answer_without_a_code_falls_back_by_status() {
    let retry_after = Some(Duration::from_secs(7));
    let throttled = Outcome::Throttled { code: 0, retry_after, only_this_person: false };
    let retry = Outcome::Retry { code: 0, retry_after };
    for (status, foreign, unreadable) in [
        (302, Outcome::Reconfigure { code: 0 }, &retry),
        (400, Outcome::Refused { code: 0 }, &retry),
        (401, Outcome::Reconfigure { code: 0 }, &retry),
        (404, Outcome::Reconfigure { code: 0 }, &retry),
        (408, retry.clone(), &retry),
        (413, Outcome::Refused { code: 0 }, &retry),
        (429, throttled.clone(), &throttled),
        (500, Outcome::Unknown, &Outcome::Unknown),
        (502, Outcome::Unknown, &Outcome::Unknown),
        (503, Outcome::Unknown, &Outcome::Unknown),
        (504, Outcome::Unknown, &Outcome::Unknown),
    ] {
        check(status, Reason::Foreign, &foreign);
        check(status, Reason::Unreadable, unreadable);
    }
}
