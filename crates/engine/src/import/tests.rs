//! What an import brings in, what it refuses, and that a second one changes nothing.

use std::io;

use fanal_domain::consent::{Method, Purpose};
use fanal_domain::contact::Consent;
use fanal_domain::id::ContactId;

use super::*;
use crate::contacts::ContactView;
use crate::envelope::Position;
use crate::fault::{Fault, Faults, FaultyDirectory, FaultyKeys, FaultyLog};
use crate::person::AttributeValue;
use crate::ports::{EventLog as _, Filter, IdSource as _};
use crate::testing::Stage;

const HEADER: &str = "name,phone,sms,language,relation,Shoe size:number,vip:bool,zone,consent,\
                      consent_basis,consent_method,consent_at";

fn file(rows: &[&str]) -> String {
    let mut file = HEADER.to_owned();
    for row in rows {
        file.push('\n');
        file.push_str(row);
    }
    file
}

const ADA: &str = "Ada,06 12 34 56 78,,fr,resident,38,yes,harbour,alerts|service,consent,form,2025-03-01T09:00:00Z";
const BEN: &str = "\"Ben, junior\",+447700900123,+447700900124,en,,,,,,,,";

fn context(stage: &Stage) -> Context {
    Context::system("test", stage.ids.next())
}

async fn run(stage: &Stage, file: &str) -> (ImportReport, Vec<ImportProblem>) {
    let mut sink = FirstProblems::keep(100);
    let engine = stage.engine();
    let report = engine.import_contacts(&context(stage), file.as_bytes(), &mut sink).await;
    (report.unwrap(), sink.problems)
}

async fn person(stage: &Stage, number: &str) -> ContactView {
    let (engine, context) = (stage.engine(), context(stage));
    let id = engine.find_contact(&context, number).await.unwrap().unwrap();
    engine.contact(&context, id, None).await.unwrap()
}

#[tokio::test]
async fn brings_in_every_column() {
    let stage = Stage::default();
    let (report, problems) = run(&stage, &file(&[ADA, BEN])).await;

    assert_eq!(problems, []);
    assert_eq!(report, ImportReport { rows: 2, registered: 2, ..ImportReport::default() });
    let ada = person(&stage, "+33612345678").await;
    let profile = ada.profile.unwrap();
    assert_eq!(profile.name.as_deref(), Some("Ada"));
    assert_eq!(profile.attributes["shoe_size"], AttributeValue::Number(38.0));
    assert_eq!(profile.attributes["vip"], AttributeValue::Bool(true));
    assert_eq!(profile.attributes["zone"], AttributeValue::Text("harbour".to_owned()));
    assert_eq!(ada.consents.len(), 2);
    assert!(matches!(ada.consents[&Purpose::Service], Consent::Given { method: Method::Form, .. }));
    let ben = person(&stage, "+447700900124").await;
    assert_eq!(ben.profile.unwrap().name.as_deref(), Some("Ben, junior"));
    assert!(ben.consents.is_empty());
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let stage = Stage::default();
    let file = file(&[ADA, BEN]);
    run(&stage, &file).await;
    let head = stage.log.head().await.unwrap();

    let (report, problems) = run(&stage, &file).await;

    assert_eq!(report, ImportReport { rows: 2, unchanged: 2, ..ImportReport::default() });
    assert_eq!(problems, []);
    assert_eq!(stage.log.head().await.unwrap(), head);
}

#[tokio::test]
async fn only_what_changed_is_written() {
    let stage = Stage::default();
    run(&stage, &file(&[ADA, BEN])).await;

    let moved = ADA.replace("harbour", "hills");
    let (report, _) = run(&stage, &file(&[&moved, BEN])).await;

    let expected = ImportReport { rows: 2, changed: 1, unchanged: 1, ..ImportReport::default() };
    assert_eq!(report, expected);
    let page = stage.log.read_all(Position(0), 100, &Filter::default()).await.unwrap();
    let kinds: Vec<_> = page.events.iter().map(|event| &*event.kind).collect();
    assert_eq!(
        kinds,
        [
            "contact_registered",
            "consent_given",
            "consent_given",
            "contact_registered",
            "contact_changed"
        ]
    );
}

