//! What rules mean, and which are refused.

use std::collections::{BTreeMap, HashMap};

use fanal_domain::contact::Relation;
use proptest::prelude::*;

use super::*;
use crate::person::relation_word;

fn ada() -> Profile {
    Profile {
        name: Some("Ada".to_owned()),
        whatsapp: Some("+33612345678".parse().unwrap()),
        attributes: BTreeMap::from([
            ("age".to_owned(), AttributeValue::Number(36.0)),
            ("city".to_owned(), AttributeValue::Text("Lyon".to_owned())),
            ("vip".to_owned(), AttributeValue::Bool(true)),
        ]),
        ..Profile::default()
    }
}

#[track_caller]
fn check(rule: &str, expected: bool) {
    let condition = match Condition::compile(rule) {
        Ok(condition) => condition,
        Err(error) => panic!("{rule}: {error} at {:?}", error.place),
    };
    let (profile, language) = (ada(), "fr".parse().unwrap());
    let person = Person { profile: &profile, language: &language, relation: Relation::Employee };
    assert_eq!(condition.selects(&person), expected, "{rule}");
}

#[track_caller]
fn check_refused(rule: &str, place: Option<(usize, usize)>, words: &str) {
    let error = Condition::compile(rule).expect_err(rule);
    assert!(error.rule.contains(words), "{rule}: {error}");
    assert_eq!(error.place, place, "{rule}: {error}");
}

