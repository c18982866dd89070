//! What Meta says of the numbers' and the account's health, and of the reopening template.

use casement_core::model::status::TemplateCategory;
use casement_core::settings::{NumberSettings, Settings};
use serde_json::Value;

use super::text;
use crate::check::Verdict;
use crate::graph::{Graph, GraphFailure};

/// What Meta says of each number, by its id.
pub(in crate::check) type Health = Vec<(String, Result<Value, GraphFailure>)>;

/// Asks for the health of numbers (Meta, "Messaging health status").
pub(super) async fn of_numbers(graph: &Graph, ids: &[&str]) -> Health {
    let fields = [(
        "fields",
        "health_status,quality_rating,name_status,throughput",
    )];
    let mut all = Vec::new();
    for id in ids {
        all.push(((*id).to_owned(), graph.get(id, &fields).await));
    }
    all
}

const SUPPORT: &str = "see WhatsApp Manager > Overview, and Meta Business Suite > Business support";

pub(in crate::check) fn judge(health: &Health) -> Verdict {
    let (mut told, mut limited) = (Vec::new(), Vec::new());
    for (id, facts) in health {
        let facts = match facts {
            Ok(facts) => facts,
            Err(failure) => return Verdict::unknown(format!("{id}: {failure}")),
        };
        let status = &facts["health_status"];
        let all = status["can_send_message"].as_str().unwrap_or("unknown");
        match all {
            "BLOCKED" => {
                let detail = format!("{id} cannot send: {}", whose(status, "BLOCKED"));
                return Verdict::wrong(detail, SUPPORT);
            }
            "LIMITED" => limited.push(format!(
                "{id} is limited in sending: {}",
                whose(status, "LIMITED")
            )),
            _ => {}
        }
        if let Some(quality @ ("RED" | "YELLOW")) = facts["quality_rating"].as_str() {
            limited.push(format!("the quality of {id} is {quality}"));
        }
        if let Some(name @ ("DECLINED" | "REJECTED" | "EXPIRED")) = facts["name_status"].as_str() {
            limited.push(format!("the display name of {id} is {name}"));
        }
        let throughput = facts["throughput"]["level"].as_str();
        let throughput = throughput.map_or_else(String::new, |level| format!(", {level}"));
        told.push(format!("{id} {all}{throughput}"));
    }
    if limited.is_empty() {
        Verdict::ok(told.join("; "))
    } else {
        Verdict::hint(limited.join("; "), SUPPORT)
    }
}

/// Lists what limits a number: its parts with that state, and the codes of Meta's errors.
fn whose(status: &Value, state: &str) -> String {
    let parts = status["entities"].as_array().into_iter().flatten();
    let parts = parts.filter(|part| part["can_send_message"] == state);
    let named = parts.map(|part| {
        let codes = part["errors"].as_array().into_iter().flatten();
        let codes: Vec<_> = codes
            .filter_map(|error| error["error_code"].as_i64())
            .map(|code| format!(" (error {code})"))
            .collect();
        format!("{}{}", text(&part["entity_type"]), codes.concat())
    });
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        "Meta does not say why".to_owned()
    } else {
        named.join(", ")
    }
}

/// What Meta says of the reopening template of a number: its name, and the answer.
pub(in crate::check) type Templates = Vec<(String, Result<Vec<Found>, GraphFailure>)>;

/// A template in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct Found {
    pub language: String,
    pub status: String,
    pub category: TemplateCategory,
    /// Whether customers get it in this language.
    pub is_sent: bool,
}

pub(super) async fn reopening(graph: &Graph, settings: &Settings) -> Templates {
    let mut all = Vec::new();
    for number in settings.numbers() {
        if let Some((name, found)) = reopening_of(graph, number).await {
            all.push((name, found));
        }
    }
    all
}

async fn reopening_of(
    graph: &Graph,
    number: &NumberSettings,
) -> Option<(String, Result<Vec<Found>, GraphFailure>)> {
    let (template, account) = (
        number.reopening_template.as_ref()?,
        number.business_account_id.as_ref()?,
    );
    let path = format!("{}/message_templates", account.as_str());
    let query = [
        ("name", template.name.as_str()),
        ("fields", "name,language,status,category"),
        ("limit", "100"),
    ];
    let answer = graph.get(&path, &query).await;
    let found = answer.map(|answer| {
        // Meta also returns templates whose names contain this one.
        let all = answer["data"].as_array().into_iter().flatten();
        let ours = all.filter(|one| one["name"] == template.name.as_str());
        let read = |one: &Value| Found {
            language: text(&one["language"]),
            status: text(&one["status"]),
            category: TemplateCategory::of(&text(&one["category"])),
            is_sent: template.is(&template.name, &text(&one["language"])),
        };
        ours.map(read).collect()
    });
    Some((template.name.clone(), found))
}

