//! The end of the demonstration: every figure beside its target, and how to look further.

use serde_json::Value;

use super::script::Ending;
use super::stage::Place;
use crate::terminal::table;

/// Every figure of the incident as a table, then who was not told, who failed, and the cost.
pub fn figures(metrics: &Value) -> String {
    let rows = vec![
        row("delivery rate", &metrics["delivery_rate"], rate),
        row("response time, median", &metrics["response_time"], median),
        row("engagement rate", &metrics["engagement_rate"], rate),
        row("acknowledged in 5 min (target for staff)", &metrics["acknowledgement_rate"], rate),
        row("read rate", &metrics["read_rate"], rate),
        row("time to reach, p50", &metrics["time_to_reach"], |value| duration(&value["p50_ms"])),
        row("time to reach, p90", &metrics["time_to_reach"], |value| duration(&value["p90_ms"])),
        row("time to reach, p99", &metrics["time_to_reach"], |value| duration(&value["p99_ms"])),
        row("cost by list price", &metrics["cost"], dollars),
        row("cost avoided", &metrics["cost_avoided"], dollars),
    ];
    let as_of = &metrics["delivery_rate"]["as_of"];
    [
        table(&["figure", "value", "target", ""], &rows),
        format!("suppressed: {}", counts(&metrics["suppressed"])),
        format!("statuses:   {}", counts(&metrics["statuses"])),
        format!("failures:   {}", failures(&metrics["failure_rate"]["value"])),
        format!("as of position {}, {} events behind", as_of["position"], metrics["events_behind"]),
    ]
    .join("\n")
}

/// Commands that work on what the demonstration left.
pub fn what_next(place: &Place, ending: &Ending) -> String {
    let config = place.config();
    let config = config.display();
    let incident = &ending.incident;
    [
        "Look further at what is left:".to_owned(),
        format!("  fanal --config {config} replay {incident}"),
        format!("  fanal --config {config} replay {incident} --speed 10 --language fr"),
        format!("  fanal --config {config} tokens create me --role viewer"),
        format!("  fanal --config {config} serve"),
        format!("and then, with that token, GET /v1/broadcasts/{}", ending.broadcast),
        "With cargo, write `cargo run --release --` instead of `fanal`.".to_owned(),
    ]
    .join("\n")
}

fn row(name: &str, figure: &Value, show: impl Fn(&Value) -> String) -> Vec<String> {
    let verdict = match figure["goal"]["verdict"].as_str() {
        Some("met") => "met",
        Some("not_met") => "NOT MET",
        _ => "",
    };
    vec![name.to_owned(), show(&figure["value"]), target(&figure["goal"]), verdict.to_owned()]
}

fn target(goal: &Value) -> String {
    match (goal["at_least"].as_f64(), goal["median_below_ms"].as_u64()) {
        (Some(share), _) => format!("≥ {:.0} %", share * 100.0),
        (None, Some(ms)) => format!("< {} min", ms / 60_000),
        (None, None) => String::new(),
    }
}

fn rate(value: &Value) -> String {
    let share = value["share"].as_f64();
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

fn median(value: &Value) -> String {
    duration(&value["p50_ms"])
}

fn duration(ms: &Value) -> String {
    ms.as_f64().map_or_else(|| "–".to_owned(), |ms| format!("{:.1} s", ms / 1000.0))
}

fn dollars(value: &Value) -> String {
    let micros = value["usd_micros"].as_f64().unwrap_or_default();
    format!("{:.2} USD", micros / 1e6)
}

fn counts(counts: &Value) -> String {
    let counts = counts.as_object().into_iter().flatten();
    let words: Vec<String> =
        counts.map(|(key, count)| format!("{count} {}", key.replace('_', " "))).collect();
    if words.is_empty() { "nobody".to_owned() } else { words.join(", ") }
}

fn failures(shares: &Value) -> String {
    let shares = shares.as_array().into_iter().flatten();
    let words: Vec<String> = shares
        .map(|share| {
            let why = match share["failure"]["code"].as_u64() {
                Some(code) => format!("code {code}"),
                None => "no evidence of delivery in time".to_owned(),
            };
            format!("{} {why}", share["rate"]["part"])
        })
        .collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_missed_target_stands_out() {
        let figure = json!({
            "value": { "part": 1, "whole": 4, "share": 0.25 },
            "goal": { "at_least": 0.95, "verdict": "not_met" },
        });
        assert_eq!(row("delivery rate", &figure, rate)[1..], ["25.0 %", "≥ 95 %", "NOT MET"]);
    }

    #[test]
    fn nothing_to_divide_by_is_no_figure() {
        assert_eq!(rate(&json!({ "part": 0, "whole": 0, "share": null })), "–");
        assert_eq!(duration(&Value::Null), "–");
    }

    #[test]
    fn failures_are_listed_by_code() {
        let shares = json!([
            { "failure": { "class": "refused", "code": 131_026 }, "rate": { "part": 12 } },
            { "failure": null, "rate": { "part": 3 } },
        ]);
        assert_eq!(failures(&shares), "12 code 131026, 3 no evidence of delivery in time");
    }
}
