//! A template text with `{{variables}}`.

/// Text and the variables in it, in order of appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    source: Box<str>,
    variables: Vec<Box<str>>,
}

impl Text {
    pub(crate) fn parse(source: &str) -> Self {
        let variables = pieces(source).filter_map(|piece| match piece {
            Piece::Variable(name) => Some(Box::from(name)),
            Piece::Plain(_) => None,
        });
        Self { source: source.into(), variables: variables.collect() }
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn variables(&self) -> &[Box<str>] {
        &self.variables
    }

    /// The text with its variables replaced, in order; a missing value leaves its variable.
    pub(crate) fn render<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> String {
        let mut values = values.into_iter();
        let mut out = String::with_capacity(self.source.len());
        for piece in pieces(&self.source) {
            match piece {
                Piece::Plain(plain) => out.push_str(plain),
                Piece::Variable(name) => match values.next() {
                    Some(value) => out.push_str(value),
                    None => out.extend(["{{", name, "}}"]),
                },
            }
        }
        out
    }

    /// Characters of the text without its variables.
    pub(crate) fn plain_chars(&self) -> usize {
        let plain = pieces(&self.source).map(|piece| match piece {
            Piece::Plain(plain) => plain.chars().count(),
            Piece::Variable(_) => 0,
        });
        plain.sum()
    }

    /// Whether the text begins or ends with a variable, white space aside.
    pub(crate) fn has_loose_end(&self) -> bool {
        let trimmed = self.source.trim();
        let mut pieces = pieces(trimmed).peekable();
        let first = matches!(pieces.peek(), Some(Piece::Variable(_)));
        first || matches!(pieces.last(), Some(Piece::Variable(_)))
    }

    /// Whether two variables touch.
    pub(crate) fn has_adjacent_variables(&self) -> bool {
        let mut after_variable = false;
        pieces(&self.source).any(|piece| match piece {
            Piece::Variable(_) => std::mem::replace(&mut after_variable, true),
            Piece::Plain(plain) => {
                after_variable &= plain.trim().is_empty();
                false
            }
        })
    }
}

enum Piece<'a> {
    Plain(&'a str),
    Variable(&'a str),
}

fn pieces(source: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = source;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix("{{").and_then(|r| r.split_once("}}"))
            && is_name(name.trim())
        {
            rest = after;
            return Some(Piece::Variable(name.trim()));
        }
        // Step over at least one character, so that a lone brace is plain text.
        let step = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest
            .get(step..)
            .and_then(|tail| tail.find("{{"))
            .map_or(rest.len(), |found| found + step);
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Plain(plain))
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(source: &str, values: &[&str], variables: &[&str], rendered: &str) {
        let text = Text::parse(source);
        let found: Vec<&str> = text.variables().iter().map(AsRef::as_ref).collect();
        assert_eq!(found, variables);
        assert_eq!(text.render(values.iter().copied()), rendered);
    }

    #[test]
    fn finds_and_fills_variables() {
        check("Hi {{1}}, at {{2}}.", &["Ann", "8"], &["1", "2"], "Hi Ann, at 8.");
        check("Hi {{ first_name }}!", &["Ann"], &["first_name"], "Hi Ann!");
        check("{{1}}{{2}}", &["a"], &["1", "2"], "a{{2}}");
        check("{{not closed", &["a"], &[], "{{not closed");
        check("{{{1}}} {{}} {{é}}", &["a"], &["1"], "{a} {{}} {{é}}");
    }

    #[test]
    fn knows_loose_ends_and_neighbours() {
        assert!(Text::parse("{{1}} is here").has_loose_end());
        assert!(Text::parse("Here is {{1}} ").has_loose_end());
        assert!(!Text::parse("Here is {{1}}.").has_loose_end());
        assert!(Text::parse("a {{1}} {{2}} b").has_adjacent_variables());
        assert!(!Text::parse("a {{1}} and {{2}} b").has_adjacent_variables());
        assert_eq!(Text::parse("ab {{1}} c").plain_chars(), 5);
    }

    proptest! {
        #[test]
        fn any_text_without_values_renders_as_itself_but_for_spaces(source in ".{0,60}") {
            let spaceless = |text: &str| text.replace(char::is_whitespace, "");
            let rendered = Text::parse(&source).render([]);
            prop_assert_eq!(spaceless(&rendered), spaceless(&source));
        }
    }
}
