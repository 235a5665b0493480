//! `fields=`: showing only what was asked for.

use serde_json::{Map, Value};

/// Keeps `id` and the named fields of a node; without `fields` keeps everything.
pub(super) fn select(node: Value, fields: Option<&str>) -> Value {
    let (Some(fields), Value::Object(node)) = (fields, &node) else { return node };
    let wanted = names(fields);
    let kept = node.iter().filter(|(key, _)| *key == "id" || wanted.contains(&key.as_str()));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
}

/// The names on the top level of `a,b{c,d},e.limit(3)`.
fn names(fields: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let parts = fields.split(|c| {
        match c {
            '{' | '(' | '[' => depth = depth.saturating_add(1),
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth <= 0
    });
    parts.map(|part| part.split(['{', '(', '.']).next().unwrap_or_default().trim()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_the_id_and_what_was_named() {
        let node = json!({ "id": "1", "a": 1, "b": 2, "c": 3 });
        assert_eq!(select(node.clone(), None), node);
        let kept = select(node, Some("a,b{x,c}.limit(3), d"));
        assert_eq!(kept, json!({ "id": "1", "a": 1, "b": 2 }));
    }
}
