//! The provider's signature over the exact bytes of a webhook: HMAC-SHA256 under the app secret.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretString};

const SCHEME: &str = "sha256=";

/// The app secret, ready to check and to make signatures. `Debug` shows nothing of it.
#[derive(Debug, Clone)]
pub struct SigningKey(hmac::Key);

impl SigningKey {
    /// The key made of the app secret.
    pub fn new(app_secret: &SecretString) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, app_secret.expose_secret().as_bytes()))
    }

    /// Whether the header `X-Hub-Signature-256` is that of these exact bytes.
    ///
    /// The comparison takes the same time wherever the two differ; only a header that is no
    /// signature at all is refused sooner, which tells nothing about the right one.
    pub fn is_signed(&self, body: &[u8], header: Option<&str>) -> bool {
        let tag = header.and_then(|header| header.strip_prefix(SCHEME)).and_then(tag);
        tag.is_some_and(|tag| hmac::verify(&self.0, body, &tag).is_ok())
    }

    /// The header for these bytes, as the provider would write it.
    pub fn sign(&self, body: &[u8]) -> String {
        let tag = hmac::sign(&self.0, body);
        let mut header = String::with_capacity(SCHEME.len() + 2 * tag.as_ref().len());
        header.push_str(SCHEME);
        for byte in tag.as_ref() {
            write!(header, "{byte:02x}").expect("writing to a string cannot fail");
        }
        header
    }
}

/// The 32 bytes that 64 hexadecimal digits stand for.
fn tag(hex: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut tag = [0; 32];
    for (byte, [high, low]) in tag.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(tag)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> SigningKey {
        SigningKey::new(&"It's a Secret to Everybody".into())
    }

    #[test]
    fn agrees_with_the_published_example() {
        // The test vector GitHub publishes for the same scheme.
        let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(key().sign(b"Hello, World!"), header);
        assert!(key().is_signed(b"Hello, World!", Some(header)));
    }

    #[test]
    fn signs_bytes_and_not_their_meaning() {
        let escaped = br#"{"name":"Ren\u00e9e","url":"https:\/\/a"}"#;
        let meant = r#"{"name":"Renée","url":"https://a"}"#;
        let header = key().sign(escaped);
        assert!(key().is_signed(escaped, Some(&header)));
        assert!(!key().is_signed(meant.as_bytes(), Some(&header)));
    }

    #[test]
    fn refuses_what_is_no_signature() {
        let good = key().sign(b"body");
        for header in [
            None,
            Some(""),
            Some("sha256="),
            Some(good.trim_start_matches("sha256=")),
            Some(good.replace("sha256", "sha1").as_str()),
            Some(good.trim_end_matches(|last: char| last.is_ascii_hexdigit())),
            Some(format!("{good}00").as_str()),
            Some(format!("{good} ").as_str()),
            Some("sha256=é57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1"),
        ] {
            assert!(!key().is_signed(b"body", header), "{header:?}");
        }
        assert!(!SigningKey::new(&"other".into()).is_signed(b"body", Some(&good)));
    }

    #[test]
    fn prints_nothing_of_the_secret() {
        assert!(!format!("{:?}", key()).contains("Secret"));
    }

    proptest! {
        #[test]
        fn breaks_when_any_byte_changes(
            body in prop::collection::vec(any::<u8>(), 1..512),
            place in any::<prop::sample::Index>(),
            flip in 1..=u8::MAX,
        ) {
            let header = key().sign(&body);
            prop_assert!(key().is_signed(&body, Some(&header)));
            let mut changed = body;
            let place = place.index(changed.len());
            changed[place] ^= flip;
            prop_assert!(!key().is_signed(&changed, Some(&header)));
        }

        #[test]
        fn breaks_when_any_digit_of_the_signature_changes(place in 0_usize..64, digit in "[0-9a-f]") {
            let header = key().sign(b"body");
            let mut changed = header.clone();
            changed.replace_range(SCHEME.len() + place..=SCHEME.len() + place, &digit);
            prop_assert_eq!(key().is_signed(b"body", Some(&changed)), changed == header);
        }

        #[test]
        fn any_header_is_answered(header in ".{0,200}") {
            prop_assert!(!key().is_signed(b"body", Some(&header)));
        }
    }
}
