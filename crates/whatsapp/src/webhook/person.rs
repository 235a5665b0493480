//! Who somebody is, as far as the provider tells.

use fanal_domain::phone::PhoneNumber;
use serde::Deserialize;

use crate::lenient::{Object, Text};

/// An element of `contacts`.
#[derive(Deserialize)]
pub(super) struct Person<'a> {
    #[serde(borrow, default)]
    pub(super) wa_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) user_id: Text<'a>,
    #[serde(borrow, default)]
    profile: Object<Profile<'a>>,
}

impl Person<'_> {
    pub(super) fn profile_name(&self) -> Option<&str> {
        self.profile.0.as_ref().and_then(|profile| profile.name.get())
    }
}

#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
}

/// The number the provider writes as digits without `+`; nothing if it is none.
pub(super) fn number(digits: &str) -> Option<PhoneNumber> {
    format!("+{}", digits.trim_start_matches('+')).parse().ok()
}
