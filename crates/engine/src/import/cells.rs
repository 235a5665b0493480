//! What stands in one cell.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use fanal_domain::consent::Purpose;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::expression::Kind;
use crate::person::AttributeValue;

/// Why a cell cannot be read. Never says what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: String,
    pub(super) rule: String,
}

impl Fault {
    pub(super) fn new(field: &str, rule: &str) -> Self {
        Self { field: field.to_owned(), rule: rule.to_owned() }
    }
}

/// One of the words that the log knows, such as `legal_obligation`.
pub(super) fn word<T: DeserializeOwned>(field: &str, cell: &str) -> Result<T, Fault> {
    let cell = cell.to_lowercase();
    let deserializer: StrDeserializer<'_, WordError> = cell.as_str().into_deserializer();
    T::deserialize(deserializer).map_err(|_| Fault::new(field, "there is no such word here"))
}

/// Purposes, separated by `|`, commas or spaces.
pub(super) fn purposes(field: &str, cell: &str) -> Result<BTreeSet<Purpose>, Fault> {
    let words = cell.split(['|', ',', ' ']).filter(|word| !word.is_empty());
    words.map(|one| word(field, one)).collect()
}

/// An instant, or a day, which counts from its first moment in UTC.
pub(super) fn instant(field: &str, cell: &str) -> Result<DateTime<Utc>, Fault> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(cell) {
        return Ok(instant.to_utc());
    }
    cell.parse::<NaiveDate>()
        .map(|day| day.and_time(NaiveTime::MIN).and_utc())
        .map_err(|_| Fault::new(field, "a time is 2026-11-22T17:00:00Z, a day 2026-11-22"))
}

pub(super) fn attribute(field: &str, kind: Kind, cell: &str) -> Result<AttributeValue, Fault> {
    match kind {
        Kind::Any | Kind::Text => Ok(AttributeValue::Text(cell.to_owned())),
        Kind::Number => cell
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(AttributeValue::Number)
            .ok_or_else(|| Fault::new(field, "it is not a number, such as 12.5")),
        Kind::Bool => match cell.to_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(AttributeValue::Bool(true)),
            "false" | "no" | "0" => Ok(AttributeValue::Bool(false)),
            _ => Err(Fault::new(field, "it is neither true nor false")),
        },
    }
}
