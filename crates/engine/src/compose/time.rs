//! Instants as people read them: in the words of their language, on a 24-hour clock, with the
//! offset from UTC that the installation was told.
//!
//! The offset is always written, since an audience may live in several time zones. A language
//! without a table here gets digits only.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, FixedOffset, Offset, Timelike};
use fanal_domain::language::Language;

/// How a language writes a date.
struct Words {
    /// Short names of the months.
    months: [&'static str; 12],
    /// Stands between the day and the month.
    after_day: &'static str,
    /// Stands between the date and the time.
    before_time: &'static str,
}

const ENGLISH: Words = Words {
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    after_day: " ",
    before_time: ", ",
};

const FRENCH: Words = Words {
    months: [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
        "déc.",
    ],
    after_day: " ",
    before_time: " à ",
};

const SPANISH: Words = Words {
    months: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    after_day: " ",
    before_time: ", ",
};

const PORTUGUESE: Words = Words {
    months: ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
    after_day: " de ",
    before_time: ", ",
};

const GERMAN: Words = Words {
    months: [
        "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
        "Dez.",
    ],
    after_day: ". ",
    before_time: ", ",
};

/// `22 Nov 2026, 18:30 (UTC+1)`, in the words of the language.
pub(super) fn written(instant: DateTime<FixedOffset>, language: &Language) -> String {
    let (year, month, day) = (instant.year(), instant.month(), instant.day());
    let (hour, minute) = (instant.hour(), instant.minute());
    let zone = zone(*instant.offset());
    let Some(words) = words_of(language.base()) else {
        return format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} ({zone})");
    };
    let Words { months, after_day, before_time } = words;
    let month = months[instant.month0() as usize % 12];
    format!("{day}{after_day}{month} {year}{before_time}{hour:02}:{minute:02} ({zone})")
}

fn words_of(language: &str) -> Option<&'static Words> {
    Some(match language {
        "en" => &ENGLISH,
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "pt" => &PORTUGUESE,
        "de" => &GERMAN,
        _ => return None,
    })
}

/// `UTC`, `UTC+1`, `UTC-3:30`.
fn zone(offset: FixedOffset) -> String {
    let minutes = offset.fix().local_minus_utc() / 60;
    let mut zone = "UTC".to_owned();
    if minutes != 0 {
        let sign = if minutes < 0 { '-' } else { '+' };
        write!(zone, "{sign}{}", minutes.abs() / 60).expect("writing to a string cannot fail");
    }
    if minutes % 60 != 0 {
        write!(zone, ":{:02}", minutes.abs() % 60).expect("writing to a string cannot fail");
    }
    zone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, offset_minutes: i32, expected: &str) {
        let offset = FixedOffset::east_opt(offset_minutes * 60).unwrap();
        let instant = DateTime::parse_from_rfc3339("2026-11-22T17:05:59Z").unwrap();
        let language = language.parse().unwrap();
        assert_eq!(written(instant.with_timezone(&offset), &language), expected);
    }

    #[test]
    fn writes_a_time_as_each_language_does() {
        check("en", 0, "22 Nov 2026, 17:05 (UTC)");
        check("fr", 60, "22 nov. 2026 à 18:05 (UTC+1)");
        check("es", -180, "22 nov 2026, 14:05 (UTC-3)");
        check("pt_BR", -210, "22 de nov 2026, 13:35 (UTC-3:30)");
        check("de", 60, "22. Nov. 2026, 18:05 (UTC+1)");
        check("sw", 345, "2026-11-22 22:50 (UTC+5:45)");
    }
}
