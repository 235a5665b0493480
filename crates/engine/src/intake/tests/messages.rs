//! Answers, opt-outs, strangers, and what the provider says about us.

use fanal_domain::consent::Purpose;
use fanal_domain::contact::Relation;
use fanal_domain::id::ContactId;
use fanal_domain::ladder::Status;
use fanal_domain::template::{AnswerKind, Category, ProviderStatus};

use super::*;
use crate::ports::{ConsentState, ContactRow};
use crate::reference::Payload;
use crate::vault::Opened;

impl Fixture {
    fn press(&self, id: &str, recipient: u32, answer: AnswerKind, at: DateTime<Utc>) -> Notice {
        let payload = Payload { reference: self.reference(recipient), answer }.to_string();
        let body = InboundBody::Button { payload, label: "Got it".to_owned() };
        Notice::Inbound(inbound(id, self.number(recipient), at, body))
    }

    async fn row(&self, number: &str) -> Option<ContactRow> {
        let address = self.engine.vault.blind_index(&number.parse().unwrap());
        self.engine.project_directory().await.unwrap();
        let owners = self.engine.ports.directory.owners(&[address]).await.unwrap();
        let (_, id) = owners.first()?;
        self.engine.ports.directory.contacts(&[*id]).await.unwrap().pop()
    }

    async fn consent(&self, recipient: u32) -> Option<ConsentState> {
        let row = self.row(self.number(recipient).as_e164()).await.unwrap();
        row.consents.get(&Purpose::Alerts).copied()
    }
}

#[tokio::test]
async fn a_button_answers_the_broadcast_it_stood_under() {
    let fixture = Fixture::new().await;
    let now = fixture.now();
    fixture.call(vec![fixture.press("m1", 4, AnswerKind::Safe, now)]).await;

    assert_eq!(fixture.ladder()[4].status(), Status::Acknowledged);
    let answers = fixture.events("answers_recorded").await;
    let [(_, Event::AnswersRecorded(recorded))] = &*answers else { panic!("{answers:?}") };
    let [answer] = &*recorded.answers else { panic!("one answer") };
    assert_eq!((answer.recipient, answer.kind, answer.late), (4, AnswerKind::Safe, false));
    let (contact, _) = fixture.running.people[4];
    let opened = fixture.engine.vault.open(contact.0, "inbound.content", &answer.content).await;
    assert_eq!(opened.unwrap(), Opened::Clear(b"Got it".to_vec()));
}

#[tokio::test]
async fn an_answer_after_the_time_is_late_but_counts() {
    let fixture = Fixture::new().await;
    let late = fixture.now() + TimeDelta::seconds(600);
    fixture.call(vec![fixture.press("m1", 4, AnswerKind::Received, late)]).await;

    let answers = fixture.events("answers_recorded").await;
    let [(_, Event::AnswersRecorded(recorded))] = &*answers else { panic!("{answers:?}") };
    assert!(recorded.answers[0].late);
    assert_eq!(fixture.ladder()[4].status(), Status::Acknowledged);
}

#[tokio::test]
async fn words_answer_the_broadcast_that_reached_the_person_last() {
    let fixture = Fixture::new().await;
    let now = fixture.now();
    for (recipient, words, kind) in [
        (1, "ok", AnswerKind::Received),
        (2, "Help! we are on the roof", AnswerKind::NeedHelp),
        (3, "which valley?", AnswerKind::Other),
    ] {
        let id = format!("m{recipient}");
        fixture.call(vec![text(&id, fixture.number(recipient), now, words)]).await;
        assert!(fixture.ladder()[recipient as usize].answered_with(kind), "{words}");
    }
}

#[tokio::test]
async fn typed_words_are_never_taken_for_a_button() {
    let fixture = Fixture::new().await;
    let payload = Payload { reference: fixture.reference(9), answer: AnswerKind::Safe }.to_string();
    fixture.call(vec![text("m1", fixture.number(1), fixture.now(), &payload)]).await;

    assert_eq!(fixture.ladder()[9].status(), Status::Accepted);
    assert!(fixture.ladder()[1].answered_with(AnswerKind::Other));
}

