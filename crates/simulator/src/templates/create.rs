//! Reading the body of a create or edit call into a template.

use serde_json::{Value, json};

use super::language;
use super::rules::{check_body, check_buttons, check_footer, check_header, check_variables};
use super::state::{Quality, Status};
use super::template::{Button, Category, Header, MediaKind, Template};
use super::text::Text;
use crate::graph::GraphError;

const EXAMPLE_MISSING: u32 = 2_388_043;

/// A new template, in review. Its id is given by the shelf.
pub(crate) fn create(body: &Value) -> Result<Template, GraphError> {
    let name = text_of(body, "name")?;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || name.len() > 512 || !name.bytes().all(allowed) {
        return Err(GraphError::parameter(
            "Param name must be at most 512 lower-case letters, digits and underscores",
        ));
    }
    let category = text_of(body, "category")?;
    let category = Category::parse(category).ok_or_else(|| {
        let shown: String = category.chars().take(40).collect();
        GraphError::parameter(format!(
            "Param category must be one of {{UTILITY, MARKETING, AUTHENTICATION}} - got \"{shown}\"."
        ))
    })?;
    let language = text_of(body, "language")?;
    if !language::is_supported(language) {
        return Err(GraphError::parameter("Param language is not a supported language code"));
    }
    let format = body["parameter_format"].as_str().unwrap_or("POSITIONAL");
    let named = format.eq_ignore_ascii_case("NAMED");
    if !named && !format.eq_ignore_ascii_case("POSITIONAL") {
        return Err(GraphError::parameter("Param parameter_format must be NAMED or POSITIONAL"));
    }
    let mut template = Template {
        id: 0,
        name: name.into(),
        language: language.into(),
        category,
        named,
        header: None,
        body: Text::default(),
        footer: None,
        buttons: Vec::new(),
        components: Value::Null,
        ttl_seconds: body["message_send_ttl_seconds"].as_i64(),
        status: Status::Pending,
        quality: Quality::Unknown,
        rejected_reason: None,
        pauses: 0,
        sends: 0,
        held: Vec::new(),
        edited_at: Vec::new(),
    };
    replace_components(&mut template, &body["components"])?;
    Ok(template)
}

/// Reads all components anew; on error the template is left as it was.
pub(crate) fn replace_components(
    template: &mut Template,
    components: &Value,
) -> Result<(), GraphError> {
    let list = components
        .as_array()
        .ok_or_else(|| GraphError::parameter("The parameter components is required."))?;
    let mut next = Template {
        header: None,
        body: Text::default(),
        footer: None,
        buttons: Vec::new(),
        components: components.clone(),
        ..template.clone()
    };
    let mut has_body = false;
    for component in list {
        match kind_of(component).as_str() {
            "HEADER" => next.header = Some(header(component, next.named)?),
            "BODY" => {
                has_body = true;
                next.body = body_text(component, &next)?;
            }
            "FOOTER" => next.footer = footer(component)?,
            "BUTTONS" => next.buttons = buttons(component)?,
            "CAROUSEL" | "LIMITED_TIME_OFFER" | "CALL_PERMISSION_REQUEST" => {}
            _ => return Err(GraphError::parameter("Unknown component type")),
        }
    }
    if !has_body {
        return Err(GraphError::parameter("A component of type BODY is required"));
    }
    if next.category == Category::Authentication && !next.buttons.contains(&Button::Otp) {
        return Err(GraphError::parameter("An authentication template needs one OTP button"));
    }
    *template = next;
    Ok(())
}

fn header(component: &Value, named: bool) -> Result<Header, GraphError> {
    let format = component["format"].as_str().unwrap_or("TEXT").to_ascii_uppercase();
    let header = match format.as_str() {
        "TEXT" => Header::Text(Text::parse(text_of(component, "text")?)),
        "LOCATION" => Header::Location,
        other => Header::Media(
            MediaKind::parse(other)
                .ok_or_else(|| GraphError::parameter("Unknown header format"))?,
        ),
    };
    check_header(&header)?;
    match &header {
        Header::Text(text) => {
            check_variables(text, named)?;
            let key = if named { "header_text_named_params" } else { "header_text" };
            require_example(component, key, text.variables().len())?;
        }
        Header::Media(_) => require_example(component, "header_handle", 1)?,
        Header::Location => {}
    }
    Ok(header)
}

