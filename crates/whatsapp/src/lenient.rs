//! JSON values that read whatever they are given: text for numbers, null for anything.
//!
//! The provider changes shapes without notice; a reader that insists loses facts.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Text, also if written as a number; nothing if empty or anything else.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Text<'a>(Option<Cow<'a, str>>);

impl<'a> Text<'a> {
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    pub(crate) fn into_string(self) -> Option<String> {
        self.0.map(Cow::into_owned).filter(|text| !text.is_empty())
    }

    /// Also if empty.
    pub(crate) fn into_cow(self) -> Cow<'a, str> {
        self.0.unwrap_or_default()
    }
}

/// A whole number, also if written as text; nothing if anything else or out of range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Int(pub(crate) Option<i64>);

impl Int {
    pub(crate) fn as_u32(self) -> Option<u32> {
        self.0.and_then(|number| u32::try_from(number).ok())
    }
}

/// Yes or no, also if written as text; nothing if anything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) Option<bool>);

/// An object; nothing if anything else.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Object<T>(pub(crate) Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// An array; empty if anything else.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// What a value may turn out to be; each reader answers to what it can use.
trait Reading<'de>: Sized + Default {
    fn text(_text: Cow<'de, str>) -> Self {
        Self::default()
    }

    fn whole(_number: i64) -> Self {
        Self::default()
    }

    fn flag(_flag: bool) -> Self {
        Self::default()
    }

    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }

    fn seq<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl<'de: 'a, 'a> Reading<'de> for Text<'a> {
    fn text(text: Cow<'de, str>) -> Self {
        Self(Some(text))
    }

    fn whole(number: i64) -> Self {
        Self(Some(Cow::Owned(number.to_string())))
    }
}

impl<'de> Reading<'de> for Int {
    fn text(text: Cow<'de, str>) -> Self {
        Self(text.trim().parse().ok())
    }

    fn whole(number: i64) -> Self {
        Self(Some(number))
    }
}

impl<'de> Reading<'de> for Flag {
    fn text(text: Cow<'de, str>) -> Self {
        Self(text.trim().to_ascii_lowercase().parse().ok())
    }

    fn flag(flag: bool) -> Self {
        Self(Some(flag))
    }
}

impl<'de, T: Deserialize<'de>> Reading<'de> for Object<T> {
    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|object| Self(Some(object)))
    }
}

impl<'de, T: Deserialize<'de>> Reading<'de> for List<T> {
    fn seq<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Self(elements))
    }
}

struct Reader<R>(PhantomData<R>);

impl<'de, R: Reading<'de>> Visitor<'de> for Reader<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<R, E> {
        Ok(R::text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<R, E> {
        Ok(R::text(Cow::Owned(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<R, E> {
        Ok(R::whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<R, E> {
        Ok(i64::try_from(number).map_or_else(|_| R::default(), R::whole))
    }

    fn visit_f64<E>(self, _number: f64) -> Result<R, E> {
        Ok(R::default())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<R, E> {
        Ok(R::flag(flag))
    }

    fn visit_unit<E>(self) -> Result<R, E> {
        Ok(R::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R, A::Error> {
        R::map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<R, A::Error> {
        R::seq(seq)
    }
}

macro_rules! reads_anything {
    ($([$($generics:tt)*] $reading:ty),+ $(,)?) => {$(
        impl<'de $($generics)*> Deserialize<'de> for $reading
        where
            $reading: Reading<'de>,
        {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Reader(PhantomData))
            }
        }
    )+};
}

reads_anything!([: 'a, 'a] Text<'a>, [] Int, [] Flag, [, T] Object<T>, [, T] List<T>);

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Inner {
        #[serde(default)]
        count: Int,
    }

    #[track_caller]
    fn read<'a, T: Deserialize<'a>>(json: &'a str) -> T {
        serde_json::from_str(json).unwrap()
    }

    const ODD: [&str; 7] = ["null", "true", "1.5", "-1e300", "{\"a\":[1]}", "[null,{}]", "1e1"];

    #[test]
    fn text_reads_text_and_whole_numbers() {
        for (json, expected) in [
            (r#""a""#, Some("a")),
            (r#""""#, None),
            (r#""\u00e9\/\n""#, Some("é/\n")),
            ("17", Some("17")),
            ("-3", Some("-3")),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(read::<Text<'_>>(json).get(), expected, "{json}");
        }
        for json in ODD {
            assert_eq!(read::<Text<'_>>(json).get(), None, "{json}");
        }
    }

    #[test]
    fn text_is_borrowed_unless_escaped() {
        assert!(matches!(read(r#""plain""#), Text(Some(Cow::Borrowed("plain")))));
    }

    #[test]
    fn int_reads_numbers_and_digits() {
        for (json, expected) in [
            ("17", Some(17)),
            (r#"" 17 ""#, Some(17)),
            (r#""-1""#, Some(-1)),
            (r#""1.5""#, None),
            (r#""99999999999999999999999""#, None),
            ("18446744073709551615", None),
        ] {
            assert_eq!(read::<Int>(json).0, expected, "{json}");
        }
        for json in ODD {
            assert_eq!(read::<Int>(json).0, None, "{json}");
        }
    }

    #[test]
    fn flag_reads_words_too() {
        for (json, expected) in
            [("true", Some(true)), (r#""False""#, Some(false)), ("1", None), ("null", None)]
        {
            assert_eq!(read::<Flag>(json).0, expected, "{json}");
        }
    }

    #[test]
    fn objects_and_lists_are_empty_when_they_are_something_else() {
        assert_eq!(
            read::<Object<Inner>>(r#"{"count":"2"}"#).0,
            Some(Inner { count: Int(Some(2)) })
        );
        assert_eq!(
            read::<List<Int>>(r#"[1,null,"3"]"#).0,
            [1, 0, 3].map(|n| Int((n > 0).then_some(n)))
        );
        for json in ["null", "3", r#""x""#, "[1]", "true"] {
            assert_eq!(read::<Object<Inner>>(json).0, None, "{json}");
        }
        for json in ["null", "3", r#""x""#, r#"{"a":1}"#, "true"] {
            assert!(read::<List<Int>>(json).0.is_empty(), "{json}");
        }
    }
}
