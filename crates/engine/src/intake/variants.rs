//! The forms under which the provider may know a number: in some countries it rewrites them.

use fanal_domain::phone::PhoneNumber;

/// The number as it came, and its other form if its country has two.
///
/// Brazil gave its mobile numbers a ninth digit that older accounts do not have; Mexico once
/// wanted a 1 before the number, and Argentina writes a 9 before mobile ones in some places.
pub(crate) fn variants(number: &PhoneNumber) -> Vec<PhoneNumber> {
    let other = other_form(number.digits()).and_then(|digits| format!("+{digits}").parse().ok());
    std::iter::once(number.clone()).chain(other).collect()
}

fn other_form(digits: &str) -> Option<String> {
    // Digits are ASCII, so every index is a boundary; `split_at_checked` says so to the reader.
    let (country, rest) = digits.split_at_checked(2)?;
    match (country, rest.len()) {
        ("55", 11) => {
            let (area, number) = rest.split_at_checked(2)?;
            let older = number.strip_prefix('9').filter(|older| is_mobile(older))?;
            Some(format!("55{area}{older}"))
        }
        ("55", 10) => {
            let (area, number) = rest.split_at_checked(2)?;
            is_mobile(number).then(|| format!("55{area}9{number}"))
        }
        ("52", 11) => rest.strip_prefix('1').map(|newer| format!("52{newer}")),
        ("52", 10) => Some(format!("521{rest}")),
        ("54", 11) => rest.strip_prefix('9').map(|short| format!("54{short}")),
        ("54", 10) => Some(format!("549{rest}")),
        _ => None,
    }
}

/// Whether eight digits are a Brazilian mobile number: those of fixed lines begin with 2 to 5 and
/// have no ninth digit.
fn is_mobile(number: &str) -> bool {
    number.starts_with(['6', '7', '8', '9'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(number: &str, expected: &[&str]) {
        let number: PhoneNumber = number.parse().unwrap();
        let found = variants(&number);
        let found: Vec<&str> = found.iter().map(PhoneNumber::as_e164).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn knows_both_forms_where_there_are_two() {
        check("+5511987654321", &["+5511987654321", "+551187654321"]);
        check("+551187654321", &["+551187654321", "+5511987654321"]);
        check("+5215512345678", &["+5215512345678", "+525512345678"]);
        check("+525512345678", &["+525512345678", "+5215512345678"]);
        check("+5491123456789", &["+5491123456789", "+541123456789"]);
        check("+541123456789", &["+541123456789", "+5491123456789"]);
    }

    #[test]
    fn leaves_all_others_alone() {
        for number in ["+33612345678", "+551133334444", "+5511387654321", "+15551234567"] {
            check(number, &[number]);
        }
    }

    proptest! {
        #[test]
        fn the_other_form_of_the_other_form_is_the_number_itself(
            digits in "(55|52|54)[0-9]{10,11}|[1-9][0-9]{7,14}"
        ) {
            let number: PhoneNumber = format!("+{digits}").parse().unwrap();
            for variant in variants(&number).into_iter().skip(1) {
                let back = variants(&variant).pop();
                prop_assert_eq!(back, Some(number.clone()));
            }
        }
    }
}
