//! Who may do what: one table, enforced by every use case before it looks at anything.

use crate::ports::AccessRole;

macro_rules! authority {
    ($($role:ident: $($use_case:ident),+;)+) => {
        /// Something a caller can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is documented at the engine's method")]
        pub enum UseCase {
            $($($use_case,)+)+
        }

        impl UseCase {
            /// All of them, least role first.
            pub const ALL: &[Self] = &[$($(Self::$use_case),+),+];

            /// The least role that may.
            pub const fn needs(self) -> AccessRole {
                match self {
                    $($(Self::$use_case)|+ => AccessRole::$role,)+
                }
            }
        }
    };
}

authority! {
    Viewer:
        ViewIncident, ViewMetrics, ViewSegment, ViewTemplate, ViewBroadcast;
    Communicator:
        OpenIncident, ChangeSeverity, AssignRole, UpdateSituation, HandlePromise,
        ResolveIncident, ReopenIncident,
        ViewContact, ViewRecipient, WriteContact, WriteConsent,
        DefineSegment, WriteTemplate, DraftBroadcast, PlanBroadcast, LaunchBroadcast, Answer;
    Commander:
        CloseIncident, CancelBroadcast;
    Admin:
        MergeContacts, ImportContacts, EraseContact, ManageTokens, Operate;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_at_people_takes_more_than_a_viewer() {
        assert_eq!(UseCase::ViewMetrics.needs(), AccessRole::Viewer);
        assert_eq!(UseCase::ViewContact.needs(), AccessRole::Communicator);
    }

    #[test]
    fn whatever_cannot_be_undone_takes_an_admin() {
        for use_case in [UseCase::EraseContact, UseCase::MergeContacts, UseCase::ManageTokens] {
            assert_eq!(use_case.needs(), AccessRole::Admin, "{use_case:?}");
        }
    }
}
