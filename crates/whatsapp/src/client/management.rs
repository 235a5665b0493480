//! What the provider manages for us besides sending: templates, senders, files, read marks.

use async_trait::async_trait;
use bytes::Bytes;
use fanal_domain::language::Language;
use fanal_domain::sender::SenderId;
use fanal_domain::template::{Category, Content, ProviderStatus, Variable};
use fanal_engine::ports::{Provider, ProviderError, ProviderTemplate, SenderFacts};
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;

use super::answer::error_of;
use super::multipart::media_form;
use super::transport::{Answer, Bounds};
use super::{CloudApi, url};
use crate::lenient::{Flag, List, Object, Text};
use crate::payload::{self, TemplateForm};
use crate::vocabulary;

/// A page of templates with the fields we ask for has some fifty kilobytes.
const ANSWER_BYTES_MAX: usize = 4 * 1_024 * 1_024;

/// An account has at most 6,000 templates in some seventy languages each, at 250 a page.
const PAGES_MAX: usize = 2_000;

const TEMPLATES: &str =
    "/message_templates?fields=id,name,language,status,category,rejected_reason&limit=250";

const SENDER: &str = "?fields=display_phone_number,quality_rating,throughput,\
    whatsapp_business_manager_messaging_limit,is_on_biz_app";

#[async_trait]
impl Provider for CloudApi {
    async fn templates(&self) -> Result<Vec<ProviderTemplate>, ProviderError> {
        let mut templates = Vec::new();
        let mut call = TEMPLATES.to_owned();
        for _ in 0..PAGES_MAX {
            let answer = self.call(Method::GET, (&self.account_id, &call), Bytes::new()).await?;
            let page: TemplatePage<'_> = read(&answer)?;
            let listed = page.data.0.len();
            templates
                .extend(page.data.0.into_iter().filter_map(|listed| listed.0?.into_template()));
            let paging = page.paging.0.unwrap_or_default();
            let (Some(_), Some(after)) = (paging.next.get(), paging.after()) else {
                return Ok(templates);
            };
            if listed == 0 {
                return Ok(templates);
            }
            call = format!("{TEMPLATES}&after={}", url::encoded(after));
        }
        Err(unusable("the list of templates does not end"))
    }

    async fn submit_template(
        &self,
        name: &str,
        category: Category,
        variables: &[Variable],
        language: &Language,
        content: &Content,
    ) -> Result<ProviderTemplate, ProviderError> {
        let form = TemplateForm { name, category, variables, language, content };
        let body = form
            .body(self.parameters, &self.samples)
            .map_err(|error| ProviderError { code: 0, message: error.to_string() })?;
        let target = (self.account_id.as_str(), "/message_templates");
        let answer = self.call(Method::POST, target, body.into()).await?;
        let submitted: Submitted<'_> = read(&answer)?;
        Ok(ProviderTemplate {
            provider_id: submitted.id.into_string().ok_or_else(|| unusable("no id came back"))?,
            name: name.to_owned(),
            language: language.clone(),
            // The provider may judge the template to be of another class than we said.
            category: submitted.category.get().and_then(vocabulary::category).unwrap_or(category),
            status: submitted
                .status
                .get()
                .and_then(vocabulary::template_status)
                .unwrap_or(ProviderStatus::Pending),
            reason: None,
        })
    }

    async fn delete_template(&self, name: &str) -> Result<(), ProviderError> {
        let call = format!("/message_templates?name={}", url::encoded(name));
        self.call(Method::DELETE, (&self.account_id, &call), Bytes::new())
            .await
            .and_then(|answer| succeeded(&answer))
    }

    async fn sender_facts(&self, sender: &SenderId) -> Result<SenderFacts, ProviderError> {
        let answer = self.call(Method::GET, (&sender.0, SENDER), Bytes::new()).await?;
        let number: SenderNode<'_> = read(&answer)?;
        let throughput = number.throughput.0.unwrap_or_default();
        let shared = number.is_on_biz_app.0.unwrap_or(false);
        Ok(SenderFacts {
            rate_per_s: throughput
                .level
                .get()
                .and_then(|level| vocabulary::rate_per_s(level, shared)),
            quality: number.quality_rating.get().and_then(vocabulary::quality),
            daily_people_max: number
                .whatsapp_business_manager_messaging_limit
                .get()
                .and_then(vocabulary::people_per_day),
            display_number: number.display_phone_number.into_string().unwrap_or_default(),
        })
    }

    async fn mark_read(&self, sender: &SenderId, message_id: &str) -> Result<(), ProviderError> {
        let body = payload::read_receipt(message_id);
        self.call(Method::POST, (&sender.0, "/messages"), body)
            .await
            .and_then(|answer| succeeded(&answer))
    }

