//! A translation as it is submitted for review.

use fanal_domain::language::Language;
use fanal_domain::template::{Button, Category, Content, Header, Variable};
use serde::Serialize;

use crate::config::ParameterFormat;
use crate::vocabulary;

/// Handles of uploaded samples, shown to reviewers in place of what a broadcast will name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples {
    pub(crate) image: Option<String>,
    pub(crate) document: Option<String>,
}

/// A translation cannot be submitted as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidForm {
    #[error("only utility, marketing and authentication templates are reviewed")]
    Category,
    #[error("the text uses `{{{{{0}}}}}`, which is not a variable of the template")]
    Variable(String),
    #[error("a {0} header needs the handle of a sample: set `sample_{0}`")]
    Sample(&'static str),
}

/// What a translation consists of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TemplateForm<'a> {
    pub(crate) name: &'a str,
    pub(crate) category: Category,
    pub(crate) variables: &'a [Variable],
    pub(crate) language: &'a Language,
    pub(crate) content: &'a Content,
}

impl TemplateForm<'_> {
    /// The body of the call that submits it.
    pub(crate) fn body(
        &self,
        format: ParameterFormat,
        samples: &Samples,
    ) -> Result<Vec<u8>, InvalidForm> {
        let spelling = self.spelling(format);
        let mut components = Vec::with_capacity(4);
        if let Some(header) = &self.content.header {
            components.push(self.header(header, spelling, samples)?);
        }
        let (text, blanks) = self.text(&self.content.body, spelling)?;
        let example = blanks.into_example(
            |examples| Example { body_text: Some([examples]), ..Example::default() },
            |named| Example { body_text_named_params: Some(named), ..Example::default() },
        );
        components.push(Component { text: Some(text), example, ..Component::of("BODY") });
        if let Some(footer) = &self.content.footer {
            components.push(Component { text: Some(footer.clone()), ..Component::of("FOOTER") });
        }
        if !self.content.buttons.is_empty() {
            let buttons = self
                .content
                .buttons
                .iter()
                .map(|button| self.button(button))
                .collect::<Result<_, _>>()?;
            components.push(Component { buttons: Some(buttons), ..Component::of("BUTTONS") });
        }
        let form = Form {
            name: self.name,
            category: vocabulary::category_word(self.category).ok_or(InvalidForm::Category)?,
            language: self.language.as_str(),
            parameter_format: match spelling {
                Spelling::Named => "NAMED",
                Spelling::Numbered | Spelling::Counted => "POSITIONAL",
            },
            components,
        };
        Ok(serde_json::to_vec(&form).expect("text always serialises"))
    }

    fn spelling(&self, configured: ParameterFormat) -> Spelling {
        let numbered = !self.variables.is_empty()
            && self.variables.iter().all(|variable| variable.name.parse::<u32>().is_ok());
        match configured {
            _ if numbered => Spelling::Numbered,
            ParameterFormat::Named => Spelling::Named,
            ParameterFormat::Positional => Spelling::Counted,
        }
    }

    fn header(
        &self,
        header: &Header,
        spelling: Spelling,
        samples: &Samples,
    ) -> Result<Component, InvalidForm> {
        let media = |form: &'static str, kind: &'static str, handle: &Option<String>| {
            let handle = handle.clone().ok_or(InvalidForm::Sample(kind))?;
            let example = Example { header_handle: Some([handle]), ..Example::default() };
            Ok(Component { format: Some(form), example: Some(example), ..Component::of("HEADER") })
        };
        match header {
            Header::Text(text) => {
                let (text, blanks) = self.text(text, spelling)?;
                let example = blanks.into_example(
                    |examples| Example { header_text: Some(examples), ..Example::default() },
                    |named| Example { header_text_named_params: Some(named), ..Example::default() },
                );
                Ok(Component {
                    format: Some("TEXT"),
                    text: Some(text),
                    example,
                    ..Component::of("HEADER")
                })
            }
            Header::Image => media("IMAGE", "image", &samples.image),
            Header::Document => media("DOCUMENT", "document", &samples.document),
            Header::Location => {
                Ok(Component { format: Some("LOCATION"), ..Component::of("HEADER") })
            }
        }
    }

    /// An address counts its one blank, even where texts name theirs.
    fn button(&self, button: &Button) -> Result<FormButton, InvalidForm> {
        Ok(match button {
            Button::QuickReply { text, .. } => {
                FormButton { form: "QUICK_REPLY", text: text.clone(), url: None, example: None }
            }
            Button::Url { text, url } => {
                let (url, blanks) = self.text(url, Spelling::Counted)?;
                let sample = blanks.variables.first().map(|variable| &variable.example);
                // A sample is written for people; in an address it must still be one.
                let example =
                    sample.map(|sample| [url.replace("{{1}}", &sample.replace(' ', "%20"))]);
                FormButton { form: "URL", text: text.clone(), url: Some(url), example }
            }
        })
    }

    /// A text with its blanks spelled for the provider, and what reviewers see in them.
    fn text(&self, text: &str, spelling: Spelling) -> Result<(String, Blanks<'_>), InvalidForm> {
        let mut blanks = Blanks { spelling, variables: Vec::new() };
        let mut spelled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, name, after)) = next_blank(rest) {
            let variable = self
                .variables
                .iter()
                .find(|variable| variable.name == name)
                .ok_or_else(|| InvalidForm::Variable(name.to_owned()))?;
            let place = blanks.place(variable).to_string();
            let name = if spelling == Spelling::Counted { &place } else { name };
            spelled.extend([before, "{{", name, "}}"]);
            rest = after;
        }
        spelled.push_str(rest);
        Ok((spelled, blanks))
    }
}

