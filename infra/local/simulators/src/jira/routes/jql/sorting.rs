//! Sorts what a search found.

use std::cmp::Ordering;

use serde_json::Value;

use super::matches::time;
use super::{Field, Order};
use crate::jira::state::Indexed;

/// Sorts results by the given order, or newest first if there is none.
pub(crate) fn sort(order: &[Order], issues: &mut [Indexed<'_>]) {
    issues.sort_by(|one, other| {
        let (one, other) = (one.entry, other.entry);
        for Order { field, descending } in order {
            let ordering = match field {
                Field::Created => one.created.cmp(&other.created),
                Field::Updated => one.updated.cmp(&other.updated),
                Field::Summary => one.summary.cmp(&other.summary),
                Field::Status => one.status.name().cmp(other.status.name()),
                Field::Key => one.id.cmp(&other.id),
                Field::Custom(id) => by_value(one.fields.get(id), other.fields.get(id)),
                _ => Ordering::Equal,
            };
            let ordering = if *descending {
                ordering.reverse()
            } else {
                ordering
            };
            if ordering != Ordering::Equal {
                return ordering;
            }
        }
        other.id.cmp(&one.id)
    });
}

/// Compares the values of a custom field. Empty ones come last.
fn by_value(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    let is_empty = |value: Option<&Value>| value.is_none_or(Value::is_null);
    let number = |value: Option<&Value>| match value {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => time(text).map(|time| time.timestamp_millis() as f64),
        _ => None,
    };
    let by_emptiness = is_empty(one).cmp(&is_empty(other));
    by_emptiness.then_with(|| {
        let (one, other) = (number(one), number(other));
        one.partial_cmp(&other).unwrap_or(Ordering::Equal)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, TimeDelta};
    use serde_json::json;

    use super::*;
    use crate::jira::account::Account;
    use crate::jira::routes::jql::parse;
    use crate::jira::state::IndexEntry;
    use crate::jira::state::workflow::Status;

    fn entry() -> IndexEntry {
        let at = DateTime::from_timestamp(1_792_656_000, 0).unwrap();
        IndexEntry {
            id: 10_001,
            key: "SUP-1".to_owned(),
            summary: "WhatsApp: Ana".to_owned(),
            description: String::new(),
            labels: Vec::new(),
            status: Status::WaitingForSupport,
            reporter: Account::Bridge,
            fields: BTreeMap::from([
                ("customfield_10055".to_owned(), json!(null)),
                ("customfield_10056".to_owned(), json!(2)),
            ]),
            created: at,
            updated: at,
        }
    }

    fn indexed(entry: &IndexEntry) -> Indexed<'_> {
        Indexed {
            entry,
            comments: Vec::new(),
        }
    }

    #[test]
    fn results_are_sorted() {
        let one = entry();
        let mut two = entry();
        two.id = 10_002;
        two.created += TimeDelta::minutes(1);
        for field in ["customfield_10055", "customfield_10056"] {
            two.fields.insert(field.to_owned(), json!(10));
        }
        for (jql, ids) in [
            ("ORDER BY created ASC", [10_001, 10_002]),
            ("ORDER BY created DESC", [10_002, 10_001]),
            ("project = SUP", [10_002, 10_001]),
            ("ORDER BY status, created", [10_001, 10_002]),
            ("ORDER BY cf[10056] ASC", [10_001, 10_002]),
            ("ORDER BY cf[10056] DESC", [10_002, 10_001]),
            ("ORDER BY cf[10055] ASC, key ASC", [10_002, 10_001]),
        ] {
            let mut entries = [indexed(&two), indexed(&one)];
            sort(&parse(jql).unwrap().order, &mut entries);
            assert_eq!(entries.map(|issue| issue.entry.id), ids, "{jql}");
        }
    }
}
