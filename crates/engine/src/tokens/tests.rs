//! What tokens promise.

use super::*;
use crate::ports::IdSource as _;
use crate::testing::Stage;

fn admin(stage: &Stage) -> Context {
    Context::system("test", stage.ids.next())
}

#[tokio::test]
async fn a_secret_authenticates_its_holder() {
    let stage = Stage::default();
    let engine = stage.engine();
    let made =
        engine.create_token(&admin(&stage), "anna.b", AccessRole::Communicator).await.unwrap();

    let found = engine.authenticate(&made.secret).await.unwrap().unwrap();

    assert_eq!((found.name.as_str(), found.role), ("anna.b", AccessRole::Communicator));
    assert_eq!(engine.authenticate("fnl_something-else").await.unwrap(), None);
}

#[tokio::test]
async fn a_revoked_secret_is_worthless() {
    let stage = Stage::default();
    let engine = stage.engine();
    let context = admin(&stage);
    let made = engine.create_token(&context, "anna", AccessRole::Viewer).await.unwrap();

    engine.revoke_token(&context, made.token_id).await.unwrap();

    assert_eq!(engine.authenticate(&made.secret).await.unwrap(), None);
    let again = engine.revoke_token(&context, made.token_id).await.unwrap_err();
    assert!(matches!(again, UseCaseError::NotFound { .. }), "{again:?}");
}

#[tokio::test]
async fn the_first_token_is_made_once() {
    let stage = Stage::default();
    let engine = stage.engine();
    let first = engine.create_first_token().await.unwrap().unwrap();
    let holder = engine.authenticate(&first.secret).await.unwrap().unwrap();
    assert_eq!(holder.role, AccessRole::Admin);
    assert_eq!(engine.create_first_token().await.unwrap(), None);
}

#[tokio::test]
async fn only_an_admin_makes_tokens() {
    let stage = Stage::default();
    let context = Context::new("token:eve", AccessRole::Commander, stage.ids.next());
    let refused = stage.engine().create_token(&context, "eve", AccessRole::Admin).await;
    let needs = AccessRole::Admin;
    assert!(matches!(refused, Err(UseCaseError::Forbidden { needs: n }) if n == needs));
}

#[tokio::test]
async fn a_handle_is_not_a_persons_name() {
    let stage = Stage::default();
    let engine = stage.engine();
    for name in ["", "Anna", "anna b", "anna@example.org", &"a".repeat(65)] {
        let refused = engine.create_token(&admin(&stage), name, AccessRole::Viewer).await;
        let refused = refused.unwrap_err();
        assert!(matches!(&refused, UseCaseError::Invalid { field, .. } if field == "name"));
    }
}

#[tokio::test]
async fn a_secret_is_never_printed() {
    let stage = Stage::default();
    let made = stage.engine().create_first_token().await.unwrap().unwrap();
    assert!(!format!("{made:?}").contains(&made.secret));
}
