//! What we send, exactly as it goes over the wire.

mod template_form;

use bytes::Bytes;
use fanal_engine::ports::{
    ButtonParameter, ButtonValue, Outgoing, OutgoingFile, OutgoingHeader, OutgoingMessage,
};
use serde::Serialize;
pub(crate) use template_form::{Samples, TemplateForm};

use crate::config::ParameterFormat;

/// Longer than nearly every message, so that it is written without growing the buffer.
const MESSAGE_BYTES: usize = 1_024;

/// One message as the provider's `messages` call wants it.
pub(crate) fn message(outgoing: &Outgoing, format: ParameterFormat) -> Bytes {
    let mut bytes = Vec::with_capacity(MESSAGE_BYTES);
    serde_json::to_writer(&mut bytes, &Message::new(outgoing, format))
        .expect("text always serialises, and a vector always takes it");
    bytes.into()
}

/// A message of somebody else marked as read.
pub(crate) fn read_receipt(message_id: &str) -> Bytes {
    let receipt = ReadReceipt { messaging_product: PRODUCT, status: "read", message_id };
    serde_json::to_vec(&receipt).expect("text always serialises").into()
}

const PRODUCT: &str = "whatsapp";

#[derive(Serialize)]
struct ReadReceipt<'a> {
    messaging_product: &'static str,
    status: &'static str,
    message_id: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    /// With its `+`: without one the provider puts the sender's own country code in front.
    to: &'a str,
    #[serde(rename = "type")]
    form: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<Template<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interactive: Option<Interactive<'a>>,
    biz_opaque_callback_data: &'a str,
}

impl<'a> Message<'a> {
    fn new(outgoing: &'a Outgoing, format: ParameterFormat) -> Self {
        let mut message = Self {
            messaging_product: PRODUCT,
            recipient_type: "individual",
            to: outgoing.to.as_e164(),
            form: "",
            template: None,
            text: None,
            interactive: None,
            biz_opaque_callback_data: &outgoing.reference,
        };
        match &outgoing.message {
            OutgoingMessage::Template { .. } => {
                message.form = "template";
                message.template = Template::new(&outgoing.message, format);
            }
            OutgoingMessage::Text(body) => {
                message.form = "text";
                message.text = Some(Text { body });
            }
            OutgoingMessage::Buttons { body, buttons } => {
                message.form = "interactive";
                message.interactive = Some(Interactive::new(body, buttons));
            }
        }
        message
    }
}

#[derive(Serialize)]
struct Text<'a> {
    body: &'a str,
}

#[derive(Serialize)]
struct Interactive<'a> {
    #[serde(rename = "type")]
    form: &'static str,
    body: InteractiveBody<'a>,
    action: Action<'a>,
}

impl<'a> Interactive<'a> {
    fn new(body: &'a str, buttons: &'a [(String, String)]) -> Self {
        let buttons = buttons
            .iter()
            .map(|(id, title)| ReplyButton { form: "reply", reply: Reply { id, title } })
            .collect();
        Self { form: "button", body: InteractiveBody { text: body }, action: Action { buttons } }
    }
}

#[derive(Serialize)]
struct InteractiveBody<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Action<'a> {
    buttons: Vec<ReplyButton<'a>>,
}

#[derive(Serialize)]
struct ReplyButton<'a> {
    #[serde(rename = "type")]
    form: &'static str,
    reply: Reply<'a>,
}

#[derive(Serialize)]
struct Reply<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct Template<'a> {
    name: &'a str,
    language: Language<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component<'a>>,
}

