//! Read access to the table's items.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use local_simulators::problem::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::internal;
use crate::conversations::plain_item;
use crate::stack::Stack;

/// The selection of items.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// A text that `pk` or `sk` contains.
    #[serde(default)]
    contains: String,
    /// The most items to return.
    #[serde(default = "some")]
    limit: usize,
}

fn some() -> usize {
    100
}

pub(super) async fn show(
    State(stack): State<Stack>,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(wanted) = query?;
    let table = Arc::clone(&stack.table);
    let items = tokio::task::spawn_blocking(move || table.all_items()).await;
    let items = items.map_err(internal)?.map_err(internal)?;
    Ok(Json(matching(&items, &wanted)))
}

/// Returns the items in the order of their keys, and how many there are beyond the limit.
fn matching(items: &[Value], wanted: &Wanted) -> Value {
    let key = |item: &Value, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    let mut found: Vec<_> = items
        .iter()
        .map(|item| (key(item, "pk"), key(item, "sk"), item))
        .filter(|(pk, sk, _)| pk.contains(&wanted.contains) || sk.contains(&wanted.contains))
        .collect();
    found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let shown: Vec<_> = found
        .iter()
        .take(wanted.limit)
        .filter_map(|(_, _, item)| plain_item(item))
        .collect();
    json!({"items": shown, "matching": found.len(), "total": items.len()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_by_a_part_of_their_key() {
        let item = |pk: &str, sk: &str| json!({"pk": {"S": pk}, "sk": {"S": sk}, "n": {"N": "1"}});
        let items = [
            item("MSG#b", "MSG"),
            item("CONV#1#49", "STATE"),
            item("CONV#1#49", "HELD#1"),
        ];
        let table = [
            ("", 9, vec!["HELD#1", "STATE", "MSG"], 3),
            ("CONV", 1, vec!["HELD#1"], 2),
            ("HELD", 9, vec!["HELD#1"], 1),
            ("none", 9, vec![], 0),
        ];
        for (contains, limit, expected, matching_ones) in table {
            let wanted = Wanted {
                contains: contains.to_owned(),
                limit,
            };
            let shown = matching(&items, &wanted);
            let found = shown["items"].as_array().unwrap();
            let keys: Vec<_> = found
                .iter()
                .filter_map(|item| item["sk"].as_str())
                .collect();
            assert_eq!(keys, expected, "{contains}");
            assert_eq!(shown["matching"], matching_ones, "{contains}");
            assert_eq!(shown["total"], 3);
        }
        let one = Wanted {
            contains: "MSG".to_owned(),
            limit: 1,
        };
        assert_eq!(
            matching(&items, &one)["items"][0],
            json!({"pk": "MSG#b", "sk": "MSG", "n": 1})
        );
    }
}
