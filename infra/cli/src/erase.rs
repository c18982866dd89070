//! `casement erase`: deletes a customer's data from the table.

mod matching;

use std::collections::BTreeMap;
use std::process::ExitCode;

use aws_sdk_dynamodb::types::AttributeValue;
use casement_aws::error_code::error_code;
use casement_aws::keys::{self, ItemKind, PK, SK};
use casement_core::model::conversation::Conversation;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::Problem;
use crate::args::Erase;
use crate::place::Place;
use crate::stored::{Item, Table, customer};
use crate::tail::FUNCTIONS;
use crate::talk::{Talk, counted};
use indicatif::ProgressBar;
use matching::{Customer, Look, Match, names};

/// The deleted items, and what remains elsewhere.
#[derive(Serialize)]
struct Receipt {
    erased_at: DateTime<Utc>,
    /// The fingerprints of the conversations, which do not name the customer.
    conversations: Vec<String>,
    /// The number of erased items, by kind.
    erased: BTreeMap<&'static str, usize>,
    remains: Vec<String>,
}

const REMAINS: [&str; 6] = [
    "Jira: the requests, with what customer and agents wrote, the number and the name in them. \
     Delete the requests there.",
    "The table's backups (point-in-time recovery): 35 days.",
    "Queues: messages that are not worked on yet, at most 14 days, those among dead letters too \
     (casement redrive QUEUE --look).",
    "WhatsApp: the chat on the customer's phone, and what Meta keeps by its own terms.",
    "The settings: the number, where it stands in `blocked` or `allowed`.",
    "A wish to get no automatic messages is forgotten with the rest. A next message of the \
     customer begins anew.",
];

/// Finds a customer's items, shows them, asks, deletes them, and writes a receipt.
///
/// # Errors
/// A call fails. Items deleted by then stay deleted; run the command again.
pub async fn run(place: &Place, talk: &Talk, wanted: &Erase) -> Result<ExitCode, Problem> {
    let identifier = customer(&wanted.customer)?;
    let in_logs = in_logs(place)?;
    place.take_fingerprint_key().await?;
    let table = Table::of(place)?;
    let settings = table.checked_settings().await?;
    let conversations = table.conversations(&settings, &identifier).await?;
    let found = find(&table, talk, &identifier, &conversations).await?;
    let question = format!(
        "Delete {} of this customer for good? What is in Jira stays there.",
        counted(found.len(), "item", "items")
    );
    if !found.is_empty() && !talk.confirm(&question)? {
        eprintln!("Nothing is changed.");
        return Ok(ExitCode::FAILURE);
    }
    delete(&table, talk, &found).await?;
    let mut erased = BTreeMap::new();
    for one in &found {
        *erased.entry(names(one.kind).1).or_insert(0) += 1;
    }
    let keys = conversations.iter().map(|conversation| &conversation.key);
    let receipt = Receipt {
        erased_at: place.now(),
        conversations: keys
            .map(casement_core::model::identity::ConversationKey::fingerprint)
            .collect(),
        erased,
        remains: REMAINS
            .map(str::to_owned)
            .into_iter()
            .chain([in_logs])
            .collect(),
    };
    if let Some(file) = &wanted.receipt {
        let text = serde_json::to_string_pretty(&receipt)
            .map_err(|error| Problem::Failed(format!("the receipt cannot be written: {error}")))?;
        crate::file::write_private(file, &(text + "\n"))
            .map_err(|error| Problem::Failed(format!("the receipt {}: {error}", file.display())))?;
    }
    talk.say(&receipt.text(), &receipt)?;
    Ok(ExitCode::SUCCESS)
}

/// Describes the traces of a customer in the logs, and how long they stay.
fn in_logs(place: &Place) -> Result<String, Problem> {
    let (prefix, days) = (place.name("LogGroups")?, place.name("LogRetentionDays")?);
    let groups = FUNCTIONS
        .map(|function| format!("{prefix}/{function}"))
        .join(", ");
    Ok(format!(
        "Logs: lines with the fingerprints of the conversations, which lead to nobody without the \
         fingerprint key. They are deleted after {days} days, in the log groups {groups}."
    ))
}

