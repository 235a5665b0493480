//! What answers mean, and which one counts.

use proptest::prelude::*;

use super::*;
use crate::sealed::Sealed;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000 + seconds, 0).unwrap()
}

fn answer(seconds: i64, kind: AnswerKind) -> Answer {
    Answer {
        recipient: 0,
        at: at(seconds),
        kind,
        late: is_late(at(0), 300, at(seconds)),
        content: Sealed::from_bytes(vec![]),
        message: Sealed::from_bytes(vec![]),
    }
}

fn after(answers: &[(i64, AnswerKind)]) -> Acknowledgement {
    let mut acknowledgement = Acknowledgement::default();
    for &(seconds, kind) in answers {
        acknowledgement.apply(&answer(seconds, kind));
    }
    acknowledgement
}

#[track_caller]
fn check(message: &str, expected: AnswerKind) {
    assert_eq!(AnswerWords::default().meaning(Reply::Wrote(message)), expected, "{message:?}");
}

#[test]
fn a_button_means_what_the_template_says() {
    let words = AnswerWords::default();
    assert_eq!(words.meaning(Reply::Pressed(AnswerKind::Safe)), AnswerKind::Safe);
}

#[test]
fn knows_the_words_of_four_languages() {
    for message in ["OK", "Got it!", "Reçu.", "D’accord", "Recibido", "Sí", "recebido", "SIM"] {
        check(message, AnswerKind::Received);
    }
    for message in ["safe", "I'm safe", "À l’abri", "en sécurité", "A salvo", "Estou bem"] {
        check(message, AnswerKind::Safe);
    }
    for message in ["HELP", "SOS", "Au secours !", "À l'aide", "Ayuda", "¡Socorro!", "Ajuda"] {
        check(message, AnswerKind::NeedHelp);
    }
}

#[test]
fn other_words_are_an_answer_without_acknowledging() {
    for message in ["ok but where?", "who is this", "", "👍", "safely", "unsafe", "not safe"] {
        check(message, AnswerKind::Other);
    }
    check(&format!("ok {}", "x ".repeat(300)), AnswerKind::Other);
}

#[test]
fn a_call_for_help_counts_with_words_after_it() {
    check("Help us, the water is at the second floor", AnswerKind::NeedHelp);
    check("au secours ma mère est tombée", AnswerKind::NeedHelp);
    check(&format!("help {}", "please ".repeat(300)), AnswerKind::NeedHelp);
    check("helpful, thanks", AnswerKind::Other);
}

#[test]
fn no_word_means_two_things() {
    let all: Vec<(String, &str)> = ["stop", "start", "received", "safe", "need_help"]
        .into_iter()
        .flat_map(|heading| listed(heading).map(move |word| (plain(word).unwrap(), heading)))
        .collect();
    for (word, heading) in &all {
        assert!(all.iter().all(|(other, its)| other != word || its == heading), "{word}");
    }
}

#[test]
fn is_late_only_after_the_time_the_broadcast_asks() {
    assert!(!is_late(at(0), 300, at(300)));
    assert!(is_late(at(0), 300, at(301)));
    assert!(!is_late(at(0), 300, at(-5)));
}

#[test]
fn the_first_counts_and_the_latest_is_shown() {
    let acknowledgement = after(&[
        (1, AnswerKind::Other),
        (10, AnswerKind::Received),
        (400, AnswerKind::NeedHelp),
        (500, AnswerKind::Other),
    ]);
    let (first, latest) = (acknowledgement.first().unwrap(), acknowledgement.latest().unwrap());
    assert_eq!((first.kind, first.late), (AnswerKind::Received, false));
    assert_eq!((latest.kind, latest.late), (AnswerKind::NeedHelp, true));
    assert_eq!(acknowledgement.history().len(), 4);
}

#[test]
fn a_call_for_help_stands_until_the_person_is_safe() {
    assert!(after(&[(1, AnswerKind::NeedHelp), (2, AnswerKind::Received)]).needs_help());
    assert!(!after(&[(1, AnswerKind::NeedHelp), (2, AnswerKind::Safe)]).needs_help());
    assert!(after(&[(1, AnswerKind::Safe), (2, AnswerKind::NeedHelp)]).needs_help());
    assert!(!after(&[(1, AnswerKind::Received)]).needs_help());
}

#[test]
fn an_answer_without_acknowledging_is_no_acknowledgement() {
    assert_eq!(after(&[(1, AnswerKind::Other)]).first(), None);
}

fn kinds() -> impl Strategy<Value = AnswerKind> {
    prop_oneof![
        Just(AnswerKind::Received),
        Just(AnswerKind::Safe),
        Just(AnswerKind::NeedHelp),
        Just(AnswerKind::Other),
    ]
}

proptest! {
    #[test]
    fn order_and_repetition_of_answers_do_not_matter(
        (answers, shuffled) in proptest::collection::vec((0_i64..5, kinds()), 0..6)
            .prop_flat_map(|answers| {
                let twice = [answers.clone(), answers.clone()].concat();
                (Just(answers), Just(twice).prop_shuffle())
            })
    ) {
        prop_assert_eq!(after(&answers), after(&shuffled));
    }

    #[test]
    fn no_message_makes_it_panic(message in ".{0,200}") {
        AnswerWords::default().meaning(Reply::Wrote(&message));
    }
}
