//! How segments are shown.

use fanal_domain::segment as domain;
use fanal_engine::segments::SegmentPreview;
use fanal_projections::world::Kept;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::requests::Rule;
use crate::answer::Shown;

/// A segment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Segment {
    /// Its id.
    segment_id: Uuid,
    /// Its version, for `If-Match`.
    version: u64,
    /// Its name.
    name: String,
    /// Who belongs.
    rule: Rule,
    /// Whether it is not to be used any more.
    retired: bool,
}

impl Segment {
    /// The segment as it stands.
    pub(super) fn of(kept: &Kept<domain::Segment>) -> Self {
        let segment = kept.state.clone();
        Self {
            segment_id: segment.segment_id.0,
            version: kept.version,
            name: segment.name,
            rule: segment.rule.into(),
            retired: segment.retired,
        }
    }

    /// Its version.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Its place in a list.
    pub(super) fn place(&self) -> u128 {
        self.segment_id.as_u128()
    }
}

/// Who belongs to a segment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "people": 1284, "reachable": 1251, "sample": ["01936d8e-0000-7000-8000-000000000002"]
}))]
pub(super) struct SegmentCount {
    /// How many.
    people: u64,
    /// Of these, how many have a number we can send to.
    reachable: u64,
    /// Some of them, to look at.
    sample: Vec<Uuid>,
}

impl SegmentCount {
    /// A count, and the position it was taken at.
    pub(super) fn shown(preview: SegmentPreview) -> Shown<Self> {
        let SegmentPreview { people, reachable, sample, position } = preview;
        let sample = sample.into_iter().map(|id| id.0).collect();
        Shown { body: Self { people, reachable, sample }, version: None, position }
    }
}
