//! Whether a brief fits the template and the segments it names, so that nobody finds out at launch.

use fanal_domain::broadcast::{Brief, BroadcastRejection, HeaderValue, Value};
use fanal_domain::id::SegmentId;
use fanal_domain::segment::Segment;
use fanal_domain::template::{
    Header, ProviderStatus, Template, Variable, VariableType, check_link,
};

use crate::Engine;
use crate::envelope::StreamId;
use crate::error::UseCaseError;
use crate::execute::rejected;
use crate::person::is_attribute_name;

/// What a brief names, as it stands.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) template: Template,
    pub(crate) segments: Vec<Segment>,
}

impl Engine {
    /// What a brief names, if the brief fits it.
    pub(crate) async fn check_brief(&self, brief: &Brief) -> Result<Named, UseCaseError> {
        // What the brief alone breaks comes first: it also bounds how much there is to read.
        brief.clone().checked().map_err(|problem| rejected(&BroadcastRejection::from(problem)))?;
        let template = self.load::<Template>(StreamId::template(brief.template_id)).await?.state;
        let template = template.filter(|template| !template.retired).ok_or_else(|| {
            let rule = format!("template {} is not known, or retired", brief.template_id);
            UseCaseError::invalid("brief.template_id", rule, "choose one that is in use")
        })?;
        check_variables(brief, &template)?;
        check_header(brief.header.as_ref(), &template)?;
        let mut segments = Vec::with_capacity(brief.segments.len());
        for id in &brief.segments {
            segments.push(self.usable_segment(*id).await?);
        }
        Ok(Named { template, segments })
    }

    async fn usable_segment(&self, id: SegmentId) -> Result<Segment, UseCaseError> {
        let segment = self.load::<Segment>(StreamId::segment(id)).await?.state;
        segment.filter(|segment| !segment.retired).ok_or_else(|| {
            let rule = format!("segment {id} is not known, or retired");
            UseCaseError::invalid("brief.segments", rule, "choose segments that are in use")
        })
    }
}

fn check_variables(brief: &Brief, template: &Template) -> Result<(), UseCaseError> {
    let declared = |name: &String| template.variables.iter().any(|one| one.name == *name);
    if let Some(stranger) = brief.variables.keys().find(|name| !declared(name)) {
        return Err(UseCaseError::invalid(
            format!("brief.variables.{stranger}"),
            format!("the template `{}` has no such variable", template.name),
            "take it out, or mend its spelling",
        ));
    }
    template.variables.iter().try_for_each(|variable| {
        let field = || format!("brief.variables.{}", variable.name);
        match brief.variables.get(&variable.name) {
            None => Err(UseCaseError::invalid(
                field(),
                "the template needs a value for it",
                format!("give it one such as `{}`", variable.example),
            )),
            Some(value) => check_value(variable, value)
                .map_err(|(rule, remedy)| UseCaseError::invalid(field(), rule, remedy)),
        }
    })
}

type Broken = (&'static str, &'static str);

fn check_value(variable: &Variable, value: &Value) -> Result<(), Broken> {
    if let Value::Attribute { name, .. } = value
        && !matches!(name.as_str(), "name" | "external_id")
        && !is_attribute_name(name)
    {
        return Err((
            "a message may say a person's `name`, `external_id` or an attribute, nothing else",
            "name one of these",
        ));
    }
    match (variable.kind, value) {
        (VariableType::Time, Value::Time(_))
        | (VariableType::Text, Value::Text(_) | Value::Attribute { .. }) => Ok(()),
        (VariableType::Time, _) => {
            Err(("it is a time, the same for everyone", "give an instant as `time`"))
        }
        (_, Value::Time(_)) => Err(("it is not a time", "give it as `text` or `attribute`")),
        (VariableType::Number, Value::Text(words) | Value::Attribute { otherwise: words, .. }) => {
            if is_number(words) {
                Ok(())
            } else {
                Err(("it is a number", "write digits, with a point or a comma for decimals"))
            }
        }
        (VariableType::Link, Value::Text(words) | Value::Attribute { otherwise: words, .. }) => {
            check_link(words).map_err(|_| ("it is an address", "write it whole, from `https://`"))
        }
    }
}

fn is_number(words: &str) -> bool {
    let plain = words.strip_prefix(['-', '+']).unwrap_or(words);
    let (whole, decimals) = plain.split_once(['.', ',']).unwrap_or((plain, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(decimals)
}

/// Every text that may still be sent must get the header it needs, and none it has no place for.
fn check_header(given: Option<&HeaderValue>, template: &Template) -> Result<(), UseCaseError> {
    let gone = |status| {
        use ProviderStatus::{Deleted, Disabled, Rejected};
        matches!(status, Deleted | Disabled | Rejected)
    };
    let texts = template.translations.iter().filter(|(_, one)| !gone(one.status));
    for (language, translation) in texts {
        let need = match (&translation.content.header, given) {
            (None | Some(Header::Text(_)), None)
            | (Some(Header::Location), Some(HeaderValue::Location { .. }))
            | (
                Some(Header::Image | Header::Document),
                Some(HeaderValue::Media(_) | HeaderValue::Link(_)),
            ) => continue,
            (None | Some(Header::Text(_)), Some(_)) => "has no place for a header",
            (Some(Header::Location), _) => "needs a location above its text",
            (Some(Header::Image), _) => "needs an image above its text",
            (Some(Header::Document), _) => "needs a document above its text",
        };
        return Err(UseCaseError::invalid(
            "brief.header",
            format!("the template's text in `{language}` {need}"),
            "give `header` what every text of the template needs, and nothing else",
        ));
    }
    Ok(())
}
