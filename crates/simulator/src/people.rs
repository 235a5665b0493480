//! The people behind the numbers: who they are and what they do with a message.

mod country;
mod crowd;
mod number;
mod profile;
mod script;

pub(crate) use self::country::Country;
pub(crate) use self::crowd::{Crowd, PersonId};
pub(crate) use self::number::PhoneNumber;
pub(crate) use self::profile::{Profile, number_of_user};
pub(crate) use self::script::{Choice, Opening, Script, Step, Subject, choose};
