//! The provider's limits on one language's text, checked before the provider does.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Button, Content, Header, MalformedBlank, Piece, Variable, check_link, pieces};
use crate::text::{InvalidText, line, prose};

/// Longest body, in characters.
pub const BODY_CHARS_MAX: usize = 1_024;
/// Longest header or footer, in characters.
pub const HEADER_CHARS_MAX: usize = 60;
/// Longest label of a button, in characters.
pub const LABEL_CHARS_MAX: usize = 25;
/// Most buttons.
pub const BUTTONS_MAX: usize = 10;
/// Most buttons that open a page.
pub const URL_BUTTONS_MAX: usize = 2;

/// A text breaks one of the provider's rules.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ContentProblem {
    /// Braces do not make a blank.
    #[error("`{field}` {problem}")]
    Malformed {
        /// Which part.
        field: &'static str,
        /// What stands there.
        problem: MalformedBlank,
    },
    /// A blank has no variable.
    #[error("`{field}` uses `{name}`: declare it among the template's variables, or take it out")]
    Undeclared {
        /// Which part.
        field: &'static str,
        /// The blank.
        name: String,
    },
    /// The body begins or ends with a blank.
    #[error("`body` begins or ends with a blank: put words before and after it")]
    BlankAtEdge,
    /// Two blanks touch.
    #[error("`body` has two blanks without words between them: put words between them")]
    BlanksTouch,
    /// The header has several blanks.
    #[error("`header` has several blanks: it may have one")]
    HeaderBlanks,
    /// The footer has a blank.
    #[error("`footer` has a blank: it may have none")]
    FooterBlank,
    /// A label has a blank.
    #[error("`buttons` has the label `{label}` with a blank: labels have none")]
    LabelBlank {
        /// The label.
        label: String,
    },
    /// Two buttons look the same.
    #[error("`buttons` has two labelled `{label}`: give each its own label")]
    LabelTwice {
        /// The label.
        label: String,
    },
    /// Too many buttons.
    #[error("`buttons` has {count}: at most {BUTTONS_MAX} fit")]
    TooManyButtons {
        /// How many.
        count: usize,
    },
    /// Too many buttons that open a page.
    #[error("`buttons` has {count} that open a page: at most {URL_BUTTONS_MAX} may")]
    TooManyUrlButtons {
        /// How many.
        count: usize,
    },
    /// A quick reply stands after another button.
    #[error("`buttons` has a quick reply after another button: put quick replies first")]
    QuickReplyLate,
    /// A button's address is none.
    #[error(
        "`buttons` has `{url}`: an address starts with `https://`, names a host, and holds at \
         most one blank, at its end and after the host's slash"
    )]
    Url {
        /// The address.
        url: String,
    },
    /// A text breaks a rule.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl ContentProblem {
    /// The stable name of the rule.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "blank_malformed",
            Self::Undeclared { .. } => "variable_undeclared",
            Self::BlankAtEdge => "blank_at_edge",
            Self::BlanksTouch => "blanks_touch",
            Self::HeaderBlanks => "header_blanks",
            Self::FooterBlank => "footer_blank",
            Self::LabelBlank { .. } => "label_blank",
            Self::LabelTwice { .. } => "label_twice",
            Self::TooManyButtons { .. } => "buttons_too_many",
            Self::TooManyUrlButtons { .. } => "url_buttons_too_many",
            Self::QuickReplyLate => "quick_reply_late",
            Self::Url { .. } => "url_invalid",
            Self::Text(invalid) => invalid.code(),
        }
    }

    /// The part that breaks it.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Malformed { field, .. } | Self::Undeclared { field, .. } => field,
            Self::BlankAtEdge | Self::BlanksTouch => "body",
            Self::HeaderBlanks => "header",
            Self::FooterBlank => "footer",
            Self::LabelBlank { .. }
            | Self::LabelTwice { .. }
            | Self::TooManyButtons { .. }
            | Self::TooManyUrlButtons { .. }
            | Self::QuickReplyLate
            | Self::Url { .. } => "buttons",
            Self::Text(invalid) => invalid.field,
        }
    }
}

