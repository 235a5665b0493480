//! How decisions are made: a command and a state give events, events give the next state.

#[cfg(test)]
pub(crate) mod testing;

use std::error::Error;

use crate::event::Event;

/// A pure aggregate. Whatever it needs from outside (the time, a count, a new id) comes in the
/// command; whatever it wants from outside is an event that is committed first.
pub trait Decider {
    /// What the past amounts to; the default is before everything.
    type State: Default;
    /// What somebody wants.
    type Command;
    /// Why they cannot have it.
    type Rejection: Rejection;

    /// What happens if the command is carried out now. No event means that all is well already.
    ///
    /// # Errors
    /// The rule the command breaks; then nothing happens.
    fn decide(state: &Self::State, command: Self::Command) -> Result<Vec<Event>, Self::Rejection>;

    /// The state after an event. Cannot fail, since it has happened; foreign events change nothing.
    fn evolve(state: Self::State, event: &Event) -> Self::State;

    /// The state after a whole history.
    fn fold<'a>(history: impl IntoIterator<Item = &'a Event>) -> Self::State {
        history.into_iter().fold(Self::State::default(), Self::evolve)
    }
}

/// A broken rule, told so that a person can mend it and a program can branch on it.
///
/// `Display` names what is wrong, the rule, and the remedy.
pub trait Rejection: Error + Send + Sync + 'static {
    /// The stable name of the rule, in snake case.
    fn code(&self) -> &'static str;

    /// The part of the command that breaks it, if it is one.
    fn field(&self) -> Option<&'static str>;
}
