//! Which thing an event is about, read from the path of its stream.

use std::str::FromStr;

use fanal_domain::id::{BroadcastId, IncidentId, SegmentId, TemplateId};

/// Which thing an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// An incident itself.
    Incident(IncidentId),
    /// A broadcast, and which of its streams.
    Broadcast(IncidentId, BroadcastId, Branch),
    /// A segment.
    Segment(SegmentId),
    /// A template.
    Template(TemplateId),
    /// Nothing these views show, or nothing this build knows.
    Elsewhere,
}

/// Which of a broadcast's streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// Its own facts.
    Trunk,
    /// What the provider and the recipients said.
    Receipts,
    /// A part of its audience, and the work on it.
    Chunk(Part),
}

/// A part of a broadcast's audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part {
    /// Which attempt at planning it belongs to.
    pub plan: u32,
    /// Its number within that plan, from 0.
    pub chunk: u32,
}

impl Place {
    /// Reads the path; what does not have a known shape is [`Place::Elsewhere`].
    pub fn of(stream: &str) -> Self {
        let mut steps = stream.split('/');
        let place = match (steps.next(), steps.next()) {
            (Some("incident"), Some(id)) => parse(id).and_then(|id| under_incident(id, steps)),
            (Some("segment"), Some(id)) => parse(id).map(Self::Segment),
            (Some("template"), Some(id)) => parse(id).map(Self::Template),
            _ => None,
        };
        place.unwrap_or(Self::Elsewhere)
    }
}

fn under_incident<'a>(
    incident: IncidentId,
    mut steps: impl Iterator<Item = &'a str>,
) -> Option<Place> {
    let broadcast = match (steps.next(), steps.next()) {
        (None, _) => return Some(Place::Incident(incident)),
        (Some("broadcast"), Some(id)) => parse(id)?,
        _ => return None,
    };
    let branch = match (steps.next(), steps.next()) {
        (None, _) => Branch::Trunk,
        (Some("receipts"), None) => Branch::Receipts,
        (Some("chunk"), Some(name)) => {
            let (plan, chunk) = name.split_once('-')?;
            Branch::Chunk(Part { plan: parse(plan)?, chunk: parse(chunk)? })
        }
        _ => return None,
    };
    Some(Place::Broadcast(incident, broadcast, branch))
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ID: &str = "01890000-0000-7000-8000-000000000001";
    const OTHER: &str = "01890000-0000-7000-8000-000000000002";

    #[track_caller]
    fn check(stream: &str, expected: Place) {
        let stream = stream.replace("OTHER", OTHER).replace("ID", ID);
        assert_eq!(Place::of(&stream), expected, "{stream}");
    }

    fn uuid(text: &str) -> Uuid {
        text.parse().unwrap()
    }

    #[test]
    fn reads_the_paths_of_the_log() {
        let incident = IncidentId(uuid(ID));
        let broadcast = BroadcastId(uuid(OTHER));
        check("incident/ID", Place::Incident(incident));
        let branch = |branch| Place::Broadcast(incident, broadcast, branch);
        check("incident/ID/broadcast/OTHER", branch(Branch::Trunk));
        check("incident/ID/broadcast/OTHER/receipts", branch(Branch::Receipts));
        let part = Part { plan: 2, chunk: 17 };
        check("incident/ID/broadcast/OTHER/chunk/2-00017", branch(Branch::Chunk(part)));
        check("segment/ID", Place::Segment(SegmentId(uuid(ID))));
        check("template/ID", Place::Template(TemplateId(uuid(ID))));
    }

    #[test]
    fn any_other_path_is_elsewhere() {
        for stream in [
            "",
            "/",
            "incident",
            "incident/",
            "incident/nobody",
            "incident/ID/other",
            "incident/ID/broadcast",
            "incident/ID/broadcast/nobody",
            "incident/ID/broadcast/OTHER/chunk",
            "incident/ID/broadcast/OTHER/chunk/1",
            "incident/ID/broadcast/OTHER/chunk/1-x",
            "incident/ID/broadcast/OTHER/chunk/99999999999-1",
            "contact/ID",
            "sender/106540352242922",
            "notices",
        ] {
            check(stream, Place::Elsewhere);
        }
    }
}