impl<'a> Template<'a> {
    fn new(message: &'a OutgoingMessage, format: ParameterFormat) -> Option<Self> {
        let OutgoingMessage::Template {
            name,
            language,
            header,
            header_values,
            body_values,
            buttons,
        } = message
        else {
            return None;
        };
        let mut components = Vec::with_capacity(2 + buttons.len());
        match header {
            Some(header) => components.push(Component::new("header", vec![Parameter::of(header)])),
            None => components.extend(Component::texts("header", header_values, format)),
        }
        components.extend(Component::texts("body", body_values, format));
        components.extend(buttons.iter().map(Component::button));
        Some(Self { name, language: Language { code: language.as_str() }, components })
    }
}

#[derive(Serialize)]
struct Language<'a> {
    code: &'a str,
}

#[derive(Serialize)]
struct Component<'a> {
    #[serde(rename = "type")]
    part: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<String>,
    parameters: Vec<Parameter<'a>>,
}

impl<'a> Component<'a> {
    fn new(part: &'static str, parameters: Vec<Parameter<'a>>) -> Self {
        Self { part, sub_type: None, index: None, parameters }
    }

    /// A part with its blanks filled; a part without blanks must be left out.
    fn texts(
        part: &'static str,
        values: &'a [(String, String)],
        format: ParameterFormat,
    ) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let parameters = if format == ParameterFormat::Positional || is_numbered(values) {
            in_place(values).map(|text| Parameter::Text { parameter_name: None, text }).collect()
        } else {
            values
                .iter()
                .map(|(name, text)| Parameter::Text { parameter_name: Some(name), text })
                .collect()
        };
        Some(Self::new(part, parameters))
    }

    fn button(button: &'a ButtonValue) -> Self {
        let (sub_type, parameter) = match &button.value {
            ButtonParameter::Payload(payload) => ("quick_reply", Parameter::Payload { payload }),
            ButtonParameter::UrlSuffix(text) => {
                ("url", Parameter::Text { parameter_name: None, text })
            }
        };
        Self {
            part: "button",
            sub_type: Some(sub_type),
            index: Some(button.index.to_string()),
            parameters: vec![parameter],
        }
    }
}

/// Whether the variables are called `1`, `2`, …: such a template can only be positional.
fn is_numbered(values: &[(String, String)]) -> bool {
    values.iter().all(|(name, _)| name.parse::<u32>().is_ok())
}

/// The values in the order in which the provider counts them: by number if the variables have
/// numbers, since `{{2}}` may stand before `{{1}}`, else as they appear.
fn in_place(values: &[(String, String)]) -> impl Iterator<Item = &str> {
    let mut values: Vec<_> = values.iter().collect();
    if values.iter().all(|(name, _)| name.parse::<u32>().is_ok()) {
        values.sort_by_key(|(name, _)| name.parse::<u32>().ok());
    }
    values.into_iter().map(|(_, text)| text.as_str())
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Parameter<'a> {
    Text {
        #[serde(skip_serializing_if = "Option::is_none")]
        parameter_name: Option<&'a str>,
        text: &'a str,
    },
    Image {
        image: File<'a>,
    },
    Document {
        document: File<'a>,
    },
    Location {
        location: Location<'a>,
    },
    Payload {
        payload: &'a str,
    },
}

impl<'a> Parameter<'a> {
    fn of(header: &'a OutgoingHeader) -> Self {
        match header {
            OutgoingHeader::Image(file) => Self::Image { image: file.into() },
            OutgoingHeader::Document(file) => Self::Document { document: file.into() },
            OutgoingHeader::Location { latitude, longitude, name, address } => {
                Self::Location { location: Location { latitude, longitude, name, address } }
            }
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum File<'a> {
    Id(&'a str),
    Link(&'a str),
}

impl<'a> From<&'a OutgoingFile> for File<'a> {
    fn from(file: &'a OutgoingFile) -> Self {
        match file {
            OutgoingFile::Uploaded(id) => Self::Id(id),
            OutgoingFile::Link(link) => Self::Link(link),
        }
    }
}

#[derive(Serialize)]
struct Location<'a> {
    latitude: &'a str,
    longitude: &'a str,
    name: &'a str,
    address: &'a str,
}
