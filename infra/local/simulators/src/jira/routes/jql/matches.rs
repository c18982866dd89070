//! Decides whether an issue in the search index matches a search.

use std::cmp::Ordering;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{Clause, Field, Operand, Operator, Query};
use crate::jira::account::Account;
use crate::jira::state::Indexed;

/// The circumstances of a search, besides the issues.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'a> {
    pub now: DateTime<Utc>,
    pub offset: FixedOffset,
    pub current_user: Account,
    pub project_key: &'a str,
    pub project_id: &'a str,
}

/// Returns whether `issue` is among the results of `query`.
///
/// # Errors
/// A value does not fit its field. The message names the field.
pub(crate) fn matches(
    query: &Query,
    issue: &Indexed<'_>,
    around: Surroundings<'_>,
) -> Result<bool, String> {
    for clause in &query.clauses {
        if !holds(clause, issue, around)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds(clause: &Clause, issue: &Indexed<'_>, around: Surroundings<'_>) -> Result<bool, String> {
    let entry = issue.entry;
    match &clause.field {
        Field::Created => compare_dates(clause, entry.created, around),
        Field::Updated => compare_dates(clause, entry.updated, around),
        Field::Summary => contains(clause, &entry.summary),
        Field::Description => contains(clause, &entry.description),
        Field::Text => contains(clause, &issue.text()),
        Field::Custom(id) => {
            let value = entry.fields.get(id).filter(|value| !value.is_null());
            let text = value.and_then(|value| value.as_str()).unwrap_or_default();
            match clause.operator {
                Operator::Contains => contains(clause, text),
                Operator::IsEmpty => Ok(value.is_none()),
                Operator::IsNotEmpty => Ok(value.is_some()),
                Operator::Less
                | Operator::LessOrEqual
                | Operator::Greater
                | Operator::GreaterOrEqual => compare_custom(clause, value, around),
                _ => is_one_of(clause, &[text], around),
            }
        }
        Field::Project => {
            let names = [around.project_key, around.project_id, "Support"];
            is_one_of(clause, &names, around)
        }
        Field::Key => is_one_of(clause, &[&entry.key, &entry.id.to_string()], around),
        Field::Labels => {
            let labels: Vec<&str> = entry.labels.iter().map(String::as_str).collect();
            is_one_of(clause, &labels, around)
        }
        Field::Reporter => is_one_of(clause, &[entry.reporter.account_id()], around),
        Field::Status => is_one_of(clause, &[entry.status.name(), entry.status.id()], around),
        Field::StatusCategory => {
            let category = entry.status.category();
            is_one_of(clause, &[category.name(), category.key()], around)
        }
    }
}

/// Compares fields as a whole, ignoring case.
fn is_one_of(clause: &Clause, names: &[&str], around: Surroundings<'_>) -> Result<bool, String> {
    let wanted = |operand: &Operand| {
        let text = match operand {
            Operand::Text(text) => text.as_str(),
            Operand::CurrentUser => around.current_user.account_id(),
            Operand::Now => return false,
        };
        names.iter().any(|name| name.eq_ignore_ascii_case(text))
    };
    match clause.operator {
        Operator::Equal | Operator::In => Ok(clause.values.iter().any(wanted)),
        Operator::NotEqual | Operator::NotIn => Ok(!clause.values.iter().any(wanted)),
        _ => Err(unfit(clause)),
    }
}

/// Searches texts: all words must occur, and words in inner quotes must follow one another.
fn contains(clause: &Clause, text: &str) -> Result<bool, String> {
    let (Operator::Contains, [Operand::Text(wanted)]) = (clause.operator, &clause.values[..])
    else {
        return Err(unfit(clause));
    };
    let present = words(text);
    let phrase = wanted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let wanted = words(phrase.unwrap_or(wanted));
    if wanted.is_empty() {
        return Err(unfit(clause));
    }
    Ok(if phrase.is_some() {
        present.windows(wanted.len()).any(|run| run == wanted)
    } else {
        wanted.iter().all(|word| present.contains(word))
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn compare_dates(
    clause: &Clause,
    time: DateTime<Utc>,
    around: Surroundings<'_>,
) -> Result<bool, String> {
    let bound = match &clause.values[..] {
        [Operand::Text(text)] => date(text, around),
        [Operand::Now] => Some(around.now),
        _ => None,
    };
    let bound = bound.ok_or_else(|| unfit(clause))?;
    compared(clause, time.cmp(&bound))
}

/// Compares a field that holds a number or a time. An empty one is neither less nor greater.
fn compare_custom(
    clause: &Clause,
    value: Option<&Value>,
    around: Surroundings<'_>,
) -> Result<bool, String> {
    match value {
        None => Ok(false),
        Some(Value::Number(number)) => {
            let [Operand::Text(text)] = &clause.values[..] else {
                return Err(unfit(clause));
            };
            let bound: f64 = text.parse().map_err(|_| unfit(clause))?;
            let number = number.as_f64().unwrap_or_default();
            compared(clause, number.total_cmp(&bound))
        }
        Some(value) => {
            let time = value.as_str().and_then(time).ok_or_else(|| unfit(clause))?;
            compare_dates(clause, time, around)
        }
    }
}

/// Parses the value of a date-time field.
pub(super) fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").ok()?;
    Some(time.to_utc())
}

fn compared(clause: &Clause, ordering: Ordering) -> Result<bool, String> {
    match clause.operator {
        Operator::Less => Ok(ordering.is_lt()),
        Operator::LessOrEqual => Ok(ordering.is_le()),
        Operator::Greater => Ok(ordering.is_gt()),
        Operator::GreaterOrEqual => Ok(ordering.is_ge()),
        _ => Err(unfit(clause)),
    }
}

/// Parses `-15m`, `2026-10-22` or `2026-10-22 10:00`, in the site's time.
fn date(text: &str, around: Surroundings<'_>) -> Option<DateTime<Utc>> {
    if let Some(unit) = text.chars().last().filter(char::is_ascii_alphabetic) {
        let number: i32 = text[..text.len() - 1].parse().ok()?;
        let unit = match unit {
            'm' => TimeDelta::minutes(1),
            'h' => TimeDelta::hours(1),
            'd' => TimeDelta::days(1),
            'w' => TimeDelta::weeks(1),
            _ => return None,
        };
        return Some(around.now + unit * number);
    }
    let text = text.replace('/', "-");
    let minute = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M").ok();
    let day = || {
        NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    let local = minute.or_else(day)?.and_local_timezone(around.offset);
    local.single().map(|time| time.with_timezone(&Utc))
}

fn unfit(clause: &Clause) -> String {
    let value = match clause.values.first() {
        Some(Operand::Text(text)) => text.as_str(),
        Some(Operand::Now) => "now()",
        _ => "currentUser()",
    };
    format!(
        "The value '{value}' or the operator {:?} does not fit the field {:?}.",
        clause.operator, clause.field
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::jira::routes::jql::parse;
    use crate::jira::state::IndexEntry;
    use crate::jira::state::workflow::Status;

    fn entry() -> IndexEntry {
        IndexEntry {
            id: 10_001,
            key: "SUP-1".to_owned(),
            summary: "WhatsApp: Ana".to_owned(),
            description: "The coffee is cold. Reference wa-1f2e".to_owned(),
            labels: vec!["wa-1f2e".to_owned()],
            status: Status::WaitingForSupport,
            reporter: Account::Bridge,
            fields: BTreeMap::from([
                ("customfield_10050".to_owned(), json!("+16505551234")),
                // Ten minutes after `around`'s now.
                (
                    "customfield_10054".to_owned(),
                    json!("2026-10-22T09:20:00.000+0000"),
                ),
                ("customfield_10055".to_owned(), json!(null)),
                ("customfield_10056".to_owned(), json!(2)),
            ]),
            created: DateTime::from_timestamp(1_792_656_000, 0).unwrap(), // 2026-10-22 08:00 UTC
            updated: DateTime::from_timestamp(1_792_659_600, 0).unwrap(), // an hour later
        }
    }

    fn indexed(entry: &IndexEntry) -> Indexed<'_> {
        Indexed {
            entry,
            comments: Vec::new(),
        }
    }

    fn around() -> Surroundings<'static> {
        Surroundings {
            now: DateTime::from_timestamp(1_792_660_200, 0).unwrap(), // 2026-10-22 09:10 UTC
            offset: FixedOffset::east_opt(3_600).unwrap(),
            current_user: Account::Bridge,
            project_key: "SUP",
            project_id: "10000",
        }
    }

    #[test]
    fn clauses_hold_or_do_not() {
        let table = [
            ("project = SUP", true),
            ("project = sup", true),
            ("project = 10000", true),
            ("project = OTHER", false),
            ("key = SUP-1", true),
            ("key in (SUP-2, SUP-1)", true),
            ("labels = \"wa-1f2e\"", true),
            ("labels = \"wa\"", false),
            ("labels not in (a, b)", true),
            ("description ~ \"coffee\"", true),
            ("description ~ \"COLD coffee\"", true),
            ("description ~ \"\\\"cold coffee\\\"\"", false),
            ("description ~ \"\\\"coffee is cold\\\"\"", true),
            ("description ~ \"cof\"", false),
            ("description ~ \"wa-1f2e\"", true),
            ("summary ~ ana", true),
            ("text ~ \"ana coffee 16505551234\"", true),
            ("text ~ \"\\\"wa-1f2e\\\"\"", true),
            ("text ~ \"\\\"wa-1f2f\\\"\"", false),
            ("reporter = currentUser()", true),
            ("reporter = \"712020:nobody\"", false),
            ("reporter != currentUser()", false),
            ("status = \"waiting for support\"", true),
            ("statusCategory != Done", true),
            ("created >= -2h", true),
            ("created >= -1h", false),
            ("updated >= -15m", true),
            ("updated >= -5m", false),
            ("created >= \"2026-10-22 09:00\"", true),
            ("created >= \"2026-10-22 09:01\"", false),
            ("created < \"2026-10-23\"", true),
            ("cf[10050] ~ \"16505551234\"", true),
            ("cf[10054] is not EMPTY", true),
            ("cf[10055] is not EMPTY", false),
            ("cf[10055] is EMPTY", true),
            ("cf[10099] is EMPTY", true),
            ("cf[10054] > now() AND cf[10054] <= \"2h\"", true),
            ("cf[10054] <= \"5m\"", false),
            ("cf[10054] < now()", false),
            ("cf[10055] < now()", false),
            ("cf[10056] > 0", true),
            ("cf[10056] > 2", false),
            ("cf[10099] > 0", false),
            ("project = SUP AND labels = x", false),
            ("ORDER BY created", true),
        ];
        for (jql, expected) in table {
            let query = parse(jql).unwrap();
            assert_eq!(
                matches(&query, &indexed(&entry()), around()),
                Ok(expected),
                "{jql}"
            );
        }
    }

    #[test]
    fn values_that_do_not_fit_are_named() {
        for (jql, named) in [
            ("created >= -15x", "-15x"),
            ("created >= yesterday", "yesterday"),
            ("description = x", "Description"),
            ("labels ~ x", "Labels"),
        ] {
            let error = matches(&parse(jql).unwrap(), &indexed(&entry()), around()).unwrap_err();
            assert!(error.contains(named), "{jql}: {error}");
        }
    }
}