#[tokio::test]
async fn other_separators_marks_and_line_ends_are_read_too() {
    for separator in [';', '\t'] {
        let stage = Stage::default();
        let rows = format!("\u{feff}Phone{separator}Language\r\n0612345678{separator}FR\r\n");
        let (report, problems) = run(&stage, &rows).await;
        assert_eq!((report.registered, problems), (1, vec![]), "{separator:?}");
    }
}

#[tokio::test]
async fn each_refused_row_says_its_line_its_field_and_the_rule() {
    let stage = Stage::default();
    let rows = [
        "A,12,,fr,,,,,,,,",
        "B,call me,,fr,,,,,,,,",
        "C,,,fr,,,,,,,,",
        "D,+33612345601,,martian,,,,,,,,",
        "E,+33612345602,,,,,,,,,,",
        "F,+33612345603,,fr,friend,,,,,,,",
        "G,+33612345604,,fr,,big,,,,,,",
        "H,+33612345605,,fr,,,perhaps,,,,,",
        "I,+33612345606,,fr,,,,,everything,,,2025-03-01",
        "J,+33612345607,,fr,,,,,alerts,,,yesterday",
        "K,+33612345608,,fr,,,,,alerts,,,2999-01-01T00:00:00Z",
        "L,+33612345609,,fr,,,,,alerts,,,",
        "M,+33612345610,,fr",
        "\"N\nN\",+33612345611,,fr,,,,,,,,",
        "O,+33612345612,,fr,,,,,,,,",
        "P,06 12 34 56 12,,fr,,,,,,,,",
    ];
    let (report, problems) = run(&stage, &file(&rows)).await;

    let told: Vec<_> =
        problems.iter().map(|problem| (problem.line, problem.field.as_str())).collect();
    let expected = [
        (2, "phone"),
        (3, "phone"),
        (4, "phone"),
        (5, "language"),
        (6, "language"),
        (7, "relation"),
        (8, "shoe_size"),
        (9, "vip"),
        (10, "consent"),
        (11, "consent_at"),
        (13, "consent_at"),
        (14, "row"),
        (15, "name"),
        (18, "phone"),
        (12, "consent_at"),
    ];
    assert_eq!(told, expected);
    let expected =
        ImportReport { rows: 16, registered: 1, repeated: 1, refused: 14, ..Default::default() };
    assert_eq!(report, expected);
    for problem in problems {
        assert!(!problem.rule.contains("336123456"), "{problem:?}");
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_used_changes_nothing() {
    for (header, words) in [
        ("", "column 1"),
        ("name,language", "neither `phone` nor `sms`"),
        ("phone,phone", "column 2 has the name of an earlier one"),
        ("phone,whatsapp", "column 2 has the name of an earlier one"),
        ("phone,é", "column 2"),
        ("phone,size:inches", "column 2"),
        ("phone,", "column 2"),
    ] {
        let stage = Stage::default();
        let file = format!("{header}\n+33612345678,fr");
        let mut sink = FirstProblems::keep(9);
        let engine = stage.engine();
        match engine.import_contacts(&context(&stage), file.as_bytes(), &mut sink).await {
            Err(UseCaseError::Invalid { field, rule, .. }) => {
                assert_eq!(field, "header");
                assert!(rule.contains(words) && !rule.contains("336"), "{header}: {rule}");
            }
            other => panic!("{header}: {other:?}"),
        }
        assert_eq!(stage.log.head().await.unwrap(), Position(0));
    }
}

#[tokio::test]
async fn an_import_never_undoes_an_opt_out() {
    let stage = Stage::default();
    run(&stage, &file(&[ADA])).await;
    let (engine, context) = (stage.engine(), context(&stage));
    let id = engine.find_contact(&context, "0612345678").await.unwrap().unwrap();
    let (purposes, method) = (vec![Purpose::Alerts], Method::Message);
    engine.withdraw_consent(&context, id, purposes, method, None).await.unwrap();

    let (report, problems) = run(&stage, &file(&[ADA])).await;

    assert_eq!((report.refused, problems[0].field.as_str()), (1, "consent_at"));
    let ada = person(&stage, "0612345678").await;
    assert!(matches!(ada.consents[&Purpose::Alerts], Consent::Withdrawn { .. }));
}

#[tokio::test]
async fn two_numbers_of_two_people_are_no_person() {
    let stage = Stage::default();
    run(&stage, &file(&[ADA, BEN])).await;
    let both = "Both,0612345678,+447700900123,fr,,,,,,,,";
    let (report, problems) = run(&stage, &file(&[both])).await;
    assert_eq!((report.refused, problems[0].field.as_str()), (1, "sms"));
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_whole_batches_and_can_be_run_again() {
    struct BreaksOff<'a>(&'a [u8]);
    impl Read for BreaksOff<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::other("the disk was pulled out")),
                count => Ok(count),
            }
        }
    }
    let stage = Stage::default();
    let rows: Vec<String> =
        (0..2_500).map(|n| format!("N{n},+336{:08},,fr,,,,,,,,", 12_000_000 + n)).collect();
    let whole = file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let mut sink = FirstProblems::keep(9);

    let engine = stage.engine();
    let broken = BreaksOff(whole.as_bytes());
    let result = engine.import_contacts(&context(&stage), broken, &mut sink).await;

    assert!(matches!(result, Err(UseCaseError::Unavailable(_))), "{result:?}");
    assert_eq!(stage.log.head().await.unwrap(), Position(2_000));
    let (report, _) = run(&stage, &whole).await;
    assert_eq!((report.registered, report.unchanged), (500, 2_000));
}