#[tokio::test]
async fn the_same_message_is_taken_in_once_even_by_another_process() {
    let fixture = Fixture::new().await;
    let now = fixture.now();
    let notices = || {
        vec![
            fixture.press("m1", 4, AnswerKind::Received, now),
            text("m2", fixture.number(5), now, "STOP"),
            text("m3", "+34699999999".parse().unwrap(), now, "hola"),
        ]
    };
    fixture.call(notices()).await;
    let before = fixture.head().await;

    fixture.call(notices()).await;
    let other = process(&fixture.stage, &fixture.webhook, &Faults::default());
    while other.follow().await.unwrap() == Step::Worked {}
    let body = fixture.webhook.body(notices());
    other.receive(&body, TableWebhook::SIGNATURE).await.unwrap();

    assert_eq!(fixture.head().await, before);
}

#[tokio::test]
async fn stop_and_start_move_consent_before_we_answer_the_provider() {
    let fixture = Fixture::new().await;
    let now = fixture.now();
    fixture.call(vec![text("m1", fixture.number(5), now, "Stop!")]).await;
    assert!(matches!(fixture.consent(5).await, Some(ConsentState::Withdrawn(_))));
    assert!(fixture.ladder()[5].answered_with(AnswerKind::Other), "it is kept as an answer, too");

    fixture.stage.clock.advance(TimeDelta::seconds(60));
    fixture.call(vec![text("m2", fixture.number(5), fixture.now(), "START")]).await;
    assert!(matches!(fixture.consent(5).await, Some(ConsentState::Given(_))));

    let overtaken = now - TimeDelta::seconds(5);
    fixture.call(vec![text("m3", fixture.number(6), now, "stop")]).await;
    fixture.call(vec![text("m4", fixture.number(6), overtaken, "start")]).await;
    assert!(matches!(fixture.consent(6).await, Some(ConsentState::Withdrawn(_))));
}

#[tokio::test]
async fn stop_on_a_button_counts_as_well() {
    let fixture = Fixture::new().await;
    let payload =
        Payload { reference: fixture.reference(7), answer: AnswerKind::Other }.to_string();
    let body = InboundBody::Button { payload, label: "Stop promotions".to_owned() };
    let pressed = Notice::Inbound(inbound("m1", fixture.number(7), fixture.now(), body));
    fixture.call(vec![pressed]).await;

    assert!(matches!(fixture.consent(7).await, Some(ConsentState::Withdrawn(_))));
}

#[tokio::test]
async fn whoever_writes_first_becomes_a_stranger_once() {
    let fixture = Fixture::new().await;
    let number: PhoneNumber = "+34699999999".parse().unwrap();
    let bodies: Vec<Vec<u8>> = (0..5)
        .map(|nth| {
            let id = format!("m{nth}");
            fixture.webhook.body(vec![text(&id, number.clone(), fixture.now(), "hola")])
        })
        .collect();
    let calls = bodies.iter().map(|body| fixture.engine.receive(body, TableWebhook::SIGNATURE));
    for received in future::join_all(calls).await {
        received.unwrap();
    }

    let row = fixture.row("+34699999999").await.unwrap();
    assert_eq!(row.relation, Relation::Stranger);
    let messages = fixture.events("message_received").await;
    let conversation = StreamId::conversation(row.contact_id);
    assert_eq!(messages.len(), 5);
    assert!(messages.iter().all(|(stream, _)| *stream == conversation), "{messages:?}");
}

#[tokio::test]
async fn a_stranger_who_says_stop_is_never_written_to() {
    let fixture = Fixture::new().await;
    let number: PhoneNumber = "+34699999999".parse().unwrap();
    fixture.call(vec![text("m1", number, fixture.now(), "STOP")]).await;

    let row = fixture.row("+34699999999").await.unwrap();
    assert!(matches!(row.consents.get(&Purpose::Alerts), Some(ConsentState::Withdrawn(_))));
}