/// How blanks are written for the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// By name, as in our own text.
    Named,
    /// By number, since the variables are called `1`, `2`, … already.
    Numbered,
    /// By number, counted from 1 in each text in order of appearance.
    Counted,
}

/// The text before the first blank, the blank's name, and the text after it.
fn next_blank(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}

/// The blanks of one text in the order of their first appearance.
struct Blanks<'a> {
    spelling: Spelling,
    variables: Vec<&'a Variable>,
}

impl<'a> Blanks<'a> {
    /// The variable's place among the text's blanks, from 1.
    fn place(&mut self, variable: &'a Variable) -> usize {
        let known = self.variables.iter().position(|known| known.name == variable.name);
        let place = known.unwrap_or_else(|| {
            self.variables.push(variable);
            self.variables.len() - 1
        });
        place + 1
    }

    /// Examples are obligatory where there are blanks, and refused where there are none.
    fn into_example(
        mut self,
        positional: impl FnOnce(Vec<String>) -> Example,
        named: impl FnOnce(Vec<NamedExample>) -> Example,
    ) -> Option<Example> {
        if self.variables.is_empty() {
            return None;
        }
        if self.spelling == Spelling::Numbered {
            self.variables.sort_by_key(|variable| variable.name.parse::<u32>().ok());
        }
        let variables = self.variables.into_iter();
        Some(match self.spelling {
            Spelling::Named => named(variables.map(NamedExample::of).collect()),
            Spelling::Numbered | Spelling::Counted => {
                positional(variables.map(|variable| variable.example.clone()).collect())
            }
        })
    }
}

#[derive(Serialize)]
struct Form<'a> {
    name: &'a str,
    category: &'static str,
    language: &'a str,
    parameter_format: &'static str,
    components: Vec<Component>,
}

#[derive(Serialize, Default)]
struct Component {
    #[serde(rename = "type")]
    part: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<Example>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buttons: Option<Vec<FormButton>>,
}

impl Component {
    fn of(part: &'static str) -> Self {
        Self { part, ..Self::default() }
    }
}

#[derive(Serialize, Default)]
struct Example {
    #[serde(skip_serializing_if = "Option::is_none")]
    header_text: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_text_named_params: Option<Vec<NamedExample>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_handle: Option<[String; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_text: Option<[Vec<String>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_text_named_params: Option<Vec<NamedExample>>,
}

#[derive(Serialize)]
struct NamedExample {
    param_name: String,
    example: String,
}

impl NamedExample {
    fn of(variable: &Variable) -> Self {
        Self { param_name: variable.name.clone(), example: variable.example.clone() }
    }
}

#[derive(Serialize)]
struct FormButton {
    #[serde(rename = "type")]
    form: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<[String; 1]>,
}
