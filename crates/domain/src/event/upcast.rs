//! Old bodies become new ones, one version at a time, by pure functions.

use serde_json::{Map, Value};

use super::DecodeError;

/// One version's body turned into the next version's.
struct Step {
    kind: &'static str,
    from: u16,
    lift: fn(&mut Map<String, Value>),
}

/// Every change of a body ever made. A new one is one more line:
/// `Step { kind: "role_assigned", from: 1, lift: |body| { … } }`.
const STEPS: &[Step] = &[];

/// Lifts a stored body to the newest version of its kind; `None` if it is there already.
///
/// # Errors
/// [`DecodeError::Malformed`] if the old bytes do not have the old shape.
pub fn to_current(
    kind: &str,
    version: u16,
    bytes: &[u8],
) -> Result<Option<(u16, Vec<u8>)>, DecodeError> {
    lift(STEPS, kind, version, bytes)
}

fn lift(
    steps: &[Step],
    kind: &str,
    version: u16,
    bytes: &[u8],
) -> Result<Option<(u16, Vec<u8>)>, DecodeError> {
    let step_from = |from| steps.iter().find(|step| step.kind == kind && step.from == from);
    let Some(mut step) = step_from(version) else { return Ok(None) };
    let mut body: Map<String, Value> = super::parse(kind, version, bytes)?;
    loop {
        (step.lift)(&mut body);
        let reached = step.from + 1;
        match step_from(reached) {
            Some(next) => step = next,
            None => return Ok(Some((reached, super::canonical(&body)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    /// What became of an invented kind: first a field was added, then another renamed.
    const INVENTED: &[Step] = &[
        Step {
            kind: "siren_sounded",
            from: 1,
            lift: |body| {
                body.insert("test".into(), false.into());
            },
        },
        Step {
            kind: "siren_sounded",
            from: 2,
            lift: |body| {
                if let Some(tower) = body.remove("tower") {
                    body.insert("place".into(), tower);
                }
            },
        },
    ];

    #[track_caller]
    fn check(version: u16, body: &str, expected: Option<(u16, &str)>) {
        let lifted = lift(INVENTED, "siren_sounded", version, body.as_bytes()).unwrap();
        let lifted = lifted.map(|(version, bytes)| (version, String::from_utf8(bytes).unwrap()));
        assert_eq!(lifted.as_ref().map(|(version, body)| (*version, body.as_str())), expected);
    }

    #[test]
    fn an_old_body_goes_through_every_step_to_the_newest() {
        check(1, r#"{"tower":"north"}"#, Some((3, r#"{"place":"north","test":false}"#)));
        check(2, r#"{"tower":"north","test":true}"#, Some((3, r#"{"place":"north","test":true}"#)));
    }

    #[test]
    fn a_body_of_the_newest_version_or_of_another_kind_is_left_alone() {
        check(3, r#"{"place":"north","test":true}"#, None);
        assert_eq!(lift(INVENTED, "other", 1, b"{}").unwrap(), None);
    }

    #[test]
    fn an_old_body_of_another_shape_is_malformed() {
        let error = lift(INVENTED, "siren_sounded", 1, b"[]").unwrap_err();
        assert!(matches!(error, DecodeError::Malformed { version: 1, .. }));
    }

    #[test]
    fn every_step_leads_to_a_version_this_build_reads() {
        for step in STEPS {
            let reaches =
                |(kind, version): &(&str, u16)| *kind == step.kind && *version > step.from;
            assert!(Event::KINDS.iter().any(reaches), "{} {}", step.kind, step.from);
        }
    }
}