fn body_text(component: &Value, template: &Template) -> Result<Text, GraphError> {
    if template.category == Category::Authentication {
        // The text is Meta's own, and the code its only variable.
        return Ok(Text::parse("*{{1}}* is your verification code."));
    }
    let text = Text::parse(text_of(component, "text")?);
    check_body(&text)?;
    check_variables(&text, template.named)?;
    let key = if template.named { "body_text_named_params" } else { "body_text" };
    require_example(component, key, text.variables().len())?;
    Ok(text)
}

fn footer(component: &Value) -> Result<Option<Box<str>>, GraphError> {
    if let Some(minutes) = component.get("code_expiration_minutes") {
        return match minutes.as_u64() {
            Some(minutes @ 1..=90) => {
                Ok(Some(format!("This code expires in {minutes} minutes.").into()))
            }
            _ => Err(GraphError::parameter("code_expiration_minutes must be from 1 to 90")),
        };
    }
    let text = text_of(component, "text")?;
    check_footer(text)?;
    Ok(Some(text.into()))
}

fn buttons(component: &Value) -> Result<Vec<Button>, GraphError> {
    let list = component["buttons"]
        .as_array()
        .ok_or_else(|| GraphError::parameter("The parameter buttons is required."))?;
    let buttons = list.iter().map(button).collect::<Result<Vec<_>, _>>()?;
    check_buttons(&buttons)?;
    Ok(buttons)
}

fn button(button: &Value) -> Result<Button, GraphError> {
    let text = || text_of(button, "text").map(Box::from);
    Ok(match kind_of(button).as_str() {
        "QUICK_REPLY" => Button::QuickReply { text: text()? },
        "URL" => {
            let url = Text::parse(text_of(button, "url")?);
            if !url.variables().is_empty() && !url.source().trim_end().ends_with("}}") {
                return Err(GraphError::parameter(
                    "A variable is allowed at the end of a url only",
                ));
            }
            if !url.variables().is_empty() && button["example"].is_null() {
                return Err(missing_example());
            }
            Button::Url { text: text()?, url }
        }
        "PHONE_NUMBER" => {
            if text_of(button, "phone_number")?.chars().count() > 20 {
                return Err(GraphError::parameter("phone_number: at most 20 characters"));
            }
            Button::Other { text: text()? }
        }
        "COPY_CODE" => Button::CopyCode,
        "OTP" => Button::Otp,
        "FLOW" | "CATALOG" | "MPM" | "SPM" | "VOICE_CALL" | "REQUEST_CONTACT_INFO" => {
            Button::Other { text: text().unwrap_or_else(|_| "Open".into()) }
        }
        _ => return Err(GraphError::parameter("Unknown button type")),
    })
}

fn require_example(component: &Value, key: &str, count: usize) -> Result<(), GraphError> {
    if count == 0 {
        return Ok(());
    }
    let example = &component["example"][key];
    // `body_text` is a list of lists; one flat list is accepted too.
    let given = match example.as_array() {
        Some(list) => match list.first() {
            Some(Value::Array(first)) => first.len(),
            _ => list.len(),
        },
        None => usize::from(example.is_string()),
    };
    if given < count { Err(missing_example()) } else { Ok(()) }
}

fn missing_example() -> GraphError {
    let message = "Sample content is required for every variable and media header.";
    GraphError::template(EXAMPLE_MISSING, "Message template is missing expected field(s)", message)
}

fn kind_of(value: &Value) -> String {
    value["type"].as_str().unwrap_or_default().to_ascii_uppercase()
}

fn text_of<'v>(value: &'v Value, key: &str) -> Result<&'v str, GraphError> {
    value
        .get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| GraphError::parameter(format!("The parameter {key} is required.")))
}

/// The answer of a create call.
impl Template {
    pub(crate) fn receipt(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "status": self.status.word(),
            "category": self.category.upper(),
        })
    }
}
