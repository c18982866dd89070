//! The doors by which Jira tells of comments.

use casement_core::model::queue::Door;
use chrono::{DateTime, Duration, Utc};

use crate::check::Verdict;
use crate::stored::LastUse;

/// How far the last use of one door may be behind that of the other.
const MAY_LAG: Duration = Duration::days(2);

/// Judges the doors. `has_tokens`: the secret has a token for Automation.
pub(in crate::check) fn judge_doors(last: LastUse, has_tokens: bool) -> Verdict {
    let rule =
        "casement connect jira --automation prints the rule; its audit log says what became of it";
    let detail = match (last.webhook, last.automation) {
        (None, None) => return Verdict::ok("no comment has come from Jira yet"),
        (Some(webhook), None) => {
            let detail = told(Door::Webhook, webhook);
            return if has_tokens {
                let unused = format!("{detail}; Automation has a token and has told of nothing");
                Verdict::hint(unused, rule)
            } else {
                Verdict::ok(detail)
            };
        }
        (None, Some(automation)) => return Verdict::ok(told(Door::Automation, automation)),
        (Some(webhook), Some(automation)) => {
            let both = [(Door::Webhook, webhook), (Door::Automation, automation)];
            let detail = both.map(|(door, at)| told(door, at)).join("; ");
            if automation - webhook > MAY_LAG {
                return Verdict::wrong(detail, "the webhook seems dead: casement connect jira");
            }
            if has_tokens && webhook - automation > MAY_LAG {
                return Verdict::wrong(detail, format!("the rule seems dead: {rule}"));
            }
            detail
        }
    };
    Verdict::ok(detail)
}

fn told(door: Door, at: DateTime<Utc>) -> String {
    let whose = match door {
        Door::Webhook => "the webhook",
        Door::Automation => "Automation",
    };
    format!(
        "{whose} last told of a comment on {}",
        at.format("%Y-%m-%d at %H:%M UTC")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap() + Duration::days(days)
    }

    #[test]
    fn a_dead_door_is_seen() {
        const WEBHOOK: &str = "the webhook last told of a comment on 2026-09-2";
        const AUTOMATION: &str = "Automation last told of a comment on 2026-09-2";
        for (webhook, automation, has_tokens, verdict, says) in [
            (None, None, true, "ok", "no comment has come"),
            (Some(0), None, false, "ok", WEBHOOK),
            (Some(0), None, true, "hint", "has told of nothing"),
            (None, Some(0), true, "ok", AUTOMATION),
            (Some(0), Some(2), true, "ok", "; Automation last"),
            (Some(0), Some(3), true, "wrong", "webhook seems dead"),
            (Some(3), Some(0), true, "wrong", "rule seems dead"),
            (Some(3), Some(0), false, "ok", "given up with its token"),
        ] {
            let last = LastUse {
                webhook: webhook.map(at),
                automation: automation.map(at),
            };
            let judged = judge_doors(last, has_tokens);
            let shown = serde_json::to_value(&judged).unwrap();
            assert_eq!(shown["verdict"], verdict, "{judged:?}");
            if !says.starts_with("given up") {
                assert!(shown.to_string().contains(says), "{shown}");
            }
        }
    }
}
