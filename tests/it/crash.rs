//! The engine is killed ten times in the middle of a broadcast: nobody is lost, nobody is told
//! twice, and who may not have been told is listed.

use fanal_tests::{Setting, Story};

use crate::{databases, program};

const ROWS: usize = 1_500;
const KILLS: u64 = 10;

/// Most sends that can be in flight: lanes × slice.
const IN_FLIGHT_MAX: u64 = 4 * 100;

#[tokio::test]
async fn nobody_is_lost_on_sqlite() {
    nobody_is_lost(None, 11).await;
}

#[tokio::test]
async fn nobody_is_lost_on_postgres() {
    nobody_is_lost(Some(databases::postgres("story_crash").await), 12).await;
}

async fn nobody_is_lost(database: Option<String>, seed: u64) {
    let setting = Setting { database, rate_per_s: 250, seed };
    let mut story = Story::begin(program(), setting, &["--plain"], ROWS).await;
    let expected = (story.people.people - story.people.without_consent) as u64;
    let broadcast = story.launch_warning(90).await;
    let path = format!("/v1/broadcasts/{broadcast}");

    for kill in 1..=KILLS {
        // A moment somewhere in the kill's share of the broadcast, another one for every seed.
        let share = expected / (KILLS + 1);
        let moment = kill * share + (seed * 7919 * kill) % share;
        story.wait_for(&path, |shown| begun(shown) >= moment).await;
        story.kill_engine().await;
    }
    let completed = story.wait_for(&path, |shown| shown["state"] == "completed").await;

    let phones = story.phones().await;
    let unknown = completed["statuses"]["unknown"].as_u64().unwrap_or_default();
    let told_twice = phones.values().filter(|phone| phone.accepted > 1).count();
    assert_eq!(told_twice, 0, "nobody is told twice");
    assert_eq!(phones.len() as u64 + unknown, expected, "who is not told is listed as unknown");
    assert!(unknown <= KILLS * IN_FLIGHT_MAX, "{unknown} unknown is more than was in flight");

    let before = story.get(&format!("{path}/metrics")).await;
    story.kill_engine().await;
    let after = story.get(&format!("{path}/metrics")).await;
    assert_eq!(after["statuses"], before["statuses"], "a rebuild gives the same figures");
    assert_eq!(after["delivery_rate"]["value"], before["delivery_rate"]["value"]);
    story.stage.clear().await.unwrap();
}

/// How many sends have at least begun.
fn begun(shown: &serde_json::Value) -> u64 {
    let statuses = shown["statuses"].as_object().unwrap();
    let waiting = ["in_scope", "eligible", "queued", "suppressed"];
    let begun = statuses.iter().filter(|(status, _)| !waiting.contains(&status.as_str()));
    begun.filter_map(|(_, count)| count.as_u64()).sum()
}
