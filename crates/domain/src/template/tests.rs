//! Each rule of a template, by name, and what becomes of a filled one.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::decider::Decider;
use crate::decider::testing::{Given, check_replay, given};
use crate::event::Event;
use crate::id::TemplateId;
use crate::language::Language;
use crate::text::{InvalidText, TextProblem};

fn language(code: &str) -> Language {
    code.parse().unwrap()
}

fn variable(name: &str, kind: VariableType) -> Variable {
    Variable { name: name.into(), kind, commitment: false, example: "an example".into() }
}

fn variables() -> Vec<Variable> {
    let when = Variable { commitment: true, ..variable("when", VariableType::Time) };
    vec![when, variable("place", VariableType::Text)]
}

fn register(name: &str, variables: Vec<Variable>) -> TemplateCommand {
    TemplateCommand::Register {
        template_id: TemplateId(Uuid::from_u128(1)),
        name: name.into(),
        category: Category::Utility,
        variables,
    }
}

fn registered() -> Event {
    TemplateRegistered {
        template_id: TemplateId(Uuid::from_u128(1)),
        name: "flood_warning".into(),
        category: Category::Utility,
        variables: variables(),
    }
    .into()
}

fn quick_reply(text: &str) -> Button {
    Button::QuickReply { text: text.into(), answer: AnswerKind::Safe }
}

fn url(text: &str, url: &str) -> Button {
    Button::Url { text: text.into(), url: url.into() }
}

fn content() -> Content {
    Content {
        header: Some(Header::Text("Flood in {{place}}".into())),
        body: "Leave {{place}} now. We write again by {{when}}.".into(),
        footer: Some("The town".into()),
        buttons: vec![quick_reply("I am safe"), url("Map", "https://example.org/map/{{place}}")],
    }
}

fn translate(content: Content) -> TemplateCommand {
    TemplateCommand::Translate { language: language("en"), content }
}

fn added() -> Event {
    TranslationAdded { language: language("en"), content: content() }.into()
}

fn status(status: ProviderStatus) -> TranslationStatusChanged {
    TranslationStatusChanged { language: language("en"), status, provider_id: None, reason: None }
}

fn noted(to: ProviderStatus) -> Event {
    status(to).into()
}

fn retired() -> Event {
    TemplateRetired {}.into()
}

fn past<const N: usize>(history: [Event; N]) -> Given<Template> {
    given(history)
}

/// A translation that has been spoilt so is refused.
#[track_caller]
fn check(spoil: impl FnOnce(&mut Content), problem: impl Into<ContentProblem>) {
    let mut spoilt = content();
    spoil(&mut spoilt);
    past([registered()]).when(translate(spoilt)).then_rejected(problem.into().into());
}

#[track_caller]
fn check_variables(variables: Vec<Variable>, rejection: TemplateRejection) {
    past([]).when(register("flood_warning", variables)).then_rejected(rejection);
}

fn text(field: &'static str, problem: TextProblem) -> InvalidText {
    InvalidText { field, problem }
}

fn too_long(chars: usize, chars_max: usize) -> TextProblem {
    TextProblem::TooLong { chars, chars_max }
}

#[test]
fn registers_once() {
    past([]).when(register("flood_warning", variables())).then([registered()]);
    past([registered()])
        .when(register("flood_warning", variables()))
        .then_rejected(TemplateRejection::AlreadyRegistered);
}

#[test]
fn refuses_a_name_the_provider_would_refuse() {
    let long = "a".repeat(513);
    for name in ["", "Flood", "flood-warning", "flood warning", "é", &long] {
        past([]).when(register(name, variables())).then_rejected(TemplateRejection::Name);
    }
    let longest = register(&"a".repeat(512), variables());
    assert!(Template::decide(&None, longest).is_ok());
}

#[test]
fn refuses_a_class_that_cannot_be_sent_to_an_audience() {
    for category in [Category::Authentication, Category::Service] {
        let command = TemplateCommand::Register {
            template_id: TemplateId(Uuid::from_u128(1)),
            name: "code".into(),
            category,
            variables: vec![],
        };
        past([]).when(command).then_rejected(TemplateRejection::Category);
    }
}

#[test]
fn declares_each_variable_once_in_lower_snake_case() {
    let named = |name: &str| vec![variable(name, VariableType::Text)];
    let long = "a".repeat(65);
    for name in ["", "When", "1st", "_a", "a-b", "é", &long] {
        check_variables(named(name), TemplateRejection::VariableName { name: name.into() });
    }
    let twice = [named("when"), named("when")].concat();
    check_variables(twice, TemplateRejection::VariableTwice { name: "when".into() });
    let many = (0..51).map(|n| variable(&format!("v{n}"), VariableType::Text)).collect();
    check_variables(many, TemplateRejection::TooManyVariables { count: 51 });
}

