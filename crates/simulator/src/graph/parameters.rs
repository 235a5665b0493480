//! Parameters of a call, wherever they were put: query, form or JSON.

use hyper::Uri;
use serde_json::{Map, Value};

use super::call::read_json;
use super::error::GraphError;

/// Named values; texts unless they came as JSON.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(Map<String, Value>);

impl Parameters {
    pub(crate) fn of_query(uri: &Uri) -> Self {
        Self(decode(uri.query().unwrap_or_default()))
    }

    /// Adds what the body holds; it goes before the query.
    pub(crate) fn and_body(mut self, body: &[u8]) -> Result<Self, GraphError> {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            None => {}
            Some(b'{' | b'[' | b'"') => match read_json(body)? {
                Value::Object(fields) => self.0.extend(fields),
                _ => return Err(GraphError::parameter("The body must be a JSON object.")),
            },
            Some(_) => self.0.extend(decode(&String::from_utf8_lossy(body))),
        }
        Ok(self)
    }

    pub(crate) fn get(&self, key: &str) -> &Value {
        self.0.get(key).unwrap_or(&Value::Null)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).as_str().filter(|text| !text.is_empty())
    }

    pub(crate) fn required(&self, key: &'static str) -> Result<&str, GraphError> {
        self.text(key)
            .ok_or_else(|| GraphError::parameter(format!("The parameter {key} is required.")))
    }

    /// A whole number, written as one or as text.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        match self.get(key) {
            Value::String(text) => text.parse().ok(),
            value => value.as_u64(),
        }
    }
}

fn decode(form: &str) -> Map<String, Value> {
    let pairs = form.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (unescape(key), Value::String(unescape(value)))
    });
    pairs.collect()
}

/// `%XX` and `+`; anything malformed stays as it is.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = match (byte, bytes.get(at + 1..at + 3)) {
            (b'%', Some(&[high, low])) => nibble(high).zip(nibble(low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            out.push(high << 4 | low);
            at += 3;
        } else {
            out.push(if byte == b'+' { b' ' } else { byte });
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn nibble(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn body_goes_before_query_in_either_form() {
        let uri: Uri = "/x?fields=a%2Cb&limit=5&empty".parse().unwrap();
        let query = Parameters::of_query(&uri);
        assert_eq!((query.text("fields"), query.number("limit")), (Some("a,b"), Some(5)));
        assert_eq!(query.text("empty"), None);
        let form = query.clone().and_body(b"limit=7&url=http%3A%2F%2Fa+b%zz").unwrap();
        assert_eq!((form.number("limit"), form.text("url")), (Some(7), Some("http://a b%zz")));
        let json = query.clone().and_body(b" {\"limit\": 9}").unwrap();
        assert_eq!(json.number("limit"), Some(9));
        assert!(query.and_body(b"[1]").is_err());
    }

    proptest! {
        #[test]
        fn survives_any_bytes(bytes: Vec<u8>) {
            let _read = Parameters::default().and_body(&bytes);
        }
    }
}
