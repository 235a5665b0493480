//! Turns what serde says into a field, a rule and a sentence, without repeating what was sent.
//!
//! Serde quotes the offending value. It may be a person's number, so only the part of its message
//! that comes from our own types is kept.

/// A rule of the shape of a request, and how it was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The rule.
    pub(crate) rule: &'static str,
    /// A fragment that completes "the field …".
    pub(crate) detail: String,
    /// The name of an unknown, missing or doubled field, to be added to the path.
    pub(crate) name: Option<String>,
}

/// Reads a serde message. `message` is what the error displays, without line and column.
pub(crate) fn broken(message: &str) -> Broken {
    let named = |prefix: &str| {
        message.strip_prefix(prefix).and_then(|rest| rest.split('`').next()).map(harmless)
    };
    if let Some(name) = named("missing field `") {
        return Broken { rule: "required", detail: "is required".into(), name: Some(name) };
    }
    if let Some(name) = named("unknown field `") {
        return Broken { rule: "unknown_field", detail: known(message), name: Some(name) };
    }
    if let Some(name) = named("duplicate field `") {
        return Broken { rule: "once", detail: "may stand only once".into(), name: Some(name) };
    }
    if message.starts_with("unknown variant") {
        return Broken { rule: "one_of", detail: one_of(message), name: None };
    }
    for (prefix, rule) in
        [("invalid type", "type"), ("invalid value", "range"), ("invalid length", "length")]
    {
        if message.starts_with(prefix) {
            return Broken { rule, detail: must_be(expected(message)), name: None };
        }
    }
    match ours(message) {
        Some(detail) => {
            Broken { rule: "form", detail: format!("is refused: {detail}"), name: None }
        }
        None => Broken { rule: "form", detail: "does not have the right form".into(), name: None },
    }
}

/// The name of a field is the caller's own text: keep it only if it looks like a name.
fn harmless(name: &str) -> String {
    let is_name = name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_' || one == '-');
    if is_name { name.to_owned() } else { "?".to_owned() }
}

/// What our type expects: the end of the message, which is our own text.
fn expected(message: &str) -> &str {
    message.rsplit_once("expected ").map_or("", |(_, expected)| expected)
}

fn known(message: &str) -> String {
    match expected(message) {
        "" => "is not known here; no field is".into(),
        names => format!("is not known here; known: {}", list(names)),
    }
}

fn one_of(message: &str) -> String {
    match expected(message) {
        "" => "has no value that is known here".into(),
        names => format!("must be one of {}", list(names)),
    }
}

fn list(names: &str) -> &str {
    names.strip_prefix("one of ").unwrap_or(names)
}

fn must_be(expected: &str) -> String {
    let whole = |most: &str| format!("must be a whole number from 0 to {most}");
    match expected {
        "u8" => whole("255"),
        "u16" => whole("65535"),
        "u32" => whole("4294967295"),
        "u64" => whole("18446744073709551615"),
        "i64" => "must be a whole number".into(),
        "f64" | "f32" => "must be a number".into(),
        "unit" => "must be null".into(),
        "a map" => "must be an object with names of your choice".into(),
        "a sequence" => "must be a list".into(),
        "a boolean" => "must be true or false".into(),
        "an RFC 3339 formatted date and time string"
        | "a formatted date and time string or a unix timestamp" => {
            "must be a time as in RFC 3339, such as `2026-03-01T18:30:00Z`".into()
        }
        other if other.starts_with("struct ") => "must be an object".into(),
        other if other.contains("enum ") => "must be one of the documented forms".into(),
        "" => "does not have the right form".into(),
        other => format!("must be {other}"),
    }
}

/// Messages of parsers; those that repeat what they were given are not passed on.
fn ours(message: &str) -> Option<&str> {
    let quotes_input = message.contains('"') || message.contains("found `");
    (!quotes_input && message.len() <= 200).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, rule: &str, detail: &str, name: Option<&str>) {
        let broken = broken(message);
        assert_eq!((broken.rule, broken.detail.as_str()), (rule, detail));
        assert_eq!(broken.name.as_deref(), name);
    }

    #[test]
    fn keeps_what_our_types_say_and_drops_what_was_sent() {
        check("missing field `title`", "required", "is required", Some("title"));
        check(
            "unknown field `titel`, expected `title` or `kind`",
            "unknown_field",
            "is not known here; known: `title` or `kind`",
            Some("titel"),
        );
        check(
            "unknown variant `+33612345678`, expected one of `low`, `high`",
            "one_of",
            "must be one of `low`, `high`",
            None,
        );
        check(
            r#"invalid type: string "+33612345678", expected u32"#,
            "type",
            "must be a whole number from 0 to 4294967295",
            None,
        );
        check(
            r#"invalid type: string "x, expected y", expected a sequence"#,
            "type",
            "must be a list",
            None,
        );
        check("invalid length 3, expected 2", "length", "must be 2", None);
    }

    #[test]
    fn never_repeats_a_field_name_that_could_be_a_number() {
        check(
            "unknown field `+33612345678`, there are no fields",
            "unknown_field",
            "is not known here; no field is",
            Some("?"),
        );
        check("duplicate field `0612345678`", "once", "may stand only once", Some("?"));
    }

    #[test]
    fn passes_on_the_words_of_our_own_parsers_only() {
        check("a language is two letters", "form", "is refused: a language is two letters", None);
        check("invalid character: found `z` at 1", "form", "does not have the right form", None);
    }
}