impl Content {
    /// The content with its texts trimmed, if the provider could accept it with these variables.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn checked(mut self, variables: &[Variable]) -> Result<Self, ContentProblem> {
        let declared = Declared(variables);
        if let Some(Header::Text(text)) = &mut self.header {
            *text = line("header", text, HEADER_CHARS_MAX)?;
            if count_blanks(&declared.pieces("header", text)?) > 1 {
                return Err(ContentProblem::HeaderBlanks);
            }
        }
        self.body = prose("body", &self.body, BODY_CHARS_MAX)?;
        check_body(&declared.pieces("body", &self.body)?)?;
        if let Some(footer) = &mut self.footer {
            *footer = line("footer", footer, HEADER_CHARS_MAX)?;
            if count_blanks(&declared.pieces("footer", footer)?) > 0 {
                return Err(ContentProblem::FooterBlank);
            }
        }
        check_buttons(&mut self.buttons, &declared)?;
        Ok(self)
    }
}

/// The variables a text may use.
struct Declared<'v>(&'v [Variable]);

impl Declared<'_> {
    fn pieces<'a>(
        &self,
        field: &'static str,
        text: &'a str,
    ) -> Result<Vec<Piece<'a>>, ContentProblem> {
        let pieces =
            pieces(text).map_err(|problem| ContentProblem::Malformed { field, problem })?;
        for piece in &pieces {
            if let Piece::Blank(name) = piece
                && !self.0.iter().any(|variable| variable.name == *name)
            {
                return Err(ContentProblem::Undeclared { field, name: (*name).to_owned() });
            }
        }
        Ok(pieces)
    }
}

fn count_blanks(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().filter(|piece| matches!(piece, Piece::Blank(_))).count()
}

fn check_body(pieces: &[Piece<'_>]) -> Result<(), ContentProblem> {
    let edges = [pieces.first(), pieces.last()];
    if edges.iter().any(|edge| matches!(edge, Some(Piece::Blank(_)))) {
        return Err(ContentProblem::BlankAtEdge);
    }
    if pieces.windows(2).any(|two| matches!(two, [Piece::Blank(_), Piece::Blank(_)])) {
        return Err(ContentProblem::BlanksTouch);
    }
    Ok(())
}

fn check_buttons(buttons: &mut [Button], declared: &Declared<'_>) -> Result<(), ContentProblem> {
    if buttons.len() > BUTTONS_MAX {
        return Err(ContentProblem::TooManyButtons { count: buttons.len() });
    }
    let count = buttons.iter().filter(|button| !button.is_quick_reply()).count();
    if count > URL_BUTTONS_MAX {
        return Err(ContentProblem::TooManyUrlButtons { count });
    }
    if !buttons.is_sorted_by_key(|button| !button.is_quick_reply()) {
        return Err(ContentProblem::QuickReplyLate);
    }
    let mut labels = BTreeSet::new();
    for button in buttons {
        let (Button::QuickReply { text, .. } | Button::Url { text, .. }) = button;
        *text = line("buttons", text, LABEL_CHARS_MAX)?;
        if text.contains("{{") || text.contains("}}") {
            return Err(ContentProblem::LabelBlank { label: text.clone() });
        }
        if !labels.insert(text.clone()) {
            return Err(ContentProblem::LabelTwice { label: text.clone() });
        }
        if let Button::Url { url, .. } = button {
            check_url(url, declared)?;
        }
    }
    Ok(())
}

/// One blank at most, at the end, and never where the host stands: a value must not choose whom
/// people visit.
fn check_url(url: &str, declared: &Declared<'_>) -> Result<(), ContentProblem> {
    let invalid = || ContentProblem::Url { url: url.to_owned() };
    match declared.pieces("buttons", url)?.as_slice() {
        [Piece::Words(link)] => check_link(link).map_err(|_| invalid()),
        [Piece::Words(link), Piece::Blank(_)] => {
            let has_path = link.trim_start_matches("https://").contains('/');
            if has_path { check_link(link).map_err(|_| invalid()) } else { Err(invalid()) }
        }
        _ => Err(invalid()),
    }
}

impl Button {
    fn is_quick_reply(&self) -> bool {
        matches!(self, Self::QuickReply { .. })
    }
}