pub(in crate::check) fn judge_reopening(templates: &Templates) -> Verdict {
    for (name, found) in templates {
        let found = match found {
            Ok(found) => found,
            Err(failure) => return Verdict::unknown(format!("{name}: {failure}")),
        };
        let mut sent = found.iter().filter(|one| one.is_sent).peekable();
        if sent.peek().is_none() {
            return Verdict::wrong(
                format!("{name} is not in the account, in none of the languages of the settings"),
                "make it in WhatsApp Manager > Message templates, or take another name in the settings",
            );
        }
        for one in sent {
            let language = &one.language;
            if one.status != "APPROVED" {
                return Verdict::wrong(
                    format!("{name} ({language}) is {}", one.status),
                    "see WhatsApp Manager > Message templates for the reason",
                );
            }
            if one.category == TemplateCategory::Marketing {
                return Verdict::wrong(
                    format!(
                        "{name} ({language}) is MARKETING: it costs more, and is not delivered to \
                         numbers that begin with +1"
                    ),
                    "make a template of the category UTILITY, and name it in the settings",
                );
            }
        }
    }
    match &templates[..] {
        [] => Verdict::ok("none in the settings"),
        some => {
            let names: Vec<_> = some.iter().map(|(name, _)| name.as_str()).collect();
            Verdict::ok(format!("{}: approved, not advertising", names.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(verdict: &Verdict) -> (&'static str, &str) {
        match verdict {
            Verdict::Ok { detail } => ("ok", detail),
            Verdict::Hint { detail, .. } => ("hint", detail),
            Verdict::Wrong { detail, .. } => ("wrong", detail),
            Verdict::Unknown { detail } => ("unknown", detail),
        }
    }

    #[test]
    fn a_number_may_send_or_meta_says_why_not() {
        let health = |all: &str, part: &str| {
            json!({"health_status": {"can_send_message": all, "entities": [
                {"entity_type": "WABA", "can_send_message": part, "errors": [
                    {"error_code": 141_006, "error_description": "To Ana Lima"}]},
                {"entity_type": "APP", "can_send_message": "AVAILABLE"}]}})
        };
        let blocked = health("BLOCKED", "BLOCKED");
        for (facts, expected) in [
            (
                Ok(health("AVAILABLE", "AVAILABLE")),
                ("ok", "106 AVAILABLE"),
            ),
            (
                Ok(blocked),
                ("wrong", "106 cannot send: WABA (error 141006)"),
            ),
            (
                Ok(health("LIMITED", "LIMITED")),
                ("hint", "limited in sending: WABA (error 141006)"),
            ),
            (
                Ok(json!({"health_status": {"can_send_message": "BLOCKED"}})),
                ("wrong", "does not say why"),
            ),
            (
                Ok(json!({"quality_rating": "RED"})),
                ("hint", "quality of 106 is RED"),
            ),
            (
                Ok(json!({"name_status": "DECLINED"})),
                ("hint", "name of 106 is DECLINED"),
            ),
            (
                Ok(json!({"throughput": {"level": "STANDARD"}})),
                ("ok", "106 unknown, STANDARD"),
            ),
            (Ok(json!({})), ("ok", "106 unknown")),
            (Ok(json!({"health_status": "?"})), ("ok", "106 unknown")),
            (Err(GraphFailure::Refused(100)), ("unknown", "error 100")),
        ] {
            let verdict = judge(&vec![("106".to_owned(), facts)]);
            let (word, detail) = told(&verdict);
            assert_eq!(word, expected.0, "{detail}");
            assert!(detail.contains(expected.1), "{detail}");
            assert!(!detail.contains("Ana"), "{detail}");
        }
    }

    #[test]
    fn a_reopening_template_is_approved_and_no_advertising() {
        let found = |status: &str, category, is_sent| Found {
            language: "en_US".to_owned(),
            status: status.to_owned(),
            category,
            is_sent,
        };
        use TemplateCategory::{Marketing, Other, Utility};
        for (templates, expected) in [
            (vec![], ("ok", "none")),
            (
                vec![Ok(vec![found("APPROVED", Utility, true)])],
                ("ok", "late: approved"),
            ),
            (
                vec![Ok(vec![found("APPROVED", Other, true)])],
                ("ok", "late: approved"),
            ),
            (
                vec![Ok(vec![
                    found("APPROVED", Utility, true),
                    found("REJECTED", Marketing, false),
                ])],
                ("ok", "late: approved"),
            ),
            (
                vec![Ok(vec![found("APPROVED", Marketing, true)])],
                ("wrong", "late (en_US) is MARKETING"),
            ),
            (
                vec![Ok(vec![found("PAUSED", Utility, true)])],
                ("wrong", "is PAUSED"),
            ),
            (
                vec![Ok(vec![found("APPROVED", Utility, false)])],
                ("wrong", "not in the account"),
            ),
            (vec![Ok(vec![])], ("wrong", "not in the account")),
            (
                vec![Err(GraphFailure::Refused(10))],
                ("unknown", "error 10"),
            ),
        ] {
            let templates = templates.into_iter();
            let templates = templates.map(|found| ("late".to_owned(), found)).collect();
            let verdict = judge_reopening(&templates);
            let (word, detail) = told(&verdict);
            assert_eq!(word, expected.0, "{detail}");
            assert!(detail.contains(expected.1), "{detail}");
        }
    }
}
