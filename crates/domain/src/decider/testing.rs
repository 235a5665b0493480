//! Given these events, when this command, then those events or that rejection.

use std::fmt::Debug;

use super::{Decider, Rejection};
use crate::event::Event;

/// What has happened so far.
pub(crate) fn given<D: Decider>(history: impl IntoIterator<Item = Event>) -> Given<D> {
    let history: Vec<Event> = history.into_iter().collect();
    Given { state: D::fold(&history), history }
}

/// A past, waiting for a command.
pub(crate) struct Given<D: Decider> {
    state: D::State,
    history: Vec<Event>,
}

impl<D: Decider> Given<D>
where
    D::State: PartialEq + Debug,
    D::Rejection: PartialEq,
{
    /// Decides.
    pub(crate) fn when(self, command: D::Command) -> Decided<D> {
        Decided { result: D::decide(&self.state, command), history: self.history }
    }
}

/// A decision, waiting to be judged.
pub(crate) struct Decided<D: Decider> {
    result: Result<Vec<Event>, D::Rejection>,
    history: Vec<Event>,
}

impl<D: Decider> Decided<D>
where
    D::State: PartialEq + Debug,
    D::Rejection: PartialEq,
{
    /// Exactly these events happened.
    #[track_caller]
    pub(crate) fn then(self, expected: impl IntoIterator<Item = Event>) {
        let expected: Vec<Event> = expected.into_iter().collect();
        assert_eq!(self.result, Ok(expected));
    }

    /// It was refused, by a rule that tells its name and its remedy.
    #[track_caller]
    pub(crate) fn then_rejected(self, expected: D::Rejection) {
        let code = expected.code();
        assert!(
            !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "`{code}` is not snake case",
        );
        assert!(expected.to_string().contains([':', ';']), "`{expected}` tells no remedy");
        assert_eq!(self.result, Err(expected));
    }

    /// It was decided, and the state that follows is as it should be.
    #[track_caller]
    pub(crate) fn then_state(self, check: impl FnOnce(&D::State)) {
        let events = self.result.expect("the command is accepted");
        check(&D::fold(self.history.iter().chain(&events)));
    }
}

/// Carries out the commands that are accepted. Each event survives storage, and the whole history
/// told again gives the state that was reached step by step.
#[track_caller]
pub(crate) fn check_replay<D: Decider>(commands: Vec<D::Command>)
where
    D::State: PartialEq + Debug,
{
    let mut live = D::State::default();
    let mut history = Vec::new();
    for command in commands {
        let events = D::decide(&live, command).unwrap_or_default();
        for event in events {
            let bytes = event.encode();
            let stored = Event::decode(event.kind(), event.schema_version(), &bytes).unwrap();
            assert_eq!(stored, event);
            live = D::evolve(live, &stored);
            history.push(stored);
        }
    }
    assert_eq!(D::fold(&history), live);
}
