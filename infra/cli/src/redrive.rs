//! `casement redrive`: shows dead letters, and puts them back to work.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration as Pause;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use casement_aws::error_code::error_code;
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::args::{Queue, Redrive};
use crate::check::aws::{DeadLetterQueue, QUEUES, queue};
use crate::place::Place;
use crate::talk::{Talk, counted};

/// The most dead letters to look at.
const LOOKED_AT: usize = 100;

/// How long, in seconds, inspected messages stay invisible. They are released at once unless the
/// command is interrupted.
const OUT_OF_SIGHT: i32 = 60;

/// The interval for polling AWS about the progress.
const ASKED_EVERY: Pause = Pause::from_millis(500);

/// A summary of the dead letters of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Pile {
    kind: String,
    count: usize,
    oldest: Option<DateTime<Utc>>,
    most_receives: u32,
    reasons: Vec<String>,
}

/// Shows the dead letters, asks, and moves them.
///
/// # Errors
/// A call fails, or AWS stops the move.
pub async fn run(place: &Place, talk: &Talk, wanted: &Redrive) -> Result<ExitCode, Problem> {
    let name = name_of(wanted.queue);
    let (queue_arn, dead) = dead_letters(place, name).await?;
    let sqs = place.aws.sqs();
    let letters = look(&sqs, &dead.url).await?;
    let reasons = reasons(place, name).await;
    let piles = piles(&letters, &reasons);
    let total = usize::try_from(dead.waiting)
        .unwrap_or(usize::MAX)
        .max(letters.len());
    let told = |moved: u64, text: &str| {
        let value = json!({"queue": name, "dead_letters": total, "looked_at": letters.len(),
                           "kinds": piles, "moved": moved});
        talk.say(text, &value)
    };
    if total == 0 {
        told(0, &format!("{name} has no dead letters."))?;
        return Ok(ExitCode::SUCCESS);
    }
    let shown = shown(
        name,
        total,
        letters.len(),
        &piles,
        place.now(),
        place.local.is_some(),
    );
    if wanted.look {
        told(0, &shown)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !talk.json {
        eprint!("{shown}");
    }
    let question = format!("Put {total} back on {name}, {} in a second?", wanted.rate);
    if !talk.confirm(&question)? {
        told(0, "Nothing is changed.")?;
        return Ok(ExitCode::FAILURE);
    }
    let moved = move_back(&sqs, talk, [&dead.arn, &queue_arn], wanted.rate, total).await?;
    let are_back = match moved {
        1 => "1 is back".to_owned(),
        many => format!("{many} are back"),
    };
    told(moved, &format!("{are_back} on {name}."))?;
    Ok(ExitCode::SUCCESS)
}

fn name_of(queue: Queue) -> &'static str {
    match queue {
        Queue::Inbound => "inbound",
        Queue::Outbound => "outbound",
        Queue::Status => "status",
        Queue::Delay => "delay",
    }
}

/// Returns the queue's ARN and its dead-letter queue.
async fn dead_letters(place: &Place, name: &str) -> Result<(String, DeadLetterQueue), Problem> {
    let mut queues = QUEUES.iter();
    let output = queues
        .find(|(_, known, _)| *known == name)
        .map(|(output, ..)| *output);
    let url = place.name(output.unwrap_or_default())?;
    let facts = queue(place, &url).await;
    let facts = facts
        .map_err(|code| Problem::aws(&format!("the queue {name} cannot be looked at"), &code))?;
    let dead = facts.dead_letters.ok_or_else(|| {
        Problem::Failed(format!("{name} has no dead-letter queue: casement check"))
    })?;
    Ok((facts.arn, dead))
}

/// Reads some of the dead letters and releases them, so that looking changes nothing.
async fn look(sqs: &Client, url: &str) -> Result<Vec<Message>, Problem> {
    let failed = |code: String| Problem::aws("the dead letters cannot be looked at", &code);
    let mut letters: Vec<Message> = Vec::new();
    while letters.len() < LOOKED_AT {
        let received = sqs
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .visibility_timeout(OUT_OF_SIGHT)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .map_err(|error| failed(error_code(&error)))?;
        let messages = received.messages.unwrap_or_default();
        if messages.is_empty() {
            break;
        }
        letters.extend(messages);
    }
    for letter in &letters {
        sqs.change_message_visibility()
            .queue_url(url)
            .set_receipt_handle(letter.receipt_handle.clone())
            .visibility_timeout(0)
            .send()
            .await
            .map_err(|error| failed(error_code(&error)))?;
    }
    Ok(letters)
}

/// Returns why a queue's messages failed, by message id. Only the local stack knows; on AWS the
/// reasons are in the logs.
async fn reasons(place: &Place, name: &str) -> BTreeMap<String, String> {
    let Some(local) = &place.local else {
        return BTreeMap::new();
    };
    let answer = place.http.get(format!("{local}/api/state")).send().await;
    let state: Value = match answer {
        Ok(answer) => answer.json().await.unwrap_or_default(),
        Err(_) => return BTreeMap::new(),
    };
    let letters = state["dead_letters"].as_array().into_iter().flatten();
    let of_queue = letters.filter(|letter| letter["queue"] == name);
    let pair = |letter: &Value| {
        let id = letter["message_id"].as_str()?.to_owned();
        Some((id, letter["reason"].as_str()?.to_owned()))
    };
    of_queue.filter_map(pair).collect()
}

