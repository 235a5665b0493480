//! What the database does to keep what it has acknowledged: for the start, and for health checks.

use crate::error::ConnectError;

/// What the database does to keep what it has acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// Name and version: `PostgreSQL 15.18`.
    pub engine: String,
    /// The settings that matter, with their values.
    pub settings: Vec<(String, String)>,
}

impl Durability {
    /// The settings that let acknowledged events be lost.
    pub fn weaknesses(&self) -> impl Iterator<Item = &(String, String)> {
        self.settings.iter().filter(|(name, value)| match name.as_str() {
            "journal_mode" => value != "wal",
            "synchronous" => value != "full" && value != "extra",
            "fsync" | "full_page_writes" | "synchronous_commit" => value == "off",
            _ => false,
        })
    }

    /// Whether what is acknowledged survives a loss of power.
    pub fn is_durable(&self) -> bool {
        self.weaknesses().next().is_none()
    }

    /// Refuses a database that could lose what it has acknowledged.
    pub(crate) fn required(&self) -> Result<(), ConnectError> {
        match self.weaknesses().next().cloned() {
            Some((setting, value)) => Err(ConnectError::NotDurable { setting, value }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(settings: &[(&str, &str)], weak: Option<&str>) {
        let settings =
            settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let durability = Durability { engine: String::new(), settings };

        let refused = durability.required().err().map(|error| error.to_string());

        assert_eq!(durability.is_durable(), weak.is_none());
        assert_eq!(refused.is_some(), weak.is_some());
        if let (Some(refused), Some(weak)) = (refused, weak) {
            assert!(refused.contains(weak), "{refused}");
        }
    }

    #[test]
    fn tells_which_setting_is_weak() {
        check(&[("journal_mode", "wal"), ("synchronous", "full")], None);
        check(&[("journal_mode", "wal"), ("synchronous", "normal")], Some("synchronous is normal"));
        check(&[("journal_mode", "delete")], Some("journal_mode is delete"));
        check(&[("fsync", "on"), ("synchronous_commit", "remote_apply")], None);
        check(&[("fsync", "off")], Some("fsync is off"));
        check(&[("fsync", "on"), ("full_page_writes", "off")], Some("full_page_writes is off"));
        check(&[("synchronous_commit", "off")], Some("synchronous_commit is off"));
    }
}