#[test]
fn only_a_time_can_be_a_commitment() {
    for kind in [VariableType::Text, VariableType::Number, VariableType::Link] {
        let commitment = Variable { commitment: true, ..variable("what", kind) };
        check_variables(vec![commitment], TemplateRejection::NotATime { name: "what".into() });
    }
}

#[test]
fn every_variable_has_an_example() {
    let without = Variable { example: " ".into(), ..variable("place", VariableType::Text) };
    check_variables(vec![without], text("variables", TextProblem::Empty).into());
}

#[test]
fn refuses_everything_before_it_is_registered() {
    for command in [
        translate(content()),
        TemplateCommand::NoteStatus(status(ProviderStatus::Approved)),
        TemplateCommand::NoteCategory { category: Category::Marketing },
        TemplateCommand::Retire,
    ] {
        past([]).when(command).then_rejected(TemplateRejection::NotRegistered);
    }
}

#[test]
fn adds_and_replaces_a_translation() {
    past([registered()]).when(translate(content())).then([added()]);
    let other = Content { footer: None, ..content() };
    let replaced = TranslationAdded { language: language("en"), content: other.clone() };
    past([registered(), added(), noted(ProviderStatus::Approved)])
        .when(translate(other.clone()))
        .then([replaced.into()]);
    past([registered(), added(), noted(ProviderStatus::Approved)])
        .when(translate(other))
        .then_state(|template| {
            let translation = &template.as_ref().unwrap().translations[&language("en")];
            assert_eq!(translation.status, ProviderStatus::Draft);
        });
}

#[test]
fn the_same_translation_again_is_nothing_unless_the_provider_lost_it() {
    past([registered(), added()]).when(translate(content())).then([]);
    past([registered(), added(), noted(ProviderStatus::Deleted)])
        .when(translate(content()))
        .then([added()]);
}

#[test]
fn does_not_replace_a_translation_the_provider_holds() {
    let other = Content { footer: None, ..content() };
    past([registered(), added(), noted(ProviderStatus::Pending)])
        .when(translate(other.clone()))
        .then_rejected(TemplateRejection::InReview { language: language("en") });
    past([registered(), added(), noted(ProviderStatus::Disabled)])
        .when(translate(other))
        .then_rejected(TemplateRejection::Disabled { language: language("en") });
}

#[test]
fn trims_the_texts_of_a_translation() {
    let mut untrimmed = content();
    untrimmed.body = format!(" {} ", untrimmed.body);
    untrimmed.footer = Some(" The town ".into());
    past([registered()]).when(translate(untrimmed)).then([added()]);
}

#[test]
fn a_body_has_1_to_1024_characters() {
    check(|content| content.body = "\n".into(), text("body", TextProblem::Empty));
    check(|content| content.body = "é".repeat(1_025), text("body", too_long(1_025, 1_024)));
    let longest = Content { body: "é".repeat(1_024), ..content() };
    assert!(longest.checked(&variables()).is_ok());
}

#[test]
fn a_header_has_at_most_60_characters_and_one_blank() {
    let header = |text: &str| Some(Header::Text(text.into()));
    check(|content| content.header = header(&"a".repeat(61)), text("header", too_long(61, 60)));
    check(|content| content.header = header("a\nb"), text("header", TextProblem::SeveralLines));
    check(|content| content.header = header("{{place}} by {{when}}"), ContentProblem::HeaderBlanks);
    check(
        |content| content.header = header("To {{whom}}"),
        ContentProblem::Undeclared { field: "header", name: "whom".into() },
    );
}

#[test]
fn a_footer_has_at_most_60_characters_and_no_blank() {
    check(|content| content.footer = Some("a".repeat(61)), text("footer", too_long(61, 60)));
    check(|content| content.footer = Some("By {{when}}".into()), ContentProblem::FooterBlank);
}

#[test]
fn a_body_neither_begins_nor_ends_with_a_blank() {
    for body in ["{{place}} is flooded.", "Leave by {{when}}", " {{place}} "] {
        check(|content| content.body = body.into(), ContentProblem::BlankAtEdge);
    }
}

#[test]
fn blanks_do_not_touch() {
    check(|content| content.body = "To {{place}}{{when}}.".into(), ContentProblem::BlanksTouch);
}

