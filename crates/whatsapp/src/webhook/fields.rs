//! An object read field by field, for what comes seldom and in many shapes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::lenient::{Int, Text};

/// The fields of an object as they came. Where one is written twice, the last counts: the
/// provider's own samples do that.
#[derive(Debug, Default)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// The fields of a value; none if it is not an object.
    pub(super) fn of(value: &'a RawValue) -> Self {
        serde_json::from_str(value.get()).unwrap_or_default()
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.read::<Text<'_>>(name)?.into_string()
    }

    pub(super) fn int(&self, name: &str) -> Int {
        self.read(name).unwrap_or_default()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The field's elements if it is an array.
    pub(super) fn elements(&self, name: &str) -> Vec<&'a RawValue> {
        self.read(name).unwrap_or_default()
    }

    pub(super) fn object(&self, name: &str) -> Option<Self> {
        self.read(name)
    }

    fn read<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.raw(name)?.get()).ok()
    }

    fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, raw)| *raw)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key::<Text<'de>>()? {
            let raw = map.next_value()?;
            fields.push((name.into_cow(), raw));
        }
        Ok(Fields(fields))
    }
}