/// An engine on the stage whose stores fail as told.
fn faulty_engine(stage: &Stage, faults: &Faults) -> Engine {
    let mut ports = stage.ports();
    let faults = faults.clone();
    ports.log = std::sync::Arc::new(FaultyLog { inner: ports.log, faults: faults.clone() });
    ports.directory =
        std::sync::Arc::new(FaultyDirectory { inner: ports.directory, faults: faults.clone() });
    ports.keys = std::sync::Arc::new(FaultyKeys { inner: ports.keys, faults });
    Engine::new(ports, stage.config())
}

#[tokio::test]
async fn whatever_call_fails_a_second_run_brings_everybody_in_once() {
    let moved = ADA.replace("harbour", "hills");
    for fault in [Fault::RefusedBefore, Fault::LostAnswer] {
        let mut call = 1;
        loop {
            let stage = Stage::default();
            run(&stage, &file(&[ADA])).await;
            let faults = Faults::at(call, fault);
            let whole = file(&[&moved, BEN]);
            let mut sink = FirstProblems::keep(9);
            let engine = faulty_engine(&stage, &faults);
            let first = engine.import_contacts(&context(&stage), whole.as_bytes(), &mut sink).await;
            assert_eq!(first.is_err(), faults.calls() >= call, "{fault:?} at {call}");

            let (report, problems) = run(&stage, &whole).await;

            assert_eq!((report.refused, problems), (0, vec![]), "{fault:?} at {call}");
            check_town(&stage).await;
            if first.is_ok() {
                assert!(call > 5, "the walk met only {call} calls");
                break;
            }
            call += 1;
        }
    }
}

/// Ada moved to the hills, Ben came; each once.
async fn check_town(stage: &Stage) {
    let (engine, context) = (stage.engine(), context(stage));
    let entries = engine.contacts(&context, None, 10).await.unwrap();
    let names: Vec<_> =
        entries.iter().filter_map(|entry| entry.profile.as_ref()?.name.as_deref()).collect();
    assert_eq!(names, ["Ada", "Ben, junior"]);
    let ada = person(stage, "0612345678").await;
    let zone = &ada.profile.unwrap().attributes["zone"];
    assert_eq!(*zone, AttributeValue::Text("hills".to_owned()));
    assert_eq!((ada.version, ada.consents.len()), (4, 2));
    let ids: Vec<ContactId> = entries.iter().map(|entry| entry.contact_id).collect();
    assert_eq!(ids.len(), 2);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn never_panics(text in "(phone|sms)[,;a-z\"\n\r0-9 +\u{e9}]{0,120}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stage = Stage::default();
        let mut sink = FirstProblems::keep(9);
        let engine = stage.engine();
        drop(runtime.block_on(engine.import_contacts(&context(&stage), text.as_bytes(), &mut sink)));
    }
}
