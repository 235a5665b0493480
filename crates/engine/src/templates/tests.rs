//! What can be asked about templates.

use fanal_domain::template::ProviderStatus;

use super::*;
use crate::ports::IdSource as _;
use crate::step::Step;
use crate::testing::Stage;

fn context(stage: &Stage) -> Context {
    Context::system("test", stage.ids.next())
}

async fn catch_up(engine: &Engine) {
    while engine.follow().await.unwrap() == Step::Worked {}
}

fn french() -> (Language, Content) {
    let body = "Alerte : quittez les rez-de-chaussée maintenant.".to_owned();
    let content = Content { header: None, body, footer: None, buttons: Vec::new() };
    ("fr".parse().unwrap(), content)
}

async fn registered(engine: &Engine, context: &Context) -> TemplateId {
    let written = engine
        .register_template(context, "flood".to_owned(), Category::Utility, Vec::new())
        .await
        .unwrap();
    catch_up(engine).await;
    TemplateId(written.id)
}

#[tokio::test]
async fn a_submitted_translation_stands_where_the_provider_says() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let id = registered(&engine, &context).await;
    let (language, text) = french();
    engine.translate_template(&context, id, language.clone(), text).await.unwrap();

    engine.submit_template(&context, id, &language).await.unwrap();

    catch_up(&engine).await;
    let status = engine
        .live
        .read(|world| world.catalogue().template(id).unwrap().state.translations[&language].status);
    assert_eq!(status, ProviderStatus::Approved);
}

#[tokio::test]
async fn what_was_not_written_cannot_be_submitted() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let id = registered(&engine, &context).await;

    let refused = engine.submit_template(&context, id, &french().0).await.unwrap_err();

    assert!(matches!(refused, UseCaseError::NotFound { what: "translation" }), "{refused:?}");
}

#[tokio::test]
async fn a_name_is_used_once() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    registered(&engine, &context).await;

    let again = engine
        .register_template(&context, "flood".to_owned(), Category::Utility, Vec::new())
        .await
        .unwrap_err();

    assert!(matches!(&again, UseCaseError::Invalid { field, .. } if field == "name"), "{again:?}");
}

#[tokio::test]
async fn syncing_notes_only_what_changed() {
    let stage = Stage::default();
    let (engine, context) = (stage.engine(), context(&stage));
    let id = registered(&engine, &context).await;
    let (language, text) = french();
    engine.translate_template(&context, id, language.clone(), text.clone()).await.unwrap();
    let provider = &engine.ports.provider;
    provider.submit_template("flood", Category::Marketing, &[], &language, &text).await.unwrap();
    provider.submit_template("theirs", Category::Utility, &[], &language, &text).await.unwrap();
    catch_up(&engine).await;

    let first = engine.sync_templates(&context).await.unwrap();
    catch_up(&engine).await;
    let second = engine.sync_templates(&context).await.unwrap();

    assert_eq!(first, Synced { changed: 1, unchanged: 0, foreign: 1 });
    assert_eq!(second, Synced { changed: 0, unchanged: 1, foreign: 1 });
    let category = engine.live.read(|world| world.catalogue().template(id).unwrap().state.category);
    assert_eq!(category, Category::Marketing);
}
