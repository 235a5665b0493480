//! The form in which a file is uploaded.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use bytes::Bytes;

/// A form with its content type.
pub(super) struct Form {
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

/// The form the provider's `media` call wants; nothing if the MIME type is none.
pub(super) fn media_form(mime_type: &str, bytes: &[u8]) -> Option<Form> {
    if !is_mime_type(mime_type) {
        return None;
    }
    let boundary = boundary(bytes);
    let mut body = Vec::with_capacity(bytes.len() + 512);
    for (name, value) in [("messaging_product", "whatsapp"), ("type", mime_type)] {
        let part = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"file\"\r\n\
         content-type: {mime_type}\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let content_type = format!("multipart/form-data; boundary={boundary}");
    Some(Form { content_type, body: body.into() })
}

/// A file cannot contain its own hash, so the boundary ends nothing but the file.
fn boundary(bytes: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref().iter().take(16).fold(String::new(), |mut boundary, byte| {
        write!(boundary, "{byte:02x}").expect("writing to a string cannot fail");
        boundary
    })
}

/// `type/subtype` with parameters, and nothing that could end a header.
fn is_mime_type(text: &str) -> bool {
    let (form, _) = text.split_once(';').unwrap_or((text, ""));
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && form.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_three_parts() {
        let form = media_form("image/png", b"PNG").unwrap();
        insta::assert_snapshot!(String::from_utf8_lossy(&form.body).replace('\r', ""), @r#"
        --796120837694d3f3f29259cfeb250916
        content-disposition: form-data; name="messaging_product"

        whatsapp
        --796120837694d3f3f29259cfeb250916
        content-disposition: form-data; name="type"

        image/png
        --796120837694d3f3f29259cfeb250916
        content-disposition: form-data; name="file"; filename="file"
        content-type: image/png

        PNG
        --796120837694d3f3f29259cfeb250916--
        "#);
        insta::assert_snapshot!(form.content_type, @"multipart/form-data; boundary=796120837694d3f3f29259cfeb250916");
    }

    #[test]
    fn takes_mime_types_only() {
        for given in ["image/png", "audio/ogg; codecs=opus", "application/vnd.ms-excel"] {
            assert!(media_form(given, b"").is_some(), "{given}");
        }
        for given in ["", "png", "image/", "/png", "image/png\r\nx: y", "image/pn g", "é/é"] {
            assert!(media_form(given, b"").is_none(), "{given}");
        }
    }
}
