//! Looking back gives what was seen then.

use fanal_domain::incident::{Mode, Severity};

use super::*;
use crate::incidents::NewIncident;
use crate::ports::IdSource as _;
use crate::step::Step;
use crate::testing::Stage;

/// Severity, and lines on the timeline.
type Seen = Option<(Severity, usize)>;

fn sight(world: &World, id: IncidentId) -> Seen {
    let view = world.incident(id)?;
    Some((view.incident()?.severity, view.timeline().entries().len()))
}

fn flood() -> NewIncident {
    NewIncident {
        title: "Flood".to_owned(),
        kind: "flood".to_owned(),
        severity: Severity::Moderate,
        mode: Mode::Exercise,
        summary: "Rain.".to_owned(),
    }
}

async fn look(
    engine: &Engine,
    context: &Context,
    id: IncidentId,
    as_of: Option<Position>,
) -> Looked<Seen> {
    let scope = (Scope::Incident(id), as_of);
    engine.look(context, UseCase::ViewIncident, scope, |world| sight(world, id)).await.unwrap()
}

#[tokio::test]
async fn what_was_seen_live_is_seen_again() {
    let stage = Stage::default();
    let engine = stage.engine();
    let context = Context::system("test", stage.ids.next());
    let id = IncidentId(engine.open_incident(&context, flood()).await.unwrap().id);
    let mut seen = Vec::new();
    for to in [Severity::High, Severity::Critical] {
        while engine.follow().await.unwrap() == Step::Worked {}
        seen.push(look(&engine, &context, id, None).await);
        engine.escalate(&context, id, to, "More rain.".to_owned()).await.unwrap();
    }

    for then in seen {
        assert_eq!(look(&engine, &context, id, Some(then.position)).await, then);
    }
    assert_eq!(look(&engine, &context, id, Some(Position(0))).await.value, None);
}

#[tokio::test]
async fn a_look_tells_how_far_behind_it_is() {
    let stage = Stage::default();
    let engine = stage.engine();
    let context = Context::system("test", stage.ids.next());
    let id = IncidentId(engine.open_incident(&context, flood()).await.unwrap().id);

    let before = look(&engine, &context, id, None).await;
    while engine.follow().await.unwrap() == Step::Worked {}
    let after = look(&engine, &context, id, None).await;

    assert_eq!((before.value, before.events_behind), (None, 1));
    assert_eq!((after.value.is_some(), after.events_behind), (true, 0));
}