#[tokio::test]
async fn a_number_is_found_in_the_form_the_provider_writes_it() {
    let fixture = Fixture::new().await;
    let at = fixture.now();
    fixture.call(vec![text("m1", "+5511987654321".parse().unwrap(), at, "olá")]).await;
    fixture.call(vec![text("m2", "+551187654321".parse().unwrap(), at, "olá")]).await;

    let messages = fixture.events("message_received").await;
    assert_eq!(messages[0].0, messages[1].0, "both are of one person");
}

#[tokio::test]
async fn what_somebody_forgotten_answers_is_counted_and_not_kept() {
    let fixture = Fixture::new().await;
    let (contact, _): (ContactId, _) = fixture.running.people[4];
    fixture.engine.vault.destroy(contact.0, fixture.now()).await.unwrap();
    fixture.call(vec![fixture.press("m1", 4, AnswerKind::NeedHelp, fixture.now())]).await;

    assert!(fixture.ladder()[4].answered_with(AnswerKind::NeedHelp));
    let answers = fixture.events("answers_recorded").await;
    let [(_, Event::AnswersRecorded(recorded))] = &*answers else { panic!("{answers:?}") };
    assert!(recorded.answers[0].content.as_bytes().is_empty());
}

#[tokio::test]
async fn a_picture_is_a_message_and_no_answer() {
    let fixture = Fixture::new().await;
    let body = InboundBody::Other { form: "image".to_owned(), raw: "{}".to_owned() };
    let picture = Notice::Inbound(inbound("m1", fixture.number(2), fixture.now(), body));
    fixture.call(vec![picture]).await;

    let messages = fixture.events("message_received").await;
    let [(_, Event::MessageReceived(received))] = &*messages else { panic!("{messages:?}") };
    assert_eq!(received.form, "image");
    assert_eq!(fixture.ladder()[2].status(), Status::Accepted);
}

#[tokio::test]
async fn what_the_provider_says_about_templates_and_senders_is_noted_once() {
    let fixture = Fixture::new().await;
    let template = |name: &str| Notice::TemplateStatus {
        name: name.to_owned(),
        language: "en".parse().unwrap(),
        status: ProviderStatus::Paused,
        provider_id: None,
        reason: Some("quality".to_owned()),
    };
    let category = Notice::TemplateCategory {
        name: "leave_the_valley".to_owned(),
        category: Category::Marketing,
    };
    let facts = Notice::SenderFacts {
        sender: SenderId("15551234567".to_owned()),
        rate_per_s: Some(1_000),
        quality: None,
        daily_people_max: None,
        notice: "THROUGHPUT_UPGRADE".to_owned(),
    };
    for _ in 0..2 {
        let known = template("leave_the_valley");
        fixture.call(vec![known, template("foreign"), category.clone(), facts.clone()]).await;
    }

    assert_eq!(fixture.events("translation_status_changed").await.len(), 2, "approved, paused");
    assert_eq!(fixture.events("template_category_changed").await.len(), 1);
    assert_eq!(fixture.events("sender_facts_learned").await.len(), 1);
    let sender = &fixture.engine.config.senders[0];
    assert_eq!(fixture.engine.rate_of(sender), 1_000, "the only sender is meant");
}

#[tokio::test]
async fn stopping_marketing_in_the_app_withdraws_it_and_resuming_agrees_to_nothing_new() {
    let fixture = Fixture::new().await;
    let preference = |wanted| Notice::MarketingPreference {
        from: Some(fixture.number(3)),
        wanted,
        at: fixture.now(),
    };
    let marketing = async || {
        let row = fixture.row(fixture.number(3).as_e164()).await.unwrap();
        row.consents.get(&Purpose::Marketing).copied()
    };
    fixture.call(vec![preference(true)]).await;
    assert_eq!(marketing().await, None);
    fixture.call(vec![preference(false)]).await;
    assert!(matches!(marketing().await, Some(ConsentState::Withdrawn(_))));
    fixture.call(vec![preference(true)]).await;
    assert!(matches!(marketing().await, Some(ConsentState::Given(_))));
    assert!(matches!(fixture.consent(3).await, Some(ConsentState::Given(_))), "alerts go on");
}