/// Groups dead letters by kind. Reads only the type from each body.
fn piles(letters: &[Message], reasons: &BTreeMap<String, String>) -> Vec<Pile> {
    let mut piles: BTreeMap<String, Pile> = BTreeMap::new();
    for letter in letters {
        let body: Value =
            serde_json::from_str(letter.body().unwrap_or_default()).unwrap_or_default();
        let kind = body["type"].as_str().unwrap_or("not understood").to_owned();
        let attribute = |name: MessageSystemAttributeName| {
            let attributes = letter.attributes.as_ref()?;
            attributes.get(&name)?.parse::<i64>().ok()
        };
        let sent = attribute(MessageSystemAttributeName::SentTimestamp);
        let sent = sent.and_then(DateTime::from_timestamp_millis);
        let receives = attribute(MessageSystemAttributeName::ApproximateReceiveCount);
        let receives = receives
            .and_then(|count| u32::try_from(count).ok())
            .unwrap_or(0);
        let pile = piles.entry(kind.clone()).or_insert(Pile {
            kind,
            count: 0,
            oldest: None,
            most_receives: 0,
            reasons: Vec::new(),
        });
        pile.count += 1;
        pile.oldest = [pile.oldest, sent].into_iter().flatten().min();
        pile.most_receives = pile.most_receives.max(receives);
        let reason = reasons.get(letter.message_id().unwrap_or_default());
        if let Some(reason) = reason
            && !pile.reasons.contains(reason)
        {
            pile.reasons.push(reason.clone());
        }
    }
    piles.into_values().collect()
}

fn shown(
    name: &str,
    total: usize,
    looked_at: usize,
    piles: &[Pile],
    now: DateTime<Utc>,
    is_local: bool,
) -> String {
    let letters = counted(total, "dead letter", "dead letters");
    let mut text = format!("{name} has {letters}.");
    if looked_at < total {
        let were = if looked_at == 1 { "was" } else { "were" };
        text.push_str(&format!(" {looked_at} of them {were} looked at."));
    }
    text.push('\n');
    for pile in piles {
        let age = pile
            .oldest
            .map_or("-".to_owned(), |oldest| age(now - oldest));
        text.push_str(&format!(
            "  {:>4} {:<18} oldest {age}\n",
            pile.count, pile.kind
        ));
        for reason in &pile.reasons {
            text.push_str(&format!("       because: {reason}\n"));
        }
    }
    if !is_local {
        text.push_str(&format!(
            "  Why is in the logs of the queue's function: casement tail. Put the cause right \
             before you put anything back on {name}.\n"
        ));
    }
    text
}

fn age(age: Duration) -> String {
    match (age.num_days(), age.num_hours(), age.num_minutes()) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, _) => format!("{hours} h"),
        (days, ..) => format!("{days} d"),
    }
}

/// Moves all messages from one queue to the other and returns the count that AWS reports. Naming
/// the destination also moves messages that were put into the dead-letter queue by hand, for which
/// SQS knows no source queue.
async fn move_back(
    sqs: &Client,
    talk: &Talk,
    [from, to]: [&str; 2],
    rate: i32,
    total: usize,
) -> Result<u64, Problem> {
    let failed = |code: String| Problem::aws("the dead letters cannot be moved", &code);
    sqs.start_message_move_task()
        .source_arn(from)
        .destination_arn(to)
        .max_number_of_messages_per_second(rate)
        .send()
        .await
        .map_err(|error| failed(error_code(&error)))?;
    let bar = talk.bar("moving", u64::try_from(total).unwrap_or(u64::MAX));
    loop {
        let tasks = sqs
            .list_message_move_tasks()
            .source_arn(from)
            .max_results(1);
        let tasks = tasks
            .send()
            .await
            .map_err(|error| failed(error_code(&error)))?;
        let task = tasks.results().first();
        let moved = task.map_or(0, |task| task.approximate_number_of_messages_moved());
        let moved = u64::try_from(moved).unwrap_or(0);
        bar.set_position(moved);
        match task.and_then(|task| task.status()) {
            Some("RUNNING") => tokio::time::sleep(ASKED_EVERY).await,
            Some("COMPLETED") => {
                bar.finish_and_clear();
                return Ok(moved);
            }
            status => {
                bar.abandon();
                return Err(Problem::Failed(format!(
                    "the moving ended as {} after {moved}: look again with --look",
                    status.unwrap_or("unknown")
                )));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(id: &str, body: &str, sent_ms: i64, receives: u32) -> Message {
        Message::builder()
            .message_id(id)
            .body(body)
            .attributes(
                MessageSystemAttributeName::SentTimestamp,
                sent_ms.to_string(),
            )
            .attributes(
                MessageSystemAttributeName::ApproximateReceiveCount,
                receives.to_string(),
            )
            .build()
    }

    #[test]
    fn letters_are_told_by_kind_and_never_by_content() {
        let letters = [
            letter(
                "1",
                r#"{"v":1,"type":"customer_message","text":"Ana"}"#,
                60_000,
                41,
            ),
            letter("2", r#"{"v":1,"type":"customer_message"}"#, 30_000, 40),
            letter("3", "Ana", 90_000, 41),
        ];
        let reasons = [("1", "Jira refused"), ("2", "Jira refused")];
        let reasons = reasons.map(|(id, reason)| (id.to_owned(), reason.to_owned()));
        let piles = piles(&letters, &BTreeMap::from(reasons));
        assert_eq!(piles.len(), 2);
        assert_eq!(
            (piles[0].kind.as_str(), piles[0].count),
            ("customer_message", 2)
        );
        assert_eq!(piles[0].most_receives, 41);
        assert_eq!(piles[0].reasons, ["Jira refused"]);
        let now = DateTime::from_timestamp(3 * 3600, 0).unwrap();
        let text = shown("inbound", 3, 3, &piles, now, true);
        assert_eq!(
            text,
            "inbound has 3 dead letters.\n     2 customer_message   oldest 2 h\n       because: \
             Jira refused\n     1 not understood     oldest 2 h\n"
        );
    }
}