impl Receipt {
    fn text(&self) -> String {
        let mut text = format!(
            "Erased at {}:\n",
            self.erased_at.format("%Y-%m-%d %H:%M:%S UTC")
        );
        if self.erased.is_empty() {
            text.push_str("  nothing: nothing was stored about this customer\n");
        }
        for (several, count) in &self.erased {
            let one = ItemKind::ALL
                .map(names)
                .into_iter()
                .find(|(_, all)| all == several);
            let name = match one {
                Some((one, _)) if *count == 1 => one,
                _ => several,
            };
            text.push_str(&format!("  {count:>5} {name}\n"));
        }
        for conversation in &self.conversations {
            text.push_str(&format!("  conversation {conversation}\n"));
        }
        text.push_str("What remains:\n");
        for remains in &self.remains {
            text.push_str(&format!("  - {remains}\n"));
        }
        text
    }
}

/// Finds all items of the customer. Conversations come last: while they exist, an interrupted run
/// can be repeated.
async fn find(
    table: &Table,
    talk: &Talk,
    identifier: &str,
    conversations: &[Conversation],
) -> Result<Vec<Match>, Problem> {
    let mut customer = Customer::new(identifier, conversations);
    let spinner = talk.spinner("looking through the table");
    // Links name the customer's requests, which also identify ledger entries.
    let mut found = Vec::new();
    for look in [Look::Links, Look::Ledger] {
        loop {
            let (matched, has_learned) = scan(table, look, &mut customer, &spinner).await?;
            if !has_learned {
                found.extend(matched);
                break;
            }
        }
    }
    for conversation in conversations {
        found.extend(partition(table, conversation).await?);
    }
    spinner.finish_and_clear();
    Ok(found)
}

/// Scans the table once. Returns the customer's items, and whether another scan may find more,
/// since one of them named an identifier that was not known before.
async fn scan(
    table: &Table,
    look: Look,
    customer: &mut Customer,
    spinner: &ProgressBar,
) -> Result<(Vec<Match>, bool), Problem> {
    let (mut found, mut has_learned) = (Vec::new(), false);
    let mut from: Option<Item> = None;
    let prefixes = look.prefixes().into_iter().enumerate();
    let prefixes: Vec<_> = prefixes
        .map(|(index, prefix)| (format!(":prefix{index}"), prefix))
        .collect();
    let any: Vec<_> = prefixes
        .iter()
        .map(|(name, _)| format!("begins_with(pk, {name})"))
        .collect();
    loop {
        let scan = table.client.scan().table_name(&table.name);
        let scan = prefixes.iter().fold(scan, |scan, (name, prefix)| {
            let prefix = AttributeValue::S((*prefix).to_owned());
            scan.expression_attribute_values(name, prefix)
        });
        let page = scan
            .consistent_read(true)
            .filter_expression(any.join(" OR "))
            .set_exclusive_start_key(from)
            .send()
            .await
            .map_err(|error| {
                Problem::aws("the table cannot be looked through", &error_code(&error))
            })?;
        spinner.inc(u64::try_from(page.scanned_count).unwrap_or(0));
        for item in page.items() {
            if let Some(one) = customer.matches(item) {
                has_learned |= customer.learn(&one);
                found.push(one);
            }
        }
        from = page.last_evaluated_key;
        if from.is_none() {
            return Ok((found, has_learned));
        }
    }
}

/// Finds a conversation and its held replies.
async fn partition(table: &Table, conversation: &Conversation) -> Result<Vec<Match>, Problem> {
    let pk = keys::conversation_pk(&conversation.key);
    let mut found = Vec::new();
    let mut from: Option<Item> = None;
    loop {
        let page = table
            .client
            .query()
            .table_name(&table.name)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(pk.clone()))
            .consistent_read(true)
            .set_exclusive_start_key(from)
            .send()
            .await
            .map_err(|error| {
                Problem::aws("the conversation cannot be read", &error_code(&error))
            })?;
        for item in page.items() {
            let Some((pk, sk)) = matching::key(item) else {
                continue;
            };
            let Some((kind, _)) = ItemKind::of(&pk, &sk) else {
                continue;
            };
            found.push(Match { kind, pk, sk });
        }
        from = page.last_evaluated_key;
        if from.is_none() {
            return Ok(found);
        }
    }
}

async fn delete(table: &Table, talk: &Talk, found: &[Match]) -> Result<(), Problem> {
    let bar = talk.bar("deleting", u64::try_from(found.len()).unwrap_or(u64::MAX));
    for one in found {
        table
            .client
            .delete_item()
            .table_name(&table.name)
            .key(PK, AttributeValue::S(one.pk.clone()))
            .key(SK, AttributeValue::S(one.sk.clone()))
            .send()
            .await
            .map_err(|error| {
                Problem::aws(
                    "an item cannot be deleted; run it again",
                    &error_code(&error),
                )
            })?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}
