//! Several short texts in one allocation.

const GROUP: char = '\u{1d}';
const UNIT: char = '\u{1f}';

/// Groups of texts. The two separator characters become spaces inside a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed(Box<str>);

impl Packed {
    pub(crate) fn of<'a, G>(groups: impl IntoIterator<Item = G>) -> Self
    where
        G: IntoIterator<Item = &'a str>,
    {
        let mut packed = String::new();
        for (place, group) in groups.into_iter().enumerate() {
            if place > 0 {
                packed.push(GROUP);
            }
            for text in group {
                // Each text ends in a mark, so that no text and one empty text differ.
                packed.extend(text.chars().map(|c| if c == GROUP || c == UNIT { ' ' } else { c }));
                packed.push(UNIT);
            }
        }
        Self(packed.into())
    }

    /// The texts of one group; a missing group has none.
    pub(crate) fn group(&self, place: usize) -> impl Iterator<Item = &str> {
        self.0.split(GROUP).nth(place).unwrap_or_default().split_terminator(UNIT)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn gives_back_every_text(groups in vec(vec(".{0,8}", 0..4), 0..4)) {
            let clean: Vec<Vec<String>> = groups
                .iter()
                .map(|group| group.iter().map(|t| t.replace([GROUP, UNIT], " ")).collect())
                .collect();
            let packed = Packed::of(groups.iter().map(|group| group.iter().map(String::as_str)));
            for (place, group) in clean.iter().enumerate() {
                let found: Vec<&str> = packed.group(place).collect();
                prop_assert_eq!(&found, group);
            }
            prop_assert_eq!(packed.group(clean.len().max(1)).count(), 0);
        }
    }
}
