//! What the reviewers' machine refuses in a template, each with its subcode.

use super::template::{Button, Header};
use super::text::Text;
use crate::graph::GraphError;

const TOO_LONG: u32 = 2_388_040;
const HEADER_FORMAT: u32 = 2_388_047;
const BODY_FORMAT: u32 = 2_388_072;
const FOOTER_FORMAT: u32 = 2_388_073;
const TOO_MANY_VARIABLES: u32 = 2_388_293;
const LOOSE_VARIABLE: u32 = 2_388_299;

pub(crate) const BODY_MAX: usize = 1_024;

pub(super) fn check_header(header: &Header) -> Result<(), GraphError> {
    let Header::Text(text) = header else { return Ok(()) };
    check_length("header", text.source(), 60)?;
    if text.variables().len() > 1 {
        let message = "A header can hold one variable.";
        return Err(GraphError::template(HEADER_FORMAT, "Header format is incorrect", message));
    }
    Ok(())
}

pub(super) fn check_body(body: &Text) -> Result<(), GraphError> {
    check_length("body", body.source(), BODY_MAX)?;
    if body.source().trim().is_empty() {
        let message = "The body text cannot be empty.";
        return Err(GraphError::template(BODY_FORMAT, "Body format is incorrect", message));
    }
    if body.has_loose_end() {
        let message = "Variables can't be at the start or end of the template.";
        let title = "Leading or trailing params not allowed";
        return Err(GraphError::template(LOOSE_VARIABLE, title, message));
    }
    if body.has_adjacent_variables() {
        let message = "Variables can't be next to each other.";
        return Err(GraphError::template(BODY_FORMAT, "Body format is incorrect", message));
    }
    if body.plain_chars() < 3 * body.variables().len() {
        let title = "Parameters words ratio exceeds limit";
        let message = "This template has too many variables for its length.";
        return Err(GraphError::template(TOO_MANY_VARIABLES, title, message));
    }
    Ok(())
}

pub(super) fn check_footer(footer: &str) -> Result<(), GraphError> {
    check_length("footer", footer, 60)?;
    if !Text::parse(footer).variables().is_empty() {
        let message = "A footer cannot hold variables.";
        return Err(GraphError::template(FOOTER_FORMAT, "Footer format is incorrect", message));
    }
    Ok(())
}

pub(super) fn check_buttons(buttons: &[Button]) -> Result<(), GraphError> {
    let invalid = |message: String| Err(GraphError::parameter(message));
    if buttons.is_empty() || buttons.len() > 10 {
        return invalid(format!("Buttons: between 1 and 10 allowed, got {}.", buttons.len()));
    }
    for button in buttons {
        let chars = button.text().chars().count();
        if chars == 0 || chars > 25 {
            return invalid(format!("Button text: 1 to 25 characters allowed, got {chars}."));
        }
        if let Button::Url { url, .. } = button
            && (url.source().chars().count() > 2_000 || url.variables().len() > 1)
        {
            return invalid("Button url: at most 2000 characters and one variable.".to_owned());
        }
    }
    let urls = buttons.iter().filter(|button| matches!(button, Button::Url { .. })).count();
    let codes = buttons.iter().filter(|button| **button == Button::CopyCode).count();
    if urls > 2 || codes > 1 {
        return invalid("Buttons: at most two URL and one copy code button.".to_owned());
    }
    let is_reply = |button: &Button| matches!(button, Button::QuickReply { .. });
    let changes = buttons.windows(2).filter(|two| is_reply(&two[0]) != is_reply(&two[1])).count();
    if changes > 1 {
        return invalid("Invalid combination: quick replies must be grouped.".to_owned());
    }
    Ok(())
}

/// Variables are `{{1}}`, `{{2}}`, … in order, or distinct lower-case names.
pub(super) fn check_variables(text: &Text, named: bool) -> Result<(), GraphError> {
    let mut seen: Vec<&str> = Vec::new();
    for (index, variable) in text.variables().iter().enumerate() {
        let lower =
            variable.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let valid = if named {
            lower && variable.starts_with(|c: char| c.is_ascii_lowercase())
        } else {
            **variable == *(index + 1).to_string()
        };
        if !valid || seen.contains(&&**variable) {
            let message =
                format!("Variable {{{{{variable}}}}} is invalid, repeated or out of order.");
            return Err(GraphError::template(BODY_FORMAT, "Invalid variables", message));
        }
        seen.push(variable);
    }
    Ok(())
}

fn check_length(part: &str, text: &str, max: usize) -> Result<(), GraphError> {
    let chars = text.chars().count();
    if chars > max {
        let message = format!("The {part} has {chars} characters; at most {max} are allowed.");
        return Err(GraphError::template(TOO_LONG, "Character limit exceeded", message));
    }
    Ok(())
}
