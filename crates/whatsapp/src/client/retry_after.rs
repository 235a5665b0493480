//! When the provider says we may come again.

use std::time::Duration;

use chrono::DateTime;
use hyper::HeaderMap;
use hyper::header::{DATE, HeaderName, RETRY_AFTER};

/// Reads `Retry-After`, in seconds or as a date. A date counts from the answer's own `Date`, so
/// that our clock does not matter.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let retry_after = text(RETRY_AFTER)?;
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = DateTime::parse_from_rfc2822(retry_after).ok()?;
    let now = DateTime::parse_from_rfc2822(text(DATE)?).ok()?;
    Some((then - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(HeaderName, &str)], expected: Option<u64>) {
        let headers =
            pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        assert_eq!(retry_after(&headers), expected.map(Duration::from_secs));
    }

    #[test]
    fn reads_seconds() {
        check(&[(RETRY_AFTER, "0")], Some(0));
        check(&[(RETRY_AFTER, " 120 ")], Some(120));
    }

    #[test]
    fn reads_a_date_by_the_answers_own_clock() {
        let now = (DATE, "Sun, 22 Nov 2026 10:00:00 GMT");
        check(&[now.clone(), (RETRY_AFTER, "Sun, 22 Nov 2026 10:01:30 GMT")], Some(90));
        check(&[now, (RETRY_AFTER, "Sun, 22 Nov 2026 09:00:00 GMT")], Some(0));
    }

    #[test]
    fn ignores_what_it_cannot_read() {
        for given in ["", "-1", "1.5", "soon", "99999999999999999999999"] {
            check(&[(RETRY_AFTER, given)], None);
        }
        check(&[(RETRY_AFTER, "Sun, 22 Nov 2026 10:01:30 GMT")], None);
        check(&[], None);
    }
}