#[test]
fn a_blank_has_a_variable() {
    check(
        |content| content.body = "To {{whom}}.".into(),
        ContentProblem::Undeclared { field: "body", name: "whom".into() },
    );
    check(
        |content| content.body = "To {{1}}.".into(),
        ContentProblem::Malformed {
            field: "body",
            problem: MalformedBlank { braces: "{{1}}.".into() },
        },
    );
}

#[test]
fn buttons_are_at_most_ten_with_two_addresses() {
    let replies = |count: usize| (0..count).map(|n| quick_reply(&format!("Reply {n}")));
    check(
        |content| content.buttons = replies(11).collect(),
        ContentProblem::TooManyButtons { count: 11 },
    );
    check(
        |content| {
            content.buttons = (0..3).map(|n| url(&format!("{n}"), "https://example.org")).collect();
        },
        ContentProblem::TooManyUrlButtons { count: 3 },
    );
    let ten = Content { buttons: replies(10).collect(), ..content() };
    assert!(ten.checked(&variables()).is_ok());
}

#[test]
fn quick_replies_come_first() {
    check(|content| content.buttons.reverse(), ContentProblem::QuickReplyLate);
}

#[test]
fn a_label_is_short_plain_and_unlike_the_others() {
    let one = |text: &str| vec![quick_reply(text)];
    check(|content| content.buttons = one(""), text("buttons", TextProblem::Empty));
    check(|content| content.buttons = one(&"a".repeat(26)), text("buttons", too_long(26, 25)));
    check(
        |content| content.buttons = one("At {{when}}"),
        ContentProblem::LabelBlank { label: "At {{when}}".into() },
    );
    check(
        |content| content.buttons = vec![quick_reply("Yes"), quick_reply(" Yes ")],
        ContentProblem::LabelTwice { label: "Yes".into() },
    );
}

#[test]
fn an_address_is_https_with_at_most_one_blank_at_its_end_behind_the_host() {
    for address in [
        "http://example.org",
        "https://",
        "https://{{place}}",
        "https://example.org{{place}}",
        "https://example.org/{{place}}/map",
        "https://example.org/{{place}}{{when}}",
        "{{place}}",
    ] {
        check(
            |content| content.buttons = vec![url("Map", address)],
            ContentProblem::Url { url: address.into() },
        );
    }
    let long = format!("https://example.org/{}", "a".repeat(2_000));
    check(
        |content| content.buttons = vec![url("Map", &long)],
        ContentProblem::Url { url: long.clone() },
    );
    check(
        |content| content.buttons = vec![url("Map", "https://example.org/{{whom}}")],
        ContentProblem::Undeclared { field: "buttons", name: "whom".into() },
    );
}

#[test]
fn notes_where_a_translation_stands_once() {
    let approve = || TemplateCommand::NoteStatus(status(ProviderStatus::Approved));
    past([registered(), added()]).when(approve()).then([noted(ProviderStatus::Approved)]);
    past([registered(), added(), noted(ProviderStatus::Approved)]).when(approve()).then([]);
    // The provider's word may overtake its answer to the submission.
    let (answer, stood) = (status(ProviderStatus::Pending), ProviderStatus::Draft);
    let answered = || TemplateCommand::NoteSubmitted { answer: answer.clone(), stood };
    past([registered(), added()]).when(answered()).then([noted(ProviderStatus::Pending)]);
    past([registered(), added(), noted(ProviderStatus::Approved)]).when(answered()).then([]);
    past([registered()])
        .when(approve())
        .then_rejected(TemplateRejection::TranslationUnknown { language: language("en") });
}

#[test]
fn learns_the_providers_id_with_a_status_and_keeps_it() {
    let told = TranslationStatusChanged {
        provider_id: Some("77".into()),
        ..status(ProviderStatus::Pending)
    };
    past([registered(), added(), noted(ProviderStatus::Pending)])
        .when(TemplateCommand::NoteStatus(told.clone()))
        .then([told.clone().into()]);
    past([registered(), added(), told.into()])
        .when(TemplateCommand::NoteStatus(status(ProviderStatus::Approved)))
        .then_state(|template| {
            let translation = &template.as_ref().unwrap().translations[&language("en")];
            assert_eq!(translation.provider_id.as_deref(), Some("77"));
        });
}

#[test]
fn notes_another_class_once() {
    let note = |category| TemplateCommand::NoteCategory { category };
    let changed: Event = TemplateCategoryChanged { category: Category::Marketing }.into();
    past([registered()]).when(note(Category::Marketing)).then([changed.clone()]);
    past([registered()]).when(note(Category::Utility)).then([]);
    past([registered(), changed]).when(note(Category::Marketing)).then([]);
}

