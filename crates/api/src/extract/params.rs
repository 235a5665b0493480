//! Query parameters: each known, each once, each of its type.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use axum::extract::Query;
use axum::http::Uri;
use fanal_projections::timeline::text::Locale;
use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use utoipa::IntoParams;

use super::serde_rule::broken;
use crate::problem::{Code, Problem};

/// What stands behind the `?`, to be taken out one by one; what remains is refused.
#[derive(Debug)]
pub(crate) struct Params {
    values: BTreeMap<String, String>,
    known: Vec<&'static str>,
}

/// Parameters that can be taken out of a query.
pub(crate) trait FromParams: Sized + Send {
    /// Whether the read that takes them can show the past.
    const LOOKS_BACK: bool;

    /// Takes what belongs to it.
    fn take(params: &mut Params) -> Result<Self, Problem>;
}

impl Params {
    /// Reads the query of an address.
    pub(crate) fn of(uri: &Uri) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| {
            Problem::of(Code::InvalidQuery, "the query cannot be read").breaking("form")
        })?;
        let mut values = BTreeMap::new();
        for (name, value) in pairs {
            if values.insert(name.clone(), value).is_some() {
                let name = shown(&name);
                return Err(query_problem(&name, "once", "may stand only once"));
            }
        }
        Ok(Self { values, known: Vec::new() })
    }

    /// Takes one out as text.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        self.values.remove(name)
    }

    /// Takes one out and parses it. `must` completes "the parameter …".
    pub(crate) fn parse<T: FromStr>(
        &mut self,
        name: &'static str,
        rule: &'static str,
        must: &str,
    ) -> Result<Option<T>, Problem> {
        self.text(name)
            .map(|text| text.parse().map_err(|_| query_problem(name, rule, must)))
            .transpose()
    }

    /// Takes one out that is a word of a closed list.
    pub(crate) fn word<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let read = T::deserialize(text.into_deserializer());
        read.map(Some).map_err(|error: ValueError| {
            let broken = broken(&error.to_string());
            query_problem(name, broken.rule, &broken.detail)
        })
    }

    /// Refuses what nobody took.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.values.keys().next() {
            None => Ok(()),
            Some(name) if self.known.is_empty() => {
                Err(query_problem(&shown(name), "unknown_parameter", "is not known here"))
            }
            Some(name) => {
                let known = format!("is not known here; known: `{}`", self.known.join("`, `"));
                Err(query_problem(&shown(name), "unknown_parameter", &known))
            }
        }
    }
}

/// A parameter breaks a rule. `must` completes "the parameter …".
pub(crate) fn query_problem(name: &str, rule: &'static str, must: &str) -> Problem {
    Problem::of(Code::InvalidQuery, format!("`{name}` {must}")).at(name).breaking(rule)
}

/// The name of a parameter is the caller's own text: show it only if it looks like a name.
fn shown(name: &str) -> String {
    let is_name = name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_');
    if is_name { name.to_owned() } else { "?".to_owned() }
}

/// No parameters of its own, of a read that can show the past.
#[derive(Debug)]
pub(crate) struct NoParams;

impl FromParams for NoParams {
    const LOOKS_BACK: bool = true;

    fn take(_params: &mut Params) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// No parameters of its own, of a read that shows the present only.
#[derive(Debug)]
pub(crate) struct Present;

impl FromParams for Present {
    const LOOKS_BACK: bool = false;

    fn take(_params: &mut Params) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// The language that texts are wanted in.
pub(crate) fn locale(params: &mut Params) -> Result<Locale, Problem> {
    let Some(code) = params.text("language") else { return Ok(Locale::default()) };
    Locale::of(&code).ok_or_else(|| query_problem("language", "one_of", "must be `en` or `fr`"))
}

/// A place in a list. Opaque to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor(pub(crate) u128);

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("c_").ok_or(())?;
        let lower_hex = digits.bytes().all(|one| matches!(one, b'0'..=b'9' | b'a'..=b'f'));
        if lower_hex && !digits.is_empty() {
            u128::from_str_radix(digits, 16).map(Self).map_err(|_| ())
        } else {
            Err(())
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c_{:x}", self.0)
    }
}

/// Which part of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Where to go on: the `next_cursor` of the part before. Opaque.
    #[param(value_type = Option<String>)]
    pub(crate) cursor: Option<Cursor>,
    /// How many at most.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    pub(crate) limit: usize,
}

impl FromParams for Page {
    const LOOKS_BACK: bool = false;

    fn take(params: &mut Params) -> Result<Self, Problem> {
        let cursor = params.parse("cursor", "cursor", "must be a `next_cursor` as it was given")?;
        let must = "must be a whole number from 1 to 1000";
        let limit = params.parse("limit", "range", must)?.unwrap_or(100);
        if !(1..=1000).contains(&limit) {
            return Err(query_problem("limit", "range", must));
        }
        Ok(Self { cursor, limit })
    }
}
