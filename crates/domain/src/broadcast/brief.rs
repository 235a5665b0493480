//! The rules of a brief: what is to be said, to whom, and how long to try.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Brief, HeaderValue, Rules, Value};
use crate::id::SegmentId;
use crate::template::{InvalidValue, VARIABLES_MAX, check_link, check_value};
use crate::text::{InvalidText, is_snake_case, line};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 120;
/// Most segments in one audience.
pub const SEGMENTS_MAX: usize = 100;
/// Longest time before a broadcast expires, in seconds: 7 days.
pub const EXPIRES_AFTER_S_MAX: u32 = 7 * 86_400;
/// Longest time before a broadcast settles or an answer is late, in seconds: 30 days.
pub const SETTLES_AFTER_S_MAX: u32 = 30 * 86_400;

/// A brief breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BriefProblem {
    /// No segments means nobody, and never everyone.
    #[error("`segments` is empty and would reach nobody: name at least one segment")]
    NoSegments,
    /// Segments have a bound.
    #[error("`segments` names {count} segments: name at most {SEGMENTS_MAX}")]
    TooManySegments {
        /// How many.
        count: usize,
    },
    /// Each segment is named once.
    #[error("`segments` names {segment_id} twice: name each segment once")]
    SegmentTwice {
        /// Which.
        segment_id: SegmentId,
    },
    /// Variables have a bound.
    #[error("`variables` has {count} values: give at most {VARIABLES_MAX}")]
    TooManyVariables {
        /// How many.
        count: usize,
    },
    /// A variable's name is none.
    #[error("`variables` names `{name}`: use the names the template declares, in lower snake case")]
    VariableName {
        /// The name.
        name: String,
    },
    /// A variable's value could not be sent.
    #[error("`variables` has a value for `{name}` that {problem}")]
    VariableValue {
        /// The variable.
        name: String,
        /// What is wrong with the value.
        problem: InvalidValue,
    },
    /// A header's address is none.
    #[error("`header` needs an address that starts with `https://` and names a host: mend it")]
    HeaderLink,
    /// A header's pin is nowhere.
    #[error(
        "`header` needs degrees in decimals, latitude within 90 and longitude within 180: mend it"
    )]
    HeaderLocation,
    /// A time is out of bounds.
    #[error("`{field}` is {given} seconds: choose from {min} to {max}")]
    TimeOutOfBounds {
        /// Which time.
        field: &'static str,
        /// What was given.
        given: u32,
        /// The shortest.
        min: u32,
        /// The longest.
        max: u32,
    },
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl BriefProblem {
    /// The stable name of the rule.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSegments => "segments_empty",
            Self::TooManySegments { .. } => "segments_too_many",
            Self::SegmentTwice { .. } => "segment_twice",
            Self::TooManyVariables { .. } => "variables_too_many",
            Self::VariableName { .. } => "variable_name_malformed",
            Self::VariableValue { .. } => "variable_value_invalid",
            Self::HeaderLink => "header_link_invalid",
            Self::HeaderLocation => "header_location_invalid",
            Self::TimeOutOfBounds { .. } => "time_out_of_bounds",
            Self::Text(invalid) => invalid.code(),
        }
    }

    /// The part of the brief that breaks it.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoSegments | Self::TooManySegments { .. } | Self::SegmentTwice { .. } => {
                "segments"
            }
            Self::TooManyVariables { .. }
            | Self::VariableName { .. }
            | Self::VariableValue { .. } => "variables",
            Self::HeaderLink | Self::HeaderLocation => "header",
            Self::TimeOutOfBounds { field, .. } => field,
            Self::Text(invalid) => invalid.field,
        }
    }
}

impl Brief {
    /// The brief with its title trimmed, if it keeps every rule that can be checked without the
    /// template and the segments it names.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn checked(mut self) -> Result<Self, BriefProblem> {
        self.title = line("title", &self.title, TITLE_CHARS_MAX)?;
        check_segments(&self.segments)?;
        self.check_variables()?;
        if let Some(header) = &self.header {
            check_header(header)?;
        }
        self.rules.check()?;
        Ok(self)
    }

    fn check_variables(&self) -> Result<(), BriefProblem> {
        if self.variables.len() > VARIABLES_MAX {
            return Err(BriefProblem::TooManyVariables { count: self.variables.len() });
        }
        for (name, value) in &self.variables {
            if !is_snake_case(name) {
                return Err(BriefProblem::VariableName { name: name.clone() });
            }
            let words = match value {
                Value::Text(words) | Value::Attribute { otherwise: words, .. } => words,
                Value::Time(_) => continue,
            };
            check_value(words)
                .map_err(|problem| BriefProblem::VariableValue { name: name.clone(), problem })?;
            if let Value::Attribute { name, .. } = value {
                line("variables", name, 64)?;
            }
        }
        Ok(())
    }
}

impl Rules {
    fn check(&self) -> Result<(), BriefProblem> {
        let within = |field, given: u32, min: u32, max: u32| {
            if (min..=max).contains(&given) {
                Ok(())
            } else {
                Err(BriefProblem::TimeOutOfBounds { field, given, min, max })
            }
        };
        within("expires_after_s", self.expires_after_s, 1, EXPIRES_AFTER_S_MAX)?;
        within("settles_after_s", self.settles_after_s, self.expires_after_s, SETTLES_AFTER_S_MAX)?;
        within("answer_within_s", self.answer_within_s, 1, SETTLES_AFTER_S_MAX)
    }
}

fn check_segments(segments: &[SegmentId]) -> Result<(), BriefProblem> {
    if segments.is_empty() {
        return Err(BriefProblem::NoSegments);
    }
    if segments.len() > SEGMENTS_MAX {
        return Err(BriefProblem::TooManySegments { count: segments.len() });
    }
    let mut seen = BTreeSet::new();
    match segments.iter().find(|id| !seen.insert(**id)) {
        Some(&segment_id) => Err(BriefProblem::SegmentTwice { segment_id }),
        None => Ok(()),
    }
}

fn check_header(header: &HeaderValue) -> Result<(), BriefProblem> {
    match header {
        HeaderValue::Media(id) => line("header", id, 256).map(|_| ()).map_err(BriefProblem::Text),
        HeaderValue::Link(link) => check_link(link).map_err(|_| BriefProblem::HeaderLink),
        HeaderValue::Location { latitude, longitude, name, address } => {
            if !is_degrees(latitude, 90.0) || !is_degrees(longitude, 180.0) {
                return Err(BriefProblem::HeaderLocation);
            }
            line("header", name, 120)?;
            line("header", address, 240)?;
            Ok(())
        }
    }
}

/// Plain decimals only: `f64` would also read `inf`, `NaN` and exponents.
fn is_degrees(text: &str, max: f64) -> bool {
    let plain = text.len() <= 24
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    plain && text.parse().is_ok_and(|degrees: f64| degrees.abs() <= max)
}
