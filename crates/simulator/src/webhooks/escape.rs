//! JSON as the platform writes and signs it: `\uXXXX` for all that is not ASCII, `\/` for slashes.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Compact JSON in escaped bytes.
pub(super) fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1_024);
    let mut serializer = Serializer::with_formatter(&mut bytes, Escaping);
    match value.serialize(&mut serializer) {
        Ok(()) => bytes,
        // Writing to memory cannot fail, and our values have no failing parts.
        Err(_) => Vec::new(),
    }
}

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        if fragment.is_ascii() && !fragment.as_bytes().contains(&b'/') {
            return writer.write_all(fragment.as_bytes());
        }
        let mut units = [0; 2];
        for c in fragment.chars() {
            match c {
                '/' => writer.write_all(b"\\/")?,
                c if c.is_ascii() => writer.write_all(&[c as u8])?,
                c => {
                    for unit in c.encode_utf16(&mut units) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn escapes_what_is_not_ascii_in_lower_case_and_slashes() {
        let bytes = to_bytes(&serde_json::json!({ "é/": "à 🦊 \"\\\n" }));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, r#"{"\u00e9\/":"\u00e0 \ud83e\udd8a \"\\\n"}"#);
    }

    proptest! {
        #[test]
        fn means_the_same_and_is_plain_ascii(text: String) {
            let bytes = to_bytes(&text);
            prop_assert!(bytes.is_ascii());
            prop_assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), Value::from(text));
        }
    }
}
