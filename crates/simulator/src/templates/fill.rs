//! Checking the components of a template send against the template, and taking their values.

use std::borrow::Cow;

use serde_json::Value;

use super::rules::BODY_MAX;
use super::template::{Button, Header, Template};
use crate::graph::GraphError;

/// The values a send puts into a template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filled<'v> {
    pub(crate) header: Option<Cow<'v, str>>,
    /// One for each variable of the body, in order.
    pub(crate) body: Vec<Cow<'v, str>>,
    /// Payload of each quick reply that was given one, by place among all buttons.
    pub(crate) payloads: Vec<(usize, &'v str)>,
    /// The media object of the header.
    pub(crate) media: Option<&'v Value>,
}

/// Checks `components` (absent means none) and takes the values from it.
pub(crate) fn fill<'v>(
    template: &Template,
    components: Option<&'v Value>,
) -> Result<Filled<'v>, GraphError> {
    let list: &[Value] = match components {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list,
        Some(_) => return Err(mismatch("components must be an array")),
    };
    let mut filled = Filled::default();
    let (mut header, mut body): (&[Value], &[Value]) = (&[], &[]);
    let mut buttons = vec![None; template.buttons.len()];
    for component in list {
        let parameters = match component.get("parameters") {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(list)) => list,
            Some(_) => return Err(mismatch("parameters must be an array")),
        };
        match component["type"].as_str().unwrap_or_default().to_ascii_lowercase().as_str() {
            "header" => header = parameters,
            "body" => body = parameters,
            "button" => {
                let index = index_of(&component["index"]);
                let slot = index.and_then(|index| buttons.get_mut(index)).ok_or_else(|| {
                    GraphError::of(132_000).details("buttons: there is no button at this index")
                })?;
                *slot = Some((component, parameters));
            }
            "carousel" | "limited_time_offer" | "call_permission_request" | "footer" => {}
            _ => return Err(mismatch("unknown component type")),
        }
    }
    fill_header(template, header, &mut filled)?;
    fill_body(template, body, &mut filled)?;
    for (index, (button, given)) in template.buttons.iter().zip(buttons).enumerate() {
        fill_button(index, button, given, &mut filled)?;
    }
    Ok(filled)
}

fn fill_header<'v>(
    template: &Template,
    given: &'v [Value],
    filled: &mut Filled<'v>,
) -> Result<(), GraphError> {
    let expected = match &template.header {
        None => 0,
        Some(Header::Text(text)) => text.variables().len(),
        Some(Header::Media(_) | Header::Location) => 1,
    };
    check_count("header", given.len(), expected)?;
    let (Some(header), Some(parameter)) = (&template.header, given.first()) else {
        return Ok(());
    };
    match header {
        Header::Text(_) => filled.header = Some(value_of(parameter)?),
        Header::Location => {
            let location = &parameter["location"];
            if location["latitude"].is_null() || location["longitude"].is_null() {
                return Err(mismatch("header: Format mismatch, expected LOCATION"));
            }
        }
        Header::Media(kind) => {
            let media = parameter.get(kind.lower()).filter(|media| media.is_object());
            if parameter["type"] != kind.lower() || media.is_none() {
                let expected = kind.lower().to_ascii_uppercase();
                return Err(mismatch(format!("header: Format mismatch, expected {expected}")));
            }
            filled.media = media;
        }
    }
    Ok(())
}

fn fill_body<'v>(
    template: &Template,
    given: &'v [Value],
    filled: &mut Filled<'v>,
) -> Result<(), GraphError> {
    let variables = template.body.variables();
    check_count("body", given.len(), variables.len())?;
    filled.body = if template.named {
        variables.iter().map(|name| named(name, given)).collect::<Result<_, _>>()?
    } else {
        given.iter().map(value_of).collect::<Result<_, _>>()?
    };
    let values: usize = filled.body.iter().map(|value| value.chars().count()).sum();
    if template.body.plain_chars() + values > BODY_MAX {
        let details = format!("body: the filled text is longer than {BODY_MAX} characters");
        return Err(GraphError::of(132_005).details(details));
    }
    Ok(())
}

fn named<'v>(name: &str, given: &'v [Value]) -> Result<Cow<'v, str>, GraphError> {
    let parameter = given.iter().find(|parameter| parameter["parameter_name"] == name);
    let parameter = parameter
        .ok_or_else(|| mismatch(format!("body: Parameter name is missing or empty: {name}")))?;
    value_of(parameter)
}

fn fill_button<'v>(
    index: usize,
    button: &Button,
    given: Option<(&'v Value, &'v [Value])>,
    filled: &mut Filled<'v>,
) -> Result<(), GraphError> {
    let parameter = given.and_then(|(_, parameters)| parameters.first());
    let missing = |kind: &str| {
        let details =
            format!("buttons: Button at index {index} of type {kind} requires a parameter");
        GraphError::of(131_008).details(details)
    };
    match button {
        Button::QuickReply { .. } => {
            let Some(parameter) = parameter else { return Ok(()) };
            let payload = parameter["payload"].as_str();
            let payload =
                payload.ok_or_else(|| mismatch("buttons: expected a parameter of type payload"))?;
            if payload.chars().count() > 256 {
                return Err(GraphError::of(131_009).details("payload: at most 256 characters"));
            }
            filled.payloads.push((index, payload));
        }
        Button::Url { url, .. } if !url.variables().is_empty() => {
            let suffix = value_of(parameter.ok_or_else(|| missing("Url"))?)?;
            if suffix.chars().count() > 2_000 {
                return Err(GraphError::of(132_005).details("url: at most 2000 characters"));
            }
        }
        Button::Otp => {
            let code = value_of(parameter.ok_or_else(|| missing("Url"))?)?;
            if code.chars().count() > 15 {
                return Err(GraphError::of(132_018).details("code: at most 15 characters"));
            }
        }
        Button::CopyCode => {
            let parameter = parameter.ok_or_else(|| missing("Copy_code"))?;
            if !parameter["coupon_code"].is_string() {
                return Err(mismatch("buttons: expected a parameter of type coupon_code"));
            }
        }
        Button::Url { .. } | Button::Other { .. } => {}
    }
    Ok(())
}

/// The text of a body, header or url parameter.
fn value_of(parameter: &Value) -> Result<Cow<'_, str>, GraphError> {
    let text = match parameter["type"].as_str().unwrap_or_default() {
        "text" => &parameter["text"],
        "currency" => &parameter["currency"]["fallback_value"],
        "date_time" => &parameter["date_time"]["fallback_value"],
        _ => return Err(mismatch("Format mismatch, expected one of TEXT, CURRENCY, DATE_TIME")),
    };
    let text = match text {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        Value::Number(number) => Cow::Owned(number.to_string()),
        _ => {
            return Err(
                GraphError::of(131_008).details("Parameter of type text is missing text value")
            );
        }
    };
    if text.is_empty() {
        return Err(GraphError::of(131_008).details("Parameter of type text is missing text value"));
    }
    if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
        let details =
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";
        return Err(GraphError::of(132_018).details(details));
    }
    Ok(text)
}

fn check_count(part: &str, given: usize, expected: usize) -> Result<(), GraphError> {
    if given == expected {
        return Ok(());
    }
    let details = format!(
        "{part}: number of localizable_params ({given}) does not match the expected number of \
         params ({expected})"
    );
    Err(GraphError::of(132_000).details(details))
}

fn index_of(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        _ => None,
    }
}

fn mismatch(details: impl Into<Cow<'static, str>>) -> GraphError {
    GraphError::of(132_012).details(details)
}
