//! `casement tail`: follows the functions' logs and metrics.

use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Problem;
use crate::args::Tail;
use crate::place::Place;
use crate::talk::Talk;

/// The timeout of the event stream, which normally ends with the local stack.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The functions, each with a log group of the same name.
pub(crate) const FUNCTIONS: [&str; 7] = [
    "whatsapp-webhook",
    "jira-webhook",
    "inbound-message",
    "outbound-message",
    "message-status",
    "due-timer",
    "timer-sweep",
];

/// Prints the AWS CLI commands that do the same on AWS.
///
/// # Errors
/// Standard output cannot be written to.
pub fn commands(talk: &Talk, wanted: &Tail) -> Result<ExitCode, Problem> {
    let stack = &wanted.stack_name;
    let all = FUNCTIONS.map(|function| {
        format!("aws logs tail /aws/lambda/{stack}/{function} --follow --format short")
    });
    let text = format!(
        "The AWS CLI follows the logs of a deployment:\n  {}\nMetrics are on the dashboard of the \
         stack, in CloudWatch.",
        all.join("\n  ")
    );
    talk.say(&text, &json!({"commands": all}))?;
    Ok(ExitCode::SUCCESS)
}

/// Follows the events of the local stack.
///
/// # Errors
/// The stack does not answer, or ends.
pub async fn run(place: &Place, talk: &Talk, wanted: &Tail) -> Result<ExitCode, Problem> {
    let Some(local) = &place.local else {
        return commands(talk, wanted);
    };
    let gone = |_| {
        Problem::Failed(format!(
            "the local stack at {local} ends or does not answer"
        ))
    };
    let stream = place.http.get(format!("{local}/api/events"));
    let answer = stream.timeout(A_DAY).send().await;
    let mut answer = answer.map_err(gone)?;
    let mut stream = EventStream::default();
    let mut said = 0;
    while let Some(piece) = answer.chunk().await.map_err(gone)? {
        for (kind, data) in stream.take(&piece) {
            for line in lines(&kind, &data) {
                if talk.json {
                    let line = json!({"event": kind, "data": data});
                    println!("{line}");
                } else {
                    println!("{line}");
                }
                said += 1;
                if wanted.count.is_some_and(|count| said >= count) {
                    return Ok(ExitCode::SUCCESS);
                }
            }
        }
    }
    Err(Problem::Failed("the local stack has ended".to_owned()))
}

/// Assembles server-sent events (WHATWG HTML, section 9.2) from pieces.
#[derive(Debug, Default)]
struct EventStream {
    rest: Vec<u8>,
}

impl EventStream {
    /// Adds a piece and returns the completed events, each with its kind and data.
    fn take(&mut self, piece: &[u8]) -> Vec<(String, Value)> {
        self.rest.extend_from_slice(piece);
        let mut events = Vec::new();
        while let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = self.rest.drain(..end + 2).collect();
            let block = String::from_utf8_lossy(&block);
            let field = |name: &str| {
                let found = block.lines().find_map(|line| line.strip_prefix(name));
                found.map(str::trim_start)
            };
            let data = field("data:").and_then(|data| serde_json::from_str(data).ok());
            if let (Some(kind), Some(data)) = (field("event:"), data) {
                events.push((kind.to_owned(), data));
            }
        }
        events
    }
}

/// Formats an event: log lines unchanged, metrics by name and value.
fn lines(kind: &str, data: &Value) -> Vec<String> {
    if kind != "log" {
        return Vec::new();
    }
    let text = data["text"].as_str().unwrap_or_default();
    let function = data["function"].as_str().unwrap_or_default();
    let at = data["at"].as_str().unwrap_or_default();
    let line = |text: &str| format!("{at} [{function}] {text}");
    let metrics = metrics(text);
    if metrics.is_empty() {
        vec![line(text)]
    } else {
        metrics.iter().map(|metric| line(metric)).collect()
    }
}

/// Returns the metrics in a line, if the line is in CloudWatch's embedded metric format.
fn metrics(text: &str) -> Vec<String> {
    let Ok(document) = serde_json::from_str::<Value>(text) else {
        return Vec::new();
    };
    let directives = document["_aws"]["CloudWatchMetrics"].as_array();
    let metrics = directives.into_iter().flatten();
    let metrics = metrics.flat_map(|one| one["Metrics"].as_array().into_iter().flatten());
    let shown = metrics.filter_map(|metric| {
        let name = metric["Name"].as_str()?;
        Some(format!("metric {name}={}", document[name]))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_put_together_from_pieces() {
        let mut stream = EventStream::default();
        assert!(stream.take(b"event: log\nda").is_empty());
        let events =
            stream.take(b"ta: {\"text\":\"x\"}\n\n: alive\n\nevent: clock\ndata: {}\n\nev");
        let kinds: Vec<_> = events.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["log", "clock"]);
        assert_eq!(events[0].1, json!({"text": "x"}));
    }

    #[test]
    fn metrics_are_shown_by_name() {
        let text = r#"{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"Held"}]}]},"Held":2}"#;
        let log = |text: &str| json!({"at": "T", "function": "f", "text": text});
        assert_eq!(lines("log", &log(text)), ["T [f] metric Held=2"]);
        assert_eq!(lines("log", &log("plain")), ["T [f] plain"]);
        assert!(lines("clock", &json!({})).is_empty());
    }
}
