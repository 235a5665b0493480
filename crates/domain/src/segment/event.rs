//! What can have happened to a segment.

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::id::SegmentId;

/// A segment was defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentDefined {
    /// The segment.
    pub segment_id: SegmentId,
    /// Its name.
    pub name: String,
    /// Who belongs.
    pub rule: Rule,
}

/// A segment's name or rule changed; the whole new state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRedefined {
    /// Its name.
    pub name: String,
    /// Who belongs.
    pub rule: Rule,
}

/// A segment is no longer to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRetired {}
