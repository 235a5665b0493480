//! Any event of a template, and any command.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::arbitrary::{either, ids, languages, one_of, texts};
use crate::event::Event;
use crate::id::TemplateId;

pub(crate) fn categories() -> impl Strategy<Value = Category> {
    one_of([Category::Utility, Category::Marketing, Category::Authentication, Category::Service])
}

pub(crate) fn answer_kinds() -> impl Strategy<Value = AnswerKind> {
    one_of([AnswerKind::Received, AnswerKind::Safe, AnswerKind::NeedHelp, AnswerKind::Other])
}

fn statuses() -> impl Strategy<Value = ProviderStatus> {
    one_of([
        ProviderStatus::Draft,
        ProviderStatus::Pending,
        ProviderStatus::Approved,
        ProviderStatus::Rejected,
        ProviderStatus::Paused,
        ProviderStatus::Disabled,
        ProviderStatus::Deleted,
    ])
}

fn variables() -> impl Strategy<Value = Variable> {
    let kinds =
        one_of([VariableType::Text, VariableType::Time, VariableType::Number, VariableType::Link]);
    ("[a-c]", kinds, any::<bool>(), texts())
        .prop_map(|(name, kind, commitment, example)| Variable { name, kind, commitment, example })
}

/// Texts with braces in them, some of them blanks.
fn patterns() -> impl Strategy<Value = String> {
    prop_oneof![texts(), "[a-c ]{0,4}(\\{\\{[a-d]\\}\\}){0,2}[a-c {}]{0,4}"]
}

fn buttons() -> impl Strategy<Value = Button> {
    let addresses = prop_oneof![texts(), "https://example\\.org/[a-c]{0,4}(\\{\\{[a-d]\\}\\})?"];
    prop_oneof![
        ("[a-z]{0,8}", answer_kinds())
            .prop_map(|(text, answer)| Button::QuickReply { text, answer }),
        ("[a-z]{0,8}", addresses).prop_map(|(text, url)| Button::Url { text, url }),
    ]
}

pub(crate) fn contents() -> impl Strategy<Value = Content> {
    let headers = prop_oneof![
        patterns().prop_map(Header::Text),
        Just(Header::Image),
        Just(Header::Document),
        Just(Header::Location),
    ];
    (option::of(headers), patterns(), option::of(texts()), vec(buttons(), 0..4))
        .prop_map(|(header, body, footer, buttons)| Content { header, body, footer, buttons })
}

fn status_changes() -> impl Strategy<Value = TranslationStatusChanged> {
    (languages(), statuses(), option::of(texts()), option::of(texts())).prop_map(
        |(language, status, provider_id, reason)| TranslationStatusChanged {
            language,
            status,
            provider_id,
            reason,
        },
    )
}

pub(crate) fn events() -> impl Strategy<Value = Event> {
    either(vec![
        (ids(TemplateId), texts(), categories(), vec(variables(), 0..3))
            .prop_map(|(template_id, name, category, variables)| {
                TemplateRegistered { template_id, name, category, variables }.into()
            })
            .boxed(),
        (languages(), contents())
            .prop_map(|(language, content)| TranslationAdded { language, content }.into())
            .boxed(),
        status_changes().prop_map(Event::from).boxed(),
        categories().prop_map(|category| TemplateCategoryChanged { category }.into()).boxed(),
        Just(TemplateRetired {}.into()).boxed(),
    ])
}

pub(crate) fn commands() -> impl Strategy<Value = TemplateCommand> {
    use TemplateCommand as C;
    prop_oneof![
        4 => (ids(TemplateId), "[a-z_]{0,8}", categories(), vec(variables(), 0..3)).prop_map(
            |(template_id, name, category, variables)| {
                C::Register { template_id, name, category, variables }
            }
        ),
        8 => (languages(), contents())
            .prop_map(|(language, content)| C::Translate { language, content }),
        4 => status_changes().prop_map(C::NoteStatus),
        2 => categories().prop_map(|category| C::NoteCategory { category }),
        1 => Just(C::Retire),
    ]
}