    async fn upload_media(
        &self,
        sender: &SenderId,
        mime_type: &str,
        bytes: Bytes,
    ) -> Result<String, ProviderError> {
        let form = media_form(mime_type, &bytes).ok_or_else(|| unusable("not a MIME type"))?;
        let content_type =
            HeaderValue::from_str(&form.content_type).map_err(|_| unusable("not a MIME type"))?;
        let mut request = self
            .request(Method::POST, (&sender.0, "/media"), form.body)
            .ok_or_else(|| unusable(NO_ID))?;
        request.headers_mut().insert(CONTENT_TYPE, content_type);
        let answer = self.exchange(request, self.upload_bounds).await?;
        let uploaded: Uploaded<'_> = read(&answer)?;
        uploaded.id.into_string().ok_or_else(|| unusable("no id came back"))
    }
}

const NO_ID: &str = "the sender's or account's id is not one of the provider's";

impl CloudApi {
    async fn call(
        &self,
        method: Method,
        target: (&str, &str),
        body: Bytes,
    ) -> Result<Answer, ProviderError> {
        let request = self.request(method, target, body).ok_or_else(|| unusable(NO_ID))?;
        let bounds = Bounds { body_bytes_max: ANSWER_BYTES_MAX, ..self.send_bounds };
        self.exchange(request, bounds).await
    }

    async fn exchange(
        &self,
        request: super::ApiRequest,
        bounds: Bounds,
    ) -> Result<Answer, ProviderError> {
        let answer = self
            .transport
            .exchange(request, bounds)
            .await
            .map_err(|error| unusable(&error.to_string()))?;
        if answer.status.is_success() { Ok(answer) } else { Err(error_of(&answer)) }
    }
}

/// A failure the provider gave no code for.
fn unusable(message: &str) -> ProviderError {
    ProviderError { code: 0, message: message.to_owned() }
}

fn read<'a, T: Deserialize<'a>>(answer: &'a Answer) -> Result<T, ProviderError> {
    let body = answer.body.as_deref().ok_or_else(|| unusable("the answer is too long"))?;
    serde_json::from_slice(body).map_err(|_| unusable("the answer is not the provider's JSON"))
}

fn succeeded(answer: &Answer) -> Result<(), ProviderError> {
    let success: Success = read(answer)?;
    if success.success.0 == Some(true) { Ok(()) } else { Err(unusable("it did not succeed")) }
}

#[derive(Deserialize)]
struct Success {
    #[serde(default)]
    success: Flag,
}

#[derive(Deserialize)]
struct Uploaded<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
}

#[derive(Deserialize)]
struct Submitted<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(borrow, default)]
    category: Text<'a>,
}

#[derive(Deserialize)]
struct TemplatePage<'a> {
    #[serde(borrow, default)]
    data: List<Object<ListedTemplate<'a>>>,
    #[serde(borrow, default)]
    paging: Object<Paging<'a>>,
}

#[derive(Deserialize)]
struct ListedTemplate<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    language: Text<'a>,
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(borrow, default)]
    category: Text<'a>,
    #[serde(borrow, default)]
    rejected_reason: Text<'a>,
}

impl ListedTemplate<'_> {
    /// Nothing if we have no word for its language, class or state: we could not send it.
    fn into_template(self) -> Option<ProviderTemplate> {
        Some(ProviderTemplate {
            language: self.language.get()?.parse().ok()?,
            category: vocabulary::category(self.category.get()?)?,
            status: vocabulary::template_status(self.status.get()?)?,
            reason: vocabulary::reason(self.rejected_reason.get()),
            provider_id: self.id.into_string()?,
            name: self.name.into_string()?,
        })
    }
}

#[derive(Default, Deserialize)]
struct Paging<'a> {
    #[serde(borrow, default)]
    cursors: Object<Cursors<'a>>,
    #[serde(borrow, default)]
    next: Text<'a>,
}

impl Paging<'_> {
    fn after(&self) -> Option<&str> {
        self.cursors.0.as_ref().and_then(|cursors| cursors.after.get())
    }
}

#[derive(Deserialize)]
struct Cursors<'a> {
    #[serde(borrow, default)]
    after: Text<'a>,
}

#[derive(Deserialize)]
struct SenderNode<'a> {
    #[serde(borrow, default)]
    display_phone_number: Text<'a>,
    #[serde(borrow, default)]
    quality_rating: Text<'a>,
    #[serde(borrow, default)]
    throughput: Object<Throughput<'a>>,
    #[serde(borrow, default)]
    whatsapp_business_manager_messaging_limit: Text<'a>,
    #[serde(default)]
    is_on_biz_app: Flag,
}

#[derive(Default, Deserialize)]
struct Throughput<'a> {
    #[serde(borrow, default)]
    level: Text<'a>,
}