#[test]
fn selects_by_any_field() {
    check(r#"contact.language == "fr""#, true);
    check(r#"contact.relation == "employee""#, true);
    check(r#"contact.relation in ["customer", "resident"]"#, false);
    check(r#"contact.whatsapp.startsWith("+33")"#, true);
    check(r#"contact["city"] == "Lyon""#, true);
    check(r#"contact.city.contains("yo") && contact.city.endsWith("n")"#, true);
    check("contact.age >= 18 && contact.age < 65.5", true);
    check("contact.age in [35, 36]", true);
    check("18 > contact.age", false);
    check("contact.vip", true);
    check("contact.vip == false", false);
    check("!contact.vip || contact.age != 36", false);
    check("contact.city == contact.name", false);
}

#[test]
fn presence_can_be_asked_for() {
    check("has(contact.name) && has(contact.city)", true);
    check("has(contact.sms)", false);
    check("!has(contact.floor)", true);
}

#[test]
fn what_is_absent_is_neither_true_nor_false() {
    check(r#"contact.floor == "3""#, false);
    check(r#"!(contact.floor == "3")"#, false);
    check(r#"contact.floor != "3""#, false);
    check(r#"contact.floor in ["3"]"#, false);
    check(r#"contact.floor == "3" || contact.city == "Lyon""#, true);
    check(r#"!(contact.floor == "3" && contact.city == "Paris")"#, true);
}

#[test]
fn a_value_of_another_type_counts_as_absent() {
    check("contact.city > 3", false);
    check("!(contact.city > 3)", false);
    check(r#"contact.age == "36""#, false);
    check(r#"contact.age.startsWith("3")"#, false);
    check("contact.city", false);
}

#[test]
fn refuses_what_it_cannot_mean_and_says_where() {
    check_refused("", None, "empty rule");
    check_refused("  ", None, "empty rule");
    check_refused("true", None, "does not depend");
    check_refused("1 == 1", Some((1, 3)), "does not depend");
    check_refused("contact.city in []", Some((1, 17)), "empty list");
    check_refused(r#"contact.city.startsWith("")"#, Some((1, 25)), "everyone");
    check_refused(r#"person.city == "Lyon""#, Some((1, 1)), "cannot use `person`");
    check_refused(r#"contact.a.b == "Lyon""#, Some((1, 11)), "no parts");
    check_refused("contact.age + 1 == 2", Some((1, 13)), "should end here");
    check_refused(r#"contact.city.matches("(a+)+$")"#, Some((1, 14)), "no parts");
    check_refused("[1].exists(x, x == 1)", Some((1, 1)), "must stand a condition");
    check_refused("contact.vip > false", Some((1, 13)), "no order");
    check_refused("contact.name == 3", Some((1, 14)), "words");
    check_refused("contact.name", Some((1, 1)), "not yes or no");
    check_refused(r#"contact.relation == "employe""#, Some((1, 18)), "no such relation");
    check_refused(r#"contact.language == "french""#, Some((1, 18)), "not a language");
    check_refused("contact.Age == 3", Some((1, 9)), "cannot be an attribute");
    check_refused("contact.age ==", Some((1, 15)), "missing");
    check_refused("contact.age == 3 &&\n  contact.Age == 4", Some((2, 11)), "cannot be");
    check_refused("contact.age == 3x", Some((1, 16)), "not a number");
    check_refused("contact.age == -inf", Some((1, 16)), "not a number");
    check_refused(r#"contact.city == "Lyon"#, Some((1, 17)), "closing quote");
    check_refused(r#"contact.city == "\x""#, Some((1, 17)), "after \\");
    check_refused("contact.age == 3 # why", Some((1, 18)), "character");
    check_refused("(contact.age == 3", Some((1, 18)), "here must stand `)`");
    check_refused("contact.age == 3 == true", Some((1, 18)), "should end here");
    check_refused(&format!("contact.age == {}", "1".repeat(5_000)), None, "at most 4096");
    let nested = format!("{}contact.age == 3{}", "(".repeat(21), ")".repeat(21));
    check_refused(&nested, Some((1, 21)), "too many parentheses");
}

#[test]
fn names_the_attributes_it_reads_and_as_what() {
    let rule = r#"contact.age > 3 && has(contact.city) && contact.floor in ["1"] && contact.vip"#;
    let needs: Vec<_> = Condition::compile(rule)
        .unwrap()
        .needs()
        .iter()
        .map(|need| (need.attribute.clone(), need.kind, need.is_met_by(&ada())))
        .collect();
    assert_eq!(
        needs,
        [
            ("age".to_owned(), Kind::Number, true),
            ("city".to_owned(), Kind::Any, true),
            ("floor".to_owned(), Kind::Text, false),
            ("vip".to_owned(), Kind::Bool, true),
        ]
    );
}

#[test]
fn hostile_nesting_is_refused_or_harmless() {
    for (open, middle, close) in [
        ("(", "contact.a", ")"),
        ("!", "contact.a", ""),
        ("[", "", "]"),
        ("-", "1", ""),
        ("contact.", "b", ""),
        ("contact[", "\"a\"", "]"),
        ("has(", "", ")"),
    ] {
        let rule = format!("{}{middle}{}", open.repeat(400), close.repeat(400));
        drop(Condition::compile(&rule));
    }
    let chain = vec!["contact.a"; 300].join(" && ");
    assert!(Condition::compile(&chain).is_ok());
}

proptest! {
    #[test]
    fn never_panics(text in "[a-z.()!&|=<>\\[\\]\"' 0-9é\\\\-]{0,60}") {
        drop(Condition::compile(&text));
    }

    #[test]
    fn means_what_cel_means(rule in rules(), profile in profiles()) {
        let person = Person {
            profile: &profile,
            language: &"fr".parse().unwrap(),
            relation: Relation::Customer,
        };
        let ours = Condition::compile(&rule).unwrap().selects(&person);
        prop_assert_eq!(ours, selected_by_cel(&rule, &person), "{}", rule);
    }
}

/// Rules whose values have the type of what they are compared with: with mixed types CEL's
/// equality says false, where we say that it cannot be judged.
fn rules() -> impl Strategy<Value = String> {
    let signs = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        (signs.clone(), -2..3).prop_map(|(sign, value)| format!("contact.age {sign} {value}.0")),
        (signs, 0..3).prop_map(|(sign, value)| format!("'{value}' {sign} contact.city")),
        Just("contact.vip".to_owned()),
        Just("contact.city in ['0', \"2\"]".to_owned()),
        Just("contact.city.startsWith('1')".to_owned()),
        Just("has(contact.age)".to_owned()),
        Just("contact['relation'] == 'customer'".to_owned()),
        Just("contact.language != 'fr'".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|rule| format!("!({rule})")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{one} && {two}")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{one} || {two}")),
            (inner.clone(), inner).prop_map(|(one, two)| format!("({one} || {two})")),
        ]
    })
}

fn profiles() -> impl Strategy<Value = Profile> {
    let age = prop::option::of((-2..3).prop_map(|age| AttributeValue::Number(f64::from(age))));
    let city = prop::option::of(
        prop::sample::select(vec!["0", "1", "2"])
            .prop_map(|city| AttributeValue::Text(city.to_owned())),
    );
    let vip = prop::option::of(any::<bool>().prop_map(AttributeValue::Bool));
    (age, city, vip).prop_map(|(age, city, vip)| {
        let attributes = [("age", age), ("city", city), ("vip", vip)]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        Profile { attributes, ..Profile::default() }
    })
}

fn selected_by_cel(rule: &str, person: &Person<'_>) -> bool {
    let mut contact: HashMap<String, cel::Value> = HashMap::from([
        ("language".to_owned(), person.language.as_str().into()),
        ("relation".to_owned(), relation_word(person.relation).into()),
    ]);
    for (name, value) in &person.profile.attributes {
        let value = match value {
            AttributeValue::Bool(value) => (*value).into(),
            AttributeValue::Number(value) => (*value).into(),
            AttributeValue::Text(value) => value.as_str().into(),
        };
        contact.insert(name.clone(), value);
    }
    let mut context = cel::Context::default();
    context.add_variable_from_value("contact", contact);
    let program = cel::Program::compile(rule).unwrap();
    program.execute(&context) == Ok(cel::Value::Bool(true))
}
