//! Status and quality of a template, and which calls each status permits.

/// Where a template stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Approved,
    Rejected,
    Paused,
    Disabled,
}

impl Status {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "PENDING" => Some(Self::Pending),
            "APPROVED" => Some(Self::Approved),
            "REJECTED" => Some(Self::Rejected),
            "PAUSED" => Some(Self::Paused),
            "DISABLED" => Some(Self::Disabled),
            _ => None,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
            Self::Paused => "PAUSED",
            Self::Disabled => "DISABLED",
        }
    }

    /// The error of a send with a template in this status.
    pub(crate) fn refusal(self) -> Option<u32> {
        match self {
            Self::Approved => None,
            Self::Paused => Some(132_015),
            Self::Disabled => Some(132_016),
            Self::Pending | Self::Rejected => Some(132_001),
        }
    }

    pub(crate) fn is_editable(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Paused)
    }
}

/// How people take a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quality {
    Green,
    Yellow,
    Red,
    Unknown,
}

impl Quality {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "GREEN" => Some(Self::Green),
            "YELLOW" => Some(Self::Yellow),
            "RED" => Some(Self::Red),
            "UNKNOWN" => Some(Self::Unknown),
            _ => None,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Green => "GREEN",
            Self::Yellow => "YELLOW",
            Self::Red => "RED",
            Self::Unknown => "UNKNOWN",
        }
    }
}
