//! Values in an address.

use std::fmt::Write as _;

/// The value with everything but unreserved characters written as `%XX`.
pub(super) fn encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_names_alone_and_hides_everything_that_could_end_a_value() {
        assert_eq!(encoded("order_confirmation-1.0~"), "order_confirmation-1.0~");
        assert_eq!(encoded("QVFI/+&a=#é"), "QVFI%2F%2B%26a%3D%23%C3%A9");
    }
}