#[test]
fn retires_once_and_then_only_notes_facts() {
    past([registered()]).when(TemplateCommand::Retire).then([retired()]);
    for command in [TemplateCommand::Retire, translate(content())] {
        past([registered(), added(), retired()])
            .when(command)
            .then_rejected(TemplateRejection::Retired);
    }
    past([registered(), added(), retired()])
        .when(TemplateCommand::NoteStatus(status(ProviderStatus::Deleted)))
        .then([noted(ProviderStatus::Deleted)]);
}

#[test]
fn finds_the_approved_translation_closest_to_a_language() {
    let add = |code: &str, approved: bool| {
        let language = language(code);
        let status = TranslationStatusChanged {
            language: language.clone(),
            ..status(if approved { ProviderStatus::Approved } else { ProviderStatus::Rejected })
        };
        [TranslationAdded { language, content: content() }.into(), status.into()]
    };
    let history = [
        vec![registered()],
        add("en", true).into(),
        add("fr", false).into(),
        add("pt_BR", true).into(),
    ]
    .concat();
    let template = Template::fold(&history).unwrap();
    let closest = |code: &str, fallback: &str| {
        template
            .translation_for(&language(code), &language(fallback))
            .map(|(language, _)| language.to_string())
    };
    assert_eq!(closest("pt_BR", "en").as_deref(), Some("pt_BR"));
    assert_eq!(closest("pt_PT", "en").as_deref(), Some("pt_BR"));
    assert_eq!(closest("fr", "en").as_deref(), Some("en"));
    assert_eq!(closest("fr", "fr"), None);
}

#[test]
fn names_the_variables_that_make_a_promise() {
    let template = Template::fold(&[registered()]).unwrap();
    let names: Vec<&str> = template.commitments().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["when"]);
}

#[test]
fn lists_the_blanks_of_each_part() {
    let content = content();
    let placeholders = content.placeholders();
    assert_eq!(placeholders.header, ["place"]);
    assert_eq!(placeholders.body, ["place", "when"]);
    assert_eq!(placeholders.buttons, [(1, "place")]);
    assert_eq!(placeholders.iter().count(), 4);
}

fn values(place: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("place".into(), place.into()), ("when".into(), "18:30".into())])
}

#[test]
fn fills_every_blank() {
    let rendered = render(&content(), &values("Rue Haute")).unwrap();
    assert_eq!(rendered.header.as_deref(), Some("Flood in Rue Haute"));
    assert_eq!(rendered.body, "Leave Rue Haute now. We write again by 18:30.");
    assert_eq!(rendered.footer.as_deref(), Some("The town"));
    assert_eq!(rendered.buttons[1], url("Map", "https://example.org/map/Rue%20Haute"));
}

#[test]
fn a_value_is_not_read_as_a_text_with_blanks() {
    let rendered = render(&content(), &values("{{when}}")).unwrap();
    assert_eq!(rendered.header.as_deref(), Some("Flood in {{when}}"));
}

#[test]
fn refuses_to_fill_a_blank_without_a_good_value() {
    let missing = RenderError::Missing { name: "place".into() };
    assert_eq!(render(&content(), &BTreeMap::new()), Err(missing));
    for (value, problem) in [
        ("", InvalidValue::Empty),
        ("a\nb", InvalidValue::ControlCharacters),
        ("a     b", InvalidValue::TooManySpaces),
    ] {
        let name = "place".to_owned();
        assert_eq!(render(&content(), &values(value)), Err(RenderError::Value { name, problem }));
    }
}

#[test]
fn refuses_to_fill_a_text_that_never_passed_its_check() {
    let spoilt = Content { body: "Leave {{ now }}.".into(), ..content() };
    let problem = MalformedBlank { braces: "{{ now }}.".into() };
    assert_eq!(
        render(&spoilt, &values("Rue Haute")),
        Err(RenderError::Malformed { field: "body", problem })
    );
    assert_eq!(spoilt.placeholders().body, [""; 0]);
}

#[test]
fn refuses_to_fill_a_part_beyond_its_bound() {
    let header = RenderError::TooLong { field: "header", chars: 61, chars_max: 60 };
    assert_eq!(render(&content(), &values(&"a".repeat(52))), Err(header));
    let headless = Content { header: None, ..content() };
    let body = RenderError::TooLong { field: "body", chars: 1_060, chars_max: 1_024 };
    assert_eq!(render(&headless, &values(&"a".repeat(1_024))), Err(body));
}

proptest! {
    #[test]
    fn whatever_is_decided_can_be_told_again(commands in vec(arbitrary::commands(), 0..20)) {
        check_replay::<Template>(commands);
    }
}
